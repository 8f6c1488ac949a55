package dev.p2pcp.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What Amazon published comes out the same. */
class SignerTest {
  @TestFactory
  Stream<DynamicTest> published_signatures() {
    return VectorFiles.texts("aws-signature").entrySet().stream()
        .map(
            file ->
                DynamicTest.dynamicTest(file.getKey(), () -> check(Vector.parse(file.getValue()))));
  }

  private static void check(Vector vector) {
    List<String> headers = new ArrayList<>();
    while (vector.has("header-" + headers.size())) {
      headers.add(vector.text("header-" + headers.size()));
    }
    Signer signer =
        new Signer("", vector.text("secret"), vector.text("region"), vector.text("service"));
    Signer.Request request =
        new Signer.Request(
            vector.text("method"),
            vector.text("path"),
            vector.text("query"),
            headers,
            vector.text("payload"));
    assertThat(signer.sign(request, vector.text("stamp")).hex())
        .isEqualTo(vector.text("signature"));
  }

  @Test
  void the_published_url_is_made_from_its_parts() {
    BucketAccess access =
        new BucketAccess(
            "https://s3.amazonaws.com",
            "us-east-1",
            "examplebucket",
            "",
            false,
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    long time = Instant.parse("2013-05-24T00:00:00Z").toEpochMilli();
    assertThat(access.sign("GET", "test.txt", List.of(), time, 86_400).text())
        .isEqualTo(
            "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404");
    assertThat(access + " " + new Signer("id", access.secret(), "r", "s3"))
        .doesNotContain(access.secret());
  }

  @Test
  void time_stamps_are_those_of_the_calendar() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    DateTimeFormatter format =
        DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    for (int i = 0; i < 10_000; i++) {
      long millis = random.nextLong(0, 7_258_118_400_000L);
      assertThat(Calendar.stamp(millis))
          .as("seed %d, %d", seed, millis)
          .isEqualTo(format.format(Instant.ofEpochMilli(millis)));
    }
    assertThat(Calendar.stamp(Instant.parse("2024-02-29T23:59:59.999Z").toEpochMilli()))
        .isEqualTo("20240229T235959Z");
  }

  @Test
  void names_are_encoded_as_the_signature_wants_them() {
    assertThat(Signer.encoded("a b/ü+~", true)).isEqualTo("a%20b/%C3%BC%2B~");
    assertThat(Signer.encoded("a/b=", false)).isEqualTo("a%2Fb%3D");
  }
}
