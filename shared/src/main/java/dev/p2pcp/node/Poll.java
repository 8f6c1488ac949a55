package dev.p2pcp.node;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One question to several index servers, and what they answer. Who takes longer than usual is not
 * waited for while another answers, so that one that is dead or hangs costs no time.
 */
final class Poll<A> {
  /** Suspends for as long as a session waits for an answer. */
  interface Question<A> {
    A to(IndexSession session) throws LinkException, RefusedException;
  }

  private final Platform platform;
  private final Question<A> question;
  private final List<A> answers = new ArrayList<>();
  private final List<IndexSession> running = new ArrayList<>();
  private @Nullable RefusedException refusal;
  private Pending<Boolean> news;

  private Poll(Platform platform, Question<A> question) {
    this.platform = platform;
    this.question = question;
    this.news = platform.tasks().pending();
  }

  /**
   * Asks all at once. Suspends until all have answered, or one has and the others are late.
   *
   * @param requests that the question makes of each, one after the other
   * @return in the order in which they came
   */
  static <A> List<A> all(
      Platform platform, List<IndexSession> sessions, int requests, Question<A> question) {
    Poll<A> poll = new Poll<>(platform, question);
    if (sessions.size() == 1) {
      // There is no other to wait for instead.
      poll.ask(sessions.get(0));
      return poll.answers();
    }
    long longest = 0;
    for (IndexSession session : sessions) {
      if (!session.isLate()) {
        longest = Math.max(longest, session.patience() * Math.max(1, requests));
      }
      poll.begin(session);
    }
    Deadline late = platform.deadline(longest);
    while (poll.isOpen()) {
      Pending<Boolean> next = poll.news();
      boolean some = !poll.answers().isEmpty();
      if (poll.isOpen() && next.await(some ? late : Deadline.NEVER).isEmpty() && some) {
        break;
      }
    }
    return poll.answers();
  }

  /**
   * Asks one after the other until one says yes; the next as well when one is late. Suspends.
   *
   * @throws RefusedException if none does: that more must be lent rather than that nobody has room
   * @throws LinkException if none answers
   */
  static <A> A first(Platform platform, List<IndexSession> sessions, Question<A> question)
      throws LinkException, RefusedException {
    Poll<A> poll = new Poll<>(platform, question);
    if (sessions.size() == 1) {
      poll.ask(sessions.get(0));
      return poll.first();
    }
    for (IndexSession session : sessions) {
      poll.begin(session);
      poll.await(session, platform.deadline(2 * session.patience()));
      if (!poll.answers().isEmpty()) {
        break;
      }
    }
    poll.await(null, Deadline.NEVER);
    return poll.first();
  }

  private synchronized A first() throws LinkException, RefusedException {
    if (!answers.isEmpty()) {
      return answers.get(0);
    }
    if (refusal != null) {
      throw refusal;
    }
    throw new LinkException("no index server answers");
  }

  private void begin(IndexSession session) {
    synchronized (this) {
      running.add(session);
    }
    platform.tasks().spawn("ask a server", () -> ask(session));
  }

  private void ask(IndexSession session) {
    try {
      A answer = question.to(session);
      synchronized (this) {
        answers.add(answer);
      }
    } catch (RefusedException e) {
      synchronized (this) {
        if (refusal == null || e.refusal().code() == Refusal.OVER_ALLOWANCE) {
          refusal = e;
        }
      }
    } catch (LinkException e) {
      // Its loop logs in again; the others are asked.
    } finally {
      Pending<Boolean> heard;
      synchronized (this) {
        running.remove(session);
        heard = news;
        news = platform.tasks().pending();
      }
      heard.complete(true);
    }
  }

  /** Until there is an answer, or that one has said no, or all have. */
  private void await(@Nullable IndexSession session, Deadline deadline) {
    boolean more = true;
    while (more) {
      Pending<Boolean> next = news();
      more = answers().isEmpty() && isRunning(session) && next.await(deadline).isPresent();
    }
  }

  private synchronized boolean isRunning(@Nullable IndexSession session) {
    return session == null ? !running.isEmpty() : running.contains(session);
  }

  private boolean isOpen() {
    return isRunning(null);
  }

  private synchronized Pending<Boolean> news() {
    return news;
  }

  private synchronized List<A> answers() {
    return List.copyOf(answers);
  }
}
