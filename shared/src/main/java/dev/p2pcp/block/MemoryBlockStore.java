package dev.p2pcp.block;

import dev.p2pcp.bytes.Bytes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A store in memory with a limit, for simulation, for tests and where nothing better is allowed.
 * Sections are short and never suspend, so that {@code synchronized} is right in the browser as
 * well.
 */
public final class MemoryBlockStore implements BlockStore {
  private final long limitBytes;
  private final TreeMap<StorageKey, Bytes> blocks = new TreeMap<>();
  private final Map<Table, TreeMap<Bytes, Bytes>> tables = new EnumMap<>(Table.class);
  private long usedBytes;
  private boolean closed;

  /** An empty store for so many bytes of keys and values. */
  public MemoryBlockStore(long limitBytes) {
    this.limitBytes = limitBytes;
    for (Table table : Table.values()) {
      tables.put(table, new TreeMap<>());
    }
  }

  @Override
  public synchronized Optional<Bytes> block(StorageKey key) throws StoreException {
    requireOpen();
    return Optional.ofNullable(blocks.get(key));
  }

  @Override
  public synchronized List<StorageKey> present(List<StorageKey> keys) throws StoreException {
    requireOpen();
    return keys.stream().filter(blocks::containsKey).toList();
  }

  @Override
  public synchronized List<StorageKey> keys() throws StoreException {
    requireOpen();
    return List.copyOf(blocks.keySet());
  }

  @Override
  public synchronized Optional<Bytes> record(Table table, Bytes key) throws StoreException {
    requireOpen();
    return Optional.ofNullable(table(table).get(key));
  }

  @Override
  public synchronized Map<Bytes, Bytes> records(Table table) throws StoreException {
    requireOpen();
    return Collections.unmodifiableMap(new TreeMap<>(table(table)));
  }

  @Override
  public synchronized void apply(Batch batch) throws StoreException {
    requireOpen();
    List<Change> changes = batch.changes();
    long after = usedBytes + Growth.of(changes, sizes());
    if (after > limitBytes && after > usedBytes) {
      throw new StoreException(StoreException.Reason.FULL, "the store is full");
    }
    changes.forEach(this::perform);
    usedBytes = after;
  }

  @Override
  public synchronized Usage usage() throws StoreException {
    requireOpen();
    return new Usage(usedBytes, limitBytes, false);
  }

  @Override
  public synchronized void close() {
    closed = true;
    blocks.clear();
    tables.values().forEach(Map::clear);
  }

  private Growth.Sizes sizes() {
    return new Growth.Sizes() {
      @Override
      public long block(StorageKey key) {
        Bytes encoded = blocks.get(key);
        return encoded == null ? 0 : Growth.size(key.bytes(), encoded.length());
      }

      @Override
      public long record(Table table, Bytes key) {
        Bytes value = table(table).get(key);
        return value == null ? 0 : Growth.size(key, value.length());
      }
    };
  }

  private void perform(Change change) {
    switch (change) {
      case PutBlock(StorageKey key, Bytes encoded) -> blocks.put(key, encoded);
      case RemoveBlock(StorageKey key) -> blocks.remove(key);
      case PutRecord(Table table, Bytes key, Bytes value) -> table(table).put(key, value);
      case RemoveRecord(Table table, Bytes key) -> table(table).remove(key);
    }
  }

  private Map<Bytes, Bytes> table(Table table) {
    Map<Bytes, Bytes> records = tables.get(table);
    if (records == null) {
      throw new IllegalStateException("every table is there");
    }
    return records;
  }

  private void requireOpen() throws StoreException {
    if (closed) {
      throw new StoreException(StoreException.Reason.CLOSED, "the store is closed");
    }
  }
}
