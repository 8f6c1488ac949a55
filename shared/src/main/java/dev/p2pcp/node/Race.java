package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Several holders that are asked for the same block, and what they answer. */
final class Race {
  private final Platform platform;
  private final List<Block> answers = new ArrayList<>();
  private Pending<Boolean> news;
  private int running;
  private int ended;
  private int heard;
  private boolean late;

  Race(Platform platform) {
    this.platform = platform;
    this.news = platform.tasks().pending();
  }

  /** One question; suspends. */
  interface Question {
    /**
     * The answer; empty if there is none.
     *
     * @throws LinkException if there may be one later
     */
    Optional<Block> ask() throws LinkException;
  }

  /** Asks beside the others. Never suspends. */
  void begin(Question question) {
    synchronized (this) {
      running++;
    }
    platform.tasks().spawn("ask a holder", () -> run(question));
  }

  private void run(Question question) {
    try {
      came(question.ask());
    } catch (LinkException e) {
      synchronized (this) {
        late = true;
      }
      came(Optional.empty());
    }
  }

  /** Whether somebody who gave no answer may have one later. */
  synchronized boolean wasLate() {
    return late || running > 0;
  }

  /** Answers so far. */
  synchronized List<Block> answers() {
    return new ArrayList<>(answers);
  }

  /** Waits until somebody answers or has no answer; whether that was in time. Suspends. */
  boolean awaitNews(Deadline deadline) {
    Pending<Boolean> next;
    synchronized (this) {
      if (ended > heard) {
        heard = ended;
        return true;
      }
      next = news;
    }
    boolean came = next.await(deadline).isPresent();
    synchronized (this) {
      heard = ended;
    }
    return came;
  }

  /** Waits for the first answer, or until nobody is left to give one. Suspends. */
  void awaitFirst(Deadline deadline) {
    Pending<Boolean> next = next();
    while (answers().isEmpty() && isRunning() && next.await(deadline).isPresent()) {
      next = next();
    }
  }

  /** Waits until all have answered. Suspends. */
  void awaitAll(Deadline deadline) {
    Pending<Boolean> next = next();
    while (isRunning() && next.await(deadline).isPresent()) {
      next = next();
    }
  }

  private synchronized boolean isRunning() {
    return running > 0;
  }

  private synchronized Pending<Boolean> next() {
    return news;
  }

  private synchronized void came(Optional<Block> answer) {
    running--;
    ended++;
    answer.ifPresent(answers::add);
    Pending<Boolean> heard = news;
    news = platform.tasks().pending();
    heard.complete(true);
  }
}
