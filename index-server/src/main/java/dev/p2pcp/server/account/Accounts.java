package dev.p2pcp.server.account;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.AccountLedger.Claim;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.server.cluster.Members;
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

  Accounts(HazelcastInstance hazelcast, Members members, Clock clock) {
    this.ledgers = hazelcast.getMap(MAP);
    this.members = members;
    this.clock = clock;
  }

  private record Pledged(AccountId account, LedgerCommand.Pledge pledge) {}

  /**
   * A device lends so many slots by that session of this member; 0 when it is gone, which changes
   * nothing if the device lends by another session since.
   */
  public Mono<LedgerReply> pledge(AccountId account, PeerId device, int session, int slots) {
    LedgerCommand.Pledge pledge = new LedgerCommand.Pledge(device, session, slots);
    return Mono.defer(
        () -> {
          if (slots == 0) {
            pledged.remove(session);
          } else {
            pledged.put(session, new Pledged(account, pledge));
          }
          return ask(account, pledge);
        });
  }

  /**
   * Enters once more what the sessions here lend: members that were parted may have taken them for
   * gone, and what members lost may have been among it.
   */
  public Mono<Void> pledgeAgain() {
    return Flux.fromIterable(pledged.values())
        .flatMap(known -> ask(known.account, known.pledge), AT_ONCE)
        .then();
  }

  /** Enters verified receipts, which their holder signed then. */
  public Mono<LedgerReply> place(
      AccountId owner, Holder holder, long signed, long expires, List<StorageKey> keys) {
    return ask(owner, new LedgerCommand.Place(holder, signed, expires, keys));
  }

  /** The holder gave these blocks up at that moment of its clock. */
  public Mono<LedgerReply> free(AccountId owner, Holder holder, long time, List<StorageKey> keys) {
    return ask(owner, new LedgerCommand.Free(holder, time, keys));
  }

  /** Enters claims if the account lends enough for all of them. */
  public Mono<LedgerReply> reserve(AccountId owner, List<Claim> claims) {
    return ask(owner, new LedgerCommand.Reserve(claims));
  }

  /** Who keeps these blocks of the account. */
  public Mono<LedgerReply> holders(AccountId owner, List<StorageKey> keys) {
    return ask(owner, new LedgerCommand.Holders(keys));
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

  /** Ledgers kept by this member. */
  public int size() {
    return ledgers.size();
  }

  private Mono<LedgerReply> ask(AccountId account, LedgerCommand command) {
    return Mono.defer(
            () ->
                Mono.fromCompletionStage(
                    ledgers.submitToKey(
                        account.bytes().toArray(), new LedgerProcessor(command, clock.now()))))
        .map(Accounts::reply);
  }

  private static LedgerReply reply(byte[] encoded) {
    try {
      return LedgerReply.decode(Bytes.wrap(encoded));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException("a ledger answered something else", e);
    }
  }
}
