package dev.p2pcp.block;

import dev.p2pcp.block.BlockStore.Change;
import dev.p2pcp.block.BlockStore.PutBlock;
import dev.p2pcp.block.BlockStore.PutRecord;
import dev.p2pcp.block.BlockStore.RemoveBlock;
import dev.p2pcp.block.BlockStore.RemoveRecord;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.bytes.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How a batch changes what a store uses, so that a full store can refuse before it begins. Counted
 * are keys and values.
 */
public final class Growth {
  private Growth() {}

  /** The sizes that a store has now. */
  public interface Sizes {
    /** Bytes of that block with its key, 0 if it is not there. */
    long block(StorageKey key);

    /** Bytes of that record with its key, 0 if it is not there. */
    long record(Table table, Bytes key);
  }

  /** Bytes that one entry counts. */
  public static long size(Bytes key, long valueLength) {
    return key.length() + valueLength;
  }

  /** Bytes by which the store grows, negative if it shrinks. */
  public static long of(List<Change> changes, Sizes now) {
    // A later change of the batch replaces an earlier one to the same entry, which its removal
    // names.
    Map<Change, Long> after = new HashMap<>();
    for (Change change : changes) {
      switch (change) {
        case PutBlock(StorageKey key, Bytes encoded) ->
            after.put(new RemoveBlock(key), size(key.bytes(), encoded.length()));
        case PutRecord(Table table, Bytes key, Bytes value) ->
            after.put(new RemoveRecord(table, key), size(key, value.length()));
        case RemoveBlock removal -> after.put(removal, 0L);
        case RemoveRecord removal -> after.put(removal, 0L);
      }
    }
    long growth = 0;
    for (Map.Entry<Change, Long> entry : after.entrySet()) {
      growth += entry.getValue() - before(entry.getKey(), now);
    }
    return growth;
  }

  private static long before(Change entry, Sizes now) {
    return switch (entry) {
      case RemoveBlock(StorageKey key) -> now.block(key);
      case RemoveRecord(Table table, Bytes key) -> now.record(table, key);
      case PutBlock put -> now.block(put.key());
      case PutRecord put -> now.record(put.table(), put.key());
    };
  }
}
