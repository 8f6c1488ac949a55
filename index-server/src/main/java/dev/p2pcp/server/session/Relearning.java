package dev.p2pcp.server.session;

import dev.p2pcp.platform.Entropy;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.wire.Refusal;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * More members are gone at once than there were copies, so part of what agents told is lost: asks
 * the agents here to log in and tell it again, spread in time.
 */
@Component
class Relearning {
  /** Time over which the agents are sent, in milliseconds. */
  private static final int SPREAD = 4_000;

  /** When an agent may log in again, in milliseconds. */
  private static final int PAUSE = 250;

  /** Agents that wait for their moment; others are sent at once. */
  private static final int WAITING = 100_000;

  /** The loss of several partitions is one loss. */
  private static final Duration GATHER = Duration.ofMillis(500);

  private static final Refusal AGAIN = Refusal.of(Refusal.DRAINING, "log in again", PAUSE);

  private final Sinks.Many<Boolean> losses = Sinks.many().multicast().directBestEffort();

  Relearning(LocationIndex locations, Sessions sessions, Entropy entropy) {
    losses
        .asFlux()
        .sampleTimeout(loss -> Mono.delay(GATHER), 1)
        .onBackpressureLatest()
        .concatMap(loss -> sendAll(sessions, entropy), 1)
        .subscribe();
    locations.onLost(() -> losses.tryEmitNext(true));
  }

  private static Mono<Void> sendAll(Sessions sessions, Entropy entropy) {
    return Flux.fromIterable(sessions.all())
        .flatMap(
            session ->
                Mono.delay(Duration.ofMillis(entropy.below(SPREAD)))
                    .doOnNext(now -> session.end(AGAIN, PAUSE)),
            WAITING)
        .then();
  }
}
