package dev.p2pcp.feed;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A feed as it is at one moment: an immutable value. Its entries are in segments, but for the
 * newest ones, which are here; of the segments it knows where they are and what stands for their
 * entries.
 *
 * <p>About 350 bytes for a segment of 256 KiB, and the entries of the last segment at most.
 */
public final class FeedLog {
  /** Notes that were put onto a page. */
  record Page(Listing.PageRef ref, List<SegmentNote> notes) {
    Page {
      notes = List.copyOf(notes);
    }
  }

  private final FeedHead head;
  private final List<Page> pages;
  private final List<SegmentNote> notes;
  private final CompactRange settled;
  private final Pending pending;

  /**
   * What may still be written anew: entries behind the settled ones.
   *
   * @param bytes of the entries in a segment
   * @param open the segment that has the first of them, if there is one
   */
  record Pending(List<Bytes> entries, CompactRange range, int bytes, Optional<SegmentNote> open) {
    static Pending empty(long from) {
      return new Pending(List.of(), new CompactRange(from), 0, Optional.empty());
    }

    /** Entries that are in no segment. */
    List<Bytes> tail() {
      int noted = open.map(SegmentNote::count).orElse(0);
      return entries.subList(noted, entries.size());
    }
  }

  FeedLog(
      FeedHead head,
      List<Page> pages,
      List<SegmentNote> notes,
      CompactRange settled,
      Pending pending) {
    this.head = head;
    this.pages = List.copyOf(pages);
    this.notes = List.copyOf(notes);
    this.settled = settled;
    this.pending = pending;
  }

  /** A feed without entries. Suspends. */
  public static FeedLog begin(Crypto crypto, Crypto.SigningKey key) {
    Hash root = new CompactRange(0).root(crypto.hasher());
    FeedHead head = FeedHead.sign(key, 0, 0, root);
    return new FeedLog(head, List.of(), List.of(), new CompactRange(0), Pending.empty(0));
  }

  /**
   * The feed that a listing tells of, if all of it leads to the signed root. Suspends.
   *
   * @param pages the notes of the listing's pages
   */
  static Optional<FeedLog> of(Crypto crypto, Listing listing, List<List<SegmentNote>> pages) {
    LeafHasher leaves = new LeafHasher(crypto);
    Hasher hasher = leaves.hasher();
    CompactRange settled = new CompactRange(0);
    List<Page> known = new ArrayList<>();
    for (int i = 0; i < pages.size(); i++) {
      Page page = new Page(listing.pages().get(i), pages.get(i));
      known.add(page);
      page.notes.forEach(note -> settled.append(hasher, note.range()));
    }
    listing.notes().forEach(note -> settled.append(hasher, note.range()));
    CompactRange range = new CompactRange(settled.end());
    leaves.addAll(range, listing.tail());
    Pending pending =
        new Pending(listing.tail(), range, Packing.bytes(listing.tail()), Optional.empty());
    FeedLog log = new FeedLog(listing.head(), known, listing.notes(), settled, pending);
    boolean right =
        log.root(hasher).equals(listing.head().root()) && listing.head().isGenuine(crypto);
    return right ? Optional.of(log) : Optional.empty();
  }

  public FeedHead head() {
    return head;
  }

  public long length() {
    return head.length();
  }

  /** The first entry that is here and in no segment that is whole. */
  long pendingFrom() {
    return settled.end();
  }

  /** An entry that is here. */
  Bytes pendingEntry(long index) {
    return pending.entries.get((int) (index - settled.end()));
  }

  Pending pending() {
    return pending;
  }

  CompactRange settled() {
    return settled;
  }

  List<Page> pages() {
    return pages;
  }

  List<SegmentNote> notes() {
    return notes;
  }

  /** All that stands for settled entries and whole segments, from the left. */
  List<SegmentNote> allNotes() {
    List<SegmentNote> all = new ArrayList<>();
    pages.forEach(page -> all.addAll(page.notes));
    all.addAll(notes);
    return all;
  }

  /** The segment of a settled entry. */
  SegmentNote noteOf(long index) {
    int page = -1;
    for (int low = 0, high = pages.size() - 1; low <= high; ) {
      int middle = (low + high) >>> 1;
      Listing.PageRef ref = pages.get(middle).ref;
      if (index < ref.from()) {
        high = middle - 1;
      } else if (index >= ref.end()) {
        low = middle + 1;
      } else {
        page = middle;
        break;
      }
    }
    return find(page < 0 ? notes : pages.get(page).notes, index);
  }

  private static SegmentNote find(List<SegmentNote> notes, long index) {
    for (int low = 0, high = notes.size() - 1; low <= high; ) {
      int middle = (low + high) >>> 1;
      SegmentNote note = notes.get(middle);
      if (index < note.from()) {
        high = middle - 1;
      } else if (index >= note.end()) {
        low = middle + 1;
      } else {
        return note;
      }
    }
    throw new IndexOutOfBoundsException("entry " + index);
  }

  /** Storage keys of all blocks that the feed's listing leads to. */
  public List<StorageKey> blocks() {
    List<StorageKey> keys = new ArrayList<>();
    pages.forEach(page -> keys.add(page.ref.key()));
    allNotes().forEach(note -> keys.add(note.key()));
    pending.open().ifPresent(note -> keys.add(note.key()));
    return keys;
  }

  /** As {@link #blocks}, but segments from the end. */
  List<StorageKey> newestFirst() {
    List<StorageKey> keys = new ArrayList<>();
    pages.forEach(page -> keys.add(page.ref.key()));
    pending.open().ifPresent(note -> keys.add(note.key()));
    List<SegmentNote> all = allNotes();
    for (int i = all.size() - 1; i >= 0; i--) {
      keys.add(all.get(i).key());
    }
    return keys;
  }

  /** The root over all entries. */
  Hash root(Hasher hasher) {
    CompactRange all = settled.copy();
    all.append(hasher, pending.range);
    return all.root(hasher);
  }

  Listing listing() {
    List<SegmentNote> listed = new ArrayList<>(notes);
    pending.open.ifPresent(listed::add);
    return new Listing(head, pages.stream().map(Page::ref).toList(), listed, pending.tail());
  }

  /**
   * This feed for its writer, whose last segment may be written anew.
   *
   * @param last the last segment on no page, if {@link #lastIsOpen}
   */
  FeedLog reopened(Crypto crypto, Segment last) {
    LeafHasher leaves = new LeafHasher(crypto);
    SegmentNote note = notes.get(notes.size() - 1);
    CompactRange before = new CompactRange(0);
    List<SegmentNote> all = allNotes();
    all.subList(0, all.size() - 1).forEach(one -> before.append(leaves.hasher(), one.range()));
    List<Bytes> entries = new ArrayList<>(last.entries());
    entries.addAll(pending.entries);
    CompactRange range = note.range();
    range.append(leaves.hasher(), pending.range);
    Pending more =
        new Pending(List.copyOf(entries), range, Packing.bytes(entries), Optional.of(note));
    return new FeedLog(head, pages, notes.subList(0, notes.size() - 1), before, more);
  }

  /** The last segment on no page, if entries are to be added to it. */
  Optional<SegmentNote> lastIsOpen() {
    if (notes.isEmpty() || pending.open.isPresent()) {
      return Optional.empty();
    }
    SegmentNote last = notes.get(notes.size() - 1);
    boolean room = last.bytes() <= Segment.MAX_LENGTH - 2 * Listing.MAX_TAIL;
    return room ? Optional.of(last) : Optional.empty();
  }
}
