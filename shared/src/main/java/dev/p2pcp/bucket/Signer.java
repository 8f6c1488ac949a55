package dev.p2pcp.bucket;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Sha256;
import java.util.Arrays;
import java.util.List;

/**
 * Signs requests by AWS Signature Version 4 (Amazon S3 API reference, "Authenticating requests").
 * Plain Java over the small SHA-256, as each signature is a dozen hashes of some hundred bytes.
 *
 * @param keyId public part of the key
 * @param secret the other part
 * @param region as the store calls it
 * @param service {@code s3}
 */
record Signer(String keyId, String secret, String region, String service) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final int BLOCK = 64;

  /**
   * What is signed.
   *
   * @param path encoded, from the first slash
   * @param query encoded, names in order
   * @param headers {@code name:value}, lower case, in order
   */
  record Request(
      String method, String path, String query, List<String> headers, String payloadHash) {
    String signedHeaders() {
      StringBuilder names = new StringBuilder();
      for (String header : headers) {
        names.append(names.isEmpty() ? "" : ";").append(header, 0, header.indexOf(':'));
      }
      return names.toString();
    }

    String canonical() {
      StringBuilder text = new StringBuilder();
      text.append(method).append('\n').append(path).append('\n').append(query).append('\n');
      headers.forEach(header -> text.append(header).append('\n'));
      return text.append('\n').append(signedHeaders()).append('\n').append(payloadHash).toString();
    }
  }

  /** The scope of a key on the day of that time stamp. */
  String scope(String stamp) {
    return stamp.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
  }

  /** The signature at the time of that stamp. */
  Bytes sign(Request request, String stamp) {
    String hashed = Sha256.hash(Bytes.utf8(request.canonical())).bytes().hex();
    String toSign = ALGORITHM + "\n" + stamp + "\n" + scope(stamp) + "\n" + hashed;
    Bytes key = Bytes.utf8("AWS4" + secret);
    for (String part : List.of(stamp.substring(0, 8), region, service, "aws4_request")) {
      key = hmac(key, Bytes.utf8(part));
    }
    return hmac(key, Bytes.utf8(toSign));
  }

  /** HMAC-SHA-256 (RFC 2104) under a key of any length. */
  static Bytes hmac(Bytes key, Bytes message) {
    Bytes fit = key.length() > BLOCK ? Sha256.hash(key).bytes() : key;
    Hash inner = Sha256.hash(padded(fit, 0x36), message);
    return Sha256.hash(padded(fit, 0x5c), inner.bytes()).bytes();
  }

  private static Bytes padded(Bytes key, int pad) {
    byte[] padded = new byte[BLOCK];
    Arrays.fill(padded, (byte) pad);
    for (int i = 0; i < key.length(); i++) {
      padded[i] ^= key.at(i);
    }
    return Bytes.wrap(padded);
  }

  /** All but letters, digits and {@code -._~} as {@code %XX}; slashes too, unless they are kept. */
  static String encoded(String text, boolean keepSlashes) {
    StringBuilder encoded = new StringBuilder();
    Bytes bytes = Bytes.utf8(text);
    for (int i = 0; i < bytes.length(); i++) {
      int c = bytes.at(i) & 0xff;
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-._~".indexOf(c) >= 0
              || keepSlashes && c == '/';
      if (plain) {
        encoded.append((char) c);
      } else {
        encoded.append('%').append(hexDigit(c >> 4)).append(hexDigit(c & 15));
      }
    }
    return encoded.toString();
  }

  private static char hexDigit(int value) {
    return "0123456789ABCDEF".charAt(value);
  }

  // A secret is in no message that a fault of this program might write.
  @Override
  public String toString() {
    return "Signer[" + region + "]";
  }
}
