package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;

/** Layouts of the tunnel frames: {@code stream u32}, then the fields of the record. */
final class TunnelCodec {
  private TunnelCodec() {}

  static void write(TunnelFrame frame, ByteWriter writer) {
    writer.u32(frame.stream());
    switch (frame) {
      case TunnelFrame.Open f -> writer.bytes(f.peer().bytes());
      case TunnelFrame.Data f -> writer.u8(f.last() ? 1 : 0).bytes(f.bytes());
      case TunnelFrame.Credit f -> writer.u32(f.bytes());
      case TunnelFrame.Close f -> writer.u16(f.code());
    }
  }

  static TunnelFrame read(FrameType type, ByteReader in) throws MalformedFrameException {
    long stream = in.u32("stream");
    return switch (type) {
      case OPEN -> new TunnelFrame.Open(stream, PeerId.read(in, "peer"));
      case DATA -> readData(stream, in);
      case CREDIT -> {
        int bytes = in.count(Limits.CREDIT, "credit");
        if (bytes == 0) {
          throw new MalformedFrameException("credit");
        }
        yield new TunnelFrame.Credit(stream, bytes);
      }
      case CLOSE -> new TunnelFrame.Close(stream, in.u16("code"));
      default -> throw new MalformedFrameException("frame type");
    };
  }

  private static TunnelFrame readData(long stream, ByteReader in) throws MalformedFrameException {
    int flags = in.u8("flags");
    Bytes bytes = in.rest();
    if (flags > 1 || bytes.isEmpty() || bytes.length() > Limits.DATA) {
      throw new MalformedFrameException("data");
    }
    return new TunnelFrame.Data(stream, flags == 1, bytes);
  }
}
