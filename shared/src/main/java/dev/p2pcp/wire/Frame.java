package dev.p2pcp.wire;

/** Anything that is sent: {@code u8 type ‖ body}. See {@link FrameCodec} for the layouts. */
public sealed interface Frame permits SessionFrame, TunnelFrame, PeerFrame, ChannelFrame {
  FrameType type();
}
