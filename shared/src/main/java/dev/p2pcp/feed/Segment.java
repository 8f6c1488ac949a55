package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * Entries that rest in one content block: {@code u8 1 ‖ from u64 ‖ list of bytes32}, at least one.
 */
public record Segment(long from, List<Bytes> entries) {
  static final int KIND = 1;

  /** Bytes before the entries. */
  static final int HEADER = 1 + 8 + 2;

  /** Bytes beside those of an entry. */
  static final int ENTRY = 4;

  /** Entries at most: {@code list} counts so far. */
  public static final int MAX_ENTRIES = 0xffff;

  /** Longest entry, in bytes: with room for the proof of a single one. */
  public static final int MAX_ENTRY = 192 * 1024;

  /** Longest encoding, in bytes. */
  public static final int MAX_LENGTH = Block.Content.MAX_PAYLOAD;

  public Segment {
    entries = List.copyOf(entries);
  }

  public long end() {
    return from + entries.size();
  }

  public Bytes encoded() {
    int length = HEADER;
    for (Bytes entry : entries) {
      length += ENTRY + entry.length();
    }
    ByteWriter writer = new ByteWriter(length).u8(KIND).u64(from).u16(entries.size());
    for (Bytes entry : entries) {
      writer.bytes32(entry);
    }
    return writer.toBytes();
  }

  /** Decodes without verifying. */
  public static Segment decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (encoded.length() > MAX_LENGTH || reader.u8("kind") != KIND) {
      throw new MalformedFrameException("kind");
    }
    long from = reader.u64("from");
    List<Bytes> entries = reader.list(MAX_ENTRIES, "entries", r -> r.bytes32(MAX_ENTRY, "entry"));
    reader.end();
    if (entries.isEmpty() || from > FeedHead.MAX_LENGTH) {
      throw new MalformedFrameException("entries");
    }
    return new Segment(from, entries);
  }
}
