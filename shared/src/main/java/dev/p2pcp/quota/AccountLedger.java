package dev.p2pcp.quota;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.trust.Conduct;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * One account's side of the N × R bargain: what its devices lend, and which copies of its blocks
 * others keep or have been asked to keep. A pure function of what is put in, in whatever order:
 * copies are a set union in which the later expiry wins, so that an index server that starts empty
 * comes to the same figures from the same receipts.
 *
 * <p>Not safe for use by several threads at once, questions included; whoever holds it gives it one
 * thread at a time.
 */
public final class AccountLedger {
  /** Devices of one account that may lend at once. */
  public static final int MAX_DEVICES = 64;

  /** Blocks of one account that are counted. */
  public static final int MAX_BLOCKS = 100_000;

  /** Holders of one block that are counted. */
  public static final int MAX_HOLDERS = 64;

  /** The most that an account can be worth: for those whose slots all count. */
  public static final int MAX_WORTH = 1 << 30;

  private static final int UNVETTED = -1;

  /** In hundredths of what an account states: with so much counted, receipts speak for it. */
  private static final long ENOUGH = 90;

  private final Map<PeerId, Pledge> pledges = new TreeMap<>();
  private final Copies copies;
  private final Statements statements;
  private int worth = UNVETTED;
  private Conduct conduct = Conduct.NONE;

  /** Whether receipts have spoken for the account since this ledger began. */
  private boolean recovered;

  /** Slots newly needed since the latest statement, while that is what limits the account. */
  private int grown;

  /** An empty one whose tables may be aimed at: for simulations and tests. */
  public AccountLedger() {
    this(0);
  }

  /**
   * An empty one.
   *
   * @param seed a secret of this process, so that nobody can choose keys that all fall into one
   *     place; figures and encodings do not depend on it
   */
  public AccountLedger(long seed) {
    this(new Copies(seed), new Statements());
  }

  private AccountLedger(Copies copies, Statements statements) {
    this.copies = copies;
    this.statements = statements;
  }

  /** What a device lends, and the number of the session by which it does. */
  private record Pledge(int session, int slots) {}

  /** Who keeps a copy: a device, and the account behind it. */
  public record Holder(PeerId peer, AccountId account) {}

  /** Who keeps a copy by its receipt, and until when, in milliseconds since 1970. */
  public record Kept(Holder holder, long expires) {}

  /**
   * Permission about to be given: a copy of a block with a holder, until a moment in milliseconds
   * since 1970.
   */
  public record Claim(StorageKey key, Holder holder, long until) {}

  /** What becomes of a reservation, as a whole. */
  public sealed interface Outcome {}

  /** All claims are entered; the figures include them. */
  public record Granted(Allowance allowance) implements Outcome {}

  /** Nothing is entered; the figures are what they would be with the claims. */
  public record OverAllowance(Allowance allowance) implements Outcome {}

  /** Nothing is entered: more blocks or holders than are ever counted. */
  public record OverLimit(int limit) implements Outcome {}

  /**
   * A device lends so many slots from now on, by the session of that number; 0 when it lends none
   * or is gone, which changes nothing if it has lent by another session since.
   *
   * @return false if too many devices lend already; then nothing changed
   */
  public boolean pledge(PeerId device, int session, int slots) {
    Pledge known = pledges.get(device);
    if (slots == 0) {
      if (known != null && known.session == session) {
        pledges.remove(device);
      }
      return true;
    }
    if (known == null && pledges.size() >= MAX_DEVICES) {
      return false;
    }
    pledges.put(device, new Pledge(session, slots));
    return true;
  }

  /** Whether a device of the account is logged in and lends. */
  public boolean isPledged() {
    return !pledges.isEmpty();
  }

  /**
   * So many copies with others are backed by what the account keeps for others and by its share of
   * slots that need no proof: of what it lends, that much counts beyond its own blocks. Remembered
   * while it is away; as long as nothing was said, all that it lends counts.
   */
  public void vet(int newWorth) {
    worth = Math.clamp(newWorth, 0, MAX_WORTH);
  }

  /** See {@link #vet}; 0 as long as nothing was said. */
  public int worth() {
    return Math.max(0, worth);
  }

  /** What audits of the account's devices came to. */
  public Conduct conduct() {
    return conduct;
  }

  /** Enters what further audits came to. */
  public void conduct(Conduct now) {
    conduct = now;
  }

  /** Drops what was lent, and brought without being verified, by sessions that are over. */
  public void forget(IntPredicate over) {
    pledges.values().removeIf(pledge -> over.test(pledge.session));
    copies.drop(session -> over.test((int) session));
  }

  /**
   * Enters a verified receipt, which its holder signed then; entering it again changes nothing. A
   * reservation of the same copy is thereby fulfilled.
   *
   * @param brought that moment of the server's clock if its holder or owner brings it now, else 0
   * @return false if more blocks or holders would be counted than are allowed; then nothing changed
   */
  public boolean place(StorageKey key, Holder holder, long signed, long expires, long brought) {
    return copies.place(key, holder, signed, expires, brought);
  }

  /** As above, of what was brought before. */
  public boolean place(StorageKey key, Holder holder, long signed, long expires) {
    return place(key, holder, signed, expires, 0);
  }

  /**
   * Counts a receipt that a session brought under its manifest, and that is not verified yet, until
   * {@link #place} or {@link #drop}. It is kept apart from what is verified, so that it can be
   * taken out again without a trace.
   *
   * @param brought that moment of the server's clock if the owner brought it, else 0
   * @return false if it can't be counted: for want of room, or since another session's word on the
   *     same copy is not verified either; then nothing changed
   */
  public boolean claim(
      StorageKey key, Holder holder, long signed, long expires, int session, long brought) {
    return copies.claim(key, holder, signed, expires, session, brought);
  }

  /** Takes out what a session brought and nobody has verified. */
  public void drop(int session) {
    copies.drop(number -> number == session);
  }

  /**
   * The holder gave these blocks up at that moment of its clock: what it signed up to then no
   * longer counts, even if it comes later. Of copies that were never heard of, nothing is kept.
   */
  public void free(Holder holder, List<StorageKey> keys, long time) {
    keys.forEach(key -> copies.free(key, holder, time));
  }

  /**
   * The owner counts these copies no longer, since their holder is lost; they count again when one
   * of both brings their receipts after that moment of the server's clock.
   */
  public void forgo(Holder holder, List<StorageKey> keys, long now) {
    keys.forEach(key -> copies.forgo(key, holder, now));
  }

  /**
   * Takes a genuine statement of one of the account's devices.
   *
   * @return the one that the device made later, if that is known; then nothing changed
   */
  public Optional<Statement> state(Statement statement) {
    Optional<Statement> later = statements.tell(statement);
    if (later.isEmpty()) {
      grown = 0;
    }
    return later;
  }

  /** What proves that the account deceives; it may run into no further debt then. */
  public Optional<FraudProof> fraud() {
    return statements.fraud();
  }

  /**
   * Enters all claims if the account then still lends what it needs, else none. As long as the
   * receipts that are here do not come up to what the account states, what it states is what it
   * needs. Who was found to cheat may go on with the copies that there are, and have no more.
   */
  public Outcome reserve(List<Claim> claims, long now) {
    sweep(now);
    Allowance before = allowance(now);
    Copies.Before undo = copies.before();
    for (Claim claim : claims) {
      if (!copies.hasRoom(claim.key, claim.holder)) {
        boolean known = copies.knows(claim.key);
        copies.undo(undo);
        return new OverLimit(known ? MAX_HOLDERS : MAX_BLOCKS);
      }
      copies.reserve(claim.key, claim.holder, claim.until, undo);
    }
    Allowance entered = allowance(now);
    int growth = entered.needed() - before.needed();
    int unseen = growth > 0 ? unseen(before.needed(), now) : 0;
    Allowance after =
        new Allowance(
            entered.blocks(),
            (int) Math.min(Integer.MAX_VALUE, (long) entered.needed() + unseen),
            lentAfter(before, entered, now));
    if (after.missing() > 0) {
      copies.undo(undo);
      return new OverAllowance(after);
    }
    grown += unseen > 0 ? growth : 0;
    return new Granted(entered);
  }

  /** Slots that the account states to need, and of which nobody has brought receipts yet. */
  private int unseen(int needed, long now) {
    long stated = statements.latest(now).map(Statement::needed).orElse(0);
    recovered |= stated > 0 && 100L * needed >= ENOUGH * stated;
    return recovered ? 0 : (int) Math.min(Integer.MAX_VALUE, Math.max(0, stated + grown - needed));
  }

  /**
   * Slots that may be set against what is needed afterwards: for what there is already all that is
   * lent, proven or not, so that nothing is lost when proofs are; for more only what counts, and of
   * one who was found to cheat no more than before.
   */
  private int lentAfter(Allowance known, Allowance after, long now) {
    if (after.needed() <= known.needed()) {
      return pledged();
    }
    return isFaulty(now) ? Math.min(known.needed(), after.lent()) : after.lent();
  }

  private int pledged() {
    long lent = 0;
    for (Pledge pledge : pledges.values()) {
      lent += pledge.slots;
    }
    return (int) Math.min(lent, Integer.MAX_VALUE);
  }

  /** The figures at that moment. */
  public Allowance allowance(long now) {
    int counted = copies.counted(now);
    int needed = copies.needed(now);
    return new Allowance(counted, needed, Math.min(pledged(), countable(counted, needed, now)));
  }

  /** Slots that may count; who was found to cheat keeps what there is, see {@link #reserve}. */
  private int countable(int counted, int needed, long now) {
    if (isFaulty(now)) {
      return needed;
    }
    return worth == UNVETTED ? Integer.MAX_VALUE : counted + worth;
  }

  private boolean isFaulty(long now) {
    return conduct.isFaultyAt(now) || statements.fraud().isPresent();
  }

  /** Blocks that devices of that account keep by receipts at that moment. */
  public int keptBy(AccountId holder, long now) {
    return copies.keptBy(holder, now);
  }

  /** Who keeps the block by receipts at that moment. */
  public List<Holder> holders(StorageKey key, long now) {
    return copies(key, now).stream().map(Kept::holder).toList();
  }

  /** Who keeps the block by receipts at that moment, and until when. */
  public List<Kept> copies(StorageKey key, long now) {
    return copies.kept(key, now);
  }

  /** Forgets what has expired. */
  public void sweep(long now) {
    if (conduct.isOverAt(now)) {
      conduct = Conduct.NONE;
    }
    copies.sweep(now);
    statements.sweep(now);
  }

  /**
   * Enters all that the other has: of one copy the later moments, of one device's pledges the one
   * that is here already. What is over the limits of blocks and holders is left out; what is here
   * stays. The account may come to need more than it lends; see {@link #reserve}.
   */
  public void merge(AccountLedger other) {
    other.pledges.forEach(
        (device, pledge) -> {
          if (!pledges.containsKey(device)) {
            pledge(device, pledge.session, pledge.slots);
          }
        });
    worth = Math.max(worth, other.worth);
    conduct = conduct.merge(other.conduct);
    copies.merge(other.copies.table());
    statements.merge(other.statements);
    recovered |= other.recovered;
    grown = Math.max(grown, other.grown);
  }

  /** Whether there is nothing to remember. */
  public boolean isEmpty() {
    return pledges.isEmpty()
        && copies.isEmpty()
        && statements.isEmpty()
        && conduct.equals(Conduct.NONE);
  }

  /**
   * Layout: {@code u16 devices × (peer 32 ‖ session u32 ‖ slots u32) ‖ worth + 1 u32 ‖ conduct ‖
   * copies ‖ statements ‖ recovered u8 ‖ grown u32}. Equal ledgers have equal encodings.
   */
  public Bytes encoded() {
    ByteWriter writer = new ByteWriter(1024).u16(pledges.size());
    pledges.forEach(
        (device, pledge) -> writer.bytes(device.bytes()).u32(pledge.session).u32(pledge.slots));
    writer.u32(worth + 1);
    conduct.write(writer);
    CopyCodec.write(copies.table(), writer);
    statements.write(writer);
    return writer.u8(recovered ? 1 : 0).u32(grown).toBytes();
  }

  /** Reads what {@link #encoded} wrote, with no seed of its own. */
  public static AccountLedger decode(Bytes encoded) throws MalformedFrameException {
    return decode(encoded, 0);
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws MalformedFrameException if it is anything else
   */
  public static AccountLedger decode(Bytes encoded, long seed) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    Map<PeerId, Pledge> pledges = new TreeMap<>();
    int devices = in.u16("devices");
    for (int i = 0; i < devices; i++) {
      PeerId device = PeerId.read(in, "device");
      int session = in.count(Integer.MAX_VALUE, "session");
      pledges.put(device, new Pledge(session, in.count(Integer.MAX_VALUE, "slots")));
    }
    if (pledges.size() > MAX_DEVICES) {
      throw new MalformedFrameException("devices");
    }
    int worth = in.count(MAX_WORTH + 1, "worth") - 1;
    Conduct conduct = Conduct.read(in);
    Copies copies = new Copies(CopyCodec.read(in, seed));
    AccountLedger ledger = new AccountLedger(copies, Statements.read(in));
    ledger.pledges.putAll(pledges);
    ledger.worth = worth;
    ledger.conduct = conduct;
    ledger.recovered = in.u8("recovered") != 0;
    ledger.grown = in.count(Integer.MAX_VALUE, "grown");
    in.end();
    return ledger;
  }
}
