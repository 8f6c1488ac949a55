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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link FileBlockStore} knows: all records, and for each block the file that has it.
 * Follows the journal; its entries are steps one after the other:
 *
 * <pre>
 * 1 ‖ storage key (32) ‖ file number u64 ‖ length u32 ‖ CRC-32C u32     a block is in that file
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

  private final TreeMap<StorageKey, Located> blocks = new TreeMap<>();
  private final Map<Table, TreeMap<Bytes, Bytes>> tables = new EnumMap<>(Table.class);
  private final Set<Long> files = new TreeSet<>();
  private long usedBytes;
  private long nextFile;

  StoreIndex() {
    for (Table table : Table.values()) {
      tables.put(table, new TreeMap<>());
    }
  }

  /** Where a block's bytes are and how they check. */
  record Located(long file, int length, long crc) {}

  @Nullable Located located(StorageKey key) {
    return blocks.get(key);
  }

  List<StorageKey> keys() {
    return List.copyOf(blocks.keySet());
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

  /** The lowest file number above all in use. */
  long nextFile() {
    return nextFile;
  }

  boolean uses(long file) {
    return files.contains(file);
  }

  /** About how long a journal of nothing but the present state is. */
  long snapshotBytes() {
    return usedBytes + (long) blocks.size() * BLOCK_STEP;
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

  /** The journal entry for a batch whose blocks are in files, one for each put in order. */
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

  /** Follows an entry; returns the numbers of files that no block is in any more. */
  List<Long> follow(Bytes entry) throws MalformedFrameException {
    List<Long> freed = new ArrayList<>();
    ByteReader reader = new ByteReader(entry);
    while (reader.remaining() > 0) {
      switch (reader.u8("step")) {
        case BLOCK_AT -> followBlock(reader, freed);
        case BLOCK_GONE -> remove(StorageKey.read(reader, "storage key"), freed);
        case RECORD -> put(readTable(reader), reader.bytes16(MAX_KEY, "key"), readValue(reader));
        case RECORD_GONE -> remove(readTable(reader), reader.bytes16(MAX_KEY, "key"));
        default -> throw new MalformedFrameException("step");
      }
    }
    return freed;
  }

  /** Entries that lead from nothing to the present state. */
  Iterator<Bytes> snapshot() {
    List<Bytes> entries = new ArrayList<>();
    ByteWriter writer = new ByteWriter();
    for (Map.Entry<StorageKey, Located> block : blocks.entrySet()) {
      writeBlock(writer, block.getKey(), block.getValue());
      writer = nextIfFull(writer, entries);
    }
    for (Map.Entry<Table, TreeMap<Bytes, Bytes>> table : tables.entrySet()) {
      for (Map.Entry<Bytes, Bytes> record : table.getValue().entrySet()) {
        writeRecord(writer, table.getKey(), record.getKey(), record.getValue());
        writer = nextIfFull(writer, entries);
      }
    }
    entries.add(writer.toBytes());
    return entries.iterator();
  }

  private static ByteWriter nextIfFull(ByteWriter writer, List<Bytes> entries) {
    if (writer.length() < SNAPSHOT_ENTRY_BYTES) {
      return writer;
    }
    entries.add(writer.toBytes());
    return new ByteWriter();
  }

  private void followBlock(ByteReader reader, List<Long> freed) throws MalformedFrameException {
    StorageKey key = StorageKey.read(reader, "storage key");
    long file = reader.u64("file");
    Located located =
        new Located(file, reader.count(Integer.MAX_VALUE, "length"), reader.u32("checksum"));
    remove(key, freed);
    blocks.put(key, located);
    files.add(file);
    nextFile = Math.max(nextFile, file + 1);
    usedBytes += Growth.size(key.bytes(), located.length());
  }

  private void remove(StorageKey key, List<Long> freed) {
    Located old = blocks.remove(key);
    if (old != null) {
      usedBytes -= Growth.size(key.bytes(), old.length());
      files.remove(old.file());
      freed.add(old.file());
    }
  }

  private void put(Table table, Bytes key, Bytes value) {
    remove(table, key);
    table(table).put(key, value);
    usedBytes += Growth.size(key, value.length());
  }

  private void remove(Table table, Bytes key) {
    Bytes old = table(table).remove(key);
    if (old != null) {
      usedBytes -= Growth.size(key, old.length());
    }
  }

  private Map<Bytes, Bytes> table(Table table) {
    Map<Bytes, Bytes> records = tables.get(table);
    if (records == null) {
      throw new IllegalStateException("every table is there");
    }
    return records;
  }

  private static void writeBlock(ByteWriter writer, StorageKey key, Located at) {
    writer.u8(BLOCK_AT).bytes(key.bytes()).u64(at.file()).u32(at.length()).u32(at.crc());
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

  // A copy, so that a small value does not keep the whole entry in memory.
  private static Bytes readValue(ByteReader reader) throws MalformedFrameException {
    return Bytes.wrap(reader.bytes32(Integer.MAX_VALUE, "value").toArray());
  }
}
