package dev.p2pcp.feed;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The hashes of a feed's tree: from what stands for its segments, and within some segments from
 * their entries. Proofs of entries need the segments that have them and no others: a tree that has
 * no part in an entry's segment, but whose parent has, is made of whole ones that stand for others.
 * Used by one thread at a time; opening a segment suspends.
 */
final class FeedNodes implements Nodes {
  private record Place(int depth, long offset) {}

  private final long length;
  private final LeafHasher leaves;
  private final Map<Place, Hash> known = new HashMap<>();

  private FeedNodes(long length, LeafHasher leaves) {
    this.length = length;
    this.leaves = leaves;
  }

  /** Those of a feed as it is. Suspends. */
  static FeedNodes of(FeedLog log, LeafHasher leaves) {
    FeedNodes nodes = new FeedNodes(log.length(), leaves);
    for (SegmentNote note : log.allNotes()) {
      nodes.learn(note.from(), note.end(), note.peaks());
    }
    nodes.open(log.pendingFrom(), log.pending().entries());
    return nodes;
  }

  /** Makes the hashes within a run of entries known. Suspends. */
  void open(long from, List<Bytes> entries) {
    CompactRange range = new CompactRange(from);
    for (Bytes entry : entries) {
      Hash leaf = leaves.leaf(entry);
      known.put(new Place(0, range.end()), leaf);
      range.addLeaf(leaves.hasher(), leaf);
    }
    learn(from, range.end(), range.peaks());
  }

  private void learn(long from, long end, List<Hash> peaks) {
    long at = from;
    for (Hash peak : peaks) {
      int depth = FlatTree.coverDepth(at, end);
      known.put(new Place(depth, at >> depth), peak);
      at += 1L << depth;
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public Hash node(int depth, long offset) {
    Place place = new Place(depth, offset);
    Hash hash = known.get(place);
    if (hash == null) {
      if (depth == 0) {
        throw new IllegalStateException("a segment that was not opened");
      }
      hash =
          CompactRange.node(
              leaves.hasher(), node(depth - 1, 2 * offset), node(depth - 1, 2 * offset + 1));
      known.put(place, hash);
    }
    return hash;
  }
}
