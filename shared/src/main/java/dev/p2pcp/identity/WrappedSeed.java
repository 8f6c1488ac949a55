package dev.p2pcp.identity;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SealingKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.platform.Entropy;

/**
 * A phrase's entropy at rest, sealed with AES-256-GCM.
 *
 * <pre>
 * version u8 = 1 ‖ kind u8 ‖ lock ‖ nonce (12) ‖ sealed entropy (32 + 16)
 *   kind 1, device key:  lock is empty
 *   kind 2, passphrase:  lock is salt (16) ‖ iterations u32
 * </pre>
 *
 * <p>All that is before the sealed entropy is its associated data. Other kinds are to come and are
 * refused until then.
 *
 * @param lock what opens it
 * @param nonce 12 bytes
 * @param sealed 48 bytes
 */
public record WrappedSeed(Lock lock, Bytes nonce, Bytes sealed) {
  /** The iterations that new wraps should use. */
  public static final int DEFAULT_ITERATIONS = 600_000;

  /** Fewer would be guessed too fast. */
  public static final int MIN_ITERATIONS = 100_000;

  /** More would let a forged file stop the device for minutes. */
  public static final int MAX_ITERATIONS = 10_000_000;

  private static final int VERSION = 1;
  private static final int KIND_DEVICE = 1;
  private static final int KIND_PASSPHRASE = 2;
  private static final int SALT_LENGTH = 16;
  private static final int KEY_LENGTH = 32;
  private static final int SEALED_LENGTH = SeedPhrase.ENTROPY_LENGTH + SealingKey.TAG_LENGTH;

  public WrappedSeed {
    if (nonce.length() != SealingKey.NONCE_LENGTH || sealed.length() != SEALED_LENGTH) {
      throw new IllegalArgumentException("wrong length");
    }
  }

  /** What opens a wrapped seed. */
  public sealed interface Lock {}

  /** A key that this device keeps and does not give away. */
  public record DeviceKey() implements Lock {}

  /** A passphrase, through PBKDF2-HMAC-SHA-256. */
  public record Passphrase(Bytes salt, int iterations) implements Lock {
    public Passphrase {
      if (salt.length() != SALT_LENGTH
          || iterations < MIN_ITERATIONS
          || iterations > MAX_ITERATIONS) {
        throw new IllegalArgumentException("salt or iterations out of range");
      }
    }

    private SealingKey key(Crypto crypto, String passphrase) {
      Bytes password = Bytes.utf8(passphrase);
      return crypto.sealingKey(
          crypto.pbkdf2(Crypto.Prf.SHA_256, password, salt, iterations, KEY_LENGTH));
    }
  }

  /** Wraps with a key that the device keeps. */
  public static WrappedSeed withDeviceKey(SealingKey key, Entropy entropy, SeedPhrase phrase) {
    return seal(new DeviceKey(), key, entropy, phrase);
  }

  /**
   * Wraps with a passphrase, which should come in Unicode form NFC, as typed on any keyboard.
   *
   * @param iterations {@link #DEFAULT_ITERATIONS}, or what the device can bear between the limits
   */
  public static WrappedSeed withPassphrase(
      Crypto crypto, Entropy entropy, String passphrase, int iterations, SeedPhrase phrase) {
    Passphrase lock = new Passphrase(entropy.bytes(SALT_LENGTH), iterations);
    return seal(lock, lock.key(crypto, passphrase), entropy, phrase);
  }

  /**
   * Reads the encoded form.
   *
   * @throws MalformedFrameException if it is not canonical; field {@code wrapped seed version} or
   *     {@code wrapped seed kind} if it was written by a newer release
   */
  public static WrappedSeed decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (reader.u8("wrapped seed version") != VERSION) {
      throw new MalformedFrameException("wrapped seed version");
    }
    Lock lock =
        switch (reader.u8("wrapped seed kind")) {
          case KIND_DEVICE -> new DeviceKey();
          case KIND_PASSPHRASE -> readPassphrase(reader);
          default -> throw new MalformedFrameException("wrapped seed kind");
        };
    Bytes nonce = reader.bytes(SealingKey.NONCE_LENGTH, "wrapped seed nonce");
    Bytes sealed = reader.bytes(SEALED_LENGTH, "wrapped seed");
    reader.end();
    return new WrappedSeed(lock, nonce, sealed);
  }

  /** The encoded form. */
  public Bytes encode() {
    return Bytes.concat(header(lock, nonce), sealed);
  }

  /**
   * Opens with the device's key.
   *
   * @throws SealBrokenException if another key or another kind of lock sealed it, or it was altered
   */
  public SeedPhrase open(SealingKey deviceKey) throws SealBrokenException {
    if (!(lock instanceof DeviceKey)) {
      throw new SealBrokenException();
    }
    return unseal(deviceKey);
  }

  /**
   * Opens with the passphrase.
   *
   * @throws SealBrokenException if another passphrase or another kind of lock sealed it, or it was
   *     altered
   */
  public SeedPhrase open(Crypto crypto, String passphrase) throws SealBrokenException {
    if (!(lock instanceof Passphrase own)) {
      throw new SealBrokenException();
    }
    return unseal(own.key(crypto, passphrase));
  }

  private SeedPhrase unseal(SealingKey key) throws SealBrokenException {
    return new SeedPhrase(key.open(nonce, header(lock, nonce), sealed));
  }

  private static WrappedSeed seal(Lock lock, SealingKey key, Entropy entropy, SeedPhrase phrase) {
    Bytes nonce = entropy.bytes(SealingKey.NONCE_LENGTH);
    return new WrappedSeed(lock, nonce, key.seal(nonce, header(lock, nonce), phrase.entropy()));
  }

  private static Bytes header(Lock lock, Bytes nonce) {
    ByteWriter writer = new ByteWriter().u8(VERSION);
    switch (lock) {
      case DeviceKey() -> writer.u8(KIND_DEVICE);
      case Passphrase(Bytes salt, int iterations) ->
          writer.u8(KIND_PASSPHRASE).bytes(salt).u32(iterations);
    }
    return writer.bytes(nonce).toBytes();
  }

  private static Passphrase readPassphrase(ByteReader reader) throws MalformedFrameException {
    Bytes salt = reader.bytes(SALT_LENGTH, "wrapped seed salt");
    int iterations = reader.count(MAX_ITERATIONS, "wrapped seed iterations");
    if (iterations < MIN_ITERATIONS) {
      throw new MalformedFrameException("wrapped seed iterations");
    }
    return new Passphrase(salt, iterations);
  }
}
