package dev.p2pcp.jvm;

import dev.p2pcp.block.BlockStore.Change;
import dev.p2pcp.block.BlockStore.PutBlock;
import dev.p2pcp.block.BlockStore.PutRecord;
import dev.p2pcp.block.BlockStore.RemoveBlock;
import dev.p2pcp.block.BlockStore.RemoveRecord;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.Growth;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.jvm.Shelf.Placed;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link JournaledStore} knows: all records, and for each block the place it is in. Follows
 * the journal; its entries are steps one after the other:
 *
 * <pre>
 * 1 ‖ storage key (32) ‖ place u64 ‖ length u32 ‖ CRC-32C u32           a block is in that place
 * 2 ‖ storage key (32)                                                 a block is gone
 * 3 ‖ table name (u16 + UTF-8) ‖ key (u16 + bytes) ‖ value (u32 + bytes)
 * 4 ‖ table name ‖ key                                                 a record is gone
 * </pre>
 *
 * <p>Not for several threads.
 */
final class StoreIndex implements Growth.Sizes {
  private static final int BLOCK_AT = 1;
  private static final int BLOCK_GONE = 2;
  private static final int RECORD = 3;
  private static final int RECORD_GONE = 4;
  private static final int MAX_TABLE_NAME = 64;
  private static final int MAX_KEY = 0xffff;
  private static final int SNAPSHOT_ENTRY_BYTES = 64 * 1024;

  /** Bytes of the journal's step for one block. */
  private static final int BLOCK_STEP = 1 + StorageKey.LENGTH + 8 + 4 + 4;

  /** And about those of the step for a record, beside its key and value. */
  private static final int RECORD_STEP = 1 + 2 + 8 + 2 + 4;

  private final Map<StorageKey, Located> blocks = new HashMap<>();
  private final Map<Table, Map<Bytes, Bytes>> tables = new EnumMap<>(Table.class);
  private long usedBytes;
  private long recordBytes;

  StoreIndex() {
    for (Table table : Table.values()) {
      tables.put(table, new HashMap<>());
    }
  }

  /** Where a block's bytes are and how they check. */
  record Located(long place, int length, long crc) {}

  @Nullable Located located(StorageKey key) {
    return blocks.get(key);
  }

  List<StorageKey> keys() {
    return blocks.keySet().stream().sorted().toList();
  }

  @Nullable Bytes value(Table table, Bytes key) {
    return table(table).get(key);
  }

  Map<Bytes, Bytes> records(Table table) {
    return Collections.unmodifiableMap(new TreeMap<>(table(table)));
  }

  long usedBytes() {
    return usedBytes;
  }

  /** All blocks and their places; not to be used while an entry is followed. */
  Iterable<Placed> places() {
    return () -> {
      Iterator<Map.Entry<StorageKey, Located>> all = blocks.entrySet().iterator();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public Placed next() {
          Map.Entry<StorageKey, Located> block = all.next();
          return new Placed(block.getValue().place(), block.getKey());
        }
      };
    };
  }

  /** About how long a journal of nothing but the present state is. */
  long snapshotBytes() {
    return recordBytes + (long) blocks.size() * BLOCK_STEP;
  }

  @Override
  public long block(StorageKey key) {
    Located located = blocks.get(key);
    return located == null ? 0 : Growth.size(key.bytes(), located.length());
  }

  @Override
  public long record(Table table, Bytes key) {
    Bytes value = value(table, key);
    return value == null ? 0 : Growth.size(key, value.length());
  }

  /** The journal entry for a batch whose blocks are written, one for each put in order. */
  static Bytes entry(List<Change> changes, Iterator<Located> written) {
    ByteWriter writer = new ByteWriter();
    for (Change change : changes) {
      switch (change) {
        case PutBlock put -> writeBlock(writer, put.key(), written.next());
        case RemoveBlock(StorageKey key) -> writer.u8(BLOCK_GONE).bytes(key.bytes());
        case PutRecord(Table table, Bytes key, Bytes value) ->
            writeRecord(writer, table, key, value);
        case RemoveRecord(Table table, Bytes key) ->
            writer.u8(RECORD_GONE).bytes16(Bytes.utf8(table.name())).bytes16(key);
      }
    }
    return writer.toBytes();
  }

  /** Follows an entry; returns the places that no block is in any more. */
  List<Placed> follow(Bytes entry) throws MalformedFrameException {
    List<Placed> freed = new ArrayList<>();
    ByteReader reader = new ByteReader(entry);
    while (reader.remaining() > 0) {
      switch (reader.u8("step")) {
        case BLOCK_AT -> followBlock(reader, freed);
        case BLOCK_GONE -> remove(readKey(reader), freed);
        case RECORD ->
            put(readTable(reader), own(reader.bytes16(MAX_KEY, "key")), readValue(reader));
        case RECORD_GONE -> remove(readTable(reader), reader.bytes16(MAX_KEY, "key"));
        default -> throw new MalformedFrameException("step");
      }
    }
    return freed;
  }

  /**
   * Entries that lead from nothing to the present state, made as they are asked for; no other entry
   * is to be followed meanwhile.
   */
  Iterator<Bytes> snapshot() {
    return new Snapshot();
  }

  private final class Snapshot implements Iterator<Bytes> {
    private final Iterator<Map.Entry<StorageKey, Located>> placed = blocks.entrySet().iterator();
    private final Iterator<Table> names = tables.keySet().iterator();
    private Table table = names.next();
    private Iterator<Map.Entry<Bytes, Bytes>> records = table(table).entrySet().iterator();

    @Override
    public boolean hasNext() {
      while (!records.hasNext() && names.hasNext()) {
        table = names.next();
        records = table(table).entrySet().iterator();
      }
      return placed.hasNext() || records.hasNext();
    }

    @Override
    public Bytes next() {
      ByteWriter writer = new ByteWriter();
      while (writer.length() < SNAPSHOT_ENTRY_BYTES && hasNext()) {
        if (placed.hasNext()) {
          Map.Entry<StorageKey, Located> block = placed.next();
          writeBlock(writer, block.getKey(), block.getValue());
        } else {
          Map.Entry<Bytes, Bytes> record = records.next();
          writeRecord(writer, table, record.getKey(), record.getValue());
        }
      }
      return writer.toBytes();
    }
  }

  private void followBlock(ByteReader reader, List<Placed> freed) throws MalformedFrameException {
    StorageKey key = readKey(reader);
    long place = reader.u64("place");
    Located located =
        new Located(place, reader.count(Integer.MAX_VALUE, "length"), reader.u32("checksum"));
    free(key, blocks.put(key, located), freed);
    usedBytes += Growth.size(key.bytes(), located.length());
  }

  private void remove(StorageKey key, List<Placed> freed) {
    free(key, blocks.remove(key), freed);
  }

  private void free(StorageKey key, @Nullable Located old, List<Placed> freed) {
    if (old != null) {
      usedBytes -= Growth.size(key.bytes(), old.length());
      freed.add(new Placed(old.place(), key));
    }
  }

  private void put(Table table, Bytes key, Bytes value) {
    Bytes old = table(table).put(key, value);
    if (old != null) {
      count(key, old, -1);
    }
    count(key, value, 1);
  }

  private void remove(Table table, Bytes key) {
    Bytes old = table(table).remove(key);
    if (old != null) {
      count(key, old, -1);
    }
  }

  private void count(Bytes key, Bytes value, int sign) {
    long size = Growth.size(key, value.length());
    usedBytes += sign * size;
    recordBytes += sign * (size + RECORD_STEP);
  }

  private Map<Bytes, Bytes> table(Table table) {
    Map<Bytes, Bytes> records = tables.get(table);
    if (records == null) {
      throw new IllegalStateException("every table is there");
    }
    return records;
  }

  private static void writeBlock(ByteWriter writer, StorageKey key, Located at) {
    writer.u8(BLOCK_AT).bytes(key.bytes()).u64(at.place()).u32(at.length()).u32(at.crc());
  }

  private static void writeRecord(ByteWriter writer, Table table, Bytes key, Bytes value) {
    writer.u8(RECORD).bytes16(Bytes.utf8(table.name())).bytes16(key).bytes32(value);
  }

  private static Table readTable(ByteReader reader) throws MalformedFrameException {
    String name = reader.text(MAX_TABLE_NAME, "table");
    for (Table table : Table.values()) {
      if (table.name().equals(name)) {
        return table;
      }
    }
    throw new MalformedFrameException("table");
  }

  private static StorageKey readKey(ByteReader reader) throws MalformedFrameException {
    return new StorageKey(own(StorageKey.read(reader, "storage key").bytes()));
  }

  private static Bytes readValue(ByteReader reader) throws MalformedFrameException {
    return own(reader.bytes32(Integer.MAX_VALUE, "value"));
  }

  // A copy, so that a few bytes do not keep the whole entry in memory.
  private static Bytes own(Bytes slice) {
    return Bytes.wrap(slice.toArray());
  }
}
