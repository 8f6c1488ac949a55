package dev.p2pcp.donor.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Readers are given URLs of buckets that they can reach, and no others. */
class BucketLinkTest {
  private static Optional<String> link(String endpoint) {
    Optional<URI> at = endpoint.isEmpty() ? Optional.empty() : Optional.of(URI.create(endpoint));
    BucketAddress address =
        BucketAddress.parse("s3://donated/x", at, "eu-1", !endpoint.isEmpty()).orElseThrow();
    try (Bucket bucket = new Bucket(address, BucketServer.KEY)) {
      return bucket.link("name.1");
    }
  }

  @Test
  void a_url_of_a_public_endpoint_is_signed_for_ten_minutes_and_has_no_secret() {
    assertThat(link("https://store.example:9000").orElseThrow())
        .startsWith("https://store.example:9000/donated/x/name.1?X-Amz-Algorithm=AWS4-HMAC-SHA256")
        .contains("&X-Amz-Expires=600&", "&X-Amz-Signature=")
        .doesNotContain(BucketServer.KEY.secret());
    assertThat(link("").orElseThrow())
        .startsWith("https://donated.s3.eu-1.amazonaws.com/x/name.1?");
  }

  @Test
  void nobody_is_sent_into_a_local_network() {
    assertThat(link("http://127.0.0.1:9000")).isEmpty();
    assertThat(link("http://nas.local:9000")).isEmpty();
  }
}
