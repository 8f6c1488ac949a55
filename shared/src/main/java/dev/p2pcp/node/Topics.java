package dev.p2pcp.node;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Mesh;
import dev.p2pcp.topic.Peers;
import dev.p2pcp.topic.Topic;
import dev.p2pcp.topic.TopicUser;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The topics that this agent has joined. Index servers are told of them, and asked for members,
 * when one is joined, when too few are known, and every few minutes; between members nothing needs
 * a server where there are direct links. Who has joined nothing does nothing.
 */
public final class Topics implements Peers {
  /** Topics at once. */
  public static final int MOST = 32;

  /** Topics at once that are joined only where there is room. */
  private static final int MOST_SPARE = 8;

  /** Neighbours whose direct links are not given up for others. */
  private static final int KEPT = 24;

  /** Servers are told again after so many milliseconds. */
  private static final long RENEW = 240_000;

  /** What they are asked is gathered for so long. */
  private static final long GATHER = 20;

  /** Before they are asked for more members of a topic: at first, and at most. */
  private static final long FIRST_PAUSE = 1_000;

  private static final long LONGEST_PAUSE = 60_000;

  private final Platform platform;
  private final Device device;
  private final Servers servers;
  private final Links links;
  private final Map<Hash, Joined> joined = new LinkedHashMap<>();
  private Pending<Boolean> woken;
  private boolean telling;

  /** A topic, and when servers are to be asked about it. */
  private static final class Joined {
    final Mesh mesh;
    final boolean spare;
    long due;
    long asked = Long.MIN_VALUE / 2;
    long pause = FIRST_PAUSE;
    boolean seeking;

    Joined(Mesh mesh, boolean spare) {
      this.mesh = mesh;
      this.spare = spare;
    }
  }

  Topics(Platform platform, Device device, Servers servers, Links links) {
    this.platform = platform;
    this.device = device;
    this.servers = servers;
    this.links = links;
    this.woken = platform.tasks().pending();
  }

  /**
   * Joins a topic. Never suspends.
   *
   * @param topic nobody learns what it is the hash of
   * @throws IllegalStateException if it is joined already, or {@link #MOST} are
   */
  public Topic join(Hash topic, TopicUser user) {
    return join(topic, user, false)
        .orElseThrow(() -> new IllegalStateException("joined already, or too many topics"));
  }

  /** Joins a topic that can be done without, if there is room. Never suspends. */
  Optional<Topic> joinSpare(Hash topic, TopicUser user) {
    return join(topic, user, true);
  }

  private Optional<Topic> join(Hash topic, TopicUser user, boolean spare) {
    Mesh mesh = new Mesh(platform, device.peer(), topic, user, this);
    boolean first;
    synchronized (this) {
      if (joined.size() >= MOST || joined.containsKey(topic) || spare && isSpareFull()) {
        return Optional.empty();
      }
      Joined one = new Joined(mesh, spare);
      one.due = platform.clock().ticks();
      joined.put(topic, one);
      first = !telling;
      telling = true;
      woken.complete(true);
    }
    if (first) {
      platform.tasks().spawn("topics", this::run);
    }
    platform.tasks().spawn("topic", mesh::run);
    return Optional.of(mesh);
  }

  private boolean isSpareFull() {
    return joined.values().stream().filter(one -> one.spare).count() >= MOST_SPARE;
  }

  /** Leaves all. Never suspends. */
  void stop() {
    List<Joined> all;
    synchronized (this) {
      all = List.copyOf(joined.values());
    }
    all.forEach(one -> one.mesh.leave());
  }

  /** A server knows of nothing yet. Never suspends. */
  synchronized void ready() {
    long now = platform.clock().ticks();
    joined.values().forEach(one -> one.due = now);
    woken.complete(true);
  }

  /** Answers what a member says or asks, if it is about a topic. Suspends. */
  PeerFrame.Reply answer(PeerId from, Hash topic, PeerFrame.Request request) {
    Joined one;
    synchronized (this) {
      one = joined.get(topic);
    }
    return one == null
        ? new PeerFrame.Denied(Refusal.of(Refusal.NOT_FOUND, "no such topic"))
        : one.mesh.answer(from, request);
  }

  /** Whether a link to that peer is not to be given up for another. Never suspends. */
  boolean keeps(PeerId peer) {
    List<PeerId> near = new ArrayList<>();
    synchronized (this) {
      joined.values().forEach(one -> near.addAll(one.mesh.neighbours()));
    }
    int at = near.indexOf(peer);
    return at >= 0 && at < KEPT;
  }

  @Override
  public Optional<PeerFrame.Reply> call(
      PeerId to, boolean near, PeerFrame.Request request, Deadline deadline) {
    try {
      Link direct = links.direct(to, near);
      if (direct != null) {
        try {
          return Optional.of(direct.call(request, deadline));
        } catch (LinkException e) {
          // Whatever members say to each other may be said twice.
          if (deadline.passed(platform.clock())) {
            return Optional.empty();
          }
        }
      }
      return Optional.of(
          near ? servers.call(to, request, deadline) : servers.callByTunnel(to, request, deadline));
    } catch (LinkException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void seek(Hash topic) {
    Joined one = joined.get(topic);
    if (one != null && !one.seeking) {
      one.seeking = true;
      one.due = Math.min(one.due, one.asked + one.pause);
      one.pause = Math.min(LONGEST_PAUSE, 2 * one.pause);
      woken.complete(true);
    }
  }

  @Override
  public void left(Hash topic) {
    synchronized (this) {
      joined.remove(topic);
      woken.complete(true);
    }
    platform
        .tasks()
        .spawn(
            "leave",
            () ->
                servers.all(
                    1,
                    session ->
                        session.ask(
                            id -> new SessionFrame.Leave(id, List.of(topic)),
                            SessionFrame.Done.class)));
  }

  /** Until nothing is joined. Suspends. */
  private void run() {
    while (true) {
      Pending<Boolean> next = platform.tasks().pending();
      long pause = RENEW;
      List<Hash> due = new ArrayList<>();
      synchronized (this) {
        if (joined.isEmpty()) {
          telling = false;
          return;
        }
        woken = next;
        long now = platform.clock().ticks();
        for (Map.Entry<Hash, Joined> entry : joined.entrySet()) {
          Joined one = entry.getValue();
          if (one.due <= now) {
            due.add(entry.getKey());
            one.due = now + RENEW;
            one.asked = now;
            one.seeking = false;
          }
          pause = Math.min(pause, one.due - now);
        }
      }
      if (!due.isEmpty()) {
        tell(due);
      }
      if (next.await(platform.deadline(pause)).isPresent()) {
        platform.tasks().sleep(GATHER);
      }
    }
  }

  /** Tells all servers, and hears of members. */
  private void tell(List<Hash> topics) {
    servers.all(
        1,
        session -> {
          SessionFrame.Sampled sampled =
              session.ask(id -> new SessionFrame.Join(id, topics), SessionFrame.Sampled.class);
          // Also of a server that is late, which the others' answers are not kept for.
          for (int i = 0; i < Math.min(topics.size(), sampled.members().size()); i++) {
            found(topics.get(i), sampled.members().get(i));
          }
          return true;
        });
  }

  private void found(Hash topic, List<PeerId> members) {
    Joined one;
    synchronized (this) {
      one = joined.get(topic);
    }
    if (one != null && !members.isEmpty() && one.mesh.found(members)) {
      synchronized (this) {
        one.pause = FIRST_PAUSE;
      }
    }
  }
}
