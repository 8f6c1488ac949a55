package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;

/**
 * Two statements of one device with one number, which say different things: anybody can tell from
 * these bytes alone that the account deceives. Layout: both, the lesser encoding first.
 */
public record FraudProof(Statement one, Statement other) {
  /** In the one order, so that two who find the same proof have the same bytes. */
  static FraudProof of(Statement one, Statement other) {
    return one.encoded().compareTo(other.encoded()) <= 0
        ? new FraudProof(one, other)
        : new FraudProof(other, one);
  }

  /** Who deceives, if the proof is genuine. */
  public AccountId account() {
    return one.account();
  }

  /** Whether it proves anything. Suspends; four signatures. */
  public boolean isGenuine(Crypto crypto) {
    return one.contradicts(other) && one.isGenuine(crypto) && other.isGenuine(crypto);
  }

  public void write(ByteWriter writer) {
    one.write(writer);
    other.write(writer);
  }

  public static FraudProof read(ByteReader reader) throws MalformedFrameException {
    return new FraudProof(Statement.read(reader), Statement.read(reader));
  }
}
