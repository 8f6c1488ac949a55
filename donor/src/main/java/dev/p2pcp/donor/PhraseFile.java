package dev.p2pcp.donor;

import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.platform.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the 24 words of a headless agent come from: the environment, or a file that only its user
 * can read. Never an argument, which every user of the machine could read.
 */
final class PhraseFile {
  /** The variable of the environment. */
  static final String VARIABLE = "P2PCP_PHRASE";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private PhraseFile() {}

  /**
   * The phrase, and whether it was made just now.
   *
   * @param fresh whether it is new, and nobody has seen it
   */
  record Found(SeedPhrase phrase, boolean fresh) {
    /** Without the phrase, which must not reach a log by accident. */
    @Override
    public String toString() {
      return "Found[fresh=" + fresh + "]";
    }
  }

  /**
   * Reads the phrase; without one makes a new one in the file.
   *
   * @throws DonorException if there is one that can't be used
   */
  static Found obtain(Map<String, String> environment, Path file, Entropy entropy)
      throws DonorException {
    Optional<SeedPhrase> known = read(environment, file);
    if (known.isPresent()) {
      return new Found(known.get(), false);
    }
    SeedPhrase phrase = SeedPhrase.generate(entropy);
    try {
      write(file, phrase);
    } catch (IOException e) {
      throw new DonorException(
          ExitCode.USAGE, "the words can't be written to " + file + ": " + e.getClass().getName());
    }
    return new Found(phrase, true);
  }

  /** The phrase, if there is one. */
  static Optional<SeedPhrase> read(Map<String, String> environment, Path file)
      throws DonorException {
    String variable = environment.get(VARIABLE);
    if (variable != null && !variable.isBlank()) {
      return Optional.of(parse(variable, "the environment variable " + VARIABLE));
    }
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      requireSecret(file);
      if (Files.size(file) > SeedPhrase.MAX_TEXT) {
        throw new DonorException(ExitCode.USAGE, file + " is too long to be 24 words");
      }
      return Optional.of(parse(Files.readString(file), file.toString()));
    } catch (IOException e) {
      throw new DonorException(
          ExitCode.USAGE, file + " can't be read: " + e.getClass().getSimpleName());
    }
  }

  // Says where words are wrong and never which: messages end up in logs.
  private static SeedPhrase parse(String text, String source) throws DonorException {
    return switch (SeedPhrase.parse(text)) {
      case SeedPhrase.Valid valid -> valid.phrase();
      case SeedPhrase.WrongCount count ->
          throw new DonorException(
              ExitCode.USAGE, source + " must hold 24 words, and holds another number of them");
      case SeedPhrase.WrongWords words ->
          throw new DonorException(
              ExitCode.USAGE,
              source
                  + ": not in the list of words: number "
                  + String.join(
                      ", ", words.positions().stream().map(at -> "" + (at + 1)).toList()));
      case SeedPhrase.WrongChecksum checksum ->
          throw new DonorException(
              ExitCode.USAGE,
              source
                  + ": these words do not belong together: one is another, or two changed places");
    };
  }

  private static void requireSecret(Path file) throws IOException, DonorException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> others = Files.getPosixFilePermissions(file);
    others.removeAll(
        Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
    if (!others.isEmpty()) {
      throw new DonorException(
          ExitCode.USAGE, "others may read the words in " + file + "; first: chmod 600 " + file);
    }
  }

  // On the disk before anything is stored with it.
  private static void write(Path file, SeedPhrase phrase) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    FileAttribute<?>[] attributes =
        folder != null && isPosix(folder)
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
            : new FileAttribute<?>[0];
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer text = ByteBuffer.wrap((phrase.text() + "\n").getBytes(StandardCharsets.US_ASCII));
      while (text.hasRemaining()) {
        channel.write(text);
      }
      channel.force(true);
    }
  }

  private static boolean isPosix(Path file) throws IOException {
    return Files.getFileStore(file).supportsFileAttributeView("posix");
  }
}
