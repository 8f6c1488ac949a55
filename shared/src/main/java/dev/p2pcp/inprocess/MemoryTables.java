package dev.p2pcp.inprocess;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.index.Absences;
import dev.p2pcp.index.Calm;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.index.Ledgers;
import dev.p2pcp.index.Lenders;
import dev.p2pcp.index.Locations;
import dev.p2pcp.index.RememberedProofs;
import dev.p2pcp.index.Repairs;
import dev.p2pcp.index.Reservations;
import dev.p2pcp.index.Signing;
import dev.p2pcp.index.SlotBook;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What one life of an index server in this process knows: plain maps, each call at once. */
final class MemoryTables implements Ledgers, Locations, Lenders, Signing {
  private static final int NOTICES = 1_000;

  private final Platform platform;
  private final Consumer<AccountId> changed;
  private final LedgerWitness witness;
  private final Map<AccountId, AccountLedger> ledgers = new HashMap<>();
  private final Map<StorageKey, Set<PeerId>> locations = new HashMap<>();
  private final Map<Integer, Seat> seats = new HashMap<>();
  private final Map<StorageKey, Bytes> notices = new LinkedHashMap<>();
  private final SlotBook slots = new SlotBook();
  private final Absences absences;
  private final Calm calm;
  private final Crypto proofs;
  private Crypto.SigningKey key;
  private List<ServerRecord> told = List.of();
  private Reservations reservations;
  private Repairs repairs;

  /** A logged-in session's device and what it announced. */
  private record Seat(DeviceCertificate who, Set<StorageKey> announced) {}

  /** What can be set: how long tickets are good and it is calm at first, in milliseconds. */
  record Terms(long ticketLife, long calm) {}

  /** Empty, with that key; tells whose figures change, and what is entered. */
  MemoryTables(
      Platform platform,
      Crypto.SigningKey key,
      Consumer<AccountId> changed,
      LedgerWitness witness,
      Terms terms) {
    this.platform = platform;
    this.proofs = new RememberedProofs(platform.crypto());
    this.key = key;
    this.changed = changed;
    this.witness = witness;
    this.absences = new Absences(platform.clock().now());
    this.calm = new Calm(platform.clock().now(), terms.calm());
    this.reservations = reservations(terms.ticketLife());
    this.repairs = new Repairs(slots, absences, calm, reservations);
  }

  Crypto.SigningKey key() {
    return key;
  }

  void signWith(Crypto.SigningKey other) {
    key = other;
  }

  /** Tickets issued from now on are good for so many milliseconds. */
  void ticketLife(long millis) {
    reservations = reservations(millis);
    repairs = new Repairs(slots, absences, calm, reservations);
  }

  /** A device is logged in by that session, from that network. */
  void enter(int session, DeviceCertificate who, long network) {
    seats.put(session, new Seat(who, new LinkedHashSet<>()));
    slots.connect(who.device(), who.account(), network, platform.clock().now());
    repairs.noticed(who.device(), platform.clock().now());
  }

  /** The session is over, and with it what it announced and lent. */
  void leave(int session) {
    Seat seat = seats.get(session);
    if (seat == null) {
      return;
    }
    withdraw(session, List.copyOf(seat.announced));
    seats.remove(session);
    slots.disconnect(seat.who.device());
    repairs.noticed(seat.who.device(), platform.clock().now());
    ask(seat.who.account(), new LedgerCommand.Pledge(seat.who.device(), session, 0));
    changed(seat.who.account());
  }

  /** The account's figures now. */
  Allowance figures(AccountId account) {
    return ledger(account).allowance(platform.clock().now());
  }

  /** Copies of all ledgers. */
  Map<AccountId, AccountLedger> ledgers() {
    Map<AccountId, AccountLedger> copies = new HashMap<>();
    ledgers.forEach((account, ledger) -> copies.put(account, copyOf(ledger)));
    return copies;
  }

  private static AccountLedger copyOf(AccountLedger ledger) {
    AccountLedger copy = new AccountLedger();
    copy.merge(ledger);
    return copy;
  }

  /** What audits of the account's devices came to. */
  Conduct conduct(AccountId account) {
    return ledger(account).conduct();
  }

  /** Peers that announced each key. */
  Map<StorageKey, Set<PeerId>> locations() {
    Map<StorageKey, Set<PeerId>> copy = new HashMap<>();
    locations.forEach((block, peers) -> copy.put(block, Set.copyOf(peers)));
    return copy;
  }

  @Override
  public LedgerReply ask(AccountId account, LedgerCommand command) {
    if (!command.isQuestion()) {
      witness.entered(account, command);
    }
    return command.apply(ledger(account), platform.clock().now());
  }

  @Override
  public void changed(AccountId account) {
    changed.accept(account);
  }

  @Override
  public Announced announce(int session, List<StorageKey> keys) {
    Seat seat = Objects.requireNonNull(seats.get(session));
    int added = 0;
    for (StorageKey block : keys) {
      if (seat.announced.add(block)) {
        locations.computeIfAbsent(block, k -> new LinkedHashSet<>()).add(seat.who.device());
        added++;
      }
    }
    return new Announced(added, 0);
  }

  @Override
  public int withdraw(int session, List<StorageKey> keys) {
    Seat seat = Objects.requireNonNull(seats.get(session));
    int removed = 0;
    for (StorageKey block : keys) {
      if (seat.announced.remove(block)) {
        Set<PeerId> peers = Objects.requireNonNull(locations.get(block));
        peers.remove(seat.who.device());
        if (peers.isEmpty()) {
          locations.remove(block);
        }
        removed++;
      }
    }
    return removed;
  }

  @Override
  public List<List<PeerId>> lookup(List<StorageKey> keys) {
    List<List<PeerId>> found = new ArrayList<>(keys.size());
    for (StorageKey block : keys) {
      List<PeerId> peers = List.copyOf(locations.getOrDefault(block, Set.of()));
      found.add(peers.subList(0, Math.min(peers.size(), Limits.LOCATIONS)));
    }
    return found;
  }

  @Override
  public Optional<Bytes> notice(StorageKey block) {
    return Optional.ofNullable(notices.get(block));
  }

  @Override
  public void post(StorageKey block, Bytes notice, long millis) {
    if (notices.size() >= NOTICES) {
      notices.remove(notices.keySet().iterator().next());
    }
    notices.put(block, notice);
  }

  @Override
  public void lends(PeerId peer, Candidate.Kind kind, int free) {
    slots.lends(peer, kind, free);
  }

  @Override
  public void settle(PeerId peer, AccountId owner, List<StorageKey> keys) {
    keys.forEach(block -> slots.settle(peer, owner, block));
  }

  @Override
  public List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers) {
    return reservations.allot(owner, items, keepers, announcers, platform.clock().now());
  }

  @Override
  public SessionFrame.CopiesFound found(long id, List<List<AccountLedger.Kept>> blocks) {
    return repairs.found(id, blocks, platform.clock().now());
  }

  @Override
  public boolean mayForgo(PeerId holder) {
    return repairs.mayForgo(holder, platform.clock().now());
  }

  @Override
  public boolean isAskingTooOften(PeerId holder) {
    return repairs.isAskingTooOften(holder, platform.clock().now());
  }

  @Override
  public List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Repairs.Torn> blocks) {
    return repairs.mend(asker, leaving, owner, blocks, platform.clock().now());
  }

  @Override
  public List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers) {
    return reservations.renew(owner, copies, keepers, platform.clock().now());
  }

  @Override
  public void giveBack(List<Ticket> tickets) {
    reservations.giveBack(tickets);
  }

  @Override
  public <T> T check(Check<T> check) {
    return check.by(proofs);
  }

  @Override
  public Entropy entropy() {
    return platform.entropy();
  }

  /** Where it says that it can be reached, and which others it recommends. */
  void tellOf(List<String> origins, List<String> recommended) {
    long now = platform.clock().now();
    told = List.of(ServerRecord.issue(key, now, now + ServerRecord.MAX_LIFE, origins, recommended));
  }

  @Override
  public List<ServerRecord> servers() {
    return told;
  }

  @Override
  public TicketBatch issue(List<Ticket> tickets) {
    return TicketBatch.issue(key, tickets);
  }

  private AccountLedger ledger(AccountId account) {
    return ledgers.computeIfAbsent(account, a -> new AccountLedger());
  }

  private Reservations reservations(long ticketLife) {
    Placement placement = new Placement(platform.entropy().bytes(32));
    return new Reservations(slots, placement, platform.entropy(), ticketLife);
  }
}
