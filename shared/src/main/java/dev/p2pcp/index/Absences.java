package dev.p2pcp.index;

import dev.p2pcp.identity.PeerId;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What an index server has seen of the comings and goings of each peer, and so for how long one may
 * be away until what it keeps counts as lost. Nothing is known from before the start; nothing is
 * remembered of who was away for as long as a receipt lives.
 *
 * <p>Times are wall time in milliseconds. Not safe for use by several threads at once.
 */
public final class Absences {
  private static final long HOUR = 60 * 60 * 1000L;

  /** A peer is lost after this at the earliest, and after {@link #LONGEST} at the latest. */
  public static final long SHORTEST = 6 * HOUR;

  /** See {@link #SHORTEST}; also for a peer of which no absence is known. */
  public static final long LONGEST = 72 * HOUR;

  /** A shorter absence is a lost connection, not somebody's habit. */
  static final long LEAST = 5 * 60 * 1000L;

  /** Peers that are away and remembered; of more, those away for longest are forgotten. */
  static final int MAX_AWAY = 200_000;

  private static final long MEMORY = 31 * 24 * HOUR;

  /** So many mean absences make a loss. */
  private static final int FACTOR = 8;

  /** The newest absence is an eighth of the mean. */
  private static final int WEIGHT = 8;

  /**
   * The mean of who is new: for the longest patience. A few short absences at first, all that can
   * be seen soon after a start, do not make a habit.
   */
  private static final long PRIOR = LONGEST / FACTOR;

  private final long start;
  private final Map<PeerId, Habit> here = new HashMap<>();
  private final Map<PeerId, Habit> away = new LinkedHashMap<>();

  /** With the moment from which on peers are watched. */
  public Absences(long start) {
    this.start = start;
  }

  /** When it was seen to come or go last, and the mean of its absences. */
  private record Habit(long seen, long mean) {
    Habit back(long now) {
      long absence = Math.max(0, now - seen);
      return new Habit(now, absence < LEAST ? mean : mean + (absence - mean) / WEIGHT);
    }

    long grace() {
      return Math.clamp(FACTOR * mean, SHORTEST, LONGEST);
    }
  }

  /** The peer is here, and may have been before. */
  public void connected(PeerId peer, long now) {
    if (!here.containsKey(peer)) {
      Habit before = away.remove(peer);
      here.put(peer, before == null ? new Habit(now, PRIOR) : before.back(now));
    }
  }

  /** The peer is gone, and may have been before. */
  public void disconnected(PeerId peer, long now) {
    Habit known = here.remove(peer);
    if (known == null) {
      return;
    }
    away.put(peer, new Habit(now, known.mean));
    Iterator<Habit> eldest = away.values().iterator();
    while (eldest.hasNext() && (away.size() > MAX_AWAY || eldest.next().seen + MEMORY < now)) {
      forgetEldest();
      eldest = away.values().iterator();
    }
  }

  private void forgetEldest() {
    Iterator<PeerId> peers = away.keySet().iterator();
    peers.next();
    peers.remove();
  }

  public boolean isConnected(PeerId peer) {
    return here.containsKey(peer);
  }

  /** When the peer was here last: now if it is, 0 if it was not seen since the start. */
  public long seen(PeerId peer, long now) {
    Habit gone = away.get(peer);
    return isConnected(peer) ? now : gone == null ? 0 : gone.seen;
  }

  /** For how long the peer may be away until it counts as lost, in milliseconds. */
  public long grace(PeerId peer) {
    Habit habit = here.getOrDefault(peer, away.get(peer));
    return habit == null ? LONGEST : habit.grace();
  }

  /** Whether what the peer keeps counts as lost. */
  public boolean isLost(PeerId peer, long now) {
    return awayFor(peer, now) > grace(peer);
  }

  /** Whether its absence is long enough that an owner may take it for lost. */
  public boolean mayBeLost(PeerId peer, long now) {
    return awayFor(peer, now) >= SHORTEST;
  }

  /** Of a peer that was never seen it is only known that it was not here since the start. */
  private long awayFor(PeerId peer, long now) {
    long seen = seen(peer, now);
    return now - (seen == 0 ? start : seen);
  }
}
