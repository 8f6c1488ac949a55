package dev.p2pcp.wire;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;

/**
 * Writes and reads frames: {@code u8 type ‖ body}. Every frame has exactly one encoding; anything
 * else is refused. Messages between agent and index server are session and tunnel frames, those
 * inside a tunnel stream are peer frames.
 */
public final class FrameCodec {
  /** Of the group of topics, what agents say to each other begins here. */
  private static final int FIRST_BETWEEN_AGENTS = 0x78;

  private FrameCodec() {}

  /**
   * The frame's bytes.
   *
   * @throws IllegalArgumentException if they are more than the other side may accept
   */
  public static Bytes encode(Frame frame) {
    ByteWriter writer = new ByteWriter(256).u8(frame.type().number());
    switch (frame) {
      case SessionFrame session -> SessionCodec.write(session, writer);
      case TunnelFrame tunnel -> TunnelCodec.write(tunnel, writer);
      case PeerFrame peer -> PeerCodec.write(peer, writer);
      case ChannelFrame channel -> ChannelCodec.write(channel, writer);
    }
    if (writer.length() > (frame instanceof PeerFrame ? Limits.PEER_FRAME : Limits.MESSAGE)) {
      throw new IllegalArgumentException(frame.type() + " over the limit");
    }
    return writer.toBytes();
  }

  /**
   * Decodes a message between agent and index server.
   *
   * @throws MalformedFrameException if it is over {@link Limits#MESSAGE} or not canonical
   */
  public static Frame decodeMessage(Bytes message) throws MalformedFrameException {
    Frame frame = decode(message, Limits.MESSAGE);
    if (frame instanceof PeerFrame || frame instanceof ChannelFrame) {
      throw new MalformedFrameException("frame type");
    }
    return frame;
  }

  /**
   * Decodes a message in a direct channel: a channel frame or a tunnel frame.
   *
   * @throws MalformedFrameException if it is over {@link Limits#MESSAGE} or not canonical
   */
  public static Frame decodeChannel(Bytes message) throws MalformedFrameException {
    Frame frame = decode(message, Limits.MESSAGE);
    if (frame instanceof ChannelFrame || frame instanceof TunnelFrame) {
      return frame;
    }
    throw new MalformedFrameException("frame type");
  }

  /**
   * Decodes what one agent sent another.
   *
   * @throws MalformedFrameException if it is over {@link Limits#PEER_FRAME} or not canonical
   */
  public static PeerFrame decodePeer(Bytes message) throws MalformedFrameException {
    if (decode(message, Limits.PEER_FRAME) instanceof PeerFrame peer) {
      return peer;
    }
    throw new MalformedFrameException("frame type");
  }

  private static Frame decode(Bytes message, int limit) throws MalformedFrameException {
    if (message.length() > limit) {
      throw new MalformedFrameException("message length");
    }
    ByteReader reader = new ByteReader(message);
    FrameType type = FrameType.of(reader.u8("frame type"));
    Frame frame =
        switch (type.number() >> 4) {
          case 0, 1, 2 -> SessionCodec.read(type, reader);
          case 3 -> TunnelCodec.read(type, reader);
          case 6 -> ChannelCodec.read(type, reader);
          case 7 ->
              type.number() < FIRST_BETWEEN_AGENTS
                  ? SessionCodec.read(type, reader)
                  : PeerCodec.read(type, reader);
          default -> PeerCodec.read(type, reader);
        };
    reader.end();
    return frame;
  }
}
