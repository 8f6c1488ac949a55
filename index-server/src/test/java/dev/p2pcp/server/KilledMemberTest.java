package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A member is killed under its agents, in real processes, and started again. */
class KilledMemberTest {
  private static final String SECRET = "known to the members of this test only";
  private static final int KEYS = 1_000;

  /** Longest time in which a lookup of a block with a live holder may fail, in nanoseconds. */
  private static final long LOOKUP = 5_000_000_000L;

  /** Longest time until a dead member is forgotten, in nanoseconds. */
  private static final long FORGOTTEN = 10_000_000_000L;

  private final List<Integer> ports = TestCluster.freePorts(3);

  @Test
  void what_lived_on_other_members_is_found_all_along_and_what_died_is_forgotten()
      throws Exception {
    Crypto.SigningKey vault = RawAgent.newKey();
    Crypto.SigningKey device = RawAgent.newKey();
    List<MemberProcess.Starting> starting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      starting.add(MemberProcess.start(ports, i, SECRET));
    }
    try (MemberProcess killed = starting.get(0).ready();
        MemberProcess second = starting.get(1).ready();
        MemberProcess third = starting.get(2).ready();
        RawAgent lost = RawAgent.login(killed.port(), vault, device);
        RawAgent holder = RawAgent.login(second.port(), vault, RawAgent.newKey());
        RawAgent reader = RawAgent.login(third.port())) {
      announce(lost, "lost");
      announce(holder, "kept");
      lost.ask(new SessionFrame.Pledge(3, 40, 40, false));
      holder.ask(new SessionFrame.Pledge(3, 2, 2, false));
      Await.until("both are known", () -> has(reader, "lost", lost) && has(reader, "kept", holder));

      killed.kill();
      assertFoundAllAlong(reader, holder, lost);

      try (RawAgent again = RawAgent.login(second.port(), vault, device)) {
        assertThat(again.welcome().allowance().lent()).isEqualTo(2);
        announce(again, "lost");
        Await.until("it is back", () -> has(reader, "lost", again));
        try (MemberProcess restarted = MemberProcess.start(ports, 0, SECRET).ready();
            RawAgent newcomer = RawAgent.login(restarted.port())) {
          Await.until(
              "the new member knows",
              () -> has(newcomer, "lost", again) && has(newcomer, "kept", holder));
        }
      }
    } finally {
      starting.forEach(member -> member.process().destroyForcibly());
    }
  }

  /** Looks up without a pause until the dead member's agent is forgotten everywhere. */
  private static void assertFoundAllAlong(RawAgent reader, RawAgent holder, RawAgent lost) {
    long begun = System.nanoTime();
    long foundAt = begun;
    boolean forgotten = false;
    int round = 0;
    while (!forgotten || System.nanoTime() - begun < LOOKUP) {
      String key = "kept" + round++ % KEYS;
      if (peers(reader, key).contains(holder.peer())) {
        foundAt = System.nanoTime();
      }
      assertThat(System.nanoTime() - foundAt).as("without %s", key).isLessThan(LOOKUP);
      forgotten = peers(reader, "lost0").isEmpty();
      assertThat(forgotten || System.nanoTime() - begun < FORGOTTEN)
          .as("%s is forgotten", lost.peer())
          .isTrue();
    }
  }

  private static boolean has(RawAgent reader, String name, RawAgent holder) {
    return peers(reader, name + "0").contains(holder.peer())
        && peers(reader, name + (KEYS - 1)).contains(holder.peer());
  }

  private static List<PeerId> peers(RawAgent reader, String key) {
    return reader.ask(new SessionFrame.Lookup(9, List.of(key(key))))
            instanceof SessionFrame.Found found
        ? found.locations().getFirst()
        : List.of();
  }

  private static void announce(RawAgent agent, String name) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      keys.add(key(name + i));
    }
    assertThat(agent.ask(new SessionFrame.Announce(1, keys))).isEqualTo(new SessionFrame.Done(1));
  }

  private static StorageKey key(String name) {
    return new StorageKey(Sha256.hash(Bytes.utf8(name)).bytes());
  }
}
