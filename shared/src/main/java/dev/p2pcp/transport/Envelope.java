package dev.p2pcp.transport;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;

/**
 * What an index server relays between two agents. Each attempt at a link has a fresh X25519 key on
 * either side, signed by the device, and what is said by them is sealed.
 *
 * <pre>
 * u8 version 1 ‖ u8 kind 1 ‖ time u64 ‖ key 32 ‖ signature 64                          knock
 * u8 version 1 ‖ u8 kind 2 ‖ time u64 ‖ key 32 ‖ signature 64 ‖ number u32 ‖ sealed      reply
 * u8 version 1 ‖ u8 kind 3 ‖ time u64 ‖ number u32 ‖ sealed                            further
 * </pre>
 */
public sealed interface Envelope {
  int VERSION = 1;

  /** How long an envelope may be on its way, in milliseconds; clocks may be apart besides. */
  long LIFE = 60_000;

  /** When it was made, in milliseconds since 1970 by the sender's clock. */
  long time();

  /** Asks for a link. */
  record Knock(long time, PublicKey key, Signature signature) implements Envelope {
    /** Whether that agent's device made it for that other. Suspends. */
    public boolean isGenuine(Crypto crypto, PeerId from, PeerId to) {
      Bytes none = Bytes.wrap(new byte[PublicKey.LENGTH]);
      return crypto.verify(
          from.publicKey(), Domain.SIGNAL, signed(1, time, from, to, key, none), signature);
    }
  }

  /** Takes a knock up, with the first word. */
  record Reply(long time, PublicKey key, Signature signature, long number, Bytes sealed)
      implements Envelope {
    boolean isGenuine(Crypto crypto, PeerId from, PeerId to, PublicKey knock) {
      return crypto.verify(
          from.publicKey(),
          Domain.SIGNAL,
          signed(2, time, from, to, key, knock.bytes()),
          signature);
    }
  }

  /** A further word of either side. */
  record Further(long time, long number, Bytes sealed) implements Envelope {}

  /** Whether it is neither too old nor of the future, as far as clocks are to be trusted. */
  default boolean isCurrent(long now) {
    return Math.abs(now - time()) <= LIFE + DeviceCertificate.CLOCK_SKEW;
  }

  /**
   * What a device signs: {@code u8 kind ‖ time u64 ‖ from 32 ‖ to 32 ‖ key 32 ‖ knock's key 32},
   * the last being zeros in a knock.
   */
  static Bytes signed(int kind, long time, PeerId from, PeerId to, PublicKey key, Bytes answered) {
    return new ByteWriter()
        .u8(kind)
        .u64(time)
        .bytes(from.bytes())
        .bytes(to.bytes())
        .bytes(key.bytes())
        .bytes(answered)
        .toBytes();
  }

  /** The bytes that travel. */
  default Bytes encode() {
    ByteWriter out = new ByteWriter().u8(VERSION);
    switch (this) {
      case Knock knock ->
          out.u8(1).u64(knock.time()).bytes(knock.key().bytes()).bytes(knock.signature().bytes());
      case Reply reply ->
          out.u8(2)
              .u64(reply.time())
              .bytes(reply.key().bytes())
              .bytes(reply.signature().bytes())
              .u32(reply.number())
              .bytes(reply.sealed());
      case Further further ->
          out.u8(3).u64(further.time()).u32(further.number()).bytes(further.sealed());
    }
    return out.toBytes();
  }

  /** Reads what came; nothing is verified yet. */
  static Envelope decode(Bytes encoded) throws MalformedFrameException {
    if (encoded.length() > Limits.SIGNAL) {
      throw new MalformedFrameException("signal");
    }
    ByteReader in = new ByteReader(encoded);
    if (in.u8("version") != VERSION) {
      throw new MalformedFrameException("version");
    }
    int kind = in.u8("kind");
    long time = in.u64("time");
    Envelope envelope =
        switch (kind) {
          case 1 -> new Knock(time, PublicKey.read(in, "key"), Signature.read(in, "signature"));
          case 2 ->
              new Reply(
                  time,
                  PublicKey.read(in, "key"),
                  Signature.read(in, "signature"),
                  in.u32("number"),
                  in.rest());
          case 3 -> new Further(time, in.u32("number"), in.rest());
          default -> throw new MalformedFrameException("kind");
        };
    in.end();
    return envelope;
  }
}
