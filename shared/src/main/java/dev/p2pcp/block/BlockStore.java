package dev.p2pcp.block;

import dev.p2pcp.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where an agent keeps blocks and what it must remember about them. One batch is one transaction:
 * after a crash all of it is there or nothing. Calls suspend; any number of tasks may call at once.
 */
public interface BlockStore {
  /** The encoded bytes of a block. They are verified again by whoever uses them. */
  Optional<Bytes> block(StorageKey key) throws StoreException;

  /**
   * As {@link #block}, to show that it is kept: a store that may not be read without end has some
   * reads left for this.
   */
  default Optional<Bytes> shown(StorageKey key) throws StoreException {
    return block(key);
  }

  /** A URL at which anybody can read the block for some minutes, where the store has such. */
  default Optional<String> link(StorageKey key) {
    return Optional.empty();
  }

  /**
   * A URL at which just those bytes can be left for some minutes, where the store has such.
   *
   * @param name what they are taken by
   */
  default Optional<String> place(Bytes name, int length, Bytes sha256) {
    return Optional.empty();
  }

  /** Takes what was left by that name: it is there no more, and still to be verified. */
  default Optional<Bytes> left(Bytes name) throws StoreException {
    return Optional.empty();
  }

  /** Which of the keys are here. */
  List<StorageKey> present(List<StorageKey> keys) throws StoreException;

  /** All keys, in order. */
  List<StorageKey> keys() throws StoreException;

  Optional<Bytes> record(Table table, Bytes key) throws StoreException;

  /** All records of a table, in the order of their keys. */
  Map<Bytes, Bytes> records(Table table) throws StoreException;

  /**
   * Does all of the batch, durably, or none of it.
   *
   * @throws StoreException with {@code FULL} when there is no room for it
   */
  void apply(Batch batch) throws StoreException;

  Usage usage() throws StoreException;

  void close();

  /** What the records are about. A name is part of the stored format. */
  enum Table {
    /** Own identity, wrapped, and other single facts of this profile. */
    PROFILE,
    /** Blocks kept, own and for others: storage key → terms. */
    HELD,
    /** Own items: path → state. */
    ITEMS,
    /** Where copies of own blocks are: storage key → holders and versions. */
    COPIES,
    /** Receipts, given and received: batch root → batch. */
    RECEIPTS,
    /** Tickets already used here: serial → expiry. */
    SPENT,
    /** Highest versions seen of others' signed blocks: storage key → version. */
    SEEN,
    /** Versions that lost against a concurrent edit. */
    CONFLICTS,
    /** The latest statements, the own one and those of owners: device → statement. */
    STATEMENTS,
    /** Blocks that are in a bucket: storage key → length, and whether they are here as well. */
    BUCKET,
    /** Channels, their messages, and who is muted. */
    CHANNELS,
    /** Proofs that writers of feeds signed two histories: key of the feed → proof. */
    FORKS
  }

  /**
   * Bytes used by this store and granted by the platform; {@code persistent} if it promised not to
   * evict.
   */
  record Usage(long usedBytes, long grantedBytes, boolean persistent) {}

  /** Hears that the platform took the store away, and all in it. Must not suspend. */
  interface Loss {
    void lost();
  }

  /** Tells once if the platform takes the store away while it is open. Never suspends. */
  default void onLoss(Loss loss) {}

  /** Changes that belong together, in order. */
  final class Batch {
    private final List<Change> changes = new ArrayList<>();

    public Batch putBlock(StorageKey key, Bytes encoded) {
      changes.add(new PutBlock(key, encoded));
      return this;
    }

    public Batch removeBlock(StorageKey key) {
      changes.add(new RemoveBlock(key));
      return this;
    }

    public Batch putRecord(Table table, Bytes key, Bytes value) {
      changes.add(new PutRecord(table, key, value));
      return this;
    }

    public Batch removeRecord(Table table, Bytes key) {
      changes.add(new RemoveRecord(table, key));
      return this;
    }

    /** Adds these changes to another batch. */
    public void copyTo(Batch other) {
      other.changes.addAll(changes);
    }

    /** The changes so far; the list is not to be changed. */
    public List<Change> changes() {
      return List.copyOf(changes);
    }

    public boolean isEmpty() {
      return changes.isEmpty();
    }
  }

  /** One change of a batch. */
  sealed interface Change {}

  /** Adds or replaces a block. */
  record PutBlock(StorageKey key, Bytes encoded) implements Change {}

  /** Removes a block if it is there. */
  record RemoveBlock(StorageKey key) implements Change {}

  /** Adds or replaces a record. */
  record PutRecord(Table table, Bytes key, Bytes value) implements Change {}

  /** Removes a record if it is there. */
  record RemoveRecord(Table table, Bytes key) implements Change {}
}
