package dev.p2pcp.simulator;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How somebody cheats: the agent is the real one, and is lied to by its store. What it keeps of its
 * own is left alone.
 */
final class Cheat {
  /** In which way. */
  enum Kind {
    DROP,
    LIE,
    FORGE,
    COLLUDE
  }

  /** Of so many blocks one is dropped. */
  private static final int DROPPED = 10;

  /** What is kept of a dropped block, so that it looks like one. */
  private static final int LOOKS = 160;

  private static final int OWN = 1;

  /** Where the first owner is in a record of a kept block: after flags, size and count. */
  private static final int OWNER_AT = 7;

  private static final int OWNER_LENGTH = 32;

  private final Kind kind;
  private final Map<StorageKey, Stub> stubs = new HashMap<>();
  private @Nullable SimAgent partner;

  Cheat(Kind kind) {
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }

  /** With whom this one signs what neither keeps. */
  void with(SimAgent other) {
    partner = other;
  }

  /** The store as its agent is to see it. */
  BlockStore over(BlockStore store) {
    return new Lying(store);
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
      Stub stub = stubs.get(key);
      if (stub != null) {
        return kind == Kind.COLLUDE ? ofPartner(key) : Optional.of(stub.shown());
      }
      Optional<Bytes> block = store.block(key);
      boolean forged = kind == Kind.FORGE && block.isPresent() && isForOthers(key);
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
      Map<Bytes, Bytes> held = heldOf(batch);
      Batch real = new Batch();
      for (Change change : batch.changes()) {
        switch (change) {
          case PutBlock put -> keep(put, held.get(put.key().bytes()), real);
          case RemoveBlock removed -> {
            stubs.remove(removed.key());
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
      if (forOthers && kind == Kind.LIE) {
        throw new StoreException(StoreException.Reason.FULL, "there never was room");
      }
      if (held != null && forOthers && isDropped(put.key(), held)) {
        Bytes block = put.encoded();
        int looks = Math.min(LOOKS, block.length());
        stubs.put(put.key(), new Stub(block.slice(0, looks), block.length()));
        real.removeBlock(put.key());
      } else {
        stubs.remove(put.key());
        real.putBlock(put.key(), put.encoded());
      }
    }

    private boolean isDropped(StorageKey key, Bytes held) {
      return switch (kind) {
        case DROP -> Long.remainderUnsigned(key.bytes().longAt(0), DROPPED) == 0;
        case COLLUDE -> ownerOf(held).equals(Objects.requireNonNull(partner).account().bytes());
        case LIE, FORGE -> false;
      };
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
