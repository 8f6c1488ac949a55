package dev.p2pcp.feed;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;

/**
 * The writer's word on a feed as it is: {@code feed 32 ‖ fork u32 ‖ length u64 ‖ root 32 ‖
 * signature 64}, where the signature covers all before it. Trees of one fork number only grow; who
 * cuts entries off raises it.
 *
 * @param feed the writer's key, which names the feed
 * @param fork how often entries were cut off, from 0
 * @param length entries
 * @param root the tree hash over them
 */
public record FeedHead(PublicKey feed, long fork, long length, Hash root, Signature signature) {
  /** Bytes of the encoding. */
  public static final int LENGTH = PublicKey.LENGTH + 4 + 8 + Hash.LENGTH + Signature.LENGTH;

  private static final int SIGNED = LENGTH - Signature.LENGTH;

  /** Most entries of a feed: their numbers in the tree are whole ones in any language. */
  public static final long MAX_LENGTH = 1L << 51;

  /** Highest fork number. */
  public static final long MAX_FORK = 0xffff_ffffL;

  /** Signs a head. Suspends. */
  public static FeedHead sign(Crypto.SigningKey key, long fork, long length, Hash root) {
    if (fork < 0 || fork > MAX_FORK || length < 0 || length > MAX_LENGTH) {
      throw new IllegalArgumentException("fork or length over the limit");
    }
    Bytes signed = signed(key.publicKey(), fork, length, root);
    return new FeedHead(key.publicKey(), fork, length, root, key.sign(Domain.FEED_HEAD, signed));
  }

  /** Whether the feed's writer signed it. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    return crypto.verify(feed, Domain.FEED_HEAD, signed(feed, fork, length, root), signature);
  }

  /** Whether it tells of a later state of the same feed than another one. */
  public boolean replaces(FeedHead other) {
    return fork != other.fork ? fork > other.fork : length > other.length;
  }

  /** Whether both are about the same feed and fork, so that one tree must begin the other. */
  public boolean isAlongside(FeedHead other) {
    return feed.equals(other.feed) && fork == other.fork;
  }

  public Bytes encoded() {
    return Bytes.concat(signed(feed, fork, length, root), signature.bytes());
  }

  /** Decodes without verifying. */
  public static FeedHead decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    FeedHead head = read(reader);
    reader.end();
    return head;
  }

  /** Reads without verifying. */
  public static FeedHead read(ByteReader reader) throws MalformedFrameException {
    PublicKey feed = PublicKey.read(reader, "feed");
    long fork = reader.u32("fork");
    long length = reader.u64("length");
    Hash root = Hash.read(reader, "root");
    Signature signature = Signature.read(reader, "signature");
    if (length > MAX_LENGTH) {
      throw new MalformedFrameException("length");
    }
    return new FeedHead(feed, fork, length, root, signature);
  }

  private static Bytes signed(PublicKey feed, long fork, long length, Hash root) {
    return new ByteWriter(SIGNED)
        .bytes(feed.bytes())
        .u32(fork)
        .u64(length)
        .bytes(root.bytes())
        .toBytes();
  }
}
