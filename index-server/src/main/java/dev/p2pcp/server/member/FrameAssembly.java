package dev.p2pcp.server.member;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a connection brings into frames, each after its length in four bytes. A frame is copied
 * once, from the connection's buffers to an array of its own.
 */
final class FrameAssembly {
  private int digits;
  private int length;
  private byte @Nullable [] frame;
  private int filled;

  /**
   * Takes up to one whole frame out of the buffer; empty if its rest is yet to come.
   *
   * @throws MalformedFrameException if a frame is empty or longer than the limit
   */
  Optional<Bytes> next(ByteBuf in, int limit) throws MalformedFrameException {
    while (frame == null && in.isReadable()) {
      length = length << Byte.SIZE | in.readUnsignedByte();
      digits++;
      if (digits == Integer.BYTES) {
        if (length < 1 || length > limit) {
          throw new MalformedFrameException("length");
        }
        frame = new byte[length];
      }
    }
    if (frame == null) {
      return Optional.empty();
    }
    int count = Math.min(in.readableBytes(), length - filled);
    in.readBytes(frame, filled, count);
    filled += count;
    return filled < length ? Optional.empty() : Optional.of(finished(frame));
  }

  private Bytes finished(byte[] whole) {
    frame = null;
    digits = 0;
    length = 0;
    filled = 0;
    return Bytes.wrap(whole);
  }
}
