package dev.p2pcp.donor.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Batch;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.jvm.JournaledStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a bucket has a message of its own, and loses nothing. */
class TroubleTest {
  private static final Bytes CONTENT = Bytes.utf8("content");

  @TempDir Path folder;

  @Test
  void every_answer_of_a_store_has_a_meaning_and_says_nothing_that_it_should_not()
      throws IOException {
    assertThat(trouble(403, "SignatureDoesNotMatch")).isEqualTo(Trouble.WRONG_SECRET);
    assertThat(trouble(403, "InvalidAccessKeyId")).isEqualTo(Trouble.WRONG_KEY);
    assertThat(trouble(403, "AccessDenied")).isEqualTo(Trouble.DENIED);
    assertThat(trouble(301, "PermanentRedirect")).isEqualTo(Trouble.WRONG_REGION);
    assertThat(trouble(400, "AuthorizationHeaderMalformed")).isEqualTo(Trouble.WRONG_REGION);
    assertThat(trouble(403, "RequestTimeTooSkewed")).isEqualTo(Trouble.CLOCK_SKEW);
    assertThat(trouble(404, "NoSuchBucket")).isEqualTo(Trouble.NO_BUCKET);
    assertThat(trouble(503, "SlowDown")).isEqualTo(Trouble.THROTTLED);
    assertThat(trouble(507, "XMinioStorageFull")).isEqualTo(Trouble.FULL);
    assertThat(trouble(403, "QuotaExceeded")).isEqualTo(Trouble.FULL);
    assertThat(trouble(418, "Unheard")).isEqualTo(Trouble.OTHER);
  }

  @Test
  void every_trouble_has_its_own_words() {
    Set<String> words = new HashSet<>();
    for (Trouble trouble : Trouble.values()) {
      assertThat(words.add(Advice.on(trouble))).as(trouble.name()).isTrue();
    }
  }

  @Test
  void an_endpoint_that_is_down_is_unreachable() {
    BucketAddress nobody =
        BucketAddress.parse(
                "s3://donated/x", Optional.of(URI.create("http://127.0.0.1:9")), "us-east-1", true)
            .orElseThrow();
    try (Bucket bucket = new Bucket(nobody, BucketServer.KEY)) {
      assertThat(failure(bucket).trouble()).isEqualTo(Trouble.UNREACHABLE);
    }
  }

  @Test
  void a_real_store_tells_a_wrong_secret_a_wrong_key_and_a_missing_bucket_apart()
      throws IOException {
    try (BucketServer server = BucketServer.start(BucketServer.Kind.S3PROXY, folder)) {
      BucketAddress right = server.address("x");
      assertThat(trouble(right, new BucketKey(BucketServer.KEY.id(), "another-secret")))
          .isEqualTo(Trouble.WRONG_SECRET);
      assertThat(trouble(right, new BucketKey("ANOTHERKEY", BucketServer.KEY.secret())))
          .isEqualTo(Trouble.WRONG_KEY);
      BucketAddress missing =
          BucketAddress.parse("s3://not-there", Optional.of(server.endpoint()), "us-east-1", true)
              .orElseThrow();
      assertThat(trouble(missing, BucketServer.KEY)).isEqualTo(Trouble.NO_BUCKET);
    }
  }

  @Test
  void what_a_bucket_refuses_is_not_done_and_the_store_goes_on() throws Exception {
    for (String code : new String[] {"SlowDown", "XMinioStorageFull", "AccessDenied"}) {
      StoreException.Reason expected =
          code.equals("XMinioStorageFull")
              ? StoreException.Reason.FULL
              : StoreException.Reason.ABORTED;
      try (FailingBucket failing = new FailingBucket(400, code, "no")) {
        BlockStore store =
            JournaledStore.open(
                folder.resolve(code),
                1 << 20,
                any ->
                    new BucketShelf(
                        new Bucket(failing.address(), BucketServer.KEY), Budget.unlimited()));
        StoreException refusal =
            catchThrowableOfType(
                StoreException.class, () -> store.apply(new Batch().putBlock(key(), CONTENT)));
        assertThat(refusal.reason()).isEqualTo(expected);
        assertThat(store.keys()).isEmpty();
        store.apply(new Batch().putRecord(BlockStore.Table.HELD, CONTENT, CONTENT));
        assertThat(store.record(BlockStore.Table.HELD, CONTENT)).contains(CONTENT);
        store.close();
      }
    }
  }

  @Test
  void a_spent_budget_takes_nothing_more_until_the_next_month() throws IOException {
    Ledger ledger = new Ledger();
    Budget budget = new Budget(at("2026-11-30T23:00:00Z"), 3, 100, ledger);
    budget.spend(40);
    budget.spend(40);
    assertThat(catchThrowableOfType(IOException.class, () -> budget.spend(40)))
        .hasMessageContaining("budget");
    assertThat(budget.isSpent()).isFalse();
    budget.spend(20);
    assertThat(budget.isSpent()).isTrue();
    assertThat(catchThrowableOfType(IOException.class, () -> budget.spend(0))).isNotNull();
    budget.note();
    Budget again = new Budget(at("2026-11-30T23:59:00Z"), 3, 100, ledger);
    assertThat(again.isSpent()).isTrue();
    Budget next = new Budget(at("2026-12-01T00:00:00Z"), 3, 100, ledger);
    assertThat(next.isSpent()).isFalse();
    next.spend(100);
    assertThat(next.spent()).isEqualTo(new Budget.Spent(YearMonth.of(2026, 12), 1, 100));
  }

  @Test
  void addresses_are_read_or_refused() {
    assertThat(parsed("s3://bucket")).hasToString("Optional[s3://bucket/]");
    assertThat(parsed("s3://my.bucket-1/a/b_c")).hasToString("Optional[s3://my.bucket-1/a/b_c/]");
    for (String wrong :
        new String[] {
          "bucket",
          "s3:/bucket",
          "s3://b",
          "s3://bu?ket/x",
          "s3://key:secret@bucket/x",
          "s3://bucket/a b",
          "s3://bucket/\u0000",
          "https://bucket/x"
        }) {
      assertThat(parsed(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void names_of_objects_lead_back_to_their_places_and_others_to_none() {
    var placed = new dev.p2pcp.jvm.Shelf.Placed(1_790_000_000_000L, key());
    assertThat(BucketShelf.placeOf(BucketShelf.name(placed))).contains(placed);
    String name = BucketShelf.name(placed);
    for (String other :
        new String[] {
          "", ".", "probe", name + ".1", name + "x", "0" + name, name.replace(".", ".0")
        }) {
      assertThat(BucketShelf.placeOf(other)).as(other).isEmpty();
    }
  }

  private static Optional<BucketAddress> parsed(String text) {
    return BucketAddress.parse(text, Optional.empty(), "us-east-1", false);
  }

  private static Clock at(String time) {
    return Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
  }

  private static StorageKey key() {
    return new StorageKey(Bytes.wrap(new byte[StorageKey.LENGTH]));
  }

  private static Trouble trouble(int status, String code) throws IOException {
    String told = "the secret is " + BucketServer.KEY.secret();
    try (FailingBucket failing = new FailingBucket(status, code, told)) {
      return trouble(failing.address(), BucketServer.KEY);
    }
  }

  private static Trouble trouble(BucketAddress address, BucketKey key) {
    try (Bucket bucket = new Bucket(address, key)) {
      return failure(bucket).trouble();
    }
  }

  private static BucketException failure(Bucket bucket) {
    BucketException failure =
        catchThrowableOfType(BucketException.class, () -> bucket.probe(CONTENT));
    assertThat(failure)
        .hasMessageContaining(Advice.on(failure.trouble()))
        .hasNoCause()
        .message()
        .doesNotContain(BucketServer.KEY.secret(), BucketServer.KEY.id());
    return failure;
  }

  /** A ledger in memory. */
  private static final class Ledger implements Budget.Ledger {
    private Budget.Spent spent = new Budget.Spent(YearMonth.of(1970, 1), 0, 0);

    @Override
    public Budget.Spent read() {
      return spent;
    }

    @Override
    public void write(Budget.Spent now) {
      spent = now;
    }
  }
}
