package dev.p2pcp.identity;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Crypto.SigningKey;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;

/**
 * The vault's word that a device acts for the account during a span of time.
 *
 * <pre>
 * account (32) ‖ device (32) ‖ notBefore u64 ‖ notAfter u64 ‖ signature (64)
 * </pre>
 *
 * <p>The signature is the vault's under {@link Domain#DEVICE_CERTIFICATE} over all that is before
 * it.
 *
 * @param account who vouches
 * @param device for which device
 * @param notBefore first millisecond since 1970
 * @param notAfter last millisecond since 1970
 * @param signature the vault's
 */
public record DeviceCertificate(
    AccountId account, PeerId device, long notBefore, long notAfter, Signature signature) {
  /** Bytes of an encoded certificate. */
  public static final int LENGTH = 2 * PublicKey.LENGTH + 2 * Long.BYTES + Signature.LENGTH;

  /** How far two honest clocks may be apart, in milliseconds: 5 minutes. */
  public static final long CLOCK_SKEW = 5 * 60 * 1000L;

  /** The longest span that a certificate may cover, in milliseconds: 90 days. */
  public static final long MAX_LIFE = 90 * 24 * 60 * 60 * 1000L;

  /** What a check of a certificate comes to. */
  public enum Verdict {
    /** The device acts for the account now. */
    VALID,
    /** Its time has not come, even if our clock were slow. */
    NOT_YET,
    /** Its time is over, even if our clock were fast. */
    EXPIRED,
    /** It covers no time, or more than {@link #MAX_LIFE}. */
    BAD_LIFE,
    /** The signature is not the vault's. */
    FORGED
  }

  public DeviceCertificate {
    if (notBefore < 0 || notAfter < 0) {
      throw new IllegalArgumentException("times are not negative");
    }
  }

  /** Vouches for a device; life in milliseconds, at most {@link #MAX_LIFE}. */
  public static DeviceCertificate issue(
      SigningKey vault, PeerId device, long notBefore, long life) {
    if (life <= 0 || life > MAX_LIFE) {
      throw new IllegalArgumentException("life out of range");
    }
    AccountId account = AccountId.of(vault.publicKey());
    long notAfter = Math.addExact(notBefore, life);
    Bytes signed = signed(account, device, notBefore, notAfter);
    return new DeviceCertificate(
        account, device, notBefore, notAfter, vault.sign(Domain.DEVICE_CERTIFICATE, signed));
  }

  /** Reads {@link #LENGTH} bytes; nothing is verified yet. */
  public static DeviceCertificate read(ByteReader reader) throws MalformedFrameException {
    return new DeviceCertificate(
        AccountId.read(reader, "certificate account"),
        PeerId.read(reader, "certificate device"),
        reader.u64("certificate not before"),
        reader.u64("certificate not after"),
        Signature.read(reader, "certificate signature"));
  }

  /** Appends the encoded form. */
  public void write(ByteWriter writer) {
    writer.bytes(signed(account, device, notBefore, notAfter)).bytes(signature.bytes());
  }

  /** The encoded form. */
  public Bytes encode() {
    ByteWriter writer = new ByteWriter(LENGTH);
    write(writer);
    return writer.toBytes();
  }

  /**
   * Checks span, time (milliseconds since 1970, with {@link #CLOCK_SKEW} of patience) and
   * signature.
   */
  public Verdict verify(Crypto crypto, long now) {
    if (notAfter <= notBefore || notAfter - notBefore > MAX_LIFE) {
      return Verdict.BAD_LIFE;
    }
    if (now < notBefore - CLOCK_SKEW) {
      return Verdict.NOT_YET;
    }
    if (now - CLOCK_SKEW > notAfter) {
      return Verdict.EXPIRED;
    }
    Bytes signed = signed(account, device, notBefore, notAfter);
    boolean right =
        crypto.verify(account.publicKey(), Domain.DEVICE_CERTIFICATE, signed, signature);
    return right ? Verdict.VALID : Verdict.FORGED;
  }

  private static Bytes signed(AccountId account, PeerId device, long notBefore, long notAfter) {
    return new ByteWriter(LENGTH)
        .bytes(account.bytes())
        .bytes(device.bytes())
        .u64(notBefore)
        .u64(notAfter)
        .toBytes();
  }
}
