package dev.p2pcp.server.account;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.testing.Seeded;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

/** What sessions lend, told again after members were parted. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class AccountsTest {
  private static final Duration WAIT = Duration.ofSeconds(30);

  /** More than are told at once. */
  private static final int SESSIONS = 100;

  private static final Seeded ARBITRARY = new Seeded(5);

  @Autowired private Accounts accounts;
  @Autowired private HazelcastInstance hazelcast;

  /** Each of an account of its own. */
  private record Session(int number, AccountId account, PeerId device) {}

  @Test
  void what_a_session_lent_that_leaves_meanwhile_is_not_told_again() {
    List<Session> sessions = new ArrayList<>();
    for (int number = 1; number <= SESSIONS; number++) {
      Session session =
          new Session(
              number,
              new AccountId(ARBITRARY.bytes(Hash.LENGTH)),
              new PeerId(ARBITRARY.bytes(PeerId.LENGTH)));
      accounts
          .ask(session.account, new LedgerCommand.Pledge(session.device, number, 4))
          .block(WAIT);
      sessions.add(session);
    }
    CountDownLatch latch = new CountDownLatch(1);
    sessions.forEach(session -> hold(session.account, latch));
    CompletableFuture<Void> told = accounts.pledgeAgain().toFuture();
    List<CompletableFuture<LedgerReply>> left =
        sessions.stream()
            .map(one -> accounts.leave(one.account, one.device, one.number).toFuture())
            .toList();
    latch.countDown();
    told.join();
    left.forEach(CompletableFuture::join);
    accounts.pledgeAgain().block(WAIT);
    assertThat(sessions).allSatisfy(session -> assertThat(lent(session)).isZero());
  }

  @Test
  void what_a_session_lends_that_stays_is_told_again() {
    AccountId account = new AccountId(ARBITRARY.bytes(Hash.LENGTH));
    PeerId device = new PeerId(ARBITRARY.bytes(PeerId.LENGTH));
    Session session = new Session(SESSIONS + 1, account, device);
    accounts.ask(account, new LedgerCommand.Pledge(device, session.number, 4)).block(WAIT);
    ledgers().delete(account.bytes().toArray());
    assertThat(lent(session)).isZero();
    accounts.pledgeAgain().block(WAIT);
    assertThat(lent(session)).isEqualTo(4);
    accounts.leave(account, device, session.number).block(WAIT);
  }

  private long lent(Session session) {
    return ((LedgerReply.Done)
            Objects.requireNonNull(accounts.figures(session.account).block(WAIT)))
        .allowance()
        .lent();
  }

  /** Lets the thread that has this ledger wait. */
  private void hold(AccountId account, CountDownLatch latch) {
    ledgers()
        .submitToKey(
            account.bytes().toArray(),
            entry -> {
              try {
                latch.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return null;
            });
  }

  private IMap<byte[], AccountLedger> ledgers() {
    return hazelcast.getMap(Accounts.MAP);
  }
}
