package dev.p2pcp.server.admission;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Counts connections, all of them and by address, and says when there are enough. */
@Component
public class Admission {
  private final Settings settings;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

  Admission(Settings settings) {
    this.settings = settings;
  }

  /** Whether one more from that address may connect; if so it is counted until {@link #leave}. */
  public boolean enter(InetAddress address) {
    if (all.incrementAndGet() > settings.sessions()) {
      all.decrementAndGet();
      return false;
    }
    int here = byAddress.merge(address, 1, Integer::sum);
    if (here > settings.sessionsPerAddress()) {
      leave(address);
      return false;
    }
    return true;
  }

  /** One that had entered is gone. */
  public void leave(InetAddress address) {
    all.decrementAndGet();
    byAddress.computeIfPresent(address, (a, count) -> count == 1 ? null : count - 1);
  }
}
