package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How copies travel between the members of an index: {@code u32 holders × (peer 32 ‖ account 32) ‖
 * u32 blocks × (storage key 32 ‖ u8 copies × (holder u32 ‖ u16 facts × u64))}. A bit of {@code
 * facts} says that the fact of that number follows. Holders, blocks and copies are sorted, so that
 * equal ledgers have equal encodings, whatever the order in which they learned what they have.
 */
final class CopyCodec {
  private static final int KEY = 32;
  private static final int HOLDER = 64;

  private CopyCodec() {}

  static void write(CopyTable table, ByteWriter out) {
    int[] rank = new int[table.holders().size()];
    Arrays.fill(rank, -1);
    for (int row = 0; row < table.rows(); row++) {
      rank[table.holderOf(row)] = 0;
    }
    int[] holders =
        sorted(IntStream.range(0, rank.length).filter(h -> rank[h] == 0), table.holders()::compare);
    out.u32(holders.length);
    for (int i = 0; i < holders.length; i++) {
      rank[holders[i]] = i;
      out.bytes(table.holders().bytes(holders[i], 0, HOLDER / Long.BYTES));
    }
    int[] blocks = sorted(IntStream.range(0, table.blocks().size()), table.blocks()::compare);
    out.u32(blocks.length);
    for (int block : blocks) {
      out.bytes(table.blocks().bytes(block, 0, KEY / Long.BYTES)).u8(table.rowsOf(block));
      int[] rows =
          sorted(
              IntStream.iterate(table.firstOf(block), row -> row >= 0, table::next),
              Comparator.comparingInt(row -> rank[table.holderOf(row)]));
      for (int row : rows) {
        writeRow(table, row, rank[table.holderOf(row)], out);
      }
    }
  }

  private static int[] sorted(IntStream numbers, Comparator<Integer> order) {
    return numbers.boxed().sorted(order).mapToInt(Integer::intValue).toArray();
  }

  private static void writeRow(CopyTable table, int row, int holder, ByteWriter out) {
    int known = 0;
    for (int fact = 0; fact < CopyTable.FACTS; fact++) {
      known |= table.get(row, fact) == 0 ? 0 : 1 << fact;
    }
    out.u32(holder).u16(known);
    for (int fact = 0; fact < CopyTable.FACTS; fact++) {
      if ((known & 1 << fact) != 0) {
        out.u64(table.get(row, fact));
      }
    }
  }

  static CopyTable read(ByteReader in, long seed) throws MalformedFrameException {
    CopyTable table = new CopyTable(seed);
    int holders = in.count(AccountLedger.MAX_BLOCKS * AccountLedger.MAX_HOLDERS, "holders");
    long[] holder = CopyTable.holder();
    for (int i = 0; i < holders; i++) {
      KeyTable.words(in.bytes(HOLDER, "holder"), holder, 0);
      if (table.holderOf(holder) != i) {
        throw new MalformedFrameException("holder");
      }
    }
    int blocks = in.count(AccountLedger.MAX_BLOCKS, "blocks");
    long[] key = CopyTable.key();
    for (int i = 0; i < blocks; i++) {
      Bytes encoded = in.bytes(KEY, "storage key");
      KeyTable.words(encoded, key, 0);
      int copies = in.u8("copies");
      if (copies < 1 || copies > AccountLedger.MAX_HOLDERS || table.blockOf(key) != i) {
        throw new MalformedFrameException("copies");
      }
      for (int j = 0; j < copies; j++) {
        readRow(table, i, holders, in);
      }
    }
    return table;
  }

  private static void readRow(CopyTable table, int block, int holders, ByteReader in)
      throws MalformedFrameException {
    int holder = in.count(Math.max(0, holders - 1), "holder");
    int known = in.u16("facts");
    if (holders == 0 || table.find(block, holder) >= 0 || known >>> CopyTable.FACTS != 0) {
      throw new MalformedFrameException("copy");
    }
    int row = table.add(block, holder);
    for (int fact = 0; fact < CopyTable.FACTS; fact++) {
      if ((known & 1 << fact) != 0) {
        table.set(row, fact, in.u64("fact"));
      }
    }
  }
}
