package dev.p2pcp.wire;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;

/**
 * Streams between two agents through the index server, which reads these envelopes and never what
 * they carry. A stream carries one {@link PeerFrame} each way. Its number is chosen by the side
 * that opens it: even by the agent, odd by the server. A stream ends by itself when {@code last}
 * has passed in both directions; {@link Close} ends it before that.
 */
public sealed interface TunnelFrame extends Frame {
  long stream();

  /** From the agent: to whom. From the server: from whom; zeros if from the server itself. */
  record Open(long stream, PeerId peer) implements TunnelFrame {
    @Override
    public FrameType type() {
      return FrameType.OPEN;
    }
  }

  /** Bytes in order; {@code last} ends this direction. */
  record Data(long stream, boolean last, Bytes bytes) implements TunnelFrame {
    @Override
    public FrameType type() {
      return FrameType.DATA;
    }
  }

  /** The other side may send so many bytes more. */
  record Credit(long stream, int bytes) implements TunnelFrame {
    @Override
    public FrameType type() {
      return FrameType.CREDIT;
    }
  }

  /** The stream is over in both directions before all was said; the code is a refusal code. */
  record Close(long stream, int code) implements TunnelFrame {
    @Override
    public FrameType type() {
      return FrameType.CLOSE;
    }
  }
}
