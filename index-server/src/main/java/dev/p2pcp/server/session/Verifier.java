package dev.p2pcp.server.session;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.index.RememberedProofs;
import jakarta.annotation.PreDestroy;
import java.util.function.Function;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Checks and makes signatures off the event loops, by few threads with a bounded queue. */
@Component
class Verifier {
  private static final int QUEUE = 10_000;

  private final Crypto crypto;
  private final Scheduler scheduler =
      Schedulers.newBoundedElastic(Runtime.getRuntime().availableProcessors(), QUEUE, "verify");

  Verifier(Crypto crypto) {
    this.crypto = new RememberedProofs(crypto);
  }

  /** Runs it; the error is a RejectedExecutionException if too much waits already. */
  <T> Mono<T> run(Function<Crypto, T> work) {
    return Mono.fromCallable(() -> work.apply(crypto)).subscribeOn(scheduler);
  }

  @PreDestroy
  void stop() {
    scheduler.dispose();
  }
}
