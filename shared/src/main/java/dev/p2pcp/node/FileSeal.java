package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Platform;

/**
 * Seals the blocks of one file by its key, each bound to what it is and to its number: {@code u8
 * kind ‖ number u32} is the associated data. The key is random and of this file alone, so that
 * nobody can tell from a block which known file it may be of.
 */
final class FileSeal {
  /** What a block of a file is. */
  enum Part {
    ROOT,
    INDEX,
    CHUNK
  }

  private final Platform platform;
  private final Crypto.SealingKey key;

  private FileSeal(Platform platform, Crypto.SealingKey key) {
    this.platform = platform;
    this.key = key;
  }

  /** By a file's key. Suspends. */
  static FileSeal of(Platform platform, Bytes key) {
    return new FileSeal(platform, platform.crypto().sealingKey(key));
  }

  /** Suspends. */
  Block.Content seal(Part part, int number, Bytes plain) {
    return Block.Content.of(
        SealedPayload.seal(
            key, platform.entropy(), associated(part, number), plain, Block.Content.MAX_PAYLOAD));
  }

  /** Suspends. */
  Bytes open(Part part, int number, Block block) throws SealBrokenException {
    return SealedPayload.open(key, associated(part, number), block.payload());
  }

  private static Bytes associated(Part part, int number) {
    return new ByteWriter(5).u8(part.ordinal()).u32(number).toBytes();
  }
}
