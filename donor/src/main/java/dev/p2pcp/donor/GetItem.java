package dev.p2pcp.donor;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.DidKey;
import dev.p2pcp.node.Content;
import dev.p2pcp.node.FileLink;
import dev.p2pcp.node.Files;
import dev.p2pcp.node.ItemException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./p2pcp peer get}. */
@Command(
    name = "get",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = "Reads an item, from wherever it is, and verifies it.")
final class GetItem extends Visit {
  private static final String PIPE = "-";

  @Parameters(index = "0", paramLabel = "PATH", description = "The path, as /notes/a.")
  private String path = "/";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Where to; - or nothing for the output.")
  private String file = PIPE;

  @Option(
      names = "--of",
      paramLabel = "DID",
      description = "Another person's public item: their identity, did:key:z….")
  private @Nullable String did;

  @Override
  int run(HeadlessAgent agent) throws DonorException, ItemException {
    if (isJson() && file.equals(PIPE)) {
      throw new DonorException(ExitCode.USAGE, "--json needs a FILE to write to");
    }
    Bar bar = bar();
    try {
      long size = file.equals(PIPE) ? write(agent, System.out, bar) : replace(agent, bar);
      bar.end();
      if (!file.equals(PIPE)) {
        answer(file + ": " + size + " bytes", Map.of("path", path(path).text(), "size", size));
      }
      return ExitCode.OK;
    } catch (IOException e) {
      throw new DonorException(
          ExitCode.FAILED, file + " can't be written: " + e.getClass().getSimpleName());
    } finally {
      bar.end();
    }
  }

  // Beside it first, so that nobody finds half of it under its name.
  private long replace(HeadlessAgent agent, Bar bar)
      throws IOException, DonorException, ItemException {
    Path to = Path.of(file).toAbsolutePath();
    Path beside = to.resolveSibling(to.getFileName() + ".part");
    try {
      long size;
      try (OutputStream out = java.nio.file.Files.newOutputStream(beside)) {
        size = write(agent, out, bar);
      }
      java.nio.file.Files.move(beside, to, StandardCopyOption.REPLACE_EXISTING);
      return size;
    } finally {
      java.nio.file.Files.deleteIfExists(beside);
    }
  }

  private long write(HeadlessAgent agent, OutputStream out, Bar bar)
      throws IOException, DonorException, ItemException {
    dev.p2pcp.identity.Path from = path(path);
    Files files = agent.node().files();
    String whose = did;
    Optional<FileLink> link = whose == null ? files.link(from) : Optional.empty();
    if (link.isPresent()) {
      long size = files.info(link.get()).size();
      for (long at = 0; at < size; at += Files.PART) {
        Bytes part = files.part(link.get(), at, (int) Math.min(Files.PART, size - at));
        out.write(part.unsafeArray());
        bar.bytes("reading", at + part.length(), size);
      }
      out.flush();
      return size;
    }
    Optional<Content> content =
        whose == null
            ? agent.node().get(from, done -> {})
            : agent.node().getOf(identity(whose).identity(), from, done -> {});
    if (content.isEmpty()) {
      throw new DonorException(
          ExitCode.NOT_FOUND, "nobody who is online has an item " + from.text());
    }
    out.write(content.get().value().unsafeArray());
    out.flush();
    return content.get().value().length();
  }

  private static DidKey identity(String text) throws DonorException {
    try {
      return DidKey.parse(text);
    } catch (MalformedFrameException e) {
      throw new DonorException(ExitCode.USAGE, "no identity: " + text);
    }
  }
}
