package dev.p2pcp.donor.bucket;

/**
 * What opens a bucket.
 *
 * @param id names the key
 * @param secret signs with it
 */
public record BucketKey(String id, String secret) {
  /** Without either, as they must not reach a log by accident. */
  @Override
  public String toString() {
    return "BucketKey";
  }
}
