package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownServersTest {
  private static final String MINE = "https://mine.example";
  private static final String OTHER = "https://other.example";

  private final JvmClock clock = new JvmClock();
  private final Platform platform =
      new Platform(
          clock,
          new JvmEntropy(),
          new VirtualThreadTasks(clock, (task, cause) -> {}),
          new JvmCrypto());
  private final MemoryBlockStore store = new MemoryBlockStore(1 << 20);
  private final KnownServers known = new KnownServers(platform, store);
  private final Crypto.SigningKey mine = key();

  @Test
  void what_an_operator_recommends_is_known_by_its_name() {
    known.told(mine.publicKey(), MINE, List.of(record(mine, MINE, OTHER)), false);
    assertThat(known.all())
        .extracting(KnownServers.Known::origin, KnownServers.Known::operator)
        .containsExactly(tuple(OTHER, MINE));
    assertThat(known.own()).hasSize(1);
  }

  @Test
  void records_of_others_are_not_passed_on_and_their_recommendations_not_taken() {
    known.told(
        mine.publicKey(), MINE, List.of(record(key(), OTHER, "https://third.example")), false);
    assertThat(known.all()).extracting(KnownServers.Known::origin).containsExactly(OTHER);
    assertThat(known.own()).isEmpty();
  }

  @Test
  void what_is_forged_or_over_is_not_taken() {
    ServerRecord right = record(mine, MINE, OTHER);
    ServerRecord forged =
        new ServerRecord(
            right.key(),
            right.notBefore(),
            right.notAfter(),
            right.origins(),
            List.of("https://evil.example"),
            right.signature());
    long past = clock.now() - ServerRecord.MAX_LIFE;
    ServerRecord over = ServerRecord.issue(mine, past, past + 1_000, List.of(MINE), List.of(OTHER));
    known.told(mine.publicKey(), MINE, List.of(forged), false);
    known.told(mine.publicKey(), MINE, List.of(over), false);
    assertThat(known.all()).isEmpty();
  }

  @Test
  void machines_at_home_are_taken_only_by_who_lives_on_one() {
    ServerRecord local = record(mine, MINE, "http://192.168.0.7:8080");
    known.told(mine.publicKey(), MINE, List.of(local), false);
    assertThat(known.all()).isEmpty();
    known.told(mine.publicKey(), MINE, List.of(local), true);
    assertThat(known.all()).hasSize(1);
  }

  @Test
  void agents_that_tell_of_one_are_counted_once_each() {
    PeerId one = new PeerId(platform.entropy().bytes(32));
    PeerId two = new PeerId(platform.entropy().bytes(32));
    Crypto.SigningKey other = key();
    for (PeerId peer : List.of(one, two, one)) {
      known.heard(peer, List.of(record(other, OTHER)), false);
    }
    assertThat(known.all()).singleElement().extracting(KnownServers.Known::agents).isEqualTo(2);
  }

  @Test
  void strangers_never_push_out_what_an_operator_recommends() {
    known.told(mine.publicKey(), MINE, List.of(record(mine, MINE, OTHER)), false);
    PeerId stranger = new PeerId(platform.entropy().bytes(32));
    for (int i = 0; i < 100; i++) {
      known.heard(stranger, List.of(record(key(), "https://s" + i + ".example")), false);
    }
    assertThat(known.all()).hasSize(64).anyMatch(one -> one.origin().equals(OTHER));
    assertThat(known.own()).hasSizeLessThanOrEqualTo(Limits.PEER_SERVERS);
  }

  @Test
  void it_is_known_still_after_a_reload() {
    known.told(mine.publicKey(), MINE, List.of(record(mine, MINE, OTHER)), false);
    KnownServers again = new KnownServers(platform, store);
    again.load();
    assertThat(again.all()).isEqualTo(known.all());
  }

  private ServerRecord record(Crypto.SigningKey key, String origin, String... recommended) {
    long now = clock.now();
    return ServerRecord.issue(key, now, now + 60_000, List.of(origin), List.of(recommended));
  }

  private Crypto.SigningKey key() {
    return platform.crypto().signingKey(platform.entropy().bytes(32));
  }
}
