package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a tunnel stream: gathers the one message that comes, and paces the one that goes by
 * the credit of the far end. The methods that take frames never suspend.
 */
final class TunnelStream {
  /** Credit is given back in pieces of at least so many bytes. */
  private static final int CREDIT_STEP = Limits.INITIAL_CREDIT / 2;

  /** How the incoming message ended. */
  sealed interface Ending {}

  /** All of it came. */
  record Whole(Bytes message) implements Ending {}

  /** It will not come. */
  record Broken(String why, boolean busy) implements Ending {}

  private final long id;
  private final Platform platform;
  private final Pending<Ending> ending;
  private final List<Bytes> received = new ArrayList<>();
  private int receivedBytes;
  private int unacknowledged;
  private long credit = Limits.INITIAL_CREDIT;
  private Pending<Boolean> moreCredit;
  private @Nullable Broken broken;

  TunnelStream(long id, Platform platform) {
    this.id = id;
    this.platform = platform;
    this.ending = platform.tasks().pending();
    this.moreCredit = platform.tasks().pending();
  }

  long id() {
    return id;
  }

  /**
   * Takes a piece of the message.
   *
   * @return the credit to give back now, 0 for none yet
   */
  synchronized int data(TunnelFrame.Data data) {
    if (ending.isComplete()) {
      return 0;
    }
    receivedBytes += data.bytes().length();
    if (receivedBytes > Limits.PEER_FRAME) {
      fail("message over the limit");
      return 0;
    }
    received.add(data.bytes());
    if (data.last()) {
      ending.complete(new Whole(Bytes.concat(received.toArray(new Bytes[0]))));
      received.clear();
      return 0;
    }
    unacknowledged += data.bytes().length();
    if (unacknowledged < CREDIT_STEP) {
      return 0;
    }
    int grant = unacknowledged;
    unacknowledged = 0;
    return grant;
  }

  synchronized void credit(int bytes) {
    credit = Math.min(Limits.CREDIT, credit + bytes);
    Pending<Boolean> waiting = moreCredit;
    moreCredit = platform.tasks().pending();
    waiting.complete(true);
  }

  void fail(String why) {
    fail(why, false);
  }

  synchronized void fail(String why, boolean busy) {
    Broken how = new Broken(why, busy);
    broken = how;
    ending.complete(how);
    received.clear();
    moreCredit.complete(false);
  }

  /** Sends a message in pieces as credit allows. Suspends. */
  void send(Bytes message, FrameSink sink, Deadline deadline) throws LinkException {
    int at = 0;
    while (at < message.length()) {
      int allowed = takeCredit(Math.min(Limits.DATA, message.length() - at), deadline);
      boolean last = at + allowed == message.length();
      sink.send(new TunnelFrame.Data(id, last, message.slice(at, allowed)));
      at += allowed;
    }
  }

  /** Waits for the end of the incoming message. Suspends. */
  Bytes await(Deadline deadline) throws LinkException {
    Optional<Ending> ended = ending.await(deadline);
    if (ended.isEmpty()) {
      throw new LinkException("no answer in time");
    }
    return switch (ended.get()) {
      case Whole whole -> whole.message();
      case Broken how -> throw new LinkException(how.why(), how.busy());
    };
  }

  private int takeCredit(int wanted, Deadline deadline) throws LinkException {
    while (true) {
      Pending<Boolean> more;
      synchronized (this) {
        // That the far end has said all does not stop what is said to it.
        if (broken != null) {
          throw new LinkException(broken.why(), broken.busy());
        }
        if (credit > 0) {
          int taken = (int) Math.min(credit, wanted);
          credit -= taken;
          return taken;
        }
        more = moreCredit;
      }
      if (more.await(deadline).isEmpty()) {
        throw new LinkException("no credit in time");
      }
    }
  }
}
