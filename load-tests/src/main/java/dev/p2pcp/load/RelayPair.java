package dev.p2pcp.load;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.load.peer.FrameSocket;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import dev.p2pcp.wire.TunnelFrame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Two ends of a relay: one opens streams of {@link #STREAM} bytes, the other takes them in, gives
 * credit and answers with one byte. What they say is the same whether an index server stands
 * between them or a pipe.
 */
final class RelayPair implements AutoCloseable {
  /** Messages of a stream, as large as the protocol has them. */
  private static final int MESSAGES = 4;

  /** Bytes of a stream. */
  static final int STREAM = MESSAGES * Limits.DATA;

  /** Streams under way at once, unless they are paced. */
  private static final int WINDOW = 4;

  private static final Bytes ANSWER = Bytes.wrap(new byte[1]);

  private final FrameSocket sender;
  private final FrameSocket receiver;
  private final PeerId target;
  private final byte[] payload = new byte[Limits.DATA];
  private final Map<Long, Integer> sentMessages = new HashMap<>();
  private long nextStream;

  /** Nanoseconds from the sending of a message until it was read; written by the receiver. */
  private volatile Histogram latency = new Histogram(3);

  RelayPair(FrameSocket sender, FrameSocket receiver, PeerId target) {
    this.sender = sender;
    this.receiver = receiver;
    this.target = target;
  }

  /** Takes in what comes until the connection ends. */
  void receive() throws IOException {
    while (true) {
      switch (next(receiver)) {
        case TunnelFrame.Data data -> {
          latency.recordValue(
              Math.max(
                  0,
                  System.nanoTime()
                      - ByteBuffer.wrap(data.bytes().slice(0, 8).toArray()).getLong()));
          receiver.send(
              FrameCodec.encode(
                  data.last()
                      ? new TunnelFrame.Data(data.stream(), true, ANSWER)
                      : new TunnelFrame.Credit(data.stream(), data.bytes().length())));
        }
        case TunnelFrame.Close close -> throw new IOException("closed with " + close.code());
        default -> {}
      }
    }
  }

  /**
   * Sends so many streams: as fast as it goes, or, if the pause is not 0, one after each pause of
   * so many nanoseconds.
   */
  void send(int streams, long pause) throws IOException {
    int opened = 0;
    int answered = 0;
    long due = System.nanoTime();
    while (answered < streams) {
      boolean mayOpen = opened < streams && opened - answered < (pause == 0 ? WINDOW : 1);
      if (mayOpen) {
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        due += pause;
        open();
        opened++;
      } else {
        answered += progress() ? 1 : 0;
      }
    }
  }

  /** What was measured since the last call. */
  Histogram latencies() {
    Histogram measured = latency;
    latency = new Histogram(3);
    return measured;
  }

  private void open() throws IOException {
    long stream = nextStream;
    nextStream = nextStream + 2 & 0xffff_ffffL;
    sentMessages.put(stream, 0);
    sender.send(FrameCodec.encode(new TunnelFrame.Open(stream, target)));
    // The first credit is for two messages and a bit.
    message(stream);
    message(stream);
  }

  private void message(long stream) throws IOException {
    int number = sentMessages.merge(stream, 1, Integer::sum);
    byte[] bytes = payload.clone();
    ByteBuffer.wrap(bytes).putLong(System.nanoTime());
    sender.send(
        FrameCodec.encode(new TunnelFrame.Data(stream, number == MESSAGES, Bytes.wrap(bytes))));
  }

  /** Reads one frame; whether a stream is over by it. */
  private boolean progress() throws IOException {
    switch (next(sender)) {
      case TunnelFrame.Credit credit -> {
        if (sentMessages.getOrDefault(credit.stream(), MESSAGES) < MESSAGES) {
          message(credit.stream());
        }
        return false;
      }
      case TunnelFrame.Data answer -> {
        sentMessages.remove(answer.stream());
        return true;
      }
      case TunnelFrame.Close close -> throw new IOException("closed with " + close.code());
      case SessionFrame.GoAway goAway -> throw new IOException(goAway.toString());
      default -> {
        return false;
      }
    }
  }

  private static Frame next(FrameSocket socket) throws IOException {
    try {
      return FrameCodec.decodeMessage(socket.read());
    } catch (MalformedFrameException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    sender.close();
    receiver.close();
  }
}
