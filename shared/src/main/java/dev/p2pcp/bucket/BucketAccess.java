package dev.p2pcp.bucket;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Origin;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a bucket is, and the key that opens it.
 *
 * @param endpoint origin of its server
 * @param region as the store calls it
 * @param bucket its name
 * @param prefix before every name in it, empty or with a slash at its end
 * @param pathStyle whether the bucket is named in the path and not in the host
 * @param keyId public part of the key
 * @param secret the other part
 */
public record BucketAccess(
    String endpoint,
    String region,
    String bucket,
    String prefix,
    boolean pathStyle,
    String keyId,
    String secret) {
  /** Longest life of a signed URL, in seconds: what the signature allows. */
  public static final int MAX_LIFE = 7 * 24 * 3600;

  /** In bytes. */
  private static final int MAX_TEXT = 256;

  /** Whether these can be a bucket's. */
  public boolean isSound() {
    boolean name = !bucket.isEmpty() && bucket.length() <= 63 && bucket.indexOf('/') < 0;
    boolean folder =
        lengthOf(prefix) <= MAX_TEXT
            && (prefix.isEmpty() || prefix.endsWith("/"))
            && !prefix.startsWith("/");
    boolean key = !keyId.isBlank() && !secret.isBlank();
    return name
        && folder
        && key
        && !region.isBlank()
        && lengthOf(region + keyId + secret) <= 2 * MAX_TEXT
        && Origin.isCanonical(host(""));
  }

  private static int lengthOf(String text) {
    return Bytes.utf8(text).length();
  }

  /** Whether both name the same objects, by whichever key. */
  public boolean isSamePlace(BucketAccess other) {
    return endpoint.equals(other.endpoint)
        && bucket.equals(other.bucket)
        && prefix.equals(other.prefix);
  }

  /** A folder in it. */
  public BucketAccess below(String folder) {
    return new BucketAccess(
        endpoint, region, bucket, prefix + folder + "/", pathStyle, keyId, secret);
  }

  /**
   * A URL that is good for one request of that kind, for a while.
   *
   * @param url without the signature, which comes last
   */
  public record Signed(String url, Bytes signature) {
    private static final String PARAMETER = "&X-Amz-Signature=";

    /** The whole. */
    public String text() {
      return url + PARAMETER + signature.hex();
    }
  }

  /**
   * Signs a request for an object.
   *
   * @param headers {@code name:value} that must be sent so, lower case, in order
   * @param now wall time, in milliseconds
   * @param seconds how long it is good, at most {@link #MAX_LIFE}
   */
  public Signed sign(String method, String name, List<String> headers, long now, int seconds) {
    return signed(method, "/" + Signer.encoded(prefix + name, true), "", headers, now, seconds);
  }

  /** Signs a request for a list of at most so many objects whose names begin so. */
  Signed list(String begin, int most, long now, int seconds) {
    String query =
        "&list-type=2&max-keys=" + most + "&prefix=" + Signer.encoded(prefix + begin, false);
    return signed("GET", pathStyle ? "" : "/", query, List.of(), now, seconds);
  }

  private Signed signed(
      String method, String path, String query, List<String> headers, long now, int seconds) {
    Signer signer = new Signer(keyId, secret, region, "s3");
    String stamp = Calendar.stamp(now);
    String origin = host(pathStyle ? "" : bucket + ".");
    String whole = pathStyle ? "/" + bucket + path : path;
    // In the order of their names: content-length, host, x-amz-….
    List<String> all = new ArrayList<>(headers);
    int at = 0;
    while (at < all.size() && all.get(at).compareTo("host") < 0) {
      at++;
    }
    all.add(at, "host:" + origin.substring(origin.indexOf("://") + 3));
    String names = new Signer.Request(method, whole, "", all, "").signedHeaders();
    String asked =
        "X-Amz-Algorithm="
            + Signer.ALGORITHM
            + "&X-Amz-Credential="
            + Signer.encoded(keyId + "/" + signer.scope(stamp), false)
            + "&X-Amz-Date="
            + stamp
            + "&X-Amz-Expires="
            + seconds
            + "&X-Amz-SignedHeaders="
            + Signer.encoded(names, false)
            + query;
    Bytes signature =
        signer.sign(new Signer.Request(method, whole, asked, all, Signer.UNSIGNED), stamp);
    return new Signed(origin + whole + "?" + asked, signature);
  }

  private String host(String before) {
    int host = endpoint.indexOf("://") + 3;
    return host < 3 ? "" : endpoint.substring(0, host) + before + endpoint.substring(host);
  }

  /** Without what nobody should read. */
  @Override
  public String toString() {
    return endpoint + "/" + bucket + "/" + prefix;
  }
}
