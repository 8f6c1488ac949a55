package dev.p2pcp.donor.bucket;

import java.net.URI;
import java.util.Optional;

/**
 * Where a bucket is.
 *
 * @param endpoint its server; empty for Amazon's own
 * @param region as the signature names it
 * @param bucket its name
 * @param prefix before every name in it, empty or with a slash at its end
 * @param pathStyle whether the bucket is named in the path and not in the host
 */
public record BucketAddress(
    Optional<URI> endpoint, String region, String bucket, String prefix, boolean pathStyle) {
  private static final String SCHEME = "s3://";

  /** Reads {@code s3://bucket/prefix}; empty if it is none. */
  public static Optional<BucketAddress> parse(
      String text, Optional<URI> endpoint, String region, boolean pathStyle) {
    if (!text.startsWith(SCHEME)) {
      return Optional.empty();
    }
    String rest = text.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    String prefix = slash < 0 ? "" : rest.substring(slash + 1);
    boolean sound =
        bucket.length() >= 3
            && bucket.length() <= 63
            && bucket.chars().allMatch(BucketAddress::isNameCharacter)
            && prefix.length() <= 512
            && prefix.chars().allMatch(c -> isNameCharacter(c) || c == '/' || c == '_');
    if (!sound) {
      return Optional.empty();
    }
    String folder = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
    return Optional.of(new BucketAddress(endpoint, region, bucket, folder, pathStyle));
  }

  /** A folder of it. */
  public BucketAddress below(String folder) {
    return new BucketAddress(endpoint, region, bucket, prefix + folder + "/", pathStyle);
  }

  private static boolean isNameCharacter(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '.';
  }

  /** What a person calls it. */
  @Override
  public String toString() {
    return SCHEME + bucket + "/" + prefix;
  }
}
