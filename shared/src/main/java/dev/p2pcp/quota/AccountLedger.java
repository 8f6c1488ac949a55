package dev.p2pcp.quota;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.trust.Conduct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

/**
 * One account's side of the N × R bargain: what its devices lend, and which copies of its blocks
 * others keep or have been asked to keep. A pure function of what is put in, in whatever order:
 * copies are a set union in which the later expiry wins, so that an index server that starts empty
 * comes to the same figures from the same receipts.
 *
 * <p>Not safe for use by several threads at once; whoever holds it gives it one writer.
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
  private static final Copy NONE = new Copy(0, 0, 0, 0, 0, 0);

  private final Map<PeerId, Pledge> pledges = new TreeMap<>();
  private final Map<StorageKey, Map<Holder, Copy>> blocks = new HashMap<>();
  private int worth = UNVETTED;
  private Conduct conduct = Conduct.NONE;

  /** What a device lends, and the number of the session by which it does. */
  private record Pledge(int session, int slots) {}

  /** Who keeps a copy: a device, and the account behind it. */
  public record Holder(PeerId peer, AccountId account) {}

  /**
   * Permission about to be given: a copy of a block with a holder, until a moment in milliseconds
   * since 1970.
   */
  public record Claim(StorageKey key, Holder holder, long until) {}

  /** A copy that is counted by receipts, and until when the last of them is good. */
  public record Kept(Holder holder, long expires) {}

  /** What becomes of a reservation, as a whole. */
  public sealed interface Outcome {}

  /** All claims are entered; the figures include them. */
  public record Granted(Allowance allowance) implements Outcome {}

  /** Nothing is entered; the figures are what they would be with the claims. */
  public record OverAllowance(Allowance allowance) implements Outcome {}

  /** Nothing is entered: more blocks or holders than are ever counted. */
  public record OverLimit(int limit) implements Outcome {}

  /**
   * What is known of one copy, each a moment in milliseconds since 1970, the later known ones: when
   * its receipt was signed and expires, by the holder's clock; when the holder last gave the block
   * up, by the same clock, so that what it signed up to then no longer counts; and until when it is
   * reserved. By the server's clock: when the owner last gave it up as lost, and when its holder
   * last brought the receipt; it counts again when that is later.
   */
  private record Copy(
      long signed, long expires, long freed, long reserved, long forgone, long brought) {
    boolean countsAt(long now) {
      return reserved > now || isPlacedAt(now);
    }

    boolean isPlacedAt(long now) {
      return expires > now && signed > freed && (forgone == 0 || brought > forgone);
    }

    Copy freedAt(long time) {
      return new Copy(signed, expires, Math.max(freed, time), 0, forgone, brought);
    }

    Copy forgoneAt(long now) {
      return new Copy(signed, expires, freed, 0, Math.max(forgone, now), brought);
    }

    Copy reservedUntil(long until) {
      return new Copy(signed, expires, freed, Math.max(reserved, until), forgone, brought);
    }

    Copy placed(long signedThen, long until, long broughtThen) {
      return with(new Copy(signedThen, until, 0, 0, 0, broughtThen)).unreserved();
    }

    private Copy unreserved() {
      return new Copy(signed, expires, freed, 0, forgone, brought);
    }

    boolean mattersAt(long now) {
      return reserved > now || expires > now || isGivenUpAt(now);
    }

    /** Whether a receipt that no longer counts could still be brought. */
    private boolean isGivenUpAt(long now) {
      return freed > 0 && freed + ReceiptHeader.LIFE > now;
    }

    Copy with(Copy other) {
      return new Copy(
          Math.max(signed, other.signed),
          Math.max(expires, other.expires),
          Math.max(freed, other.freed),
          Math.max(reserved, other.reserved),
          Math.max(forgone, other.forgone),
          Math.max(brought, other.brought));
    }
  }

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

  /** Drops what was lent by sessions that are over. */
  public void forget(IntPredicate over) {
    pledges.values().removeIf(pledge -> over.test(pledge.session));
  }

  /**
   * Enters a verified receipt, which its holder signed then; entering it again changes nothing. A
   * reservation of the same copy is thereby fulfilled.
   *
   * @param brought that moment of the server's clock if its holder brought it, else 0
   * @return false if more blocks or holders would be counted than are allowed; then nothing changed
   */
  public boolean place(StorageKey key, Holder holder, long signed, long expires, long brought) {
    if (!hasRoomFor(key, holder)) {
      return false;
    }
    put(key, holder, copy(key, holder).placed(signed, expires, brought));
    return true;
  }

  /** As above, of what its owner brought. */
  public boolean place(StorageKey key, Holder holder, long signed, long expires) {
    return place(key, holder, signed, expires, 0);
  }

  /**
   * The holder gave these blocks up at that moment of its clock: what it signed up to then no
   * longer counts, even if it comes later. Of copies that were never heard of, nothing is kept.
   */
  public void free(Holder holder, List<StorageKey> keys, long time) {
    for (StorageKey key : keys) {
      Copy old = copy(key, holder);
      if (!old.equals(NONE)) {
        put(key, holder, old.freedAt(time));
      }
    }
  }

  /**
   * The owner counts these copies no longer, since their holder is lost; they count again when the
   * holder brings their receipts after that moment.
   */
  public void forgo(Holder holder, List<StorageKey> keys, long now) {
    for (StorageKey key : keys) {
      Copy old = copy(key, holder);
      if (old.isPlacedAt(now)) {
        put(key, holder, old.forgoneAt(now));
      }
    }
  }

  /**
   * Enters all claims if the account then still lends what it needs, else none. Who was found to
   * cheat may go on with the copies that there are, and have no more.
   */
  public Outcome reserve(List<Claim> claims, long now) {
    sweep(now);
    Allowance known = allowance(now);
    Map<Claim, Copy> before = new HashMap<>();
    for (Claim claim : claims) {
      if (!hasRoomFor(claim.key, claim.holder)) {
        undo(before);
        return new OverLimit(blocks.containsKey(claim.key) ? MAX_HOLDERS : MAX_BLOCKS);
      }
      Copy old = copy(claim.key, claim.holder);
      before.putIfAbsent(claim, old);
      put(claim.key, claim.holder, old.reservedUntil(claim.until));
    }
    Allowance after = allowance(now);
    int lent = lentAfter(known, after, now);
    if (after.needed() > lent) {
      undo(before);
      return new OverAllowance(new Allowance(after.blocks(), after.needed(), lent));
    }
    return new Granted(after);
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
    return conduct.isFaultyAt(now) ? Math.min(known.needed(), after.lent()) : after.lent();
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
    int counted = 0;
    int needed = 0;
    for (Map<Holder, Copy> copies : blocks.values()) {
      int others = 0;
      for (Copy copy : copies.values()) {
        if (copy.countsAt(now)) {
          others++;
        }
      }
      if (others > 0) {
        counted++;
        needed += 1 + others;
      }
    }
    return new Allowance(counted, needed, Math.min(pledged(), countable(counted, needed, now)));
  }

  /** Slots that may count; who was found to cheat keeps what there is, see {@link #reserve}. */
  private int countable(int counted, int needed, long now) {
    if (conduct.isFaultyAt(now)) {
      return needed;
    }
    return worth == UNVETTED ? Integer.MAX_VALUE : counted + worth;
  }

  /** Blocks that devices of that account keep by receipts at that moment. */
  public int keptBy(AccountId holder, long now) {
    int kept = 0;
    for (Map<Holder, Copy> copies : blocks.values()) {
      for (Map.Entry<Holder, Copy> copy : copies.entrySet()) {
        if (copy.getKey().account.equals(holder) && copy.getValue().isPlacedAt(now)) {
          kept++;
          break;
        }
      }
    }
    return kept;
  }

  /** Who keeps the block by receipts at that moment. */
  public List<Holder> holders(StorageKey key, long now) {
    return copies(key, now).stream().map(Kept::holder).toList();
  }

  /** The copies of the block that are counted by receipts at that moment. */
  public List<Kept> copies(StorageKey key, long now) {
    List<Kept> kept = new ArrayList<>();
    blocks
        .getOrDefault(key, Map.of())
        .forEach(
            (holder, copy) -> {
              if (copy.isPlacedAt(now)) {
                kept.add(new Kept(holder, copy.expires));
              }
            });
    return kept;
  }

  /** Whether a device of the account is logged in and lends. */
  public boolean isPledged() {
    return !pledges.isEmpty();
  }

  /** Forgets what has expired. */
  public void sweep(long now) {
    if (conduct.isOverAt(now)) {
      conduct = Conduct.NONE;
    }
    blocks
        .values()
        .removeIf(
            copies -> {
              copies.values().removeIf(copy -> !copy.mattersAt(now));
              return copies.isEmpty();
            });
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
    other.blocks.forEach(
        (key, copies) ->
            copies.forEach(
                (holder, copy) -> {
                  if (hasRoomFor(key, holder)) {
                    put(key, holder, copy(key, holder).with(copy));
                  }
                }));
  }

  /** Whether there is nothing to remember. */
  public boolean isEmpty() {
    return pledges.isEmpty() && blocks.isEmpty() && conduct.equals(Conduct.NONE);
  }

  /**
   * Layout: {@code u16 devices × (peer 32 ‖ session u32 ‖ slots u32) ‖ worth + 1 u32 ‖ conduct ‖
   * u32 blocks × (storage key 32 ‖ u8 holders × (peer 32 ‖ account 32 ‖ signed u64 ‖ expires u64 ‖
   * freed u64 ‖ reserved u64 ‖ forgone u64 ‖ brought u64))}.
   */
  public Bytes encoded() {
    ByteWriter writer = new ByteWriter(1024).u16(pledges.size());
    pledges.forEach(
        (device, pledge) -> writer.bytes(device.bytes()).u32(pledge.session).u32(pledge.slots));
    writer.u32(worth + 1);
    conduct.write(writer);
    writer.u32(blocks.size());
    blocks.forEach(
        (key, copies) -> {
          writer.bytes(key.bytes()).u8(copies.size());
          copies.forEach(
              (holder, copy) ->
                  writer
                      .bytes(holder.peer.bytes())
                      .bytes(holder.account.bytes())
                      .u64(copy.signed)
                      .u64(copy.expires)
                      .u64(copy.freed)
                      .u64(copy.reserved)
                      .u64(copy.forgone)
                      .u64(copy.brought));
        });
    return writer.toBytes();
  }

  /**
   * Reads what {@link #encoded} wrote.
   *
   * @throws MalformedFrameException if it is anything else
   */
  public static AccountLedger decode(Bytes encoded) throws MalformedFrameException {
    ByteReader in = new ByteReader(encoded);
    AccountLedger ledger = new AccountLedger();
    int devices = in.u16("devices");
    for (int i = 0; i < devices; i++) {
      PeerId device = PeerId.read(in, "device");
      int session = in.count(Integer.MAX_VALUE, "session");
      if (!ledger.pledge(device, session, in.count(Integer.MAX_VALUE, "slots"))) {
        throw new MalformedFrameException("devices");
      }
    }
    ledger.worth = in.count(MAX_WORTH + 1, "worth") - 1;
    ledger.conduct = Conduct.read(in);
    int blocks = in.count(MAX_BLOCKS, "blocks");
    for (int i = 0; i < blocks; i++) {
      StorageKey key = StorageKey.read(in, "storage key");
      int holders = in.u8("holders");
      for (int j = 0; j < holders; j++) {
        Holder holder = new Holder(PeerId.read(in, "holder"), AccountId.read(in, "holder account"));
        if (!ledger.hasRoomFor(key, holder)) {
          throw new MalformedFrameException("holders");
        }
        ledger.put(
            key,
            holder,
            new Copy(
                in.u64("signed"),
                in.u64("expires"),
                in.u64("freed"),
                in.u64("reserved"),
                in.u64("forgone"),
                in.u64("brought")));
      }
    }
    in.end();
    return ledger;
  }

  private boolean hasRoomFor(StorageKey key, Holder holder) {
    Map<Holder, Copy> copies = blocks.get(key);
    if (copies == null) {
      return blocks.size() < MAX_BLOCKS;
    }
    return copies.size() < MAX_HOLDERS || copies.containsKey(holder);
  }

  private Copy copy(StorageKey key, Holder holder) {
    return blocks.getOrDefault(key, Map.of()).getOrDefault(holder, NONE);
  }

  private void put(StorageKey key, Holder holder, Copy copy) {
    blocks.computeIfAbsent(key, k -> new HashMap<>(4)).put(holder, copy);
  }

  private void undo(Map<Claim, Copy> before) {
    before.forEach(
        (claim, old) -> {
          if (old.equals(NONE)) {
            Map<Holder, Copy> copies = blocks.getOrDefault(claim.key, Map.of());
            copies.remove(claim.holder);
            if (copies.isEmpty()) {
              blocks.remove(claim.key);
            }
          } else {
            put(claim.key, claim.holder, old);
          }
        });
  }
}
