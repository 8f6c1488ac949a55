package dev.p2pcp.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds the vectors on the class path, in a folder or in a jar. */
public final class VectorFiles {
  private VectorFiles() {}

  /** The text of every scenario of a kind by its name, in order of names; at least one. */
  public static Map<String, String> texts(String kind) {
    URL folder = VectorFiles.class.getResource("/vectors/" + kind);
    if (folder == null) {
      throw new IllegalArgumentException("no vectors of kind " + kind);
    }
    try {
      URI uri = folder.toURI();
      if (!uri.getScheme().equals("jar")) {
        return read(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(uri, Map.of())) {
        return read(jar.getPath("/vectors", kind));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> read(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        texts.put(name.substring(0, name.lastIndexOf('.')), Files.readString(file));
      }
    }
    if (texts.isEmpty()) {
      throw new IllegalStateException("no vectors in " + folder);
    }
    return texts;
  }
}
