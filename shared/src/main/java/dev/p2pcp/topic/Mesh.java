package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Gate;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One topic as one member sees it. A message goes at once to all neighbours; some others are told
 * of it by name and ask for it if they lack it. Who is a neighbour changes with time, and with what
 * he brings.
 *
 * <p>After Vyzovitis and others, <i>GossipSub: Attack-Resilient Message Propagation in the Filecoin
 * and ETH2.0 Networks</i> (arXiv:2007.02754; version 1.1 of the protocol): mesh and lazy gossip,
 * exchange of members where one is turned away, pauses before one may come back, and scores for
 * first deliveries, wrong messages and broken promises. Other than there, everything is one
 * question and its answer, so that a lost word is never taken for consent; a neighbour is asked to
 * compare notes as well ({@link TopicUser#met}), which is what makes all of them agree in the end.
 */
public final class Mesh implements Topic {
  /** Neighbours that are sought; so many at least; so many at most. */
  public static final int DEGREE = 6;

  public static final int LEAST = 4;
  public static final int MOST = 12;

  /**
   * Between two looks at what neighbours are worth, and between two times that notes are compared
   * with one of them, in milliseconds.
   */
  public static final long TURN = 60_000;

  /** Time for one call, in milliseconds. */
  private static final long CALL = 10_000;

  /** Calls of the user under way for messages, and likewise for questions. */
  private static final int AT_ONCE = 4;

  private static final long PATIENCE = 5_000;

  /** Shortest wait before a busy member is asked again, in milliseconds. */
  private static final long AGAIN = 100;

  private final Platform platform;
  private final Hash topic;
  private final TopicUser user;
  private final Peers peers;
  private final Neighbourhood around;
  private final Gate judging;
  private final Gate answering;
  private volatile Pending<Boolean> woken;

  public Mesh(Platform platform, PeerId self, Hash topic, TopicUser user, Peers peers) {
    this.platform = platform;
    this.topic = topic;
    this.user = user;
    this.peers = peers;
    this.judging = new Gate(platform.tasks(), AT_ONCE);
    this.answering = new Gate(platform.tasks(), AT_ONCE);
    this.woken = platform.tasks().pending();
    this.around =
        new Neighbourhood(
            platform,
            self,
            topic,
            new Neighbourhood.Voice() {
              @Override
              public void speak(Member member) {
                platform.tasks().spawn("gossip", () -> sayAll(member));
              }

              @Override
              public void wake() {
                woken.complete(true);
              }
            });
  }

  /** Runs until the topic is left. Suspends. */
  public void run() {
    while (!around.isLeft()) {
      Pending<Boolean> next = platform.tasks().pending();
      woken = next;
      Neighbourhood.Beat beat = around.beat();
      beat.turn().forEach(this::meet);
      if (beat.lonely()) {
        peers.seek(topic);
      }
      next.await(platform.deadline(beat.pause()));
    }
  }

  /**
   * Some members were found by an index server. One of them becomes a neighbour though there are
   * enough, so that parts that were apart grow together. Never suspends.
   *
   * @return whether somebody was not known
   */
  public boolean found(List<PeerId> some) {
    return around.found(some);
  }

  @Override
  public void publish(Bytes message) {
    if (message.isEmpty() || message.length() > MAX_MESSAGE) {
      throw new IllegalArgumentException("a message of " + message.length() + " bytes");
    }
    around.handOn(PeerFrame.Gossip.nameOf(message), message, null);
  }

  @Override
  public List<PeerId> neighbours() {
    return around.neighbours();
  }

  @Override
  public Optional<Bytes> ask(PeerId member, Bytes request, Deadline deadline) {
    while (true) {
      Optional<PeerFrame.Reply> reply =
          peers.call(member, true, new PeerFrame.Ask(topic, request), deadline);
      if (reply.isPresent() && reply.get() instanceof PeerFrame.Told told) {
        return Optional.of(told.answer());
      }
      Refusal busy = busy(reply);
      if (busy == null || busy.figures().isEmpty()) {
        return Optional.empty();
      }
      long pause = Math.max(AGAIN, busy.figures().getFirst());
      if (pause >= deadline.left(platform.clock())) {
        return Optional.empty();
      }
      platform.tasks().sleep(pause);
    }
  }

  @Override
  public void blame(PeerId member) {
    around.blame(member, Standing.NONSENSE);
  }

  @Override
  public void leave() {
    if (around.leave()) {
      woken.complete(true);
      peers.left(topic);
    }
  }

  /** Answers what another member says or asks. Suspends. */
  public PeerFrame.Reply answer(PeerId from, PeerFrame.Request request) {
    return switch (request) {
      case PeerFrame.Gossip gossip -> hear(from, gossip);
      case PeerFrame.Ask ask -> tell(from, ask.request());
      default -> new PeerFrame.Denied(Refusal.of(Refusal.OUT_OF_ORDER, "not of a topic"));
    };
  }

  private PeerFrame.Reply hear(PeerId from, PeerFrame.Gossip gossip) {
    long weight = Budget.CALL + (long) Hash.LENGTH * gossip.have().size();
    for (Bytes message : gossip.messages()) {
      weight += Budget.MESSAGE + message.length();
    }
    Neighbourhood.Admission admission = around.admit(from, weight, false);
    if (admission.member().isEmpty()) {
      return new PeerFrame.Denied(admission.refusal());
    }
    Member member = admission.member().get();
    boolean came = around.takeStance(member, gossip);
    try {
      for (Bytes message : gossip.messages()) {
        take(member, message);
      }
    } finally {
      around.looked(member);
    }
    if (came) {
      meet(member);
    }
    return around.answer(member, gossip);
  }

  /** Looks at a message, which is handed on if it is news. Suspends. */
  private void take(Member from, Bytes message) {
    Hash name = PeerFrame.Gossip.nameOf(message);
    if (!around.isNews(from, name)) {
      return;
    }
    if (!judging.enter(platform.deadline(PATIENCE))) {
      around.unjudged(name);
      return;
    }
    Verdict verdict;
    try {
      verdict = user.take(from.peer, message);
    } finally {
      judging.leave();
    }
    around.judged(from, name, message, verdict);
  }

  private PeerFrame.Reply tell(PeerId from, Bytes request) {
    Neighbourhood.Admission admission =
        around.admit(from, Budget.CALL + request.length() + user.weight(request), true);
    if (admission.member().isEmpty()) {
      return new PeerFrame.Denied(admission.refusal());
    }
    Optional<Bytes> answer = Optional.empty();
    boolean looked = answering.enter(platform.deadline(PATIENCE));
    if (looked) {
      try {
        answer = user.answer(from, request);
      } finally {
        answering.leave();
      }
    }
    int points = looked && answer.isEmpty() ? Standing.NONSENSE : 0;
    around.answered(admission.member().get(), answer.map(Bytes::length).orElse(0), points);
    return answer.isPresent()
        ? new PeerFrame.Told(answer.get())
        : new PeerFrame.Denied(Refusal.of(looked ? Refusal.NOT_FOUND : Refusal.BUSY, "no answer"));
  }

  private void meet(Member member) {
    if (around.meets(member)) {
      platform
          .tasks()
          .spawn(
              "meet",
              () -> {
                try {
                  user.met(member.peer);
                } finally {
                  around.met(member);
                }
              });
    }
  }

  /** Says what is due, until nothing is. Suspends. */
  private void sayAll(Member member) {
    PeerFrame.Gossip next = around.next(member);
    while (next != null) {
      boolean near = next.stance() == PeerFrame.Gossip.NEIGHBOUR;
      Optional<PeerFrame.Reply> reply =
          peers.call(member.peer, near, next, platform.deadline(CALL));
      long pause = heard(member, next, reply);
      if (pause > 0) {
        platform.tasks().sleep(pause);
      }
      next = around.next(member);
    }
  }

  /** What came of it; how long to wait with the next, in milliseconds. */
  private long heard(Member member, PeerFrame.Gossip said, Optional<PeerFrame.Reply> reply) {
    if (reply.isPresent() && reply.get() instanceof PeerFrame.Heard heard) {
      if (around.agreed(member, said, heard)) {
        meet(member);
      }
      return 0;
    }
    Refusal busy = busy(reply);
    return busy != null
        ? around.busy(member, said, busy)
        : around.failed(member, reply.isPresent());
  }

  /** Why there is no time now, if that is the answer. */
  private static @Nullable Refusal busy(Optional<PeerFrame.Reply> reply) {
    return reply.isPresent()
            && reply.get() instanceof PeerFrame.Denied denied
            && denied.refusal().code() == Refusal.BUSY
        ? denied.refusal()
        : null;
  }
}
