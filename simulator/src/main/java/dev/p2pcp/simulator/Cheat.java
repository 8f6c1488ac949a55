package dev.p2pcp.simulator;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How somebody cheats: the agent is the real one, and is lied to by its store; that it finds blocks
 * missing or damaged does not reach the index. What it keeps of its own is left alone.
 */
final class Cheat {
  /** In which way. */
  enum Kind {
    DROP,
    LIE,
    FORGE,
    COLLUDE,
    SYBIL
  }

  /** Of so many blocks that come one is dropped, in the middle of them. */
  private static final int DROPPED = 10;

  /** What is kept of a dropped block, so that it looks like one. */
  private static final int LOOKS = 160;

  /** Until it is signed for, a block is kept and shown as it is: in milliseconds. */
  private static final long HONEST = World.HOUR;

  private static final int OWN = 1;

  /** Where the first owner is in a record of a kept block: after flags, size and count. */
  private static final int OWNER_AT = 7;

  private static final int OWNER_LENGTH = 32;

  /** Bytes of each claim in it; the last tells whether it is signed for. */
  private static final int CLAIM_LENGTH = OWNER_LENGTH + 16 + 8 + 8 + 1;

  private static final long NEVER = Long.MAX_VALUE;

  private final Kind kind;
  private final Clock clock;
  private final long from;
  private final Map<StorageKey, Stub> stubs = new HashMap<>();

  /** When blocks of others came that are dropped or forged once they are signed for. */
  private final Map<StorageKey, Long> fresh = new LinkedHashMap<>();

  /** Which blocks of others were to be dropped when they came; a newer version changes nothing. */
  private final Map<StorageKey, Boolean> chosen = new HashMap<>();

  private final Optional<SharedRoom> shared;
  private @Nullable SimAgent partner;
  private long since = NEVER;

  /** Until that moment of simulated time whoever drops or forges is honest. */
  Cheat(Kind kind, Clock clock, long from) {
    this(kind, clock, from, Optional.empty());
  }

  private Cheat(Kind kind, Clock clock, long from, Optional<SharedRoom> shared) {
    this.kind = kind;
    this.clock = clock;
    this.from = from;
    this.shared = shared;
  }

  /** One of many accounts over one storage. */
  static Cheat sybil(Clock clock, SharedRoom shared) {
    return new Cheat(Kind.SYBIL, clock, 0, Optional.of(shared));
  }

  Kind kind() {
    return kind;
  }

  /** When there first was something to be caught with; empty as long as there is nothing. */
  OptionalLong since() {
    return since == NEVER ? OptionalLong.empty() : OptionalLong.of(since);
  }

  private void cheated() {
    since = Math.min(since, clock.ticks());
  }

  /** With whom this one signs what neither keeps. */
  void with(SimAgent other) {
    partner = other;
  }

  /** The store as its agent is to see it. */
  BlockStore over(BlockStore store) {
    return new Lying(store);
  }

  private boolean isFresh(StorageKey key) {
    return clock.ticks() < from || fresh.getOrDefault(key, Long.MIN_VALUE) > clock.ticks() - HONEST;
  }

  /** What is left of a block. */
  private record Stub(Bytes head, int length) {
    Bytes shown() {
      return new ByteWriter(length).bytes(head).bytes(zeros(length - head.length())).toBytes();
    }

    private static Bytes zeros(int count) {
      return Bytes.wrap(new byte[count]);
    }
  }

  private final class Lying implements BlockStore {
    private final BlockStore store;

    Lying(BlockStore store) {
      this.store = store;
    }

    @Override
    public Optional<Bytes> block(StorageKey key) throws StoreException {
      drop();
      Stub stub = stubs.get(key);
      if (stub != null) {
        return kind == Kind.COLLUDE ? ofPartner(key) : Optional.of(stub.shown());
      }
      Optional<Bytes> block = store.block(key);
      boolean forged = kind == Kind.FORGE && block.isPresent() && !isFresh(key) && isForOthers(key);
      if (forged) {
        cheated();
      }
      return forged ? block.map(Lying::altered) : block;
    }

    @Override
    public List<StorageKey> present(List<StorageKey> keys) throws StoreException {
      List<StorageKey> here = store.present(keys);
      return keys.stream().filter(key -> here.contains(key) || stubs.containsKey(key)).toList();
    }

    @Override
    public List<StorageKey> keys() throws StoreException {
      List<StorageKey> keys = new ArrayList<>(store.keys());
      keys.addAll(stubs.keySet());
      keys.sort(null);
      return List.copyOf(keys);
    }

    @Override
    public Optional<Bytes> record(Table table, Bytes key) throws StoreException {
      return store.record(table, key);
    }

    @Override
    public Map<Bytes, Bytes> records(Table table) throws StoreException {
      return store.records(table);
    }

    @Override
    public void apply(Batch batch) throws StoreException {
      drop();
      Map<Bytes, Bytes> held = heldOf(batch);
      Batch real = new Batch();
      for (Change change : batch.changes()) {
        switch (change) {
          case PutBlock put -> keep(put, held.get(put.key().bytes()), real);
          case RemoveBlock removed -> {
            stubs.remove(removed.key());
            fresh.remove(removed.key());
            if (store.block(removed.key()).isPresent()) {
              shared.ifPresent(room -> room.give(removed.key()));
            }
            real.removeBlock(removed.key());
          }
          case PutRecord(Table table, Bytes key, Bytes value) -> real.putRecord(table, key, value);
          case RemoveRecord(Table table, Bytes key) -> real.removeRecord(table, key);
        }
      }
      store.apply(real);
    }

    @Override
    public Usage usage() throws StoreException {
      return store.usage();
    }

    @Override
    public void close() {
      store.close();
    }

    private void keep(PutBlock put, @Nullable Bytes held, Batch real) throws StoreException {
      boolean forOthers = held != null && (held.at(0) & OWN) == 0;
      boolean isNew = shared.isPresent() && store.block(put.key()).isEmpty();
      if (isNew && !shared.get().take(put.key())) {
        throw new StoreException(StoreException.Reason.FULL, "the others have filled it");
      }
      if (forOthers && kind == Kind.LIE) {
        cheated();
        throw new StoreException(StoreException.Reason.FULL, "there never was room");
      }
      stubs.remove(put.key());
      fresh.remove(put.key());
      if (held != null && forOthers && isCheated(put.key(), held)) {
        fresh.put(put.key(), clock.ticks());
      }
      real.putBlock(put.key(), put.encoded());
    }

    /** Drops what has been signed for by now. */
    private void drop() throws StoreException {
      if (kind == Kind.FORGE || fresh.isEmpty() || isFresh(fresh.keySet().iterator().next())) {
        return;
      }
      Batch gone = new Batch();
      for (StorageKey key : List.copyOf(fresh.keySet())) {
        // What was brought in its owner's stead nobody counts on yet.
        if (isFresh(key) || !isSignedFor(key)) {
          continue;
        }
        fresh.remove(key);
        Optional<Bytes> block = store.block(key);
        if (block.isPresent()) {
          int looks = Math.min(LOOKS, block.get().length());
          cheated();
          stubs.put(key, new Stub(block.get().slice(0, looks), block.get().length()));
          gone.removeBlock(key);
        }
      }
      if (!gone.isEmpty()) {
        store.apply(gone);
      }
    }

    private boolean isCheated(StorageKey key, Bytes held) {
      return switch (kind) {
        case DROP -> chosen.computeIfAbsent(key, k -> chosen.size() % DROPPED == DROPPED / 2);
        case COLLUDE -> isPartners(held);
        case FORGE -> true;
        case LIE, SYBIL -> false;
      };
    }

    private boolean isPartners(Bytes held) {
      return partner != null
          && partner.hasBegun()
          && ownerOf(held).equals(partner.account().bytes());
    }

    private boolean isSignedFor(StorageKey key) throws StoreException {
      Bytes held = store.record(Table.HELD, key.bytes()).orElse(Bytes.EMPTY);
      boolean signed = false;
      for (int at = OWNER_AT + CLAIM_LENGTH; at <= held.length(); at += CLAIM_LENGTH) {
        signed |= held.at(at - 1) != 0;
      }
      return signed;
    }

    private boolean isForOthers(StorageKey key) throws StoreException {
      return store
          .record(Table.HELD, key.bytes())
          .filter(held -> (held.at(0) & OWN) == 0)
          .isPresent();
    }

    private Optional<Bytes> ofPartner(StorageKey key) {
      return Objects.requireNonNull(partner).onDisk(key);
    }

    private static Map<Bytes, Bytes> heldOf(Batch batch) {
      Map<Bytes, Bytes> held = new HashMap<>();
      for (Change change : batch.changes()) {
        if (change instanceof PutRecord(Table table, Bytes key, Bytes value)
            && table == Table.HELD) {
          held.put(key, value);
        }
      }
      return held;
    }

    private static Bytes ownerOf(Bytes held) {
      return held.length() < OWNER_AT + OWNER_LENGTH
          ? Bytes.EMPTY
          : held.slice(OWNER_AT, OWNER_LENGTH);
    }

    private static Bytes altered(Bytes block) {
      byte[] altered = block.toArray();
      altered[altered.length - 1] ^= 1;
      return Bytes.wrap(altered);
    }
  }
}
