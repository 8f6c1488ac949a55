package dev.p2pcp.server.session;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.admission.Settings;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Looks after all sessions once a second, and lets indexes forget what is over. */
@Component
class Watch implements SmartLifecycle {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration SWEEP = Duration.ofSeconds(30);

  private static final System.Logger LOG = System.getLogger(Watch.class.getName());

  private final Sessions sessions;
  private final Login.Directory directory;
  private final Standings standings;
  private final Clock clock;
  private final SessionTimes times;
  private Disposable running = Disposables.disposed();

  Watch(
      Sessions sessions,
      Login.Directory directory,
      Standings standings,
      Clock clock,
      Settings settings) {
    this.sessions = sessions;
    this.directory = directory;
    this.standings = standings;
    this.clock = clock;
    this.times = SessionTimes.of(settings);
  }

  @Override
  public void start() {
    Disposable checks = Flux.interval(STEP).onBackpressureDrop().subscribe(tick -> check());
    Disposable sweeps =
        Flux.interval(SWEEP)
            .onBackpressureDrop()
            .concatMap(
                tick ->
                    Mono.fromRunnable(this::sweep)
                        .subscribeOn(Schedulers.boundedElastic())
                        .onErrorResume(Watch::report))
            .subscribe();
    running = Disposables.composite(checks, sweeps);
  }

  @Override
  public void stop() {
    running.dispose();
  }

  @Override
  public boolean isRunning() {
    return !running.isDisposed();
  }

  private void check() {
    long ticks = clock.ticks();
    sessions.all().forEach(session -> session.check(ticks, times));
  }

  private void sweep() {
    directory.locations().sweep();
    directory.accounts().sweep();
    standings.changedAll();
  }

  private static Mono<Void> report(Throwable fault) {
    LOG.log(System.Logger.Level.WARNING, "a sweep failed", fault);
    return Mono.empty();
  }
}
