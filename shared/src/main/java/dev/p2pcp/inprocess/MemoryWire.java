package dev.p2pcp.inprocess;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Transport;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The way from a server to one agent: in order, one message at a time, closed at last. */
final class MemoryWire {
  private final Tasks tasks;
  private final Transport.Listener listener;
  private final Deque<Bytes> queue = new ArrayDeque<>();
  private @Nullable String closed;
  private boolean delivering;

  MemoryWire(Tasks tasks, Transport.Listener listener) {
    this.tasks = tasks;
    this.listener = listener;
  }

  synchronized void send(Bytes message) {
    if (closed == null && listener instanceof PromptListener) {
      listener.received(message);
    } else if (closed == null) {
      queue.add(message);
      deliverSoon();
    }
  }

  synchronized void close(String why) {
    if (closed == null) {
      closed = why;
      if (listener instanceof PromptListener) {
        listener.closed(why);
      } else {
        deliverSoon();
      }
    }
  }

  private void deliverSoon() {
    if (!delivering) {
      delivering = true;
      tasks.spawn("wire", this::deliver);
    }
  }

  private void deliver() {
    while (true) {
      Bytes message;
      synchronized (this) {
        message = queue.poll();
        if (message == null && closed == null) {
          delivering = false;
          return;
        }
      }
      if (message == null) {
        // Stays delivering, so that nothing follows.
        listener.closed(String.valueOf(closed));
        return;
      }
      listener.received(message);
    }
  }
}
