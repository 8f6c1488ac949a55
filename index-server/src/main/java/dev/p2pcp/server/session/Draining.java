package dev.p2pcp.server.session;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.admission.Admission;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.server.tunnel.Tunnels;
import dev.p2pcp.wire.Refusal;
import java.time.Duration;
import java.util.Collection;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;

/**
 * Sends the agents away before the server goes, without breaking what is under way: who has a
 * stream open is served until it ends or time is over, and the others go a part at a time, so that
 * they do not come down on another server all at once.
 */
@Component
class Draining implements SmartLifecycle {
  private static final Duration STEP = Duration.ofMillis(50);

  /** Parts in which agents that have nothing under way are sent away. */
  private static final int PARTS = 40;

  /** Sent away at once however many there are. */
  private static final int FEW = 64;

  /** Time that agents have to take the go-away before they are cut off, in milliseconds. */
  private static final long FAREWELL = 2_000;

  /** Time for connections that are cut off to be gone, in milliseconds. */
  private static final long CUT = 1_000;

  /** When agents may try again here, in milliseconds; they spread over twice that. */
  private static final int PAUSE = 1_000;

  private static final Refusal WHY = Refusal.of(Refusal.DRAINING, "server stops", PAUSE);

  private final Sessions sessions;
  private final Tunnels tunnels;
  private final Admission admission;
  private final Clock clock;
  private final long limit;
  private volatile boolean running;

  Draining(
      Sessions sessions, Tunnels tunnels, Admission admission, Clock clock, Settings settings) {
    this.sessions = sessions;
    this.tunnels = tunnels;
    this.admission = admission;
    this.clock = clock;
    this.limit = settings.drain().toMillis();
  }

  @Override
  public void start() {
    admission.draining(false);
    running = true;
  }

  @Override
  public void stop() {
    admission.draining(true);
    long began = clock.ticks();
    int part = Math.max(FEW, sessions.size() / PARTS);
    Flux.interval(Duration.ZERO, STEP)
        .onBackpressureDrop()
        .takeUntil(tick -> step(clock.ticks() - began, part))
        .blockLast();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Whether all are gone, or have had the time for it. */
  private boolean step(long elapsed, int part) {
    Collection<AgentSession> left = sessions.all();
    int sent = 0;
    for (AgentSession session : left) {
      boolean over = elapsed > limit;
      if (sent < part && !session.isOver() && (over || !tunnels.isBusy(session.number()))) {
        session.end(WHY, PAUSE);
        sent++;
      }
      if (elapsed > limit + FAREWELL) {
        session.remote().abort();
      }
    }
    // Who comes only now is told so by Admission; were they waited for, it might never end.
    return left.isEmpty() || elapsed > limit + FAREWELL + CUT;
  }
}
