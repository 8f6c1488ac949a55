package dev.p2pcp.block;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;

/**
 * Ties bytes from anywhere to a storage key. Nothing is stored, shown or forwarded as a block
 * before.
 */
public final class BlockVerifier {
  private final Crypto crypto;

  public BlockVerifier(Crypto crypto) {
    this.crypto = crypto;
  }

  /** What the bytes turned out to be. */
  public sealed interface Verdict {}

  /** The block is what the storage key names. */
  public record Genuine(Block block) implements Verdict {}

  /** It is not. */
  public record Forged(Reason reason) implements Verdict {}

  /** Why bytes are no block of a storage key; also the {@code expect:} of the vectors. */
  public enum Reason {
    MALFORMED,
    WRONG_KEY,
    BAD_SIGNATURE
  }

  /** Decodes and verifies. Suspends while the platform hashes or verifies. */
  public Verdict verify(StorageKey key, Bytes encoded) {
    Block block;
    try {
      block = Block.decode(encoded);
    } catch (MalformedFrameException e) {
      return new Forged(Reason.MALFORMED);
    }
    return switch (block) {
      case Block.Content content ->
          StorageKey.ofContent(crypto, encoded).equals(key)
              ? new Genuine(content)
              : new Forged(Reason.WRONG_KEY);
      case Block.Signed signed -> verifySigned(key, signed);
    };
  }

  private Verdict verifySigned(StorageKey key, Block.Signed signed) {
    if (!signed.storageKey().equals(key)) {
      return new Forged(Reason.WRONG_KEY);
    }
    boolean right =
        crypto.verify(signed.writeKey(), Domain.SIGNED_BLOCK, signed.signed(), signed.signature());
    return right ? new Genuine(signed) : new Forged(Reason.BAD_SIGNATURE);
  }
}
