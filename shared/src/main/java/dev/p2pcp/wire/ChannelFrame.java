package dev.p2pcp.wire;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.DeviceCertificate;

/** The first words of each side in a direct channel, before tunnel frames. */
public sealed interface ChannelFrame extends Frame {
  /** Bytes of a greeting's nonce. */
  int NONCE_LENGTH = 32;

  /** What the other side is to sign. */
  record Greet(Bytes nonce) implements ChannelFrame {
    @Override
    public FrameType type() {
      return FrameType.GREET;
    }
  }

  /** Who is here, by a signature under {@code Domain.CHANNEL} over both greetings. */
  record Prove(DeviceCertificate certificate, Signature signature) implements ChannelFrame {
    @Override
    public FrameType type() {
      return FrameType.PROVE;
    }
  }
}
