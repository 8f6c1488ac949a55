package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Another member of a topic, and what waits to be said to it. Guarded by the mesh. */
final class Member {
  /** Messages that may wait, and their bytes; the oldest give way and are told of by name. */
  private static final int WAITING = 128;

  private static final int WAITING_BYTES = 512 * 1024;

  /** What it says that is looked at now. */
  private static final int AT_ONCE = 2;

  /** And what it asks. */
  private static final int ANSWERS = 8;

  private static final int BUSY_PAUSE = 200;
  private static final int SHUNNED_PAUSE = 60_000;

  final PeerId peer;
  final Standing standing = new Standing();

  /** What it may say: a hundred short messages a second. */
  private final Budget told = new Budget(64, 512 << 10);

  /** What it may ask, and be answered. */
  private final Budget asks = new Budget(1024, 4 << 20);

  /** It counts as a neighbour here; it is asked to be one; it is to be told that it is none. */
  boolean neighbour;

  boolean asked;
  boolean parting;

  /** A task speaks with it; the user compares notes with it. */
  boolean speaking;

  boolean meeting;

  /** Something is to be said, be it nothing. */
  boolean due;

  int looking;
  int answering;
  int failures;

  /** When it was spoken with last, and since when it is a neighbour. */
  long spoken;

  long since;

  /** Before that it is not asked to be one; nor may it ask. */
  long notBefore = Long.MIN_VALUE;

  long barred = Long.MIN_VALUE;

  /** Messages that it brought first, or as soon as others, in this turn. */
  int brought;

  List<Hash> have = List.of();
  private final Deque<Bytes> waiting = new ArrayDeque<>();
  private int waitingBytes;

  Member(PeerId peer) {
    this.peer = peer;
  }

  /** It is a neighbour, or asked to be one. */
  boolean isNear() {
    return neighbour || asked;
  }

  /** Nothing is under way with it. */
  boolean isIdle() {
    return !neighbour && !asked && !speaking && !meeting && looking + answering == 0;
  }

  /** Whether it may become a neighbour. */
  boolean isFit(long now) {
    return !neighbour && !asked && !parting && standing.of(now) == 0 && now >= notBefore;
  }

  void befriend(long now) {
    neighbour = true;
    asked = false;
    brought = 0;
    since = now;
  }

  /** It is no neighbour, and not to be one again before that. */
  void turnAway(long until) {
    neighbour = false;
    asked = false;
    notBefore = until;
  }

  /** Why it is not listened to, if so; else something of it is being looked at. */
  Optional<Refusal> admit(long weight, long now) {
    boolean warned = told.isToWait(now);
    long pause = Math.max(told.take(weight, now), looking < AT_ONCE ? 0 : BUSY_PAUSE);
    if (pause > 0 && warned) {
      standing.lose(Standing.TOO_MUCH, now);
    }
    if (standing.isShunned(now)) {
      pause = SHUNNED_PAUSE;
    }
    if (pause > 0) {
      told.warn(now + pause);
      return Optional.of(busy(pause));
    }
    looking++;
    return Optional.empty();
  }

  /** Likewise of what it asks, which nobody is blamed for who has much to ask. */
  Optional<Refusal> admitQuestion(long weight, long now) {
    if (standing.isShunned(now)) {
      return Optional.of(busy(SHUNNED_PAUSE));
    }
    long pause = Math.max(asks.take(weight, now), answering < ANSWERS ? 0 : BUSY_PAUSE);
    if (pause > 0) {
      return Optional.of(busy(pause));
    }
    answering++;
    return Optional.empty();
  }

  private static Refusal busy(long millis) {
    return Refusal.of(Refusal.BUSY, "too much", millis);
  }

  /** So many bytes were answered. */
  void answered(int bytes) {
    answering--;
    asks.charge(bytes);
  }

  void add(Bytes message) {
    waiting.add(message);
    waitingBytes += message.length();
    while (waiting.size() > WAITING || waitingBytes > WAITING_BYTES) {
      waitingBytes -= waiting.remove().length();
    }
    due = true;
  }

  /** What is to be said next, which is then said. */
  PeerFrame.Gossip next(Hash topic, List<PeerId> others) {
    List<Bytes> messages = new ArrayList<>();
    int left = Limits.GOSSIP_BYTES;
    while (!waiting.isEmpty() && messages.size() < Limits.GOSSIP) {
      left -= Short.BYTES + waiting.element().length();
      if (left < 0) {
        break;
      }
      waitingBytes -= waiting.element().length();
      messages.add(waiting.remove());
    }
    int stance =
        parting
            ? PeerFrame.Gossip.PARTING
            : neighbour || asked ? PeerFrame.Gossip.NEIGHBOUR : PeerFrame.Gossip.NEITHER;
    PeerFrame.Gossip next =
        new PeerFrame.Gossip(topic, stance, parting ? others : List.of(), have, messages);
    have = List.of();
    parting = false;
    due = !waiting.isEmpty();
    return next;
  }

  /** Nothing waits any more. */
  void clear() {
    waiting.clear();
    waitingBytes = 0;
    have = List.of();
    due = false;
  }
}
