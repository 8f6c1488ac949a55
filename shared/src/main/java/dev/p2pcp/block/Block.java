package dev.p2pcp.block;

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
 * The unit of storing, copying and counting: at most {@link #MAX_LENGTH} encoded bytes under one
 * storage key. Decoding says nothing about truth; see {@link BlockVerifier}.
 */
public sealed interface Block {
  /** Longest encoding, in bytes. */
  int MAX_LENGTH = 256 * 1024;

  int CONTENT = 1;
  int SIGNED = 2;

  /** The bytes that are stored, sent, hashed and counted. */
  Bytes encoded();

  Bytes payload();

  /** Immutable; named by the hash of its bytes. Layout: {@code u8 1 ‖ payload}. */
  record Content(Bytes encoded) implements Block {
    private static final int HEADER = 1;

    /** Longest payload, in bytes. */
    public static final int MAX_PAYLOAD = MAX_LENGTH - HEADER;

    public static Content of(Bytes payload) {
      if (payload.length() > MAX_PAYLOAD) {
        throw new IllegalArgumentException("payload over the limit");
      }
      return new Content(
          new ByteWriter(HEADER + payload.length()).u8(CONTENT).bytes(payload).toBytes());
    }

    @Override
    public Bytes payload() {
      return encoded.from(HEADER);
    }
  }

  /**
   * Mutable; named by who may write it and where. Layout: {@code u8 2 ‖ write key 32 ‖ path hash 32
   * ‖ version u64 ‖ time u64 ‖ payload length u32 ‖ payload ‖ signature 64}; the signature covers
   * the head, which is all before the payload, and the tree hash over the payload's {@link Leaves},
   * so that a leaf shows that a version is kept. Versions begin at 1; time is milliseconds since
   * 1970 by the writer's clock.
   */
  record Signed(
      PublicKey writeKey,
      Hash pathHash,
      long version,
      long time,
      Bytes payload,
      Signature signature,
      Bytes encoded)
      implements Block {
    /** Bytes of the head. */
    static final int HEADER = 1 + PublicKey.LENGTH + Hash.LENGTH + 8 + 8 + 4;

    /** Longest payload, in bytes. */
    public static final int MAX_PAYLOAD = MAX_LENGTH - HEADER - Signature.LENGTH;

    /** Signs a new version. Suspends. */
    public static Signed sign(
        Crypto.SigningKey key, Hash pathHash, long version, long time, Bytes payload) {
      if (version < 1 || payload.length() > MAX_PAYLOAD) {
        throw new IllegalArgumentException("version or payload over the limit");
      }
      Bytes head =
          new ByteWriter(HEADER)
              .u8(SIGNED)
              .bytes(key.publicKey().bytes())
              .bytes(pathHash.bytes())
              .u64(version)
              .u64(time)
              .u32(payload.length())
              .toBytes();
      Signature signature = key.sign(Domain.SIGNED_BLOCK, signed(head, payload));
      Bytes encoded = Bytes.concat(head, payload, signature.bytes());
      return new Signed(key.publicKey(), pathHash, version, time, payload, signature, encoded);
    }

    public StorageKey storageKey() {
      return StorageKey.ofSigned(writeKey, pathHash);
    }

    /** All before the payload. */
    Bytes head() {
      return encoded.slice(0, HEADER);
    }

    /** What the signature covers. */
    Bytes signed() {
      return signed(head(), payload);
    }

    private static Bytes signed(Bytes head, Bytes payload) {
      return Bytes.concat(head, Leaves.root(payload).bytes());
    }

    /**
     * Whether this version replaces the other: a higher version does. Two different blocks of the
     * same version come from two devices that wrote at once; every agent prefers the same one of
     * them, the later, then the one whose signature is greater.
     */
    public boolean replaces(Signed other) {
      if (version != other.version) {
        return version > other.version;
      }
      if (time != other.time) {
        return time > other.time;
      }
      return signature.bytes().compareTo(other.signature.bytes()) > 0;
    }
  }

  /**
   * Decodes without verifying.
   *
   * @throws MalformedFrameException if the bytes are no canonical block
   */
  static Block decode(Bytes encoded) throws MalformedFrameException {
    if (encoded.length() > MAX_LENGTH) {
      throw new MalformedFrameException("block length");
    }
    ByteReader reader = new ByteReader(encoded);
    switch (reader.u8("block kind")) {
      case CONTENT -> {
        return new Content(encoded);
      }
      case SIGNED -> {
        PublicKey writeKey = PublicKey.read(reader, "write key");
        Hash pathHash = Hash.read(reader, "path hash");
        long version = reader.u64("version");
        long time = reader.u64("time");
        Bytes payload = reader.bytes32(Signed.MAX_PAYLOAD, "payload");
        Signature signature = Signature.read(reader, "signature");
        reader.end();
        if (version < 1) {
          throw new MalformedFrameException("version");
        }
        return new Signed(writeKey, pathHash, version, time, payload, signature, encoded);
      }
      default -> throw new MalformedFrameException("block kind");
    }
  }
}
