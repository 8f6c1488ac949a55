package dev.p2pcp.index;

import dev.p2pcp.identity.PeerId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was sent over the link to another member and not yet passed on there, peer by peer: each
 * peer behind the link has a lane of its own, and the other member tells which lane's bytes it got
 * rid of. Thus a peer that reads slowly holds up those who send to it, and nobody else on the link.
 *
 * <p>A lane is there only while something is under way in it. Not safe for use by several threads
 * at once.
 */
public final class Lanes {
  /** Bytes of a lane that may be under way before who sends to it waits. */
  public static final int WINDOW = 256 * 1024;

  /** What a frame counts for beyond its bytes, so that many small ones are bounded as well. */
  static final int FRAME = 64;

  /** Lanes are named by four bytes. */
  private static final long NUMBERS = 0x1_0000_0000L;

  private final Map<PeerId, Lane> byPeer = new HashMap<>();
  private final Map<Long, Lane> byNumber = new HashMap<>();
  private long next;

  private static final class Lane {
    private final long number;
    private final PeerId peer;
    private long underWay;

    Lane(long number, PeerId peer) {
      this.number = number;
      this.peer = peer;
    }
  }

  /** What a frame with so many bytes of data counts for, on both sides of a link. */
  public static int weight(int bytes) {
    return bytes + FRAME;
  }

  /** Whether more may be sent to a peer now. */
  public boolean hasRoom(PeerId peer) {
    Lane lane = byPeer.get(peer);
    return lane == null || lane.underWay < WINDOW;
  }

  /** A frame of that weight is sent to a peer; the number of the lane that it takes. */
  public long sent(PeerId peer, int weight) {
    Lane lane = byPeer.computeIfAbsent(peer, p -> new Lane(free(), p));
    byNumber.put(lane.number, lane);
    lane.underWay += weight;
    return lane.number;
  }

  /**
   * The other member has got rid of so much of a lane; the peer that may be sent to again, if it
   * could not before.
   *
   * @throws IllegalArgumentException if so much was not under way
   */
  public Optional<PeerId> passed(long number, long weight) {
    @Nullable Lane lane = byNumber.get(number);
    if (lane == null || weight > lane.underWay) {
      throw new IllegalArgumentException("more passed on than was sent");
    }
    boolean full = lane.underWay >= WINDOW;
    lane.underWay -= weight;
    if (lane.underWay == 0) {
      byNumber.remove(number);
      byPeer.remove(lane.peer);
    }
    return full && lane.underWay < WINDOW ? Optional.of(lane.peer) : Optional.empty();
  }

  /** Lanes in which something is under way. */
  public int size() {
    return byPeer.size();
  }

  private long free() {
    do {
      next = (next + 1) % NUMBERS;
    } while (byNumber.containsKey(next));
    return next;
  }
}
