package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.load.peer.VirtualPeer;
import dev.p2pcp.wire.SessionFrame;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Announces what it has, keeps its heartbeat, and after a loss comes back as an agent does: after
 * pauses that double and are spread at random.
 */
final class ReturningAgent {
  private static final long FIRST_PAUSE_MILLIS = 250;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;

  /** The server is content with something each ten seconds. */
  private static final long HEARTBEAT_MILLIS = 5_000;

  private static final int BUFFER = 512;

  private final InetSocketAddress server;
  private final List<List<StorageKey>> announces;
  private final VirtualPeer.Keys keys = VirtualPeer.Keys.fresh();
  private final AtomicInteger attempts = new AtomicInteger();
  private volatile @Nullable VirtualPeer session;
  private volatile boolean stopped;

  ReturningAgent(InetSocketAddress server, List<List<StorageKey>> announces) {
    this.server = server;
    this.announces = announces;
  }

  /** Logs in for the first time, and stays from then on. */
  void start() throws IOException {
    VirtualPeer opened = open();
    Thread.ofVirtual().start(() -> stay(opened));
    Thread.ofVirtual().start(this::beat);
  }

  /** Leaves for good. */
  void stop() {
    stopped = true;
    close(session);
  }

  /** Logins that were tried after the first. */
  int attempts() {
    return attempts.get() - 1;
  }

  private VirtualPeer open() throws IOException {
    attempts.incrementAndGet();
    VirtualPeer opened = VirtualPeer.login(server, InetAddress.getLoopbackAddress(), BUFFER, keys);
    try {
      opened.announce(announces, 1);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    session = opened;
    return opened;
  }

  private void stay(VirtualPeer first) {
    listen(first);
    long pause = FIRST_PAUSE_MILLIS;
    while (!stopped) {
      LockSupport.parkNanos(
          TimeUnit.MILLISECONDS.toNanos(
              pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2)));
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      try {
        listen(open());
        pause = FIRST_PAUSE_MILLIS;
      } catch (IOException e) {
        // Nobody is there yet.
        continue;
      }
    }
  }

  private void listen(VirtualPeer opened) {
    try {
      while (!(opened.next() instanceof SessionFrame.GoAway)) {
        // What an index server says to who only keeps blocks needs no answer.
      }
    } catch (IOException e) {
      // The session is over.
    } finally {
      close(opened);
    }
  }

  private void beat() {
    while (!stopped) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(HEARTBEAT_MILLIS));
      VirtualPeer now = session;
      if (now != null) {
        try {
          now.send(new SessionFrame.Ping(1));
        } catch (IOException e) {
          close(now);
        }
      }
    }
  }

  private static void close(@Nullable VirtualPeer peer) {
    if (peer != null) {
      try {
        peer.close();
      } catch (IOException e) {
        // It was closed already.
        return;
      }
    }
  }
}
