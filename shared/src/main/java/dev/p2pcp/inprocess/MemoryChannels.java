package dev.p2pcp.inprocess;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectChannel;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Signal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Channels between agents of this process. They can be cut or interrupted all at once, and a place
 * where none come up can be made of them.
 */
public final class MemoryChannels implements Channels {
  /** Opened in all. */
  public static final int MOST = 10_000;

  private final Tasks tasks;
  private final Map<String, End> ends = new HashMap<>();
  private boolean blocked;
  private int made;

  public MemoryChannels(Tasks tasks) {
    this.tasks = tasks;
  }

  @Override
  public synchronized int left() {
    return MOST - made;
  }

  /** Channels that are open now. */
  public synchronized int open() {
    return (int) ends.values().stream().filter(end -> end.other != null).count() / 2;
  }

  /** Ends of channels that were begun so far. */
  public synchronized int made() {
    return made;
  }

  /** No channel comes up from now on, or they do again. */
  public synchronized void block(boolean yes) {
    blocked = yes;
  }

  /** Ends all that are there. */
  public void cut() {
    List<End> all;
    synchronized (this) {
      all = new ArrayList<>(ends.values());
    }
    all.forEach(End::close);
  }

  /** Loses what is under way, and all that follows until it is resumed. */
  public void interrupt(boolean yes) {
    List<End> all;
    synchronized (this) {
      all = new ArrayList<>(ends.values());
    }
    all.forEach(end -> end.interrupt(yes));
  }

  @Override
  public DirectChannel open(Setup setup, DirectChannel.Listener listener) {
    synchronized (this) {
      String name = "memory:" + made++;
      End end = new End(name, listener);
      ends.put(name, end);
      return end;
    }
  }

  private synchronized @Nullable End find(String name) {
    return blocked ? null : ends.get(name);
  }

  private synchronized void remove(String name) {
    ends.remove(name);
  }

  /** One end; what it hears comes by one task at a time. */
  private final class End implements DirectChannel {
    private final String name;
    private final Listener listener;
    private final Deque<Runnable> events = new ArrayDeque<>();
    private volatile @Nullable End other;
    private boolean telling;
    private boolean closed;
    private boolean silent;
    private int waiting;

    End(String name, Listener listener) {
      this.name = name;
      this.listener = listener;
    }

    @Override
    public void offer(boolean again) {
      tell(() -> listener.signal(new Signal.Offer(name)));
    }

    @Override
    public void signal(Signal from) {
      switch (from) {
        case Signal.Offer offer -> {
          if (other == null) {
            meet(find(offer.description()));
          }
          tell(() -> listener.signal(new Signal.Answer(name)));
        }
        case Signal.Answer answer -> {
          if (other == null) {
            meet(find(answer.description()));
          }
        }
        case Signal.Candidates candidates -> {}
        case Signal.No no -> close();
      }
    }

    @Override
    public synchronized int waiting() {
      return waiting;
    }

    @Override
    public void send(Bytes message) throws LinkException {
      End to = other;
      if (to == null || message.length() > MAX_MESSAGE) {
        throw new LinkException("channel is closed");
      }
      synchronized (this) {
        if (closed) {
          throw new LinkException("channel is closed");
        }
        waiting += message.length();
      }
      to.tell(
          () -> {
            if (!to.silent) {
              to.listener.received(message);
            }
            left(message.length());
          });
    }

    @Override
    public void close() {
      End to = other;
      end("closed here");
      if (to != null) {
        to.end("closed there");
      }
    }

    void interrupt(boolean yes) {
      silent = yes;
      if (other != null) {
        tell(yes ? listener::interrupted : listener::resumed);
      }
    }

    private void meet(@Nullable End found) {
      if (found == null) {
        return;
      }
      other = found;
      tell(() -> listener.opened(new Binding(mark(name), mark(found.name), false)));
    }

    private void left(int bytes) {
      boolean drained;
      synchronized (this) {
        boolean above = waiting > LOW_WATER;
        waiting -= bytes;
        drained = above && waiting <= LOW_WATER;
      }
      if (drained) {
        tell(listener::drained);
      }
    }

    private void end(String why) {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
        events.clear();
      }
      remove(name);
      other = null;
      tellLast(() -> listener.closed(why));
    }

    private void tell(Runnable event) {
      synchronized (this) {
        if (closed) {
          return;
        }
      }
      tellLast(event);
    }

    private void tellLast(Runnable event) {
      synchronized (this) {
        events.add(event);
        if (telling) {
          return;
        }
        telling = true;
      }
      tasks.spawn("channel", this::tellAll);
    }

    private void tellAll() {
      while (true) {
        Runnable next;
        synchronized (this) {
          next = events.poll();
          if (next == null) {
            telling = false;
            return;
          }
        }
        next.run();
      }
    }
  }

  private static Bytes mark(String name) {
    return Sha256.hash(new ByteWriter().bytes16(Bytes.utf8(name)).toBytes()).bytes();
  }
}
