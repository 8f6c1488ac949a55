package dev.p2pcp.donor.urls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.donor.bucket.BucketServer;
import dev.p2pcp.jvm.HttpWeb;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The URLs that an agent signs, as a real store takes them. What stores do differently is asked
 * for, so that it is noticed when it changes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SignedUrlsContract {
  private static final Bytes CONTENT = Bytes.utf8("what was agreed on");
  private static final int MINUTE = 60;

  private final JvmClock clock = new JvmClock();
  private final Web web = new HttpWeb(clock);
  private final BucketServer server;

  SignedUrlsContract(BucketServer server) {
    this.server = server;
  }

  /** Whether the store looks at signatures at all. */
  abstract boolean checksSignatures();

  /** Whether it compares a body with its signed checksum. */
  abstract boolean checksChecksums();

  @AfterAll
  void stop() {
    server.close();
  }

  private BucketAccess access() {
    return new BucketAccess(
        server.endpoint().toString(),
        "us-east-1",
        server.address("").bucket(),
        "p/",
        true,
        BucketServer.KEY.id(),
        BucketServer.KEY.secret());
  }

  private Bucket bucket(BucketAccess access, long skew) {
    Clock shifted =
        new Clock() {
          @Override
          public long now() {
            return clock.now() + skew;
          }

          @Override
          public long ticks() {
            return clock.ticks();
          }
        };
    VirtualThreadTasks tasks = new VirtualThreadTasks(clock, (name, cause) -> {});
    Platform platform = new Platform(shifted, new JvmEntropy(), tasks, new JvmCrypto());
    return new Bucket(platform, web, access, (reading, bytes) -> {});
  }

  private Bucket bucket() {
    return bucket(access(), 0);
  }

  private int send(String method, String url, Bytes body, String... headers) throws LinkException {
    return web.ask(
            new Web.Request(method, url, List.of(headers), body, 100_000, true),
            Deadline.in(clock, 20_000))
        .status();
  }

  private static String checksum(Bytes content) {
    return Bucket.CHECKSUM + Bucket.checksum(Sha256.hash(content).bytes());
  }

  private BucketAccess.Signed place(String name, int seconds, long skew) {
    return bucket(access(), skew)
        .writable(name, CONTENT.length(), Sha256.hash(CONTENT).bytes(), seconds);
  }

  @Test
  void what_is_stored_is_read_listed_and_removed() throws BucketException {
    Bucket bucket = bucket();
    bucket.put("a", CONTENT);
    assertThat(bucket.get("a", 100, 100)).isEqualTo(CONTENT);
    assertThat(has("a")).isTrue();
    assertThat(bucket.lists("a")).isTrue();
    bucket.put("a", Bytes.utf8("newer"));
    assertThat(bucket.get("a", 100, 100)).isEqualTo(Bytes.utf8("newer"));
    bucket.delete("a");
    assertThat(has("a")).isFalse();
    assertThat(bucket.lists("a")).isFalse();
    assertThat(trouble(() -> bucket.get("a", 100, 100))).isEqualTo(Trouble.NOT_THERE);
    bucket.delete("a");
    bucket.probe(CONTENT);
    assertThat(has("probe")).isFalse();
  }

  @Test
  void names_that_need_encoding_are_signed_as_they_are_sent() throws BucketException {
    BucketAccess odd = access().below("a b+c=ü~");
    bucket(odd, 0).put("x", CONTENT);
    assertThat(bucket(odd, 0).get("x", 100, 100)).isEqualTo(CONTENT);
    assertThat(bucket(odd, 0).lists("x")).isTrue();
  }

  @Test
  void an_object_that_is_longer_than_agreed_is_not_taken() throws BucketException {
    bucket().put("long", Bytes.wrap(new byte[100_000]));
    assertThat(trouble(() -> bucket().get("long", 1_000, 1_000))).isEqualTo(Trouble.UNREACHABLE);
    assertThat(trouble(() -> bucket().get("long", 99_999, 99_999))).isEqualTo(Trouble.UNREACHABLE);
  }

  @Test
  void who_has_a_url_can_read_that_object_for_a_while_and_no_other() throws Exception {
    bucket().put("read", CONTENT);
    bucket().put("other", CONTENT);
    String url = bucket().readable("read", MINUTE).text();
    assertThat(send("GET", url, Bytes.EMPTY)).isEqualTo(200);
    assertThat(send("GET", url, Bytes.EMPTY)).isEqualTo(200);
    String late = bucket(access(), -3_600_000).readable("read", MINUTE).text();
    if (checksSignatures()) {
      assertThat(send("GET", url.replace("/read?", "/other?"), Bytes.EMPTY)).isEqualTo(403);
      assertThat(send("DELETE", url, Bytes.EMPTY)).isEqualTo(403);
      assertThat(send("PUT", url, CONTENT)).isEqualTo(403);
      assertThat(send("GET", late, Bytes.EMPTY)).isBetween(400, 403);
    } else {
      assertThat(send("GET", url.replace("/read?", "/other?"), Bytes.EMPTY)).isEqualTo(200);
    }
  }

  @Test
  void a_place_takes_the_bytes_that_were_agreed_on() throws Exception {
    String url = place("put", MINUTE, 0).text();
    assertThat(send("PUT", url, CONTENT, checksum(CONTENT))).isEqualTo(200);
    assertThat(bucket().get("put", 100, 100)).isEqualTo(CONTENT);
    // A second time is possible while the URL is good, but only with the very same bytes.
    assertThat(send("PUT", url, CONTENT, checksum(CONTENT))).isEqualTo(200);
  }

  @Test
  void a_place_takes_no_other_length() throws Exception {
    Bytes longer = Bytes.utf8("what was agreed on, and more");
    int status = send("PUT", place("length", MINUTE, 0).text(), longer, checksum(CONTENT));
    refusedOrCaught(status, "length", longer);
  }

  @Test
  void a_place_takes_no_other_bytes() throws Exception {
    Bytes other = Bytes.utf8("what was agreed ON");
    String url = place("bytes", MINUTE, 0).text();
    refusedOrCaught(send("PUT", url, other, checksum(other)), "bytes", other);
    String lyingUrl = place("lying", MINUTE, 0).text();
    int lying = send("PUT", lyingUrl, other, checksum(CONTENT));
    if (checksChecksums()) {
      assertThat(lying).isGreaterThanOrEqualTo(400);
      assertThat(has("lying")).isFalse();
    } else {
      assertThat(lying).isEqualTo(200);
      assertThat(bucket().get("lying", 100, 100)).isEqualTo(other);
    }
    assertThat(send("PUT", url, other)).isGreaterThanOrEqualTo(checksSignatures() ? 400 : 200);
  }

  @Test
  void a_place_is_for_one_name() throws Exception {
    String url = place("name", MINUTE, 0).text().replace("/name?", "/victim?");
    refusedOrCaught(send("PUT", url, CONTENT, checksum(CONTENT)), "victim", CONTENT);
  }

  @Test
  void a_place_is_gone_after_its_time() throws Exception {
    String url = place("late", MINUTE, -3_600_000).text();
    refusedOrCaught(send("PUT", url, CONTENT, checksum(CONTENT)), "late", CONTENT);
  }

  @Test
  void without_a_signature_nothing_is_taken() throws Exception {
    String url = place("none", MINUTE, 0).url();
    String bare = url.substring(0, url.indexOf('?'));
    refusedOrCaught(send("PUT", bare, CONTENT, checksum(CONTENT)), "none", CONTENT);
  }

  private boolean has(String name) throws BucketException {
    try {
      return bucket().get(name, 100_000, 0).length() > 0;
    } catch (BucketException e) {
      assertThat(e.trouble()).isEqualTo(Trouble.NOT_THERE);
      return false;
    }
  }

  /** A store that looks at nothing keeps it; then whoever reads notices. */
  private void refusedOrCaught(int status, String name, Bytes sent) throws BucketException {
    if (checksSignatures()) {
      assertThat(status).isBetween(400, 403);
      assertThat(has(name)).isFalse();
    } else if (status == 200) {
      assertThat(bucket().get(name, 100, 100)).isEqualTo(sent);
    }
  }

  @Test
  void what_is_wrong_with_a_bucket_is_told_apart() throws Exception {
    BucketAccess right = access();
    BucketAccess missing =
        new BucketAccess(
            right.endpoint(), "us-east-1", "not-there", "", true, right.keyId(), right.secret());
    assertThat(trouble(() -> bucket(missing, 0).put("x", CONTENT))).isEqualTo(Trouble.NO_BUCKET);
    BucketAccess nowhere =
        new BucketAccess(
            "http://127.0.0.1:9", "us-east-1", "b", "", true, right.keyId(), right.secret());
    assertThat(trouble(() -> bucket(nowhere, 0).put("x", CONTENT))).isEqualTo(Trouble.UNREACHABLE);
    if (checksSignatures()) {
      BucketAccess secret =
          new BucketAccess(
              right.endpoint(), "us-east-1", right.bucket(), "", true, right.keyId(), "another");
      assertThat(trouble(() -> bucket(secret, 0).put("x", CONTENT)))
          .isEqualTo(Trouble.WRONG_SECRET);
      BucketAccess key =
          new BucketAccess(
              right.endpoint(), "us-east-1", right.bucket(), "", true, "ANOTHER", right.secret());
      assertThat(trouble(() -> bucket(key, 0).put("x", CONTENT))).isEqualTo(Trouble.WRONG_KEY);
    }
  }

  /** Something that fails. */
  private interface Failing {
    void run() throws BucketException;
  }

  private static Trouble trouble(Failing failing) {
    return catchThrowableOfType(BucketException.class, failing::run).trouble();
  }
}
