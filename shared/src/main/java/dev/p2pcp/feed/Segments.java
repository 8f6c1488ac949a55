package dev.p2pcp.feed;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads segments, verified against the feed's root, and remembers the last ones. */
final class Segments {
  /** 2 MiB at most. */
  private static final int REMEMBERED = 8;

  private final Crypto crypto;
  private final FeedShelf shelf;
  private final Map<StorageKey, Segment> recent = new LinkedHashMap<>();

  Segments(Crypto crypto, FeedShelf shelf) {
    this.crypto = crypto;
    this.shelf = shelf;
  }

  /** A segment of which a verified feed says where it is. Suspends. */
  Segment load(SegmentNote note) throws StoreException, FeedException {
    Segment known = recent(note.key());
    if (known != null) {
      return known;
    }
    Optional<Block> block = shelf.content(note.key());
    if (block.isEmpty()) {
      throw new FeedException(FeedException.Reason.NOT_FOUND, "nobody has the entries");
    }
    Segment segment;
    try {
      segment = Segment.decode(block.get().payload());
    } catch (MalformedFrameException e) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "no segment: " + e.getMessage());
    }
    LeafHasher leaves = new LeafHasher(crypto);
    CompactRange range = new CompactRange(segment.from());
    leaves.addAll(range, segment.entries());
    if (segment.from() != note.from()
        || segment.end() != note.end()
        || !range.peaks().equals(note.peaks())) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "entries that were not signed");
    }
    remember(note.key(), segment);
    return segment;
  }

  /** Forgets what a change made obsolete. */
  synchronized void keep(FeedChange change) {
    change.obsolete().forEach(recent::remove);
  }

  private synchronized @Nullable Segment recent(StorageKey key) {
    return recent.get(key);
  }

  private synchronized void remember(StorageKey key, Segment segment) {
    if (recent.size() >= REMEMBERED) {
      recent.remove(recent.keySet().iterator().next());
    }
    recent.put(key, segment);
  }
}
