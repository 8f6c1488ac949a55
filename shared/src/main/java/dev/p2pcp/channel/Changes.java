package dev.p2pcp.channel;

import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Counts what changes in a channel, for those who wait for it. The count begins anywhere: who asks
 * with that of another tab's agent, which is closed, must not take it for this one's.
 */
final class Changes {
  private final Platform platform;
  private final Set<Pending<Boolean>> watching = new HashSet<>();
  private long version;

  Changes(Platform platform) {
    this.platform = platform;
    this.version = platform.entropy().below(1 << 30);
  }

  synchronized long version() {
    return version;
  }

  /** Waits until the version is another one. Suspends. */
  void await(long since, Deadline deadline) {
    Pending<Boolean> pending = platform.tasks().pending();
    synchronized (this) {
      if (version != since) {
        return;
      }
      watching.add(pending);
    }
    pending.await(deadline);
    synchronized (this) {
      watching.remove(pending);
    }
  }

  /** Something is another. Never suspends. */
  void happened() {
    List<Pending<Boolean>> waiting;
    synchronized (this) {
      version++;
      waiting = List.copyOf(watching);
    }
    waiting.forEach(pending -> pending.complete(true));
  }
}
