package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Some of the copies that a peer keeps by verified receipts, each with the same chance (reservoir
 * sampling, Vitter's algorithm R), and which of them were audited lately. Packed, since there is
 * one for every session.
 */
final class AuditSample {
  /** Copies in a sample. */
  static final int SIZE = 48;

  private static final int OWNER = 0;
  private static final int KEY = OWNER + AccountId.LENGTH;
  private static final int ROOT = KEY + StorageKey.LENGTH;
  private static final int LENGTH = ROOT + Hash.LENGTH;

  private final List<Kept> kept = new ArrayList<>();
  private int seen;

  /** A copy that a receipt speaks of: packed names, and its size, which changes with versions. */
  static final class Kept {
    private final Bytes packed;
    private final int size;
    private final int mark;
    private final long expires;

    private Kept(Bytes packed, int size, long expires) {
      this.packed = packed;
      this.expires = expires;
      this.size = size;
      this.mark = markOf(packed.longAt(OWNER), packed.longAt(KEY));
    }

    AccountId owner() {
      return new AccountId(packed.slice(OWNER, AccountId.LENGTH));
    }

    StorageKey key() {
      return new StorageKey(packed.slice(KEY, StorageKey.LENGTH));
    }

    /** The terms but for the serial, which audits do not need. */
    ReceiptTerms terms() {
      Hash root = new Hash(packed.slice(ROOT, Hash.LENGTH));
      return new ReceiptTerms(Bytes.wrap(new byte[Ticket.SERIAL_LENGTH]), key(), size, root);
    }

    long expires() {
      return expires;
    }

    /** Stands for owner and block where only few are told apart. */
    int mark() {
      return mark;
    }

    private static int markOf(long owner, long key) {
      return (int) (owner ^ key);
    }

    boolean is(AccountId owner, StorageKey key) {
      return mark == markOf(owner.bytes().longAt(0), key.bytes().longAt(0))
          && owner.equals(owner())
          && key.equals(key());
    }
  }

  /** A receipt was verified. One of the same copy takes the place of the other. */
  void add(AccountId owner, ReceiptTerms terms, long expires, Entropy entropy) {
    Bytes packed =
        new ByteWriter(LENGTH)
            .bytes(owner.bytes())
            .bytes(terms.key().bytes())
            .bytes(terms.auditRoot().bytes())
            .toBytes();
    Kept copy = new Kept(packed, terms.size(), expires);
    for (int i = 0; i < kept.size(); i++) {
      if (kept.get(i).is(owner, terms.key())) {
        if (kept.get(i).expires() < expires) {
          kept.set(i, copy);
        }
        return;
      }
    }
    seen++;
    if (kept.size() < SIZE) {
      kept.add(copy);
      return;
    }
    int at = entropy.below(seen);
    if (at < SIZE) {
      kept.set(at, copy);
    }
  }

  /**
   * What is here now is as if it had just been added: what the peer brings in its next session has
   * the same chance as what it may keep to itself.
   */
  void beginAgain() {
    seen = kept.size();
  }

  int size() {
    return kept.size();
  }

  /** The copy is no longer kept, or audited no more. */
  void remove(AccountId owner, StorageKey key) {
    kept.removeIf(copy -> copy.is(owner, key));
  }

  /** The copy, if it is in the sample. */
  Optional<Kept> find(AccountId owner, StorageKey key) {
    for (Kept copy : kept) {
      if (copy.is(owner, key)) {
        return Optional.of(copy);
      }
    }
    return Optional.empty();
  }

  /** One of the copies at that moment of wall time, and by chance, that is not among the recent. */
  Optional<Kept> pick(Marks recent, long now, Entropy entropy) {
    kept.removeIf(copy -> copy.expires <= now);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    int from = entropy.below(kept.size());
    for (int i = 0; i < kept.size(); i++) {
      Kept copy = kept.get((from + i) % kept.size());
      if (!recent.has(copy.mark())) {
        return Optional.of(copy);
      }
    }
    recent.clear();
    return Optional.of(kept.get(from));
  }

  /** The last few that were taken, so that none is taken twice before the others. */
  static final class Marks {
    private final int[] marks = new int[2 * SIZE];
    private int count;

    boolean has(int mark) {
      for (int i = 0; i < Math.min(count, marks.length); i++) {
        if (marks[i] == mark) {
          return true;
        }
      }
      return false;
    }

    void add(int mark) {
      marks[count % marks.length] = mark;
      count++;
    }

    void clear() {
      count = 0;
    }
  }
}
