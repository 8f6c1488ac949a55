package dev.p2pcp.feed;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * That a feed's writer signed two histories under one fork number, which anybody can verify from
 * these bytes alone: {@code shorter head 140 ‖ longer head 140 ‖ u8 p ‖ p × hash 32 ‖ u8 q ‖ q ×
 * hash 32}. Two heads of one length and different roots need no hashes; the one with the lesser
 * root is first. Else {@code p} hashes stand for the entries of the longer feed that the shorter
 * one should have, and with {@code q} others lead to the longer one's root.
 *
 * @param beginning what stands for the longer feed's entries up to the shorter one's length
 * @param rest the hashes that lead from there to the longer feed's root
 */
public record ForkProof(FeedHead shorter, FeedHead longer, List<Hash> beginning, List<Hash> rest) {
  /** Most bytes of an encoding. */
  public static final int MAX_LENGTH =
      2 * FeedHead.LENGTH + 2 + 2 * FlatTree.MAX_DEPTH * Hash.LENGTH;

  public ForkProof {
    beginning = List.copyOf(beginning);
    rest = List.copyOf(rest);
  }

  /**
   * Looks whether two heads of one feed and fork contradict each other.
   *
   * @param tree has the entries of the longer one, at least as far as the shorter one goes
   * @return empty if one tree begins the other
   */
  public static Optional<ForkProof> between(
      FeedHead one, FeedHead other, Nodes tree, Hasher hasher) {
    if (!one.isAlongside(other)) {
      throw new IllegalArgumentException("heads of two feeds or forks");
    }
    if (one.length() == other.length()) {
      if (one.root().equals(other.root())) {
        return Optional.empty();
      }
      boolean inOrder = one.root().bytes().compareTo(other.root().bytes()) < 0;
      return Optional.of(
          new ForkProof(inOrder ? one : other, inOrder ? other : one, List.of(), List.of()));
    }
    boolean isShorter = one.length() < other.length();
    FeedHead shorter = isShorter ? one : other;
    FeedHead longer = isShorter ? other : one;
    TreeProofs proofs = new TreeProofs(tree, hasher, longer.length());
    CompactRange beginning = proofs.range(0, shorter.length());
    if (beginning.root(hasher).equals(shorter.root())) {
      return Optional.empty();
    }
    List<Hash> rest = proofs.of(Runs.of(0, shorter.length()));
    return Optional.of(new ForkProof(shorter, longer, beginning.peaks(), rest));
  }

  /** Whether it proves what it says. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    return contradicts(crypto.hasher()) && shorter.isGenuine(crypto) && longer.isGenuine(crypto);
  }

  private boolean contradicts(Hasher hasher) {
    if (shorter.length() == longer.length()) {
      return true;
    }
    CompactRange range = CompactRange.of(0, shorter.length(), beginning);
    List<CompactRange> runs = shorter.length() == 0 ? List.of() : List.of(range);
    Optional<Hash> root = new ProofCheck(hasher).rootOf(longer.length(), runs, rest);
    return root.filter(longer.root()::equals).isPresent()
        && !range.root(hasher).equals(shorter.root());
  }

  public Bytes encoded() {
    ByteWriter writer =
        new ByteWriter().bytes(shorter.encoded()).bytes(longer.encoded()).u8(beginning.size());
    beginning.forEach(hash -> writer.bytes(hash.bytes()));
    writer.u8(rest.size());
    rest.forEach(hash -> writer.bytes(hash.bytes()));
    return writer.toBytes();
  }

  /** Decodes without verifying. */
  public static ForkProof decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    FeedHead shorter = FeedHead.read(reader);
    FeedHead longer = FeedHead.read(reader);
    if (!shorter.isAlongside(longer)) {
      throw new MalformedFrameException("feed");
    }
    boolean same = shorter.length() == longer.length();
    if (shorter.length() > longer.length()
        || (same && shorter.root().bytes().compareTo(longer.root().bytes()) >= 0)) {
      throw new MalformedFrameException("order");
    }
    int peaks = same ? 0 : CompactRange.peaks(0, shorter.length());
    List<Hash> beginning = hashes(reader, peaks, "beginning");
    int others = same ? 0 : Runs.of(0, shorter.length()).proofLength(longer.length());
    List<Hash> rest = hashes(reader, others, "rest");
    reader.end();
    return new ForkProof(shorter, longer, beginning, rest);
  }

  private static List<Hash> hashes(ByteReader reader, int count, String field)
      throws MalformedFrameException {
    if (reader.u8(field) != count) {
      throw new MalformedFrameException(field);
    }
    List<Hash> hashes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      hashes.add(Hash.read(reader, field));
    }
    return hashes;
  }
}
