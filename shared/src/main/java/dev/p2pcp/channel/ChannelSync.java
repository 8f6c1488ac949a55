package dev.p2pcp.channel;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.graph.Graph;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.ReconcileMessage;
import dev.p2pcp.graph.Reconciliation;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings two members to the same nodes: who has none asks for pages of the history, oldest first;
 * others find out by {@link Reconciliation} what either lacks. Whoever answers keeps no state.
 */
final class ChannelSync {
  /** Longest wait for one answer, in milliseconds. */
  private static final long PATIENCE = 15_000;

  /**
   * Longest time with one member in a row, in milliseconds: then others get their turn, and who is
   * here can say so before the last time that it was said counts no more.
   */
  private static final long TOGETHER = 40_000;

  /** Questions to one member in a row: enough for all that a channel may hold. */
  private static final int QUESTIONS = 200;

  private static final int PAGE = 1_024;

  private final Platform platform;
  private final Graph graph;
  private final Taker taker;

  /** Takes nodes that somebody sent. */
  @FunctionalInterface
  interface Taker {
    /**
     * Suspends.
     *
     * @param old whether they were there long before this member came
     * @return how many were new; −1 if one was wrong whoever looks at it
     */
    int take(List<GraphNode> nodes, boolean old);
  }

  ChannelSync(Platform platform, Graph graph, Taker taker) {
    this.platform = platform;
    this.graph = graph;
    this.taker = taker;
  }

  /** What came of comparing. */
  enum Outcome {
    /** Both have the same, as far as either would take it. */
    EQUAL,
    /** The member does not answer. */
    LATER,
    /** There is too much for one time. */
    MORE,
    /** It sent what nobody could believe, or answered all the time and had nothing to say. */
    LIED
  }

  boolean isEmpty() {
    return graph.size() == 0;
  }

  int size() {
    return graph.size();
  }

  /** Suspends. */
  Outcome with(Topic topic, PeerId member) {
    return new Talk(topic, member).run();
  }

  /** One time with one member. */
  private final class Talk {
    private final Topic topic;
    private final PeerId member;
    private final Deadline end = platform.deadline(TOGETHER);
    private int left = QUESTIONS;

    /** Nodes that were new on either side. */
    private int moved;

    Talk(Topic topic, PeerId member) {
      this.topic = topic;
      this.member = member;
    }

    Outcome run() {
      Hash last = graph.id();
      boolean pages = isEmpty();
      while (pages && goesOn()) {
        Optional<Exchange> answer = ask(new Exchange(Exchange.PAGE, last.bytes(), List.of()));
        if (answer.isEmpty()) {
          return Outcome.LATER;
        }
        List<GraphNode> nodes = answer.get().nodes();
        int taken = taker.take(nodes, true);
        if (taken < 0) {
          return Outcome.LIED;
        }
        if (answer.get().kind() != Exchange.MORE) {
          return Outcome.EQUAL;
        }
        moved += taken;
        // Who says that there is more and sends nothing new is compared with instead.
        pages = taken > 0;
        if (pages) {
          last = nodes.get(nodes.size() - 1).name();
        }
      }
      return reconcile();
    }

    private Outcome reconcile() {
      boolean again = true;
      while (again && goesOn()) {
        again = false;
        int gained = 0;
        Bytes step = begin().encoded();
        List<GraphNode> sending = List.of();
        boolean over = false;
        while (!over) {
          if (!goesOn()) {
            return late();
          }
          int count = Exchange.room(sending, 0, step.length());
          Optional<Exchange> answer =
              ask(new Exchange(Exchange.STEP, step, sending.subList(0, count)));
          sending = sending.subList(count, sending.size());
          if (answer.isEmpty()) {
            return Outcome.LATER;
          }
          int taken = taker.take(answer.get().nodes(), false);
          if (taken < 0) {
            return Outcome.LIED;
          }
          gained += taken;
          moved += taken + count;
          again |= answer.get().kind() == Exchange.MORE;
          Optional<Reconciliation.Step> next = next(answer.get().step());
          step =
              next.flatMap(Reconciliation.Step::reply)
                  .map(ReconcileMessage::encoded)
                  .orElse(Bytes.EMPTY);
          if (next.isPresent()) {
            List<GraphNode> more = new ArrayList<>(sending);
            more.addAll(nodes(next.get().send()));
            sending = more;
          }
          over = step.isEmpty() && sending.isEmpty();
        }
        // Who says that there is more and sends nothing new is not asked for ever.
        again &= gained > 0;
      }
      return again ? late() : Outcome.EQUAL;
    }

    private boolean goesOn() {
      return left > 0 && !end.passed(platform.clock());
    }

    private Outcome late() {
      return moved > 0 ? Outcome.MORE : Outcome.LIED;
    }

    private Optional<Exchange> ask(Exchange request) {
      left--;
      Optional<Bytes> fits = fitting(request);
      if (fits.isEmpty()) {
        return Optional.empty();
      }
      long patience = Math.min(PATIENCE, end.left(platform.clock()));
      Optional<Bytes> answer = topic.ask(member, fits.get(), platform.deadline(patience));
      try {
        return answer.isEmpty() ? Optional.empty() : Optional.of(Exchange.decode(answer.get()));
      } catch (MalformedFrameException e) {
        return Optional.empty();
      }
    }
  }

  private ReconcileMessage begin() {
    return reconciliation().begin(platform.entropy());
  }

  private Reconciliation reconciliation() {
    return new Reconciliation(graph.names(), platform.crypto().hasher());
  }

  private Optional<Reconciliation.Step> next(Bytes step) {
    try {
      return step.isEmpty()
          ? Optional.empty()
          : Optional.of(reconciliation().take(ReconcileMessage.decode(step)));
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }

  /** Comparing hashes names, at worst all of them; other requests cost what is sent. */
  long weight(Bytes request) {
    boolean compares = !request.isEmpty() && request.at(0) == Exchange.STEP;
    return compares ? (long) Hash.LENGTH * graph.size() : 0;
  }

  /** Empty if the request makes no sense. Suspends. */
  Optional<Bytes> answer(Bytes encoded) {
    try {
      Exchange request = Exchange.decode(encoded);
      if (request.kind() == Exchange.PAGE) {
        Hash last = Hash.read(new ByteReader(request.step()), "step");
        return answer(Bytes.EMPTY, graph.after(last, PAGE));
      }
      if (request.kind() != Exchange.STEP || taker.take(request.nodes(), false) < 0) {
        return Optional.empty();
      }
      if (request.step().isEmpty()) {
        return answer(Bytes.EMPTY, List.of());
      }
      Reconciliation.Step step = reconciliation().take(ReconcileMessage.decode(request.step()));
      Bytes reply = step.reply().map(ReconcileMessage::encoded).orElse(Bytes.EMPTY);
      return answer(reply, nodes(step.send()));
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }

  /** Nobody who compares in good faith gets to a step that has no room. */
  private static Optional<Bytes> answer(Bytes step, List<GraphNode> nodes) {
    int count = Exchange.room(nodes, 0, step.length());
    int kind = count < nodes.size() || count == PAGE ? Exchange.MORE : Exchange.WHOLE;
    return fitting(new Exchange(kind, step, nodes.subList(0, count)));
  }

  private static Optional<Bytes> fitting(Exchange exchange) {
    Bytes encoded = exchange.encoded();
    return encoded.length() <= Topic.MAX_ASK ? Optional.of(encoded) : Optional.empty();
  }

  /** In order, so that parents come first. */
  private List<GraphNode> nodes(List<Hash> names) {
    List<GraphNode> nodes = new ArrayList<>(names.size());
    for (Hash name : names) {
      graph.node(name).ifPresent(nodes::add);
    }
    nodes.sort((a, b) -> a.isBefore(b) ? -1 : b.isBefore(a) ? 1 : 0);
    return nodes;
  }
}
