package dev.p2pcp.quota;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;

/**
 * A device's own word on what its account's blocks need, numbered without a gap to step back into:
 * {@code number u64 ‖ previous 32 ‖ time u64 ‖ blocks u32 ‖ needed u32 ‖ certificate 144 ‖
 * signature 64}. The device signs what is before the certificate. Previous is {@link #hash} of the
 * one before, zeros in the first.
 */
public record Statement(
    long number,
    Hash previous,
    long time,
    int blocks,
    int needed,
    DeviceCertificate certificate,
    Signature signature) {
  /** Bytes of the encoding. */
  public static final int LENGTH =
      2 * Long.BYTES
          + Hash.LENGTH
          + 2 * Integer.BYTES
          + DeviceCertificate.LENGTH
          + Signature.LENGTH;

  /** What comes before the first. */
  public static final Hash NONE = new Hash(Bytes.wrap(new byte[Hash.LENGTH]));

  /** Signs; the number is above any that the device has used. Suspends. */
  public static Statement sign(
      Crypto.SigningKey device,
      DeviceCertificate certificate,
      long number,
      Hash previous,
      long time,
      int blocks,
      int needed) {
    Bytes stated = stated(number, previous, time, blocks, needed);
    Signature signature = device.sign(Domain.STATEMENT, stated);
    return new Statement(number, previous, time, blocks, needed, certificate, signature);
  }

  public AccountId account() {
    return certificate.account();
  }

  public PeerId device() {
    return certificate.device();
  }

  /** What the next one names as previous. */
  public Hash hash() {
    return Sha256.hash(Domain.STATEMENT.frame(stated()));
  }

  /** Whether the device said so, and acted for the account when it did. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    return certificate.verify(crypto, time) == DeviceCertificate.Verdict.VALID
        && crypto.verify(device().publicKey(), Domain.STATEMENT, stated(), signature);
  }

  /**
   * Whether it speaks of that moment of wall time: it was made not much later, and what it says may
   * still be kept somewhere.
   */
  public boolean isCurrent(long now) {
    return time <= now + DeviceCertificate.CLOCK_SKEW && now < time + ReceiptHeader.LIFE;
  }

  /**
   * Whether one device said two things under one number, which no honest one does. Certificates and
   * signatures may differ, since there is no rule that there is only one.
   */
  public boolean contradicts(Statement other) {
    return device().equals(other.device())
        && number == other.number
        && !stated().equals(other.stated());
  }

  private Bytes stated() {
    return stated(number, previous, time, blocks, needed);
  }

  private static Bytes stated(long number, Hash previous, long time, int blocks, int needed) {
    return new ByteWriter()
        .u64(number)
        .bytes(previous.bytes())
        .u64(time)
        .u32(blocks)
        .u32(needed)
        .toBytes();
  }

  public void write(ByteWriter writer) {
    writer.bytes(stated());
    certificate.write(writer);
    writer.bytes(signature.bytes());
  }

  public Bytes encoded() {
    ByteWriter writer = new ByteWriter(LENGTH);
    write(writer);
    return writer.toBytes();
  }

  public static Statement read(ByteReader reader) throws MalformedFrameException {
    Statement statement =
        new Statement(
            reader.u64("number"),
            Hash.read(reader, "previous"),
            reader.u64("time"),
            reader.count(Integer.MAX_VALUE, "blocks"),
            reader.count(Integer.MAX_VALUE, "needed"),
            DeviceCertificate.read(reader),
            Signature.read(reader, "signature"));
    if (statement.number < 1) {
      throw new MalformedFrameException("number");
    }
    return statement;
  }
}
