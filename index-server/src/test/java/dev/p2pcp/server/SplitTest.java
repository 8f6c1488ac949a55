package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.impl.HazelcastInstanceImpl;
import com.hazelcast.instance.impl.HazelcastInstanceProxy;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.server.account.Accounts;
import dev.p2pcp.wire.SessionFrame;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Members that lose sight of each other go on alone, and are one again without loss. */
class SplitTest {
  /** Longest wait for members to find each other again, in nanoseconds. */
  private static final long REUNION = 60_000_000_000L;

  @Test
  void each_side_serves_what_it_sees_and_after_healing_nothing_is_missing_or_stale() {
    try (TestCluster cluster = TestCluster.start(2, "--p2pcp.cluster.reunion=20s");
        RawAgent here = RawAgent.login(cluster.member(0).port());
        RawAgent there = RawAgent.login(cluster.member(1).port())) {
      StorageKey before = key("before");
      StorageKey withdrawn = key("withdrawn");
      here.ask(new SessionFrame.Announce(1, List.of(before, withdrawn)));
      there.ask(new SessionFrame.Announce(1, List.of(before)));
      here.ask(new SessionFrame.Pledge(2, 4, 4, false));
      awaitFound(there, before, here, there);

      split(cluster);
      awaitFound(here, before, here);
      awaitFound(there, before, there);
      here.ask(new SessionFrame.Announce(3, List.of(key("here"))));
      here.ask(new SessionFrame.Withdraw(4, List.of(withdrawn)));
      there.ask(new SessionFrame.Announce(3, List.of(key("there"))));
      grantOnBothSides(cluster, here.account());

      Await.until("one cluster", REUNION, () -> size(cluster, 0) == 2 && size(cluster, 1) == 2);
      for (RawAgent reader : List.of(here, there)) {
        awaitFound(reader, before, here, there);
        awaitFound(reader, key("here"), here);
        awaitFound(reader, key("there"), there);
        awaitFound(reader, withdrawn);
      }
      for (int i = 0; i < 2; i++) {
        Accounts accounts = cluster.member(i).part(Accounts.class);
        Await.until(
            "the surplus",
            () -> figures(accounts.figures(here.account()).block()).equals(new Allowance(2, 6, 4)));
        assertThat(accounts.ask(here.account(), claims("more")).block())
            .isEqualTo(new LedgerReply.OverAllowance(new Allowance(3, 9, 4)));
      }
    }
  }

  private static void grantOnBothSides(TestCluster cluster, AccountId account) {
    Accounts here = cluster.member(0).part(Accounts.class);
    Accounts there = cluster.member(1).part(Accounts.class);
    // What is lent on the other side does not count here, so it is lent on both.
    Await.until(
        "its agents are forgotten", () -> figures(there.figures(account).block()).lent() == 0);
    PeerId device = new PeerId(Sha256.hash(Bytes.utf8("device")).bytes());
    there.ask(account, new LedgerCommand.Pledge(device, 0x7fff_ffff, 4)).block();
    assertThat(here.ask(account, claims("one")).block())
        .isEqualTo(new LedgerReply.Done(new Allowance(1, 3, 4), List.of()));
    assertThat(there.ask(account, claims("two")).block())
        .isEqualTo(new LedgerReply.Done(new Allowance(1, 3, 4), List.of()));
    there.leave(account, device, 0x7fff_ffff).block();
  }

  private static void split(TestCluster cluster) {
    for (int i = 0; i < 2; i++) {
      HazelcastInstance instance = cluster.member(i).part(HazelcastInstance.class);
      HazelcastInstanceImpl inside = ((HazelcastInstanceProxy) instance).getOriginal();
      ClusterServiceImpl service = inside.node.getClusterService();
      service.getMemberImpls().stream()
          .filter(member -> !member.localMember())
          .forEach(member -> service.suspectMember(member, "the test parts them", true));
    }
    Await.until("two clusters", () -> size(cluster, 0) == 1 && size(cluster, 1) == 1);
  }

  private static int size(TestCluster cluster, int member) {
    return cluster.member(member).part(HazelcastInstance.class).getCluster().getMembers().size();
  }

  private static void awaitFound(RawAgent reader, StorageKey key, RawAgent... holders) {
    Await.until(
        "who has it",
        REUNION,
        () -> {
          SessionFrame.Answer answer = reader.ask(new SessionFrame.Lookup(9, List.of(key)));
          return answer instanceof SessionFrame.Found found
              && found.locations().getFirst().size() == holders.length
              && List.of(holders).stream()
                  .allMatch(holder -> found.locations().getFirst().contains(holder.peer()));
        });
  }

  private static Allowance figures(LedgerReply reply) {
    return ((LedgerReply.Done) Objects.requireNonNull(reply)).allowance();
  }

  private static LedgerCommand claims(String name) {
    long until = System.currentTimeMillis() + 600_000;
    return new LedgerCommand.Reserve(
        List.of(
            new Claim(key(name), holder("first"), until),
            new Claim(key(name), holder("second"), until)));
  }

  private static Holder holder(String name) {
    Bytes hash = Sha256.hash(Bytes.utf8(name)).bytes();
    return new Holder(new PeerId(hash), new AccountId(hash));
  }

  private static StorageKey key(String name) {
    return new StorageKey(Sha256.hash(Bytes.utf8("key " + name)).bytes());
  }
}
