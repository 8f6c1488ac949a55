package dev.p2pcp.feed;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a segment is and what stands for its entries: {@code count u16 ‖ bytes u32 ‖ storage key 32
 * ‖ hashes}. Its first entry follows from the notes before; how many hashes there are follows from
 * both.
 *
 * @param bytes length of the segment
 * @param peaks those of a {@link CompactRange}
 */
record SegmentNote(long from, int count, int bytes, StorageKey key, List<Hash> peaks) {
  SegmentNote {
    peaks = List.copyOf(peaks);
  }

  long end() {
    return from + count;
  }

  CompactRange range() {
    return CompactRange.of(from, end(), peaks);
  }

  void write(ByteWriter writer) {
    writer.u16(count).u32(bytes).bytes(key.bytes());
    for (Hash peak : peaks) {
      writer.bytes(peak.bytes());
    }
  }

  static SegmentNote read(ByteReader reader, long from) throws MalformedFrameException {
    int count = reader.u16("count");
    int bytes = reader.count(Segment.MAX_LENGTH, "bytes");
    StorageKey key = StorageKey.read(reader, "segment");
    if (count == 0 || from > FeedHead.MAX_LENGTH - count) {
      throw new MalformedFrameException("count");
    }
    int peaks = CompactRange.peaks(from, from + count);
    List<Hash> hashes = new ArrayList<>(peaks);
    for (int i = 0; i < peaks; i++) {
      hashes.add(Hash.read(reader, "peaks"));
    }
    return new SegmentNote(from, count, bytes, key, hashes);
  }

  /** {@code u16 n ‖ n × note}, the first of which begins with an entry. */
  static List<SegmentNote> readAll(ByteReader reader, long from, int limit)
      throws MalformedFrameException {
    int count = reader.u16("notes");
    if (count > limit) {
      throw new MalformedFrameException("notes");
    }
    List<SegmentNote> notes = new ArrayList<>();
    long next = from;
    for (int i = 0; i < count; i++) {
      SegmentNote note = read(reader, next);
      notes.add(note);
      next = note.end();
    }
    return List.copyOf(notes);
  }

  static void writeAll(ByteWriter writer, List<SegmentNote> notes) {
    writer.u16(notes.size());
    for (SegmentNote note : notes) {
      note.write(writer);
    }
  }
}
