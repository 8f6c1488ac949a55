package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.DeviceCertificate;

/** Layouts of the first frames in a channel, each field in the order of its record. */
final class ChannelCodec {
  private ChannelCodec() {}

  static void write(ChannelFrame frame, ByteWriter writer) {
    switch (frame) {
      case ChannelFrame.Greet f -> writer.bytes(f.nonce());
      case ChannelFrame.Prove f -> {
        f.certificate().write(writer);
        writer.bytes(f.signature().bytes());
      }
    }
  }

  static ChannelFrame read(FrameType type, ByteReader in) throws MalformedFrameException {
    return switch (type) {
      case GREET -> new ChannelFrame.Greet(in.bytes(ChannelFrame.NONCE_LENGTH, "nonce"));
      case PROVE ->
          new ChannelFrame.Prove(DeviceCertificate.read(in), Signature.read(in, "signature"));
      default -> throw new MalformedFrameException("frame type");
    };
  }
}
