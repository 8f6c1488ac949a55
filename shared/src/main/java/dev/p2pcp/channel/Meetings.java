package dev.p2pcp.channel;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.topic.Topic;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When to compare with which member, and when to say that the person is here: one task for each
 * channel, one thing after the other.
 */
final class Meetings {
  /** Between two comparings with the same member that it gives cause for, in milliseconds. */
  private static final long APART = 1_000;

  /** How long who is met is left to begin, as both hear of it at once, in milliseconds. */
  private static final long AFTER_YOU = 2_000;

  /** How long somebody who looked looks, in milliseconds. */
  private static final long WATCH = 30_000;

  /** Members that wait to be compared with; more are forgotten, and met again. */
  private static final int MEMBERS = 64;

  private final Platform platform;
  private final ChannelSync sync;
  private final Events events;
  private final Map<PeerId, Long> due = new HashMap<>();
  private final Map<PeerId, Long> asked = new HashMap<>();
  private Pending<Boolean> wake;
  private long watchedUntil;
  private long signAt;
  private boolean here;
  private boolean over;

  /** What comes of meetings. Suspends. */
  interface Events {
    /** A member has all that is here. */
    void equal();

    /** Something was lacking here. */
    void gained();

    /** It is time to say that the person is here, or not any more. */
    void here(boolean yes);
  }

  Meetings(Platform platform, ChannelSync sync, Events events) {
    this.platform = platform;
    this.sync = sync;
    this.events = events;
    this.wake = platform.tasks().pending();
  }

  /** Works from now on. */
  void run(Topic topic) {
    platform.tasks().spawn("channel", () -> work(topic));
  }

  /** Never suspends. */
  synchronized void end() {
    over = true;
    wake.complete(true);
  }

  /** It is time to compare with a neighbour. Never suspends. */
  void met(PeerId member) {
    note(member, platform.clock().ticks() + (sync.isEmpty() ? 0 : AFTER_YOU));
    synchronized (this) {
      // Who is new learns soon who is here.
      signAt = Math.min(signAt, platform.clock().ticks() + APART);
    }
  }

  /** A member knows something that follows on what is not here. Never suspends. */
  void soon(PeerId member) {
    note(member, platform.clock().ticks());
  }

  private synchronized void note(PeerId member, long at) {
    if (due.size() < MEMBERS || due.containsKey(member)) {
      due.merge(member, Math.max(at, asked.getOrDefault(member, at - APART) + APART), Math::min);
      wake.complete(true);
    }
  }

  /** Somebody looks at the channel. Never suspends. */
  synchronized void watch() {
    watchedUntil = platform.clock().ticks() + WATCH;
    if (!here) {
      wake.complete(true);
    }
  }

  private void work(Topic topic) {
    while (true) {
      Pending<Boolean> change;
      synchronized (this) {
        if (over) {
          return;
        }
        change = platform.tasks().pending();
        wake = change;
      }
      long signed = sign();
      Optional<PeerId> next = next();
      if (next.isPresent()) {
        compare(topic, next.get());
      } else {
        change.await(new Deadline(Math.min(signed, soonest())));
      }
    }
  }

  /** When to sign next. */
  private long sign() {
    long now = platform.clock().ticks();
    boolean watched;
    synchronized (this) {
      watched = now < watchedUntil;
      if (watched == here && (!watched || now < signAt)) {
        return watched ? Math.min(signAt, watchedUntil) : Long.MAX_VALUE;
      }
      here = watched;
      signAt = now + Presences.EVERY;
    }
    events.here(watched);
    return watched ? now + APART : Long.MAX_VALUE;
  }

  private synchronized Optional<PeerId> next() {
    long now = platform.clock().ticks();
    Optional<PeerId> next = Optional.empty();
    // Who waits longest: nobody who is due again and again keeps others waiting.
    for (Map.Entry<PeerId, Long> one : due.entrySet()) {
      if (one.getValue() <= now) {
        now = one.getValue();
        next = Optional.of(one.getKey());
      }
    }
    return next;
  }

  private synchronized long soonest() {
    long soonest = Long.MAX_VALUE;
    for (long at : due.values()) {
      soonest = Math.min(soonest, at);
    }
    return soonest;
  }

  private void compare(Topic topic, PeerId member) {
    synchronized (this) {
      due.remove(member);
      if (asked.size() >= MEMBERS) {
        asked.clear();
      }
      asked.put(member, platform.clock().ticks());
    }
    int before = sync.size();
    ChannelSync.Outcome outcome = sync.with(topic, member);
    if (outcome == ChannelSync.Outcome.EQUAL) {
      events.equal();
    } else if (outcome == ChannelSync.Outcome.LIED) {
      topic.blame(member);
    } else if (outcome == ChannelSync.Outcome.MORE) {
      soon(member);
    }
    if (sync.size() > before) {
      events.gained();
    }
  }
}
