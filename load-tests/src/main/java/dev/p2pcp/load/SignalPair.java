package dev.p2pcp.load;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.load.peer.VirtualPeer;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.SessionFrame;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/** One who signals and one who is signalled to, as two agents that open a direct link do. */
final class SignalPair implements AutoCloseable {
  /** About an offer of WebRTC, sealed. */
  private static final int SEALED = 1_200;

  /** Signals that may be on their way; a mailbox takes eight of one sender. */
  private static final int WINDOW = 4;

  private static final int PATIENCE_SECONDS = 60;

  private final VirtualPeer from;
  private final VirtualPeer to;
  private final Semaphore room = new Semaphore(WINDOW);
  private long requests;

  SignalPair(InetSocketAddress server) throws IOException {
    from = VirtualPeer.login(server);
    to = VirtualPeer.login(server);
  }

  /**
   * Sends so many, that long apart, and takes them at the other end.
   *
   * @return nanoseconds that each took
   */
  Histogram send(int count, long pauseNanos) throws IOException {
    Histogram latencies = new Histogram(3);
    Together.each(
        List.of(true, false),
        sends -> {
          if (sends) {
            sendAll(count, pauseNanos);
          } else {
            takeAll(count, latencies);
          }
        });
    return latencies;
  }

  private void sendAll(int count, long pauseNanos) throws IOException, InterruptedException {
    long next = System.nanoTime();
    for (int sent = 0; sent < count; sent++) {
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
      next += pauseNanos;
      if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("signals do not arrive");
      }
      ByteBuffer sealed = ByteBuffer.allocate(SEALED).putLong(0, System.nanoTime());
      from.send(new SessionFrame.Signal(++requests, to.peer(), Bytes.wrap(sealed.array())));
      SessionFrame.Done _ = from.await(SessionFrame.Done.class);
    }
  }

  private void takeAll(int count, Histogram latencies) throws IOException {
    long pulls = 0;
    for (int taken = 0; taken < count; ) {
      Frame frame = to.next();
      boolean more = frame instanceof SessionFrame.Ringing;
      if (frame instanceof SessionFrame.Signals signals) {
        for (SessionFrame.Signals.Note note : signals.notes()) {
          latencies.recordValue(System.nanoTime() - note.sealed().longAt(0));
          room.release();
          taken++;
        }
        more = signals.more();
      }
      if (more) {
        to.send(new SessionFrame.Pull(++pulls));
      }
    }
  }

  @Override
  public void close() throws IOException {
    from.close();
    to.close();
  }
}
