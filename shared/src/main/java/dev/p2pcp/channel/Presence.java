package dev.p2pcp.channel;

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
 * That somebody looks at a channel, or has left it: {@code graph 32 ‖ person 32 ‖ time u64 ‖ u8 0
 * or 1 ‖ signature 64}. It is passed on and forgotten; no graph has it.
 *
 * @param time milliseconds since 1970 by the clock of who says it
 */
public record Presence(
    Hash graph, PublicKey person, long time, boolean here, Signature signature, Bytes encoded) {

  /** Signs that. Suspends. */
  public static Presence sign(Crypto.SigningKey key, Hash graph, long time, boolean here) {
    Bytes signed =
        new ByteWriter()
            .bytes(graph.bytes())
            .bytes(key.publicKey().bytes())
            .u64(time)
            .u8(here ? 1 : 0)
            .toBytes();
    Signature signature = key.sign(Domain.PRESENCE, signed);
    Bytes encoded = Bytes.concat(signed, signature.bytes());
    return new Presence(graph, key.publicKey(), time, here, signature, encoded);
  }

  /** Whether that person signed it. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    Bytes signed = encoded.slice(0, encoded.length() - Signature.LENGTH);
    return crypto.verify(person, Domain.PRESENCE, signed, signature);
  }

  /** Decodes without verifying. */
  public static Presence decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    Hash graph = Hash.read(reader, "graph");
    PublicKey person = PublicKey.read(reader, "person");
    long time = reader.u64("time");
    boolean here = reader.flag("here");
    Signature signature = Signature.read(reader, "signature");
    reader.end();
    return new Presence(graph, person, time, here, signature, encoded);
  }
}
