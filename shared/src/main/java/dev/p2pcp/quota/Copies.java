package dev.p2pcp.quota;

import static dev.p2pcp.quota.CopyTable.BROUGHT;
import static dev.p2pcp.quota.CopyTable.CLAIMED_BY;
import static dev.p2pcp.quota.CopyTable.CLAIMED_EXPIRES;
import static dev.p2pcp.quota.CopyTable.CLAIMED_SIGNED;
import static dev.p2pcp.quota.CopyTable.EXPIRES;
import static dev.p2pcp.quota.CopyTable.FORGONE;
import static dev.p2pcp.quota.CopyTable.FREED;
import static dev.p2pcp.quota.CopyTable.RESERVED;
import static dev.p2pcp.quota.CopyTable.SIGNED;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.AccountLedger.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What is said of the copies of one account's blocks, entered in a table.
 *
 * <p>Not safe for use by several threads at once.
 */
final class Copies {
  /** What a copy knows as the latest moment of its kind, so that a union takes the later one. */
  private static final int[] LATEST = {SIGNED, EXPIRES, BROUGHT, FREED, RESERVED, FORGONE};

  private final long[] key = CopyTable.key();
  private final long[] holder = CopyTable.holder();
  private CopyTable table;

  /** The numbers of what is in those words, −1 if it has none; and whose words the holder's are. */
  private int blockNumber;

  private int holderNumber;
  private @Nullable Holder loaded;

  private final CopyCount count = new CopyCount();

  /** Before this moment there is nothing to forget. */
  private long sweepAt = Long.MAX_VALUE;

  Copies(long seed) {
    this(new CopyTable(seed));
  }

  /** With what the table has. */
  Copies(CopyTable table) {
    this.table = table;
    this.sweepAt = 0;
  }

  CopyTable table() {
    return table;
  }

  boolean isEmpty() {
    return table.rows() == 0;
  }

  /** Whether a copy of that block with that holder is known, or may be. */
  boolean hasRoom(StorageKey block, Holder with) {
    load(block, with);
    return hasRoom();
  }

  /** See {@link AccountLedger#place}. */
  boolean place(StorageKey block, Holder with, long signed, long expires, long brought) {
    load(block, with);
    int known = find();
    if (known < 0 && !hasRoomForNew()) {
      return false;
    }
    int row = known < 0 ? add() : known;
    long before = known < 0 ? 0 : CopyRules.end(table, row);
    raise(row, SIGNED, signed);
    raise(row, EXPIRES, expires);
    raise(row, BROUGHT, brought);
    table.set(row, RESERVED, 0);
    boolean proven =
        table.get(row, CLAIMED_SIGNED) <= table.get(row, SIGNED)
            && table.get(row, CLAIMED_EXPIRES) <= table.get(row, EXPIRES);
    if (proven) {
      unclaim(row);
    }
    changed(row, before);
    return true;
  }

  /** See {@link AccountLedger#claim}. */
  boolean claim(
      StorageKey block, Holder with, long signed, long expires, int session, long brought) {
    load(block, with);
    int known = find();
    if (known < 0 && !hasRoomForNew()) {
      return false;
    }
    int row = known < 0 ? add() : known;
    long before = known < 0 ? 0 : CopyRules.end(table, row);
    raise(row, BROUGHT, brought);
    boolean proven = table.get(row, SIGNED) >= signed && table.get(row, EXPIRES) >= expires;
    long by = table.get(row, CLAIMED_BY);
    boolean free = by == 0 || by == session + 1L;
    if (!proven && free) {
      raise(row, CLAIMED_SIGNED, signed);
      raise(row, CLAIMED_EXPIRES, expires);
      table.set(row, CLAIMED_BY, session + 1L);
    }
    changed(row, before);
    return proven || free;
  }

  /** Forgets what is not verified of the sessions that pass. */
  void drop(LongPredicate session) {
    for (int row = 0; row < table.rows(); row++) {
      long by = table.get(row, CLAIMED_BY);
      if (by != 0 && session.test(by - 1)) {
        long before = CopyRules.end(table, row);
        unclaim(row);
        changed(row, before);
      }
    }
  }

  private void unclaim(int row) {
    table.set(row, CLAIMED_SIGNED, 0);
    table.set(row, CLAIMED_EXPIRES, 0);
    table.set(row, CLAIMED_BY, 0);
  }

  private void raise(int row, int fact, long moment) {
    if (moment > table.get(row, fact)) {
      table.set(row, fact, moment);
    }
  }

  /** See {@link AccountLedger#free}. */
  void free(StorageKey block, Holder with, long time) {
    load(block, with);
    int row = find();
    if (row >= 0) {
      end(row, FREED, time);
    }
  }

  /** See {@link AccountLedger#forgo}. */
  void forgo(StorageKey block, Holder with, long now) {
    load(block, with);
    int row = find();
    if (row >= 0 && CopyRules.placedUntil(table, row) > now) {
      end(row, FORGONE, now);
    }
  }

  private void end(int row, int fact, long moment) {
    long before = CopyRules.end(table, row);
    raise(row, fact, moment);
    table.set(row, RESERVED, 0);
    changed(row, before);
  }

  /** What {@link #reserve} did, so that it can be undone as long as nothing else is done. */
  record Before(int rows, int holders, List<int[]> old, List<Long> reserved) {}

  Before before() {
    return new Before(table.rows(), table.holders().size(), new ArrayList<>(), new ArrayList<>());
  }

  /** Holds a place for a copy; there is room for it. */
  void reserve(StorageKey block, Holder with, long until, Before undo) {
    load(block, with);
    int row = row();
    undo.old.add(new int[] {row});
    undo.reserved.add(table.get(row, RESERVED));
    setReserved(row, Math.max(table.get(row, RESERVED), until));
  }

  void undo(Before undo) {
    for (int i = undo.old.size() - 1; i >= 0; i--) {
      setReserved(undo.old.get(i)[0], undo.reserved.get(i));
    }
    while (table.rows() > undo.rows) {
      table.removeLast();
    }
    while (table.holders().size() > undo.holders) {
      table.holders().removeLast();
    }
    loaded = null;
  }

  private void setReserved(int row, long until) {
    long before = CopyRules.end(table, row);
    table.set(row, RESERVED, until);
    changed(row, before);
  }

  /** Blocks that count at that moment. */
  int counted(long now) {
    count.at(table, now);
    return count.blocks();
  }

  /** Slots that all their copies need at that moment. */
  int needed(long now) {
    count.at(table, now);
    return count.needed();
  }

  /** Whether a block is known at all. */
  boolean knows(StorageKey block) {
    KeyTable.words(block.bytes(), key, 0);
    return table.blocks().find(key) >= 0;
  }

  /** Who keeps the block by receipts at that moment, and until when. */
  List<Kept> kept(StorageKey block, long now) {
    KeyTable.words(block.bytes(), key, 0);
    List<Kept> kept = new ArrayList<>();
    for (int row = table.firstOf(table.blocks().find(key)); row >= 0; row = table.next(row)) {
      long until = CopyRules.placedUntil(table, row);
      if (until > now) {
        kept.add(new Kept(holderOf(row), until));
      }
    }
    return kept;
  }

  /** See {@link AccountLedger#keptBy}. */
  int keptBy(AccountId account, long now) {
    boolean[] devices = devicesOf(account);
    boolean[] counted = new boolean[table.blocks().size()];
    int kept = 0;
    for (int row = 0; row < table.rows(); row++) {
      int of = table.blockOf(row);
      boolean its = devices[table.holderOf(row)];
      if (its && !counted[of] && CopyRules.placedUntil(table, row) > now) {
        counted[of] = true;
        kept++;
      }
    }
    return kept;
  }

  /** Which of the holders are devices of that account. */
  private boolean[] devicesOf(AccountId account) {
    KeyTable holders = table.holders();
    boolean[] devices = new boolean[holders.size()];
    long[] words = new long[8];
    long[] its = new long[4];
    KeyTable.words(account.bytes(), its, 0);
    for (int number = 0; number < devices.length; number++) {
      holders.read(number, words);
      devices[number] = Arrays.equals(words, 4, 8, its, 0, 4);
    }
    return devices;
  }

  /** Forgets what matters no more. */
  void sweep(long now) {
    if (now < sweepAt) {
      return;
    }
    long earliest = Long.MAX_VALUE;
    int over = 0;
    for (int row = 0; row < table.rows(); row++) {
      long until = CopyRules.mattersUntil(table, row);
      if (until <= now) {
        over++;
      } else {
        earliest = Math.min(earliest, until);
      }
    }
    sweepAt = earliest;
    if (over > 0) {
      CopyTable whole = table;
      table = whole.fresh();
      loaded = null;
      for (int row = 0; row < whole.rows(); row++) {
        if (CopyRules.mattersUntil(whole, row) > now) {
          copy(whole, row);
        }
      }
      count.forget();
    }
  }

  /** Enters what another has; what is over the limits is left out. */
  void merge(CopyTable other) {
    for (int row = 0; row < other.rows(); row++) {
      other.blocks().read(other.blockOf(row), key);
      other.holders().read(other.holderOf(row), holder);
      locate();
      if (!hasRoom()) {
        continue;
      }
      int here = row();
      long before = CopyRules.end(table, here);
      for (int fact : LATEST) {
        raise(here, fact, other.get(row, fact));
      }
      mergeClaim(here, other, row);
      changed(here, before);
    }
  }

  /** Of two that are not verified, the one whose session has the lower number stays. */
  private void mergeClaim(int here, CopyTable other, int row) {
    long mine = table.get(here, CLAIMED_BY);
    long theirs = other.get(row, CLAIMED_BY);
    if (theirs == 0 || (mine != 0 && mine < theirs)) {
      return;
    }
    boolean same = mine == theirs;
    for (int fact = CLAIMED_SIGNED; fact <= CLAIMED_EXPIRES; fact++) {
      long known = same ? table.get(here, fact) : 0;
      table.set(here, fact, Math.max(known, other.get(row, fact)));
    }
    table.set(here, CLAIMED_BY, theirs);
  }

  Holder holderOf(int row) {
    KeyTable holders = table.holders();
    int number = table.holderOf(row);
    return new Holder(
        new PeerId(holders.bytes(number, 0, 4)), new AccountId(holders.bytes(number, 4, 4)));
  }

  private void copy(CopyTable whole, int row) {
    whole.blocks().read(whole.blockOf(row), key);
    whole.holders().read(whole.holderOf(row), holder);
    locate();
    int to = row();
    for (int fact = 0; fact < CopyTable.FACTS; fact++) {
      table.set(to, fact, whole.get(row, fact));
    }
  }

  private void load(StorageKey block, Holder with) {
    KeyTable.words(block.bytes(), key, 0);
    if (with.equals(loaded)) {
      blockNumber = table.blocks().find(key);
      return;
    }
    KeyTable.words(with.peer().bytes(), holder, 0);
    KeyTable.words(with.account().bytes(), holder, 4);
    locate();
    loaded = with;
  }

  /** Finds the numbers of the words that are loaded. */
  private void locate() {
    blockNumber = table.blocks().find(key);
    holderNumber = table.holders().find(holder);
    loaded = null;
  }

  private int find() {
    return table.find(blockNumber, holderNumber);
  }

  /** The row of what is loaded, new or known. */
  private int row() {
    int known = find();
    return known >= 0 ? known : add();
  }

  private int add() {
    if (blockNumber < 0) {
      blockNumber = table.addBlock(key);
    }
    if (holderNumber < 0) {
      holderNumber = table.holders().add(holder);
    }
    return table.add(blockNumber, holderNumber);
  }

  private boolean hasRoom() {
    return hasRoomForNew() || find() >= 0;
  }

  private boolean hasRoomForNew() {
    return blockNumber < 0
        ? table.blocks().size() < AccountLedger.MAX_BLOCKS
        : table.rowsOf(blockNumber) < AccountLedger.MAX_HOLDERS;
  }

  private void changed(int row, long before) {
    sweepAt = Math.min(sweepAt, CopyRules.mattersUntil(table, row));
    count.changed(table, row, before, CopyRules.end(table, row));
  }
}
