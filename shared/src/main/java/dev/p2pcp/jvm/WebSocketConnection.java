package dev.p2pcp.jvm;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import java.io.ByteArrayOutputStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket. A virtual thread sends what waits, as the JDK's WebSocket takes one message at a
 * time; the listener is called under a lock of its own, one call at a time, and hears nothing after
 * {@code closed}.
 *
 * <p>Lock order: {@code hearing} and {@code sending} are never held together.
 */
final class WebSocketConnection implements Transport.Connection, WebSocket.Listener {
  /** How long the other side may take to answer a close, in milliseconds. */
  private static final long CLOSE_PATIENCE = 2_000;

  private static final int TOO_BIG = 1009;
  private static final int UNSUPPORTED = 1003;

  private final Transport.Listener listener;
  private final ReentrantLock hearing = new ReentrantLock();
  private boolean heardLast;
  private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

  private final ReentrantLock sending = new ReentrantLock();
  private final Condition changed = sending.newCondition();
  private final Deque<Bytes> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean closing;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  WebSocketConnection(Transport.Listener listener) {
    this.listener = listener;
  }

  /** Begins to send and to hear; to be called once the socket is open. */
  void start(WebSocket socket) {
    Thread.ofVirtual().name("websocket-sender").start(() -> sendWaiting(socket));
    Thread.ofVirtual().name("websocket-end").start(() -> abortWhenOver(socket));
    socket.request(1);
  }

  // Nothing is asked for yet, so that the listener hears nothing before its connection exists.
  @Override
  public void onOpen(WebSocket socket) {}

  @Override
  public void send(Bytes message) throws LinkException {
    if (message.length() > Transport.MAX_MESSAGE) {
      throw new IllegalArgumentException(
          "a message has at most " + Transport.MAX_MESSAGE + " bytes");
    }
    sending.lock();
    try {
      while (!closing && waitingBytes > HIGH_WATER) {
        changed.awaitUninterruptibly();
      }
      if (closing) {
        throw new LinkException("the connection is closed");
      }
      waiting.add(message);
      waitingBytes += message.length();
      changed.signalAll();
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() {
    stopSending();
    // In a thread of its own: the caller may be the listener, which must not be called in the
    // middle of a call.
    Thread.ofVirtual().name("websocket-close").start(() -> hearLast("closed here"));
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    if (partial.size() + data.remaining() > Transport.MAX_MESSAGE) {
      fail(socket, TOO_BIG, "a message was too long");
      return null;
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    partial.writeBytes(bytes);
    if (last) {
      Bytes message = Bytes.wrap(partial.toByteArray());
      partial.reset();
      hear(message);
    }
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    fail(socket, UNSUPPORTED, "a text message came");
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    end("closed by the server, status " + status);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    end("broken: " + error);
  }

  private void fail(WebSocket socket, int status, String why) {
    // The close frame is a courtesy; the connection is over whether or not it can be sent.
    var _ = socket.sendClose(status, why).whenComplete((sent, error) -> socket.abort());
    end(why);
  }

  private void end(String why) {
    closed.countDown();
    stopSending();
    hearLast(why);
  }

  private void stopSending() {
    sending.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      sending.unlock();
    }
  }

  private void hear(Bytes message) {
    hearing.lock();
    try {
      if (!heardLast) {
        listener.received(message);
      }
    } finally {
      hearing.unlock();
    }
  }

  private void hearLast(String why) {
    hearing.lock();
    try {
      if (!heardLast) {
        heardLast = true;
        listener.closed(why);
      }
    } finally {
      hearing.unlock();
    }
  }

  // A send that the other side never takes would otherwise wait for ever.
  private void abortWhenOver(WebSocket socket) {
    sending.lock();
    try {
      while (!closing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      sending.unlock();
    }
    try {
      boolean _ = finished.await(2 * CLOSE_PATIENCE, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      socket.abort();
    }
  }

  // Sends until closed and empty, then closes the socket, at first politely.
  private void sendWaiting(WebSocket socket) {
    try {
      for (Bytes next = next(); next != null; next = next()) {
        socket.sendBinary(ByteBuffer.wrap(next.unsafeArray()), true).toCompletableFuture().join();
        sent(next);
      }
      socket
          .sendClose(WebSocket.NORMAL_CLOSURE, "")
          .toCompletableFuture()
          .orTimeout(CLOSE_PATIENCE, TimeUnit.MILLISECONDS)
          .join();
      boolean _ = closed.await(CLOSE_PATIENCE, TimeUnit.MILLISECONDS);
    } catch (CompletionException e) {
      end("broken: " + e.getCause());
    } catch (InterruptedException e) {
      end("interrupted");
    } finally {
      finished.countDown();
    }
  }

  private @Nullable Bytes next() {
    sending.lock();
    try {
      while (waiting.isEmpty() && !closing) {
        changed.awaitUninterruptibly();
      }
      // What waits when the server is gone will not arrive any more.
      return closed.getCount() == 0 ? null : waiting.poll();
    } finally {
      sending.unlock();
    }
  }

  private void sent(Bytes message) {
    sending.lock();
    try {
      waitingBytes -= message.length();
      changed.signalAll();
    } finally {
      sending.unlock();
    }
  }
}
