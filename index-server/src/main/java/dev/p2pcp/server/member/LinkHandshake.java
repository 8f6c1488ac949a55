package dev.p2pcp.server.member;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Both sides of the mutual proof that opens a link: messages in, messages out. Nonces are fresh, so
 * nothing of another handshake serves again; the two proofs have labels of their own, so that
 * neither side can be made to prove for the other.
 */
final class LinkHandshake {
  static final int ID = 16;

  private static final int VERSION = 1;
  private static final int NONCE = 32;
  private static final int PROOF = 32;
  private static final String BY_DIALLER = "p2pcp/cluster/link-proof-dialler";
  private static final String BY_DIALLED = "p2pcp/cluster/link-proof-dialled";
  private static final String FROM_DIALLER = "p2pcp/cluster/link-frames-dialler";
  private static final String FROM_DIALLED = "p2pcp/cluster/link-frames-dialled";

  private final Crypto.DerivationKey secret;
  private final Bytes own;
  private final boolean dialler;
  private final @Nullable Bytes expected;
  private @Nullable Bytes far;
  private @Nullable Bytes transcript;
  private boolean proven;

  private LinkHandshake(
      Crypto.DerivationKey secret, Bytes id, Bytes nonce, boolean dialler, @Nullable Bytes far) {
    this.secret = secret;
    this.own = new ByteWriter().bytes(id).bytes(nonce).toBytes();
    this.dialler = dialler;
    this.expected = far;
    this.far = far;
  }

  /** For who dials a member of that id. */
  static LinkHandshake dialler(Crypto.DerivationKey secret, Bytes id, Bytes nonce, Bytes far) {
    return new LinkHandshake(secret, id, nonce, true, far);
  }

  /** For who is dialled. */
  static LinkHandshake dialled(Crypto.DerivationKey secret, Bytes id, Bytes nonce) {
    return new LinkHandshake(secret, id, nonce, false, null);
  }

  /** What the dialler says first. */
  Bytes first() {
    return new ByteWriter().u8(VERSION).bytes(own).toBytes();
  }

  /**
   * The answer to a message of the other side, if one is due.
   *
   * @throws MalformedFrameException if that is no member of this cluster, or not the one dialled
   */
  Optional<Bytes> received(Bytes message) throws MalformedFrameException {
    if (proven) {
      throw new MalformedFrameException("handshake is over");
    }
    ByteReader in = new ByteReader(message);
    if (transcript != null) {
      check(in.bytes(PROOF, "proof"), BY_DIALLER);
      in.end();
      return Optional.empty();
    }
    if (in.u8("version") != VERSION) {
      throw new MalformedFrameException("version");
    }
    Bytes other = in.bytes(ID + NONCE, "id and nonce");
    Bytes id = other.slice(0, ID);
    if (expected != null && !id.equals(expected)) {
      throw new MalformedFrameException("another member");
    }
    far = id;
    transcript = dialler ? Bytes.concat(own, other) : Bytes.concat(other, own);
    if (dialler) {
      check(in.bytes(PROOF, "proof"), BY_DIALLED);
      in.end();
      return Optional.of(derived(BY_DIALLER));
    }
    in.end();
    return Optional.of(Bytes.concat(first(), derived(BY_DIALLED)));
  }

  /** Whether the other side knows the secret. */
  boolean isProven() {
    return proven;
  }

  /** The id of the other side. */
  Bytes far() {
    if (far == null) {
      throw new IllegalStateException("the other side has not said");
    }
    return far;
  }

  boolean isDialler() {
    return dialler;
  }

  /** For frames that go out. */
  LinkSeal sending() {
    return new LinkSeal(derived(dialler ? FROM_DIALLER : FROM_DIALLED));
  }

  /** For frames that come in. */
  LinkSeal receiving() {
    return new LinkSeal(derived(dialler ? FROM_DIALLED : FROM_DIALLER));
  }

  private void check(Bytes proof, String label) throws MalformedFrameException {
    if (!proof.equalsInConstantTime(derived(label))) {
      throw new MalformedFrameException("proof");
    }
    proven = true;
  }

  private Bytes derived(String label) {
    if (transcript == null) {
      throw new IllegalStateException("too early");
    }
    return secret.derive(label, transcript, PROOF);
  }
}
