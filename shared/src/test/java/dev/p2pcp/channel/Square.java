package dev.p2pcp.channel;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.topic.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Where members meet without any network: everybody in the same part is everybody's neighbour. */
final class Square {
  private final Platform platform;
  private final List<Seat> seats = new ArrayList<>();
  final AtomicInteger asked = new AtomicInteger();
  final AtomicInteger blamed = new AtomicInteger();
  final AtomicInteger largest = new AtomicInteger();

  Square(Platform platform) {
    this.platform = platform;
  }

  /** A place on the square, in one of its parts, which do not hear each other. */
  final class Seat implements Channels.Meeting {
    final PeerId peer;
    private final Map<Hash, TopicUser> users = new HashMap<>();
    private int part;

    Seat(PeerId peer) {
      this.peer = peer;
      synchronized (Square.this) {
        seats.add(this);
      }
    }

    /** Goes to another part, and meets those who are there. */
    void goTo(int other) {
      List<Hash> topics;
      synchronized (Square.this) {
        part = other;
        topics = List.copyOf(users.keySet());
      }
      topics.forEach(this::meet);
    }

    private void meet(Hash topic) {
      for (Seat other : others(topic)) {
        user(topic).ifPresent(user -> user.met(other.peer));
        other.user(topic).ifPresent(user -> user.met(peer));
      }
    }

    private Optional<TopicUser> user(Hash topic) {
      synchronized (Square.this) {
        return Optional.ofNullable(users.get(topic));
      }
    }

    private List<Seat> others(Hash topic) {
      synchronized (Square.this) {
        return seats.stream()
            .filter(s -> s != this && s.part == part && part >= 0 && s.users.containsKey(topic))
            .toList();
      }
    }

    @Override
    public Topic join(Hash topic, TopicUser user) {
      synchronized (Square.this) {
        users.put(topic, user);
      }
      platform.tasks().spawn("meet", () -> meet(topic));
      return new Joined(this, topic);
    }

    /** Hands a message to one who is there, whatever it is. */
    Verdict send(PeerId to, Hash topic, Bytes message) {
      Seat seat = others(topic).stream().filter(s -> s.peer.equals(to)).findFirst().orElseThrow();
      return seat.user(topic).orElseThrow().take(peer, message);
    }
  }

  private final class Joined implements Topic {
    private final Seat seat;
    private final Hash topic;

    Joined(Seat seat, Hash topic) {
      this.seat = seat;
      this.topic = topic;
    }

    @Override
    public void publish(Bytes message) {
      platform.tasks().spawn("gossip", () -> spread(seat, message));
    }

    /** To everybody who is there, from whoever found it new. */
    private void spread(Seat from, Bytes message) {
      for (Seat other : from.others(topic)) {
        Optional<TopicUser> user = other.user(topic);
        if (user.isPresent() && user.get().take(from.peer, message) == Verdict.BAD) {
          blamed.incrementAndGet();
        }
      }
    }

    @Override
    public List<PeerId> neighbours() {
      return seat.others(topic).stream().map(s -> s.peer).toList();
    }

    @Override
    public Optional<Bytes> ask(PeerId member, Bytes request, Deadline deadline) {
      asked.incrementAndGet();
      for (Seat other : seat.others(topic)) {
        if (other.peer.equals(member)) {
          Optional<Bytes> answer =
              other.user(topic).flatMap(user -> user.answer(seat.peer, request));
          largest.accumulateAndGet(answer.map(Bytes::length).orElse(0), Math::max);
          return answer;
        }
      }
      return Optional.empty();
    }

    @Override
    public void blame(PeerId member) {
      blamed.incrementAndGet();
    }

    @Override
    public void leave() {
      synchronized (Square.this) {
        seat.users.remove(topic);
      }
    }
  }
}
