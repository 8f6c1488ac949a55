package dev.p2pcp.index;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.TunnelFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Joins streams of two sessions. A stream has a number on either side: even on the side of who
 * opened it, odd on the other. It is over, and both numbers are free, when both directions have
 * sent their last byte or when a close went either way; frames for a number that is not in use are
 * left over from such a moment and dropped.
 *
 * <p>Each direction may carry what its receiver gave credit for; more closes the stream with
 * OVER_LIMIT. Nothing is held back here, so at most the credit is ever on its way.
 *
 * <p>A peer may also be behind a link, on another member of the cluster, whose relay has the other
 * half of the stream: the link's number in the middle is known to both. Credit passes from end to
 * end, so that who sends is bound by the receiver's word alone. Each relay checks it, and since
 * data passes the sender's relay first and credit last, what one lets pass the other does too. A
 * stream crosses one link at most: what comes over a link goes to a session here or nowhere.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class TunnelRelay {
  private final Map<Integer, End> ends = new HashMap<>();
  private final Map<PeerId, Integer> sessions = new HashMap<>();
  private final Map<PeerId, Integer> elsewhere = new HashMap<>();

  /**
   * Where the next frame of a stream goes.
   *
   * @param far behind a link: the peer that it is for
   */
  public record Target(int session, @Nullable PeerId far) {}

  /** One session's, or one link's, side of the relay. */
  private static final class End {
    private final @Nullable PeerId peer;
    private final int limit;
    private final Map<Long, Leg> legs = new HashMap<>();
    private long next;

    /**
     * A link has no peer of its own. The first number that is given from here tells whether all are
     * even or odd.
     */
    End(@Nullable PeerId peer, int limit, long first) {
      this.peer = peer;
      this.limit = limit;
      this.next = first;
    }

    /** A number that this side may give and that is not in use. */
    long free() {
      while (legs.containsKey(next)) {
        advance();
      }
      long number = next;
      advance();
      return number;
    }

    /** Whether the other side may give this number. */
    boolean mayOpen(long number) {
      return number % 2 != next % 2;
    }

    private void advance() {
      next = next + 2 & 0xffff_ffffL;
    }
  }

  /** One side of a stream: what that side may still send, and whether it has sent its last. */
  private static final class Leg {
    private final int session;
    private final long number;
    private final @Nullable PeerId far;
    private long credit = Limits.INITIAL_CREDIT;
    private boolean finished;
    private @Nullable Leg other;

    Leg(int session, long number, @Nullable PeerId far) {
      this.session = session;
      this.number = number;
      this.far = far;
    }

    Leg other() {
      if (other == null) {
        throw new IllegalStateException("a leg alone");
      }
      return other;
    }

    Delivery carry(TunnelFrame frame) {
      return new Delivery(session, frame, far);
    }
  }

  /** A session that can be reached by its peer id and may have {@link Limits#STREAMS} streams. */
  public void connect(int session, PeerId peer) {
    ends.put(session, new End(peer, Limits.STREAMS, 1));
    sessions.put(peer, session);
  }

  /** The server's own end, from which it reaches into agents; nobody can open a stream to it. */
  public void connectServer(int session, int streams) {
    ends.put(session, new End(ProofCheck.SERVER, streams, 1));
  }

  /**
   * A link to another member, with so many streams at most. Its two sides give numbers of different
   * parity: even ones who dialled, odd ones who was dialled.
   */
  public void connectMember(int link, boolean dialled, int streams) {
    ends.put(link, new End(null, streams, dialled ? 2 : 1));
  }

  /** The peer is connected to the member behind that link from now on, and no longer to others. */
  public void connectFar(int link, PeerId peer) {
    if (ends.containsKey(link)) {
      elsewhere.put(peer, link);
    }
  }

  /** The peer is no longer connected to the member behind that link. */
  public void disconnectFar(int link, PeerId peer) {
    elsewhere.remove(peer, link);
  }

  /** Peers that are connected here. */
  public List<PeerId> peers() {
    return List.copyOf(sessions.keySet());
  }

  /** Whether the peer is connected here or to a member behind a link. */
  public boolean reaches(PeerId peer) {
    return sessions.containsKey(peer) || elsewhere.containsKey(peer);
  }

  /** The link behind which the peer is; empty if it is connected here or nowhere. */
  public Optional<Integer> linkTo(PeerId peer) {
    return sessions.containsKey(peer) ? Optional.empty() : Optional.ofNullable(elsewhere.get(peer));
  }

  /** The peer that is reached by this session; empty if it has a newer one, or none. */
  public Optional<PeerId> reachedBy(int session) {
    End end = ends.get(session);
    return end != null && end.peer != null && Objects.equals(sessions.get(end.peer), session)
        ? Optional.of(end.peer)
        : Optional.empty();
  }

  /** Whether the session or link has streams open. */
  public boolean isBusy(int session) {
    End end = ends.get(session);
    return end != null && !end.legs.isEmpty();
  }

  /** The session or link is gone, and with it its streams. */
  public List<Delivery> disconnect(int session) {
    End end = ends.remove(session);
    if (end == null) {
      return List.of();
    }
    if (end.peer != null) {
      sessions.remove(end.peer, session);
    } else {
      elsewhere.values().removeIf(link -> link == session);
    }
    List<Delivery> deliveries = new ArrayList<>();
    for (Leg leg : List.copyOf(end.legs.values())) {
      Leg other = leg.other();
      forget(other);
      if (other.session != session) {
        deliveries.add(close(other, Refusal.UNKNOWN_PEER));
      }
    }
    return deliveries;
  }

  /** What is to be sent to whom after a frame from a session; empty if the frame came too late. */
  public List<Delivery> received(int session, TunnelFrame frame) {
    End end = ends.get(session);
    if (end == null) {
      return List.of();
    }
    return frame instanceof TunnelFrame.Open open ? open(session, end, open) : passOn(end, frame);
  }

  /** A stream that a peer on the other member opens to one here, by a number of the link. */
  public List<Delivery> opened(int link, long stream, PeerId source, PeerId target) {
    End end = ends.get(link);
    if (end == null) {
      return List.of();
    }
    Leg near = new Leg(link, stream, source);
    return open(end, near, source, sessions.get(target), target);
  }

  private List<Delivery> passOn(End end, TunnelFrame frame) {
    Leg leg = end.legs.get(frame.stream());
    if (leg == null) {
      return List.of();
    }
    return switch (frame) {
      case TunnelFrame.Data data -> data(leg, data);
      case TunnelFrame.Credit credit -> credit(leg, credit);
      case TunnelFrame.Close close -> {
        forget(leg);
        forget(leg.other());
        yield List.of(close(leg.other(), close.code()));
      }
      case TunnelFrame.Open open -> throw new IllegalStateException("handled above");
    };
  }

  /**
   * Where data of a stream goes, so that the back-pressure from there can be heeded before the
   * next.
   */
  public Optional<Target> target(int session, long stream) {
    End end = ends.get(session);
    Leg leg = end == null ? null : end.legs.get(stream);
    return leg == null
        ? Optional.empty()
        : Optional.of(new Target(leg.other().session, leg.other().far));
  }

  /** Streams of a session that are open now. */
  public int streams(int session) {
    End end = ends.get(session);
    return end == null ? 0 : end.legs.size();
  }

  private List<Delivery> open(int session, End end, TunnelFrame.Open open) {
    if (end.peer == null) {
      throw new IllegalStateException("over a link streams are opened by opened()");
    }
    Integer here = sessions.get(open.peer());
    Integer target = here == null ? elsewhere.get(open.peer()) : here;
    return open(end, new Leg(session, open.stream(), null), end.peer, target, open.peer());
  }

  private List<Delivery> open(
      End end, Leg near, PeerId source, @Nullable Integer session, PeerId target) {
    Leg existing = end.legs.get(near.number);
    if (existing != null) {
      return closeBoth(existing, Refusal.OUT_OF_ORDER);
    }
    if (!end.mayOpen(near.number)) {
      return List.of(close(near, Refusal.OUT_OF_ORDER));
    }
    if (end.legs.size() >= end.limit) {
      return List.of(close(near, Refusal.OVER_LIMIT));
    }
    if (session == null || session == near.session) {
      return List.of(close(near, Refusal.UNKNOWN_PEER));
    }
    End there = ends.get(session);
    if (there == null || there.legs.size() >= there.limit) {
      return List.of(close(near, Refusal.BUSY));
    }
    boolean here = session.equals(sessions.get(target));
    Leg other = new Leg(session, there.free(), here ? null : target);
    near.other = other;
    other.other = near;
    end.legs.put(near.number, near);
    there.legs.put(other.number, other);
    return List.of(other.carry(new TunnelFrame.Open(other.number, source)));
  }

  private List<Delivery> data(Leg from, TunnelFrame.Data data) {
    int count = data.bytes().length();
    if (from.finished) {
      return closeBoth(from, Refusal.OUT_OF_ORDER);
    }
    if (count > from.credit) {
      return closeBoth(from, Refusal.OVER_LIMIT);
    }
    from.credit -= count;
    from.finished = data.last();
    Leg to = from.other();
    if (from.finished && to.finished) {
      forget(from);
      forget(to);
    }
    return List.of(to.carry(new TunnelFrame.Data(to.number, data.last(), data.bytes())));
  }

  private List<Delivery> credit(Leg from, TunnelFrame.Credit credit) {
    Leg to = from.other();
    if (to.credit + credit.bytes() > Limits.CREDIT) {
      return closeBoth(from, Refusal.OVER_LIMIT);
    }
    to.credit += credit.bytes();
    return List.of(to.carry(new TunnelFrame.Credit(to.number, credit.bytes())));
  }

  private List<Delivery> closeBoth(Leg leg, int code) {
    forget(leg);
    forget(leg.other());
    return List.of(close(leg, code), close(leg.other(), code));
  }

  private static Delivery close(Leg leg, int code) {
    return leg.carry(new TunnelFrame.Close(leg.number, code));
  }

  private void forget(Leg leg) {
    End end = ends.get(leg.session);
    if (end != null) {
      end.legs.remove(leg.number, leg);
    }
  }
}
