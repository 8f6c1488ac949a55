package dev.p2pcp.server.session;

import dev.p2pcp.server.cluster.Members;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Clears up after members that are gone, at once and not only at the next sweep: what their agents
 * lent and announced no longer counts. The agents come back by themselves, to other members.
 */
@Component
class Departures implements Members.Listener {
  /** Changes among members within so short a time are taken together. */
  private static final Duration GATHER = Duration.ofMillis(200);

  private static final System.Logger LOG = System.getLogger(Departures.class.getName());

  private final Login.Directory directory;
  private final Standings standings;
  private final Sinks.Many<Integer> changes = Sinks.many().multicast().directBestEffort();

  Departures(Members members, Login.Directory directory, Standings standings) {
    this.directory = directory;
    this.standings = standings;
    changes
        .asFlux()
        .sampleTimeout(member -> Mono.delay(GATHER), 1)
        .onBackpressureLatest()
        .concatMap(member -> clear(), 1)
        .subscribe();
    members.listen(this);
  }

  @Override
  public void joined(int member) {
    changes.tryEmitNext(member);
  }

  @Override
  public void left(int member) {
    changes.tryEmitNext(member);
  }

  private Mono<Void> clear() {
    return Mono.<Void>fromRunnable(
            () -> {
              directory.locations().sweep();
              directory.accounts().sweep();
            })
        .subscribeOn(Schedulers.boundedElastic())
        .then(Mono.defer(directory.accounts()::pledgeAgain))
        .doOnSuccess(done -> standings.changedAll())
        .onErrorResume(
            fault -> {
              LOG.log(System.Logger.Level.WARNING, "clearing up after a member failed", fault);
              return Mono.empty();
            });
  }
}
