package dev.p2pcp.server.session;

import dev.p2pcp.index.Audits;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.server.tunnel.TunnelGateway;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.PeerFrame;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Sends the challenges that are due to agents of this member, few at a time, and lets the ledgers
 * know what their accounts are worth. What waits does so on virtual threads.
 */
@Component
class Auditor implements SmartLifecycle {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final Duration REVIEW = Duration.ofSeconds(2);

  /** Time for an answer; who takes longer is taken for absent. */
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Pairs of accounts that are looked at in one review. */
  private static final int REVIEWED = 5_000;

  private static final System.Logger LOG = System.getLogger(Auditor.class.getName());

  private final Oversight oversight;
  private final TunnelGateway gateway;
  private final Map<Verdict, Counter> verdicts = new EnumMap<>(Verdict.class);
  private final AtomicInteger underWay = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("audit-", 0).factory());
  private final Scheduler scheduler = Schedulers.fromExecutorService(threads, "audits");
  private Disposable running = Disposables.disposed();

  Auditor(Oversight oversight, TunnelGateway gateway, MeterRegistry meters) {
    this.oversight = oversight;
    this.gateway = gateway;
    for (Verdict verdict : Verdict.values()) {
      verdicts.put(
          verdict,
          Counter.builder("p2pcp.audits")
              .description("Audits of agents by what they came to")
              .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
              .register(meters));
    }
  }

  @Override
  public void start() {
    Disposable audits =
        Flux.interval(STEP)
            .onBackpressureDrop()
            .concatMap(tick -> guarded(this::challenge), 1)
            .subscribe();
    Disposable reviews =
        Flux.interval(REVIEW)
            .onBackpressureDrop()
            .concatMap(tick -> guarded(() -> oversight.review(REVIEWED)), 1)
            .subscribe();
    running = Disposables.composite(audits, reviews);
  }

  @Override
  public void stop() {
    running.dispose();
  }

  @PreDestroy
  void close() {
    scheduler.dispose();
    threads.shutdownNow();
  }

  @Override
  public boolean isRunning() {
    return !running.isDisposed();
  }

  /** Sends what is due; does not wait for the answers. */
  private void challenge() {
    for (Audits.Challenge challenge : oversight.due(TunnelGateway.AUDITS - underWay.get())) {
      underWay.incrementAndGet();
      gateway
          .audit(challenge.holder(), challenge.audit(), DEADLINE)
          .map(Optional::of)
          .onErrorReturn(Optional.empty())
          .defaultIfEmpty(Optional.empty())
          .flatMap(reply -> guarded(() -> answered(challenge, reply)))
          .doFinally(signal -> underWay.decrementAndGet())
          .subscribe();
    }
  }

  private void answered(Audits.Challenge challenge, Optional<PeerFrame.Reply> reply) {
    Counter counter = verdicts.get(oversight.answered(challenge, reply));
    if (counter != null) {
      counter.increment();
    }
  }

  private Mono<Void> guarded(Runnable work) {
    return Mono.<Void>fromRunnable(work)
        .subscribeOn(scheduler)
        .onErrorResume(
            fault -> {
              LOG.log(System.Logger.Level.WARNING, "an audit failed", fault);
              return Mono.empty();
            });
  }
}
