package dev.p2pcp.feed;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import java.util.List;

/**
 * What a feed's signed block holds: the head, where the segments are, and the newest entries
 * themselves. {@code u8 2 ‖ head 140 ‖ list of (first u64 ‖ end u64 ‖ storage key 32) ‖ notes ‖
 * list of bytes32}. Pages of notes come first, then the notes that are on no page, then entries.
 */
record Listing(FeedHead head, List<PageRef> pages, List<SegmentNote> notes, List<Bytes> tail) {
  private static final int KIND = 2;
  private static final int PAGE = 3;

  /** Pages at most: with them a feed can have two million segments. */
  static final int MAX_PAGES = 2048;

  /** Notes at most that are on no page. */
  static final int MAX_NOTES = 64;

  /** Notes at most on one page: even with the most hashes they fit a block. */
  static final int MAX_PAGE = 256;

  /** Bytes of entries at most that are in no segment, beside at most one entry. */
  static final int MAX_TAIL = 32 * 1024;

  /** A content block with notes; {@code u8 3 ‖ first u64 ‖ notes} is its payload. */
  record PageRef(long from, long end, StorageKey key) {}

  Listing {
    pages = List.copyOf(pages);
    notes = List.copyOf(notes);
    tail = List.copyOf(tail);
  }

  /** The first entry that is in no segment. */
  long tailFrom() {
    return head.length() - tail.size();
  }

  Bytes encoded() {
    ByteWriter writer = new ByteWriter(1024).u8(KIND).bytes(head.encoded()).u16(pages.size());
    for (PageRef page : pages) {
      writer.u64(page.from).u64(page.end).bytes(page.key.bytes());
    }
    SegmentNote.writeAll(writer, notes);
    writer.u16(tail.size());
    for (Bytes entry : tail) {
      writer.bytes32(entry);
    }
    return writer.toBytes();
  }

  static Listing decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("kind") != KIND) {
      throw new MalformedFrameException("kind");
    }
    FeedHead head = FeedHead.read(reader);
    List<PageRef> pages =
        reader.list(
            MAX_PAGES,
            "pages",
            r -> new PageRef(r.u64("page"), r.u64("page"), StorageKey.read(r, "page")));
    long next = 0;
    for (PageRef page : pages) {
      if (page.from != next || page.end <= page.from || page.end > head.length()) {
        throw new MalformedFrameException("page");
      }
      next = page.end;
    }
    List<SegmentNote> notes = SegmentNote.readAll(reader, next, MAX_NOTES);
    List<Bytes> tail =
        reader.list(Segment.MAX_ENTRIES, "tail", r -> r.bytes32(Segment.MAX_ENTRY, "tail"));
    reader.end();
    long noted = notes.isEmpty() ? next : notes.get(notes.size() - 1).end();
    if (noted + tail.size() != head.length()) {
      throw new MalformedFrameException("tail");
    }
    return new Listing(head, pages, notes, tail);
  }

  static Bytes page(List<SegmentNote> notes) {
    ByteWriter writer = new ByteWriter(4096).u8(PAGE).u64(notes.get(0).from());
    SegmentNote.writeAll(writer, notes);
    return writer.toBytes();
  }

  static List<SegmentNote> decodePage(Bytes encoded, PageRef ref) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("kind") != PAGE || reader.u64("first") != ref.from) {
      throw new MalformedFrameException("page");
    }
    List<SegmentNote> notes = SegmentNote.readAll(reader, ref.from, MAX_PAGE);
    reader.end();
    if (notes.isEmpty() || notes.get(notes.size() - 1).end() != ref.end) {
      throw new MalformedFrameException("page");
    }
    return notes;
  }
}
