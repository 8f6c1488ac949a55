package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.TunnelFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Links to other agents through an index server: each call is one stream that carries a request
 * there and a reply back, then ends by itself. {@link #received} never suspends; requests from afar
 * are answered by tasks of their own.
 */
public final class Tunnel {
  /** Calls that may be under way from here; the others wait. */
  private static final int CALLS = Limits.STREAMS / 2;

  /** Requests from afar that may be under way; more are refused. */
  private static final int ANSWERS = Limits.STREAMS / 2;

  /** Time to receive a request and send its reply, in milliseconds. */
  private static final long ANSWER_TIME = 30_000;

  private final Platform platform;
  private final FrameSink sink;
  private final PeerHandler handler;
  private final Gate calls;
  private final Map<Long, TunnelStream> streams = new HashMap<>();
  private long nextStream;
  private int answering;
  private boolean closed;

  public Tunnel(Platform platform, FrameSink sink, PeerHandler handler) {
    this(platform, sink, handler, 0);
  }

  /** Its own streams have numbers as even or odd as the first. */
  Tunnel(Platform platform, FrameSink sink, PeerHandler handler, int first) {
    this.nextStream = first;
    this.platform = platform;
    this.sink = sink;
    this.handler = handler;
    this.calls = new Gate(platform.tasks(), CALLS);
  }

  /** A link to the peer; whether it is there shows with the first call. */
  public Link to(PeerId peer) {
    return new Link() {
      @Override
      public PeerId peer() {
        return peer;
      }

      @Override
      public PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline)
          throws LinkException {
        if (!calls.enter(deadline)) {
          throw new LinkException("no free stream in time");
        }
        try {
          return callNow(peer, request, deadline);
        } finally {
          calls.leave();
        }
      }
    };
  }

  /** Takes a frame from the index server. Never suspends. */
  public void received(TunnelFrame frame) {
    TunnelStream stream = find(frame.stream());
    switch (frame) {
      case TunnelFrame.Open open -> opened(open, stream);
      case TunnelFrame.Data data -> {
        int credit = stream == null ? 0 : stream.data(data);
        if (credit > 0) {
          sendAside(new TunnelFrame.Credit(data.stream(), credit));
        }
      }
      case TunnelFrame.Credit credit -> {
        if (stream != null) {
          stream.credit(credit.bytes());
        }
      }
      case TunnelFrame.Close close -> {
        if (stream != null) {
          forget(stream);
          stream.fail("closed with " + close.code(), close.code() == Refusal.BUSY);
        }
      }
    }
  }

  /** The way to the index server is gone: all calls fail. Never suspends. */
  public void closed() {
    List<TunnelStream> open;
    synchronized (this) {
      closed = true;
      open = List.copyOf(streams.values());
      streams.clear();
    }
    open.forEach(stream -> stream.fail("connection lost"));
  }

  /** Nothing comes through for now: all that is under way fails. Never suspends. */
  void interrupted(String why) {
    List<TunnelStream> open;
    synchronized (this) {
      open = List.copyOf(streams.values());
    }
    open.forEach(stream -> stream.fail(why));
  }

  private PeerFrame.Reply callNow(PeerId peer, PeerFrame.Request request, Deadline deadline)
      throws LinkException {
    TunnelStream stream = begin();
    try {
      sink.send(new TunnelFrame.Open(stream.id(), peer));
      stream.send(FrameCodec.encode(request), sink, deadline);
      Bytes message = stream.await(deadline);
      forget(stream);
      if (FrameCodec.decodePeer(message) instanceof PeerFrame.Reply reply) {
        return reply;
      }
      throw new LinkException("not a reply");
    } catch (MalformedFrameException e) {
      throw new LinkException("malformed reply: " + e.getMessage());
    } catch (LinkException e) {
      abandon(stream, Refusal.TOO_SLOW);
      throw e;
    }
  }

  private void opened(TunnelFrame.Open open, @Nullable TunnelStream known) {
    TunnelStream stream;
    synchronized (this) {
      if (known != null || closed) {
        return;
      }
      if (answering >= ANSWERS) {
        sendAside(new TunnelFrame.Close(open.stream(), Refusal.BUSY));
        return;
      }
      answering++;
      stream = new TunnelStream(open.stream(), platform);
      streams.put(open.stream(), stream);
    }
    platform.tasks().spawn("answer", () -> answer(stream, open.peer()));
  }

  private void answer(TunnelStream stream, PeerId from) {
    Deadline deadline = platform.deadline(ANSWER_TIME);
    try {
      PeerFrame.Reply reply = replyTo(from, stream.await(deadline));
      stream.send(FrameCodec.encode(reply), sink, deadline);
      forget(stream);
    } catch (LinkException e) {
      abandon(stream, Refusal.TOO_SLOW);
    } finally {
      synchronized (this) {
        answering--;
      }
    }
  }

  private PeerFrame.Reply replyTo(PeerId from, Bytes message) {
    try {
      if (FrameCodec.decodePeer(message) instanceof PeerFrame.Request request) {
        return handler.answer(from, request);
      }
      return new PeerFrame.Denied(Refusal.of(Refusal.OUT_OF_ORDER, "not a request"));
    } catch (MalformedFrameException e) {
      return new PeerFrame.Denied(
          Refusal.of(Refusal.MALFORMED, "malformed request: " + e.getMessage()));
    }
  }

  private synchronized TunnelStream begin() throws LinkException {
    if (closed) {
      throw new LinkException("connection lost");
    }
    do {
      nextStream = (nextStream + 2) % 0x1_0000_0000L;
    } while (streams.containsKey(nextStream));
    TunnelStream stream = new TunnelStream(nextStream, platform);
    streams.put(nextStream, stream);
    return stream;
  }

  /** Tells the other side to stop, if it does not know already. */
  private void abandon(TunnelStream stream, int code) {
    if (forget(stream)) {
      sendAside(new TunnelFrame.Close(stream.id(), code));
    }
  }

  private synchronized boolean forget(TunnelStream stream) {
    return streams.remove(stream.id(), stream);
  }

  private synchronized @Nullable TunnelStream find(long id) {
    return streams.get(id);
  }

  /** Sends from where nothing may suspend; if the connection is gone, there is nobody to tell. */
  private void sendAside(TunnelFrame frame) {
    platform
        .tasks()
        .spawn(
            "tunnel control",
            () -> {
              try {
                sink.send(frame);
              } catch (LinkException e) {
                closed();
              }
            });
  }
}
