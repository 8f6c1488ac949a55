package dev.p2pcp.server.admission;

import dev.p2pcp.platform.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.stereotype.Component;
import reactor.netty.resources.LoopResources;

/** How late the event loops are: what a message waits before anybody looks at it. */
@Component
class Lag implements SmartLifecycle {
  /** How often each loop is looked at, in milliseconds. */
  private static final int STEP = 100;

  private final ReactorResourceFactory resources;
  private final Clock clock;
  private final List<Beat> beats = new CopyOnWriteArrayList<>();
  private volatile boolean running;

  Lag(ReactorResourceFactory resources, Clock clock, MeterRegistry meters) {
    this.resources = resources;
    this.clock = clock;
    TimeGauge.builder("p2pcp.event.loop.lag", this, TimeUnit.MILLISECONDS, Lag::now)
        .description("How late the latest of the event loops is")
        .register(meters);
  }

  /** Milliseconds by which the latest loop is late, or was when it last had its turn. */
  long now() {
    long ticks = clock.ticks();
    return beats.stream().mapToLong(beat -> beat.lag(ticks)).max().orElse(0);
  }

  @Override
  public void start() {
    for (EventExecutor loop : resources.getLoopResources().onServer(LoopResources.DEFAULT_NATIVE)) {
      beats.add(new Beat(loop));
    }
    running = true;
  }

  @Override
  public void stop() {
    beats.forEach(beat -> beat.schedule.cancel(false));
    beats.clear();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** One event loop. */
  private final class Beat {
    private final Future<?> schedule;
    private volatile long due = clock.ticks() + STEP;
    private volatile long last;

    Beat(EventExecutor loop) {
      schedule = loop.scheduleWithFixedDelay(this::beat, STEP, STEP, TimeUnit.MILLISECONDS);
    }

    /** A loop that is stuck now has not said so itself. */
    long lag(long ticks) {
      return Math.max(last, ticks - due);
    }

    private void beat() {
      long ticks = clock.ticks();
      last = Math.max(0, ticks - due);
      due = ticks + STEP;
    }
  }
}
