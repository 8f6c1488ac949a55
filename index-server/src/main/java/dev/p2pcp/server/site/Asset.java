package dev.p2pcp.server.site;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One file as it is served: its bytes, those compressed, and the hash that names this version of
 * it.
 */
final class Asset {
  private static final int VERSION_LENGTH = 12;

  private final String type;
  private final byte[] plain;
  private final byte[] zipped;
  private final String hash;

  /** Compresses at once, as hard as gzip can. */
  Asset(String type, byte[] plain) {
    this.type = type;
    this.plain = plain;
    this.zipped = zip(plain);
    this.hash = HexFormat.of().formatHex(sha256(plain));
  }

  /** The media type. */
  String type() {
    return type;
  }

  byte[] plain() {
    return plain;
  }

  byte[] zipped() {
    return zipped;
  }

  /** Whether sending it compressed is worth it. */
  boolean isSmallerZipped() {
    return zipped.length < plain.length;
  }

  /** The first digits of the SHA-256 hash: a URL that carries it names these bytes for ever. */
  String version() {
    return hash.substring(0, VERSION_LENGTH);
  }

  /** Different for each representation, as HTTP wants it. */
  String etag(boolean compressed) {
    return '"' + hash + (compressed ? "-gz" : "") + '"';
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static byte[] zip(byte[] plain) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
    try (BestGzip gzip = new BestGzip(out)) {
      gzip.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static final class BestGzip extends GZIPOutputStream {
    BestGzip(ByteArrayOutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
