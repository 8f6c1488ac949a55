package dev.p2pcp.donor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a headless agent is at home: options that all commands have. */
final class Home {
  static final String LOCAL_SERVER = "http://127.0.0.1:8080";
  private static final int MOST_SERVERS = 8;

  @Option(
      names = "--server",
      paramLabel = "URL",
      description = {
        "An index server, https://example.org; up to 8 of them.",
        "Without any: " + LOCAL_SERVER + "."
      })
  private List<String> servers = List.of();

  @Option(
      names = "--phrase-file",
      paramLabel = "FILE",
      description = {
        "Where the 24 words are (DIR/phrase), for you alone to read; made if it is not there.",
        "The environment variable " + PhraseFile.VARIABLE + " is looked at first."
      })
  private @Nullable Path phraseFile;

  /** Index servers, as origins. */
  List<String> servers() throws DonorException {
    if (servers.size() > MOST_SERVERS) {
      throw new DonorException(ExitCode.USAGE, "at most 8 index servers");
    }
    return servers.isEmpty()
        ? List.of(LOCAL_SERVER)
        : servers.stream().map(Home::withoutSlash).toList();
  }

  /** The file of the phrase, given where the agent keeps what it keeps. */
  Path phraseFile(Path folder) {
    Path file = phraseFile;
    return file == null ? folder.resolve("phrase") : file;
  }

  /** Makes the folder for its user alone, if it is not there. */
  static void prepare(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder.toAbsolutePath());
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private static String withoutSlash(String server) {
    return server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
  }
}
