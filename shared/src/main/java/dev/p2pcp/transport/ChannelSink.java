package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Sends the frames of many streams over one channel so that none waits for another's block: each
 * stream has one frame waiting at most, they leave in turn, and what is short goes first. Little is
 * given to the channel at a time, since what it has can't be overtaken any more.
 */
final class ChannelSink implements FrameSink {
  /** Bytes that the channel has before long frames wait. */
  static final int HIGH_WATER = 256 * 1024;

  /** Frames up to this length go first, in bytes. */
  static final int SHORT = 2 * 1024;

  /** Bytes that the channel has before short ones wait too. */
  private static final int LAST_WATER = 2 * HIGH_WATER;

  /** Frames that may wait; a tunnel's streams have one each, and a few credits. */
  private static final int WAITING = 1_024;

  private final Tasks tasks;
  private final DirectChannel channel;
  private final Deque<Waiting> shortOnes = new ArrayDeque<>();
  private final Deque<Waiting> longOnes = new ArrayDeque<>();
  private boolean closed;

  /** For an empty text when it was sent, else for why not. */
  private record Waiting(Bytes message, Pending<String> outcome) {}

  ChannelSink(Tasks tasks, DirectChannel channel) {
    this.tasks = tasks;
    this.channel = channel;
  }

  @Override
  public void send(Frame frame) throws LinkException {
    Bytes message = FrameCodec.encode(frame);
    boolean isShort = message.length() <= SHORT;
    Waiting own;
    synchronized (this) {
      Deque<Waiting> lane = isShort ? shortOnes : longOnes;
      if (closed) {
        throw new LinkException("channel is closed");
      }
      if (lane.isEmpty() && channel.waiting() <= (isShort ? LAST_WATER : HIGH_WATER)) {
        channel.send(message);
        return;
      }
      if (lane.size() >= WAITING) {
        throw new LinkException("too much waits to be sent");
      }
      own = new Waiting(message, tasks.pending());
      lane.add(own);
    }
    String why = own.outcome().await(Deadline.NEVER).orElse("never sent");
    if (!why.isEmpty()) {
      throw new LinkException(why);
    }
  }

  /** There is room again. Never suspends. */
  synchronized void drained() {
    while (!closed && !shortOnes.isEmpty() && channel.waiting() <= LAST_WATER) {
      sendNext(shortOnes);
    }
    while (!closed && !longOnes.isEmpty() && channel.waiting() <= HIGH_WATER) {
      sendNext(longOnes);
    }
  }

  /** The channel is gone: who waits need not any more. Never suspends. */
  synchronized void closed(String why) {
    closed = true;
    fail(shortOnes, why);
    fail(longOnes, why);
  }

  private void sendNext(Deque<Waiting> lane) {
    @Nullable Waiting next = lane.poll();
    if (next != null) {
      try {
        channel.send(next.message());
        next.outcome().complete("");
      } catch (LinkException e) {
        next.outcome().complete(String.valueOf(e.getMessage()));
      }
    }
  }

  private static void fail(Deque<Waiting> lane, String why) {
    lane.forEach(waiting -> waiting.outcome().complete(why));
    lane.clear();
  }
}
