package dev.p2pcp.transport;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a link as one of its two sides sees it: the keys under which its signals are
 * sealed.
 *
 * <p>{@code keys = HKDF(X25519(own, other), "p2pcp/v1/signal-seal", key of who knocked ‖ key of who
 * replied, 64)}; the first half is for what the one who knocked says. The nonce is {@code 0 u64 ‖
 * number u32}, the associated data {@code version ‖ kind ‖ time ‖ number} as they travel. Numbers
 * of each side begin at 0 and rise: one that came before is refused.
 *
 * <p>Not safe for use by several tasks at once, except that one may seal while another opens.
 */
public final class SignalSeal {
  static final String LABEL = "p2pcp/v1/signal-seal";
  private static final int KEY = 32;
  private static final int REPLY = 2;
  private static final int FURTHER = 3;

  private final Platform platform;
  private final Crypto.SigningKey device;
  private final PeerId peer;
  private final Crypto.AgreementKey own;
  private final @Nullable PublicKey knocked;
  private Crypto.@Nullable SealingKey sealing;
  private Crypto.@Nullable SealingKey opening;
  private boolean replied;
  private long nextNumber;
  private long heard = -1;

  private SignalSeal(
      Platform platform,
      Crypto.SigningKey device,
      PeerId peer,
      Crypto.AgreementKey own,
      @Nullable PublicKey knocked) {
    this.platform = platform;
    this.device = device;
    this.peer = peer;
    this.own = own;
    this.knocked = knocked;
  }

  /** For who asks that peer for a link. Suspends. */
  public static SignalSeal knocking(Platform platform, Crypto.SigningKey device, PeerId peer) {
    return new SignalSeal(platform, device, peer, fresh(platform), null);
  }

  /**
   * For who takes up a genuine knock of that peer. Suspends.
   *
   * @throws SealBrokenException if the key in it is none
   */
  public static SignalSeal replying(
      Platform platform, Crypto.SigningKey device, PeerId peer, Envelope.Knock knock)
      throws SealBrokenException {
    SignalSeal seal = new SignalSeal(platform, device, peer, fresh(platform), knock.key());
    seal.agree(knock.key(), knock.key(), seal.own.publicKey());
    return seal;
  }

  /** Asks for a link. Suspends. */
  public Bytes knock() {
    long now = platform.clock().now();
    PublicKey key = own.publicKey();
    Bytes none = Bytes.wrap(new byte[PublicKey.LENGTH]);
    Bytes signed = Envelope.signed(1, now, PeerId.of(device.publicKey()), peer, key, none);
    return new Envelope.Knock(now, key, device.sign(Domain.SIGNAL, signed)).encode();
  }

  /** Whether both keys are known. */
  public boolean isReady() {
    return sealing != null;
  }

  /** A word for the other side. Suspends. */
  public Bytes seal(Signal signal) {
    Crypto.SealingKey key = sealing;
    if (key == null) {
      throw new IllegalStateException("the other side's key is not known yet");
    }
    long now = platform.clock().now();
    long number = nextNumber++;
    boolean first = knocked != null && !replied;
    replied = true;
    Bytes sealed =
        key.seal(nonce(number), associated(first ? REPLY : FURTHER, now, number), signal.encode());
    if (!first || knocked == null) {
      return new Envelope.Further(now, number, sealed).encode();
    }
    Bytes signed =
        Envelope.signed(
            REPLY, now, PeerId.of(device.publicKey()), peer, own.publicKey(), knocked.bytes());
    return new Envelope.Reply(
            now, own.publicKey(), device.sign(Domain.SIGNAL, signed), number, sealed)
        .encode();
  }

  /** What the other side said; empty if it is not its word, too old, or was heard. Suspends. */
  public Optional<Signal> open(Envelope envelope) {
    if (!envelope.isCurrent(platform.clock().now())) {
      return Optional.empty();
    }
    return switch (envelope) {
      case Envelope.Knock knock -> Optional.empty();
      case Envelope.Reply reply -> openReply(reply);
      case Envelope.Further further ->
          open(FURTHER, further.time(), further.number(), further.sealed());
    };
  }

  private Optional<Signal> openReply(Envelope.Reply reply) {
    PeerId self = PeerId.of(device.publicKey());
    boolean awaited = knocked == null && sealing == null;
    if (!awaited || !reply.isGenuine(platform.crypto(), peer, self, own.publicKey())) {
      return Optional.empty();
    }
    try {
      agree(reply.key(), own.publicKey(), reply.key());
    } catch (SealBrokenException e) {
      return Optional.empty();
    }
    return open(REPLY, reply.time(), reply.number(), reply.sealed());
  }

  private Optional<Signal> open(int kind, long time, long number, Bytes sealed) {
    Crypto.SealingKey key = opening;
    if (key == null || number <= heard) {
      return Optional.empty();
    }
    try {
      Bytes plain = key.open(nonce(number), associated(kind, time, number), sealed);
      heard = number;
      return Optional.of(Signal.decode(plain));
    } catch (SealBrokenException | MalformedFrameException e) {
      return Optional.empty();
    }
  }

  private void agree(PublicKey other, PublicKey knocking, PublicKey replying)
      throws SealBrokenException {
    Bytes context = Bytes.concat(knocking.bytes(), replying.bytes());
    Bytes keys = platform.crypto().derivationKey(own.agree(other)).derive(LABEL, context, 2 * KEY);
    Crypto.SealingKey first = platform.crypto().sealingKey(keys.slice(0, KEY));
    Crypto.SealingKey second = platform.crypto().sealingKey(keys.slice(KEY, KEY));
    boolean knocks = knocking.equals(own.publicKey());
    opening = knocks ? second : first;
    sealing = knocks ? first : second;
  }

  private static Crypto.AgreementKey fresh(Platform platform) {
    return platform.crypto().agreementKey(platform.entropy().bytes(KEY));
  }

  private static Bytes nonce(long number) {
    return new ByteWriter().u64(0).u32(number).toBytes();
  }

  private static Bytes associated(int kind, long time, long number) {
    return new ByteWriter().u8(Envelope.VERSION).u8(kind).u64(time).u32(number).toBytes();
  }
}
