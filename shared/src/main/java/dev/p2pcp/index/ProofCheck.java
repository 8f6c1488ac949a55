package dev.p2pcp.index;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.Optional;

/** Whether an agent is the device, and acts for the account, that it says. */
public final class ProofCheck {
  /** Stands for the server itself in tunnels, so no device may have it. */
  public static final PeerId SERVER = new PeerId(Bytes.wrap(new byte[PeerId.LENGTH]));

  private ProofCheck() {}

  /**
   * Empty if the proof holds at that moment of wall time, else why it does not. Suspends; two
   * signatures.
   *
   * @param host that the agent asked for, see {@link SessionFrame.Challenge#hostOf}
   */
  public static Optional<Refusal> check(
      Crypto crypto,
      SessionFrame.Challenge challenge,
      String host,
      SessionFrame.Proof proof,
      long now) {
    DeviceCertificate certificate = proof.certificate();
    if (certificate.device().equals(SERVER)) {
      return refusal(Refusal.BAD_SIGNATURE, "device");
    }
    switch (certificate.verify(crypto, now)) {
      case VALID -> {}
      case NOT_YET, EXPIRED -> {
        return refusal(Refusal.EXPIRED, "certificate");
      }
      case BAD_LIFE, FORGED -> {
        return refusal(Refusal.BAD_SIGNATURE, "certificate");
      }
    }
    boolean right =
        crypto.verify(
            certificate.device().publicKey(),
            Domain.SESSION_PROOF,
            challenge.signed(Limits.VERSION, host),
            proof.signature());
    return right ? Optional.empty() : refusal(Refusal.BAD_SIGNATURE, "proof");
  }

  private static Optional<Refusal> refusal(int code, String what) {
    return Optional.of(Refusal.of(code, what));
  }
}
