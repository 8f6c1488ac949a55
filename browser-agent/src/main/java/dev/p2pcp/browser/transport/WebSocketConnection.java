package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.Socket;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.Transport.Listener;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.typedarrays.ArrayBuffer;

/**
 * One open connection. The browser tells nobody when its buffer drains, so while senders wait a
 * timer looks, at growing intervals; it sends what waits in its order.
 */
final class WebSocketConnection implements Transport.Connection {
  /** Senders that may wait for the buffer to drain. */
  private static final int WAITING_LIMIT = 1_024;

  /** Milliseconds between two looks at the buffer: at first, and at most. */
  private static final int FIRST_LOOK = 1;

  private static final int LAST_LOOK = 32;

  /** Milliseconds that a sender waits while nothing at all leaves. */
  private static final int STUCK_MILLIS = 60_000;

  /** Closing codes (RFC 6455, section 7.4.1). */
  private static final int NORMAL = 1000;

  // The browser lets a page close with 1000 and 3000 to 4999 only.
  private static final int NOT_BINARY = 4003;
  private static final int TOO_BIG = 4009;

  private final Socket socket;
  private final Listener listener;
  private final Tasks tasks;
  private final Pending<String> opened;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private boolean closed;
  private int look = FIRST_LOOK;
  private int stuckMillis;

  /** A message whose sender waits: for an empty text when it was sent, else for why not. */
  private record Waiting(Bytes message, Pending<String> outcome) {}

  WebSocketConnection(Socket socket, Listener listener, Tasks tasks) {
    this.socket = socket;
    this.listener = listener;
    this.tasks = tasks;
    this.opened = tasks.pending();
    socket.setOnopen(() -> opened.complete(""));
    socket.setOnmessage(message -> received(message.bytes()));
    socket.setOnclose(
        closing -> {
          String why =
              closing.getReason().isEmpty() ? "code " + closing.getCode() : closing.getReason();
          if (!opened.complete(why)) {
            ended(why);
          }
        });
  }

  /** Suspends until the connection stands; the listener hears nothing of one that never did. */
  void awaitOpen(Deadline deadline) throws LinkException {
    Optional<String> outcome = opened.await(deadline);
    if (outcome.isPresent() && outcome.get().isEmpty()) {
      return;
    }
    closed = true;
    silence();
    socket.close(NORMAL);
    throw new LinkException(
        outcome.map(why -> "no connection: " + why).orElse("no connection in time"));
  }

  @Override
  public void send(Bytes message) throws LinkException {
    if (message.length() > Transport.MAX_MESSAGE) {
      fail(TOO_BIG, "a message over the limit was to be sent");
    }
    if (closed) {
      throw new LinkException("connection is closed");
    }
    if (waiting.isEmpty() && socket.getBufferedAmount() <= HIGH_WATER) {
      socket.send(Binary.view(message));
      return;
    }
    if (waiting.size() >= WAITING_LIMIT) {
      throw new LinkException("too many messages wait to be sent");
    }
    Waiting own = new Waiting(message, tasks.pending());
    waiting.addLast(own);
    if (waiting.size() == 1) {
      look = FIRST_LOOK;
      stuckMillis = 0;
      Turns.after(this::drain, look);
    }
    String why =
        own.outcome().await(Deadline.NEVER).orElseThrow(() -> new LinkException("never sent"));
    if (!why.isEmpty()) {
      throw new LinkException(why);
    }
  }

  @Override
  public void close() {
    closeWith(NORMAL, "closed here");
  }

  private void drain() {
    if (closed) {
      return;
    }
    boolean moved = false;
    while (!waiting.isEmpty() && socket.getBufferedAmount() <= HIGH_WATER) {
      Waiting next = waiting.removeFirst();
      socket.send(Binary.view(next.message()));
      next.outcome().complete("");
      moved = true;
    }
    if (waiting.isEmpty()) {
      return;
    }
    stuckMillis = moved ? 0 : stuckMillis + look;
    if (stuckMillis > STUCK_MILLIS) {
      closeWith(NORMAL, "the server takes nothing");
      return;
    }
    look = moved ? FIRST_LOOK : Math.min(2 * look, LAST_LOOK);
    Turns.after(this::drain, look);
  }

  private void received(@Nullable ArrayBuffer message) {
    if (closed) {
      return;
    }
    if (message == null) {
      closeWith(NOT_BINARY, "the server sent text");
    } else if (message.getByteLength() > Transport.MAX_MESSAGE) {
      closeWith(TOO_BIG, "the server sent a message over the limit");
    } else {
      listener.received(Binary.bytes(message));
    }
  }

  private void fail(int code, String why) throws LinkException {
    closeWith(code, why);
    throw new LinkException(why);
  }

  private void closeWith(int code, String why) {
    if (closed) {
      return;
    }
    silence();
    socket.close(code);
    // The peer's answer may never come; the listener need not wait for it, but must not be called
    // from within.
    closed = true;
    Turns.next(() -> tell(why));
  }

  private void ended(String why) {
    if (!closed) {
      closed = true;
      tell(why);
    }
  }

  private void tell(String why) {
    while (!waiting.isEmpty()) {
      waiting.removeFirst().outcome().complete(why);
    }
    listener.closed(why);
  }

  private void silence() {
    socket.setOnopen(() -> {});
    socket.setOnmessage(message -> {});
    socket.setOnclose(closing -> {});
  }
}
