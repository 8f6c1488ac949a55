package dev.p2pcp.block;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Entropy;

/**
 * What stands in the payload of a private block: {@code nonce 12 ‖ AES-256-GCM(plain length u32 ‖
 * plain ‖ zeros) ‖ tag 16}, padded so that the payload has one of few lengths.
 */
public final class SealedPayload {
  private static final int LENGTH_FIELD = 4;

  /** Bytes that sealing adds before padding. */
  public static final int OVERHEAD =
      Crypto.SealingKey.NONCE_LENGTH + LENGTH_FIELD + Crypto.SealingKey.TAG_LENGTH;

  private static final int SMALLEST = 256;
  private static final int STEP = 16 * 1024;

  private SealedPayload() {}

  /**
   * The length to which a payload of so many bytes is padded: powers of two from 256 to 16 KiB,
   * then multiples of 16 KiB, but never above the most that fits a block of that kind.
   */
  public static int sizeClass(int length, int max) {
    if (length > max) {
      throw new IllegalArgumentException("payload over the limit");
    }
    int size = SMALLEST;
    while (size < length && size < STEP) {
      size *= 2;
    }
    if (size < length) {
      size = (length + STEP - 1) / STEP * STEP;
    }
    return Math.min(size, max);
  }

  /**
   * Pads and seals. Suspends.
   *
   * @param associated what the seal is bound to: the storage key of a signed block
   * @param max the longest payload of the kind of block it goes into
   */
  public static Bytes seal(
      Crypto.SealingKey key, Entropy entropy, Bytes associated, Bytes plain, int max) {
    int padded = sizeClass(plain.length() + OVERHEAD, max) - OVERHEAD + LENGTH_FIELD;
    ByteWriter writer = new ByteWriter(padded).bytes32(plain);
    writer.bytes(Bytes.wrap(new byte[padded - writer.length()]));
    Bytes nonce = entropy.bytes(Crypto.SealingKey.NONCE_LENGTH);
    return Bytes.concat(nonce, key.seal(nonce, associated, writer.toBytes()));
  }

  /**
   * Opens and takes the padding off. Suspends.
   *
   * @throws SealBrokenException if it was not sealed so, or its padding is not zeros
   */
  public static Bytes open(Crypto.SealingKey key, Bytes associated, Bytes payload)
      throws SealBrokenException {
    if (payload.length() < OVERHEAD) {
      throw new SealBrokenException();
    }
    Bytes nonce = payload.slice(0, Crypto.SealingKey.NONCE_LENGTH);
    Bytes padded = key.open(nonce, associated, payload.from(Crypto.SealingKey.NONCE_LENGTH));
    ByteReader reader = new ByteReader(padded);
    try {
      Bytes plain = reader.bytes32(padded.length(), "plain");
      Bytes padding = reader.rest();
      for (int i = 0; i < padding.length(); i++) {
        if (padding.at(i) != 0) {
          throw new SealBrokenException();
        }
      }
      return plain;
    } catch (MalformedFrameException e) {
      throw new SealBrokenException();
    }
  }
}
