package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes a {@link FeedLog}: puts new entries into segments as full as they get, and notes onto
 * pages. A pure change of a value; nothing is stored here. Used once; suspends.
 */
final class Packing {
  private final Crypto crypto;
  private final LeafHasher leaves;
  private final Map<StorageKey, Block.Content> fresh = new LinkedHashMap<>();
  private final List<StorageKey> obsolete = new ArrayList<>();
  private final List<FeedLog.Page> pages;
  private final List<SegmentNote> notes;
  private final CompactRange settled;
  private List<Bytes> entries;
  private CompactRange range;
  private int bytes;
  private Optional<SegmentNote> open;

  private Packing(
      Crypto crypto,
      List<FeedLog.Page> pages,
      List<SegmentNote> notes,
      CompactRange settled,
      FeedLog.Pending pending) {
    this.crypto = crypto;
    this.leaves = new LeafHasher(crypto);
    this.pages = new ArrayList<>(pages);
    this.notes = new ArrayList<>(notes);
    this.settled = settled.copy();
    this.entries = new ArrayList<>(pending.entries());
    this.range = pending.range().copy();
    this.bytes = pending.bytes();
    this.open = pending.open();
  }

  /** Adds entries. */
  static FeedChange append(Crypto crypto, Crypto.SigningKey key, FeedLog log, List<Bytes> entries) {
    if (entries.size() > FeedHead.MAX_LENGTH - log.length()) {
      throw new IllegalArgumentException("the feed is full");
    }
    Packing packing = new Packing(crypto, log.pages(), log.notes(), log.settled(), log.pending());
    for (Bytes entry : entries) {
      packing.add(entry);
    }
    return packing.finish(key, log.head().fork());
  }

  /**
   * Cuts off all entries from one on, under a new fork number.
   *
   * @param cut the segment that loses only some of its entries, if there is one
   */
  static FeedChange truncate(
      Crypto crypto, Crypto.SigningKey key, FeedLog log, long length, Optional<Segment> cut) {
    long kept = cut.map(Segment::from).orElse(Math.min(length, log.pendingFrom()));
    List<SegmentNote> notes = new ArrayList<>();
    List<FeedLog.Page> pages = new ArrayList<>();
    List<StorageKey> obsolete = new ArrayList<>();
    for (FeedLog.Page page : log.pages()) {
      if (page.ref().end() <= kept) {
        pages.add(page);
      } else {
        obsolete.add(page.ref().key());
        keep(page.notes(), kept, notes, obsolete);
      }
    }
    keep(log.notes(), kept, notes, obsolete);
    CompactRange settled = new CompactRange(0);
    LeafHasher leaves = new LeafHasher(crypto);
    pages.forEach(p -> p.notes().forEach(n -> settled.append(leaves.hasher(), n.range())));
    notes.forEach(note -> settled.append(leaves.hasher(), note.range()));
    log.pending().open().ifPresent(note -> obsolete.add(note.key()));
    Packing packing =
        new Packing(crypto, pages, notes, settled, FeedLog.Pending.empty(settled.end()));
    List<Bytes> entries = cut.map(Segment::entries).orElse(log.pending().entries());
    for (Bytes entry : entries.subList(0, (int) (length - kept))) {
      packing.add(entry);
    }
    packing.obsolete.addAll(obsolete);
    return packing.finish(key, log.head().fork() + 1);
  }

  private static void keep(
      List<SegmentNote> from, long kept, List<SegmentNote> notes, List<StorageKey> obsolete) {
    for (SegmentNote note : from) {
      if (note.end() <= kept) {
        notes.add(note);
      } else {
        obsolete.add(note.key());
      }
    }
  }

  /** Bytes of entries in a segment. */
  static int bytes(List<Bytes> entries) {
    int bytes = 0;
    for (Bytes entry : entries) {
      bytes += Segment.ENTRY + entry.length();
    }
    return bytes;
  }

  private void add(Bytes entry) {
    if (entry.length() > Segment.MAX_ENTRY) {
      throw new IllegalArgumentException("entry over the limit");
    }
    int more = Segment.ENTRY + entry.length();
    if (Segment.HEADER + bytes + more > Segment.MAX_LENGTH
        || entries.size() == Segment.MAX_ENTRIES) {
      settle();
    }
    entries.add(entry);
    leaves.addAll(range, List.of(entry));
    bytes += more;
  }

  /** What is pending becomes a segment that stays. */
  private void settle() {
    notes.add(segment());
    settled.append(leaves.hasher(), range);
    entries = new ArrayList<>();
    range = new CompactRange(settled.end());
    bytes = 0;
    open = Optional.empty();
    if (notes.size() >= Listing.MAX_NOTES - 1) {
      turnPage();
    }
  }

  /** A block of all that is pending, in place of the open segment. */
  private SegmentNote segment() {
    open.ifPresent(note -> drop(note.key()));
    Block.Content block = Block.Content.of(new Segment(range.from(), entries).encoded());
    return new SegmentNote(
        range.from(), entries.size(), block.payload().length(), put(block), range.peaks());
  }

  private void turnPage() {
    List<SegmentNote> page = new ArrayList<>();
    if (!pages.isEmpty()) {
      FeedLog.Page last = pages.get(pages.size() - 1);
      if (last.notes().size() + notes.size() <= Listing.MAX_PAGE) {
        pages.remove(pages.size() - 1);
        drop(last.ref().key());
        page.addAll(last.notes());
      }
    }
    List<SegmentNote> turned =
        notes.subList(0, Math.min(notes.size(), Listing.MAX_PAGE - page.size()));
    page.addAll(turned);
    turned.clear();
    if (pages.size() == Listing.MAX_PAGES) {
      throw new IllegalStateException("the feed is full");
    }
    StorageKey key = put(Block.Content.of(Listing.page(page)));
    long from = page.get(0).from();
    long end = page.get(page.size() - 1).end();
    pages.add(new FeedLog.Page(new Listing.PageRef(from, end, key), page));
  }

  private FeedChange finish(Crypto.SigningKey key, long fork) {
    int noted = open.map(SegmentNote::count).orElse(0);
    if (bytes(entries.subList(noted, entries.size())) > Listing.MAX_TAIL) {
      open = Optional.of(segment());
    }
    while (notes.size() >= Listing.MAX_NOTES) {
      turnPage();
    }
    // What was cut off and is added again has the same blocks.
    obsolete.removeAll(fresh.keySet());
    CompactRange all = settled.copy();
    all.append(leaves.hasher(), range);
    FeedHead head = FeedHead.sign(key, fork, all.end(), all.root(leaves.hasher()));
    FeedLog.Pending pending = new FeedLog.Pending(List.copyOf(entries), range, bytes, open);
    FeedLog log = new FeedLog(head, pages, notes, settled, pending);
    return new FeedChange(log, fresh, obsolete, log.listing().encoded());
  }

  private StorageKey put(Block.Content block) {
    StorageKey key = StorageKey.ofContent(crypto, block.encoded());
    fresh.put(key, block);
    return key;
  }

  /** A block that was made by this change, or before, and is not needed after all. */
  private void drop(StorageKey key) {
    if (fresh.remove(key) == null) {
      obsolete.add(key);
    }
  }
}
