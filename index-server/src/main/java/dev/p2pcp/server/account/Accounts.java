package dev.p2pcp.server.account;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.server.cluster.Members;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ledgers of all accounts. Every call is one step on one ledger, made where it is kept. */
@Component
public class Accounts {
  /** Name of the map in the cluster. */
  public static final String MAP = "accounts";

  /** Pledges that are entered again at once. */
  private static final int AT_ONCE = 64;

  private final IMap<byte[], AccountLedger> ledgers;
  private final Members members;
  private final Clock clock;

  /** What the sessions of this member lend, by their numbers. */
  private final Map<Integer, Pledged> pledged = new ConcurrentHashMap<>();

  Accounts(HazelcastInstance hazelcast, Members members, Clock clock, MeterRegistry meters) {
    this.ledgers = hazelcast.getMap(MAP);
    Gauge.builder("p2pcp.ledgers", ledgers, map -> map.getLocalMapStats().getOwnedEntryCount())
        .description("Accounts whose ledger this member keeps")
        .register(meters);
    this.members = members;
    this.clock = clock;
  }

  private record Pledged(AccountId account, LedgerCommand.Pledge pledge) {}

  /** The session of that number of this member is over, and with it what its device lent. */
  public Mono<LedgerReply> leave(AccountId account, PeerId device, int session) {
    return ask(account, new LedgerCommand.Pledge(device, session, 0));
  }

  /**
   * Enters once more what the sessions here lend: members that were parted may have taken them for
   * gone, and what members lost may have been among it.
   */
  public Mono<Void> pledgeAgain() {
    return Flux.fromIterable(pledged.keySet())
        .flatMap(
            session -> {
              // A session that has left since must not lend again.
              Pledged known = pledged.get(session);
              return known == null
                  ? Mono.<LedgerReply>empty()
                  : submit(known.account, known.pledge);
            },
            AT_ONCE)
        .then();
  }

  /** The account's figures now. */
  public Mono<LedgerReply> figures(AccountId account) {
    return ask(account, new LedgerCommand.Figures());
  }

  /**
   * Lets every ledger forget what has expired, and what was lent through members that are gone. One
   * member does so for all. Blocks; not for event loops.
   */
  public void sweep() {
    if (members.leads()) {
      List<Integer> departed = Arrays.stream(members.departed()).boxed().toList();
      ledgers.executeOnEntries(new LedgerProcessor(new LedgerCommand.Sweep(departed), clock.now()));
    }
  }

  /** One step on the account's ledger. */
  public Mono<LedgerReply> ask(AccountId account, LedgerCommand command) {
    return Mono.defer(
        () -> {
          if (command instanceof LedgerCommand.Pledge pledge) {
            remember(account, pledge);
          }
          return submit(account, command);
        });
  }

  private Mono<LedgerReply> submit(AccountId account, LedgerCommand command) {
    return Mono.fromCompletionStage(
            () ->
                ledgers.submitToKey(
                    account.bytes().toArray(), new LedgerProcessor(command, clock.now())))
        .map(Accounts::reply);
  }

  private void remember(AccountId account, LedgerCommand.Pledge pledge) {
    if (pledge.slots() == 0) {
      pledged.remove(pledge.session());
    } else {
      pledged.put(pledge.session(), new Pledged(account, pledge));
    }
  }

  private static LedgerReply reply(byte[] encoded) {
    try {
      return LedgerReply.decode(Bytes.wrap(encoded));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a ledger answered something else", e);
    }
  }
}
