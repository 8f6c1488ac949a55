package dev.p2pcp.index;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions of one index server are members of which topics. A topic is a hash, so that who
 * keeps the book learns no name; who asks is told a few members at random and never how many there
 * are. A membership that is not renewed ends after {@link #LIFE}, and with its session.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class TopicBook {
  /** Milliseconds for which a join is good. */
  public static final long LIFE = 600_000;

  private final Entropy entropy;
  private final Map<Hash, Crowd> crowds = new HashMap<>();
  private final Map<Integer, Seat> seats = new HashMap<>();

  /** A session, and until when it is a member of what, on a clock that never goes back. */
  private record Seat(PeerId peer, Map<Hash, Long> topics) {}

  /** The members of one topic, any of which can be drawn or taken out at once. */
  private static final class Crowd {
    final List<Integer> sessions = new ArrayList<>();
    final Map<Integer, Integer> places = new HashMap<>();

    void add(int session) {
      places.put(session, sessions.size());
      sessions.add(session);
    }

    void remove(int session) {
      @Nullable Integer place = places.remove(session);
      if (place == null) {
        return;
      }
      int last = Objects.requireNonNull(sessions.removeLast());
      if (last != session) {
        sessions.set(place, last);
        places.put(last, place);
      }
    }

    void swap(int a, int b) {
      int one = sessions.get(a);
      int other = sessions.get(b);
      sessions.set(a, other);
      sessions.set(b, one);
      places.put(other, a);
      places.put(one, b);
    }
  }

  /**
   * Members that one index server of a cluster names, at random and in an order at random.
   *
   * @param count how many it has in all
   */
  public record Share(int count, List<PeerId> some) {
    public Share {
      some = List.copyOf(some);
    }
  }

  public TopicBook(Entropy entropy) {
    this.entropy = entropy;
  }

  /**
   * The session of that peer is a member of these topics until {@link #LIFE} later. One that is
   * full already is joined in name only: its new members find others and are not found.
   *
   * @return why it is of none of them: it would be of too many
   */
  public Optional<Refusal> join(int session, PeerId peer, List<Hash> topics, long ticks) {
    Seat seat = seats.computeIfAbsent(session, s -> new Seat(peer, new HashMap<>()));
    long more = topics.stream().filter(topic -> !seat.topics.containsKey(topic)).count();
    if (seat.topics.size() + more > Limits.SESSION_TOPICS) {
      end(session, seat, ticks);
      more = topics.stream().filter(topic -> !seat.topics.containsKey(topic)).count();
    }
    long all = seat.topics.size() + more;
    if (all > Limits.SESSION_TOPICS) {
      return Optional.of(Refusal.of(Refusal.OVER_LIMIT, "topics", Limits.SESSION_TOPICS, all));
    }
    for (Hash topic : topics) {
      Crowd crowd = crowds.computeIfAbsent(topic, t -> new Crowd());
      boolean known = crowd.places.containsKey(session);
      if (!known && crowd.sessions.size() < Limits.TOPIC_MEMBERS) {
        crowd.add(session);
        known = true;
      }
      if (known) {
        seat.topics.put(topic, ticks + LIFE);
      }
    }
    return Optional.empty();
  }

  /** The session is no member of these any more. */
  public void leave(int session, List<Hash> topics) {
    Seat seat = seats.get(session);
    if (seat != null) {
      topics.forEach(topic -> remove(session, seat, topic));
      if (seat.topics.isEmpty()) {
        seats.remove(session);
      }
    }
  }

  /** The session is over. */
  public void gone(int session) {
    Seat seat = seats.get(session);
    if (seat != null) {
      leave(session, List.copyOf(seat.topics.keySet()));
    }
  }

  /** At most so many members of a topic other than that peer; what is over is removed. */
  public Share sample(PeerId asking, Hash topic, int most, long ticks) {
    @Nullable Crowd crowd = crowds.get(topic);
    List<PeerId> some = new ArrayList<>();
    if (crowd == null) {
      return new Share(0, some);
    }
    // The beginning of a shuffle (Durstenfeld's form of Fisher and Yates) is a sample.
    int at = 0;
    while (at < crowd.sessions.size() && some.size() < most) {
      int drawn = at + entropy.below(crowd.sessions.size() - at);
      int session = crowd.sessions.get(drawn);
      Seat seat = Objects.requireNonNull(seats.get(session));
      if (Objects.requireNonNull(seat.topics.get(topic)) < ticks) {
        leave(session, List.of(topic));
        continue;
      }
      crowd.swap(at++, drawn);
      if (!seat.peer.equals(asking)) {
        some.add(seat.peer);
      }
    }
    return new Share(crowd.sessions.size(), some);
  }

  /** Memberships in all. */
  public int size() {
    return seats.values().stream().mapToInt(seat -> seat.topics.size()).sum();
  }

  /**
   * At most so many of what all index servers of a cluster named, as if drawn from one book: of
   * each as many as chance gives it by its count.
   */
  public static List<PeerId> merge(List<Share> shares, int most, Entropy entropy) {
    List<PeerId> drawn = new ArrayList<>();
    int[] left =
        shares.stream().mapToInt(share -> share.some.isEmpty() ? 0 : share.count).toArray();
    int[] taken = new int[left.length];
    while (drawn.size() < most) {
      int all = 0;
      for (int one : left) {
        all += one;
      }
      if (all == 0) {
        return drawn;
      }
      int at = 0;
      for (int n = entropy.below(all); n >= left[at]; at++) {
        n -= left[at];
      }
      List<PeerId> some = shares.get(at).some;
      PeerId next = some.get(taken[at]++);
      left[at] = taken[at] == some.size() ? 0 : left[at] - 1;
      if (!drawn.contains(next)) {
        drawn.add(next);
      }
    }
    return drawn;
  }

  /** What the session did not renew. */
  private void end(int session, Seat seat, long ticks) {
    for (Map.Entry<Hash, Long> one : List.copyOf(seat.topics.entrySet())) {
      if (one.getValue() < ticks) {
        remove(session, seat, one.getKey());
      }
    }
  }

  private void remove(int session, Seat seat, Hash topic) {
    if (seat.topics.remove(topic) != null) {
      Crowd crowd = Objects.requireNonNull(crowds.get(topic));
      crowd.remove(session);
      if (crowd.sessions.isEmpty()) {
        crowds.remove(topic);
      }
    }
  }
}
