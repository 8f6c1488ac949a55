package dev.p2pcp.feed;

import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Entropy;

/**
 * Seals the entries of a feed that is not for everybody, each to its place: who only keeps the feed
 * verifies it without reading it. Calls suspend.
 */
public final class FeedSeal {
  /** Longest entry before it is sealed, in bytes. */
  public static final int MAX_PLAIN = Segment.MAX_ENTRY - SealedPayload.OVERHEAD;

  private final Crypto.SealingKey key;
  private final Entropy entropy;
  private final PublicKey feed;

  public FeedSeal(Crypto.SealingKey key, Entropy entropy, PublicKey feed) {
    this.key = key;
    this.entropy = entropy;
    this.feed = feed;
  }

  /** The entry as it is stored at that place. */
  Bytes seal(long index, Bytes plain) {
    return SealedPayload.seal(key, entropy, place(index), plain, Segment.MAX_ENTRY);
  }

  /**
   * The entry as it was written.
   *
   * @throws SealBrokenException if the writer did not seal it so
   */
  public Bytes open(long index, Bytes sealed) throws SealBrokenException {
    return SealedPayload.open(key, place(index), sealed);
  }

  private Bytes place(long index) {
    return new ByteWriter(PublicKey.LENGTH + 8).bytes(feed.bytes()).u64(index).toBytes();
  }
}
