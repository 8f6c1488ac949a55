package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which blocks are in a bucket, as this device remembers. Never suspends. */
final class BucketContents {
  private static final int FORMAT = 1;

  private final Map<StorageKey, Kept> kept = new HashMap<>();

  /** A block there: its length, and whether the device has it as well. */
  record Kept(int size, boolean here) {
    Bytes encoded() {
      return new ByteWriter().u8(FORMAT).u32(size).u8(here ? 1 : 0).toBytes();
    }

    static Kept decode(Bytes encoded) throws MalformedFrameException {
      ByteReader reader = new ByteReader(encoded);
      if (reader.u8("format") != FORMAT) {
        throw new MalformedFrameException("format");
      }
      Kept kept = new Kept(reader.count(Block.MAX_LENGTH, "size"), reader.flag("here"));
      reader.end();
      return kept;
    }
  }

  synchronized void load(Map<Bytes, Bytes> records) throws StoreException {
    for (Map.Entry<Bytes, Bytes> entry : records.entrySet()) {
      try {
        kept.put(new StorageKey(entry.getKey()), Kept.decode(entry.getValue()));
      } catch (MalformedFrameException | IllegalArgumentException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a record of a bucket");
      }
    }
  }

  synchronized int count() {
    return kept.size();
  }

  synchronized long bytes() {
    return kept.values().stream().mapToLong(Kept::size).sum();
  }

  synchronized boolean has(StorageKey key) {
    return kept.containsKey(key);
  }

  synchronized @Nullable Kept of(StorageKey key) {
    return kept.get(key);
  }

  /** Blocks that only the bucket has. */
  synchronized List<StorageKey> onlyThere() {
    List<StorageKey> keys = new ArrayList<>();
    kept.forEach(
        (key, one) -> {
          if (!one.here) {
            keys.add(key);
          }
        });
    return keys;
  }

  synchronized void put(StorageKey key, Kept one) {
    kept.put(key, one);
  }

  /** As they are now; null for what is there no more. */
  synchronized void change(Map<StorageKey, @Nullable Kept> changed) {
    for (Map.Entry<StorageKey, @Nullable Kept> entry : changed.entrySet()) {
      Kept one = entry.getValue();
      if (one == null) {
        kept.remove(entry.getKey());
      } else {
        kept.put(entry.getKey(), one);
      }
    }
  }

  /** Forgets all, and says what that was. */
  synchronized List<StorageKey> clear() {
    List<StorageKey> all = List.copyOf(kept.keySet());
    kept.clear();
    return all;
  }
}
