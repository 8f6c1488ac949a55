package dev.p2pcp.server.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The files of the site and of its libraries, read from the classpath when first asked for and
 * kept, compressed, from then on. Only paths under {@code site/} and the WebJars, of known kinds,
 * are ever looked at. Reading may block.
 */
@Component
class SiteFiles {
  /** Files that are kept; the site has about a hundred. */
  private static final int LIMIT = 2_000;

  /** No file may be larger, in bytes. */
  private static final int FILE_LIMIT = 8 * 1024 * 1024;

  private static final String WEBJARS = "/webjars/";

  /** Plain segments, none of which begins with a dot. */
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)+");

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html;charset=utf-8"),
          Map.entry("js", "text/javascript;charset=utf-8"),
          Map.entry("mjs", "text/javascript;charset=utf-8"),
          Map.entry("css", "text/css;charset=utf-8"),
          Map.entry("ts", "text/plain;charset=utf-8"),
          Map.entry("txt", "text/plain;charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("map", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("webp", "image/webp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"));

  private final Map<String, Asset> assets = new ConcurrentHashMap<>();

  /** The file at that path of a URL, if it was read before. Never blocks. */
  Optional<Asset> known(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  /** Whether there could be a file at that path of a URL at all. */
  boolean isFile(String path) {
    return typeOf(path) != null && PATH.matcher(path).matches();
  }

  /** The file at that path of a URL, if there is one. Reads and compresses the first time. */
  Optional<Asset> find(String path) {
    Asset known = assets.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    String type = typeOf(path);
    if (type == null || !isFile(path)) {
      return Optional.empty();
    }
    String resource = path.startsWith(WEBJARS) ? "META-INF/resources" + path : "site" + path;
    try (InputStream in = SiteFiles.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readNBytes(FILE_LIMIT + 1);
      if (bytes.length > FILE_LIMIT) {
        throw new IllegalStateException(resource + " is over the limit");
      }
      Asset asset = new Asset(type, bytes);
      if (assets.size() < LIMIT) {
        assets.put(path, asset);
      }
      return Optional.of(asset);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable String typeOf(String path) {
    return TYPES.get(path.substring(path.lastIndexOf('.') + 1));
  }
}
