package dev.p2pcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No source file of any module grows beyond what a reader holds in the head. */
class SourceLengthTest {
  private static final int MAX_LINES = 450;
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern SOURCE = Pattern.compile(".*/src/.*\\.(java|js|css)");

  @Test
  void every_source_file_stays_short() throws IOException {
    List<Path> sources = sources();
    assertThat(sources)
        .contains(PROJECT.resolve("shared/src/test/java/dev/p2pcp/SourceLengthTest.java"));
    assertThat(sources)
        .allSatisfy(
            source ->
                assertThat(lines(source))
                    .as("lines of %s", PROJECT.relativize(source))
                    .isLessThanOrEqualTo(MAX_LINES));
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(PROJECT)) {
      return modules
          .map(module -> module.resolve("src"))
          .filter(Files::isDirectory)
          .flatMap(SourceLengthTest::below)
          .filter(file -> SOURCE.matcher(file.toString()).matches())
          .toList();
    }
  }

  private static Stream<Path> below(Path directory) {
    try {
      return Files.walk(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long lines(Path source) {
    try (Stream<String> lines = Files.lines(source)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
