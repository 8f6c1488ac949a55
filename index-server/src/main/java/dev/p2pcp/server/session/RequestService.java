package dev.p2pcp.server.session;

import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.index.ManifestCheck;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.RequestDesk;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.server.slot.Holders;
import dev.p2pcp.wire.FrameType;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Lets the desk answer the requests of a session, on a virtual thread each: a session has one
 * request served at a time, so there are never more than sessions.
 */
@Component
class RequestService {
  /** Time for one request. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int BUSY_PAUSE = 1_000;

  /** How long who was caught with a forgery is asked to stay away, in milliseconds. */
  private static final int CAUGHT_PAUSE = 60_000;

  /** Receipt batches verified in one go while there is time, and the pause after them. */
  private static final int VERIFY_AT_ONCE = 32;

  private static final Duration VERIFY_PAUSE = Duration.ofMillis(50);

  private static final System.Logger LOG = System.getLogger(RequestService.class.getName());

  private final RequestDesk desk;
  private final LocationIndex locations;
  private final MeterRegistry meters;
  private final Map<FrameType, Timer> timers = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
  private final Disposable verifying;
  private final Scheduler scheduler = Schedulers.fromExecutorService(threads, "requests");

  RequestService(
      DeskPorts ports,
      LocationIndex locations,
      Holders holders,
      Oversight oversight,
      Meetings meetings,
      Clock clock,
      MeterRegistry meters) {
    this.desk = new RequestDesk(ports, ports, holders, ports, oversight, meetings, clock);
    this.locations = locations;
    this.meters = meters;
    this.verifying =
        Mono.fromCallable(this::verifySome)
            .subscribeOn(scheduler)
            .repeatWhen(done -> done.delayElements(VERIFY_PAUSE))
            .subscribe();
  }

  /** In lots, with pauses, so that what agents wait for comes first. */
  private boolean verifySome() {
    try {
      return desk.hasUnverified() && desk.verifySome(VERIFY_AT_ONCE);
    } catch (RuntimeException fault) {
      LOG.log(System.Logger.Level.WARNING, "receipts could not be verified now", fault);
      return false;
    }
  }

  private record Client(AgentSession agent, DeviceCertificate certificate)
      implements RequestDesk.Client {
    @Override
    public int session() {
      return agent.number();
    }

    @Override
    public ManifestCheck manifest() {
      return agent.manifest();
    }

    @Override
    public void end(Refusal why) {
      agent.end(why, CAUGHT_PAUSE);
    }

    @Override
    public void announced(int difference) {
      agent.announced(difference);
    }
  }

  /** The answer; never an error. */
  Mono<SessionFrame.Answer> serve(AgentSession session, Member who, SessionFrame.Request request) {
    Timer.Sample sample = Timer.start(meters);
    Client client = new Client(session, who.certificate());
    return answer(client, request)
        .onErrorResume(fault -> Mono.just(new SessionFrame.Refused(request.id(), refusalOf(fault))))
        .doOnNext(answer -> sample.stop(timer(request)));
  }

  /** What waits for the buckets of locations, or for nothing, needs no thread that waits. */
  private Mono<SessionFrame.Answer> answer(Client client, SessionFrame.Request request) {
    return switch (request) {
      case SessionFrame.Lookup r ->
          locations
              .lookup(r.keys())
              .<SessionFrame.Answer>map(found -> new SessionFrame.Found(r.id(), found));
      case SessionFrame.Announce r ->
          locations
              .announce(client.session(), r.keys())
              .map(announced -> RequestDesk.announced(client, r, announced));
      case SessionFrame.Withdraw r ->
          locations
              .withdraw(client.session(), r.keys())
              .map(count -> RequestDesk.withdrawn(client, r, count));
      // None of these ever waits.
      case SessionFrame.Signal _, SessionFrame.Pull _, SessionFrame.Ice _ ->
          Mono.fromSupplier(() -> desk.serve(client, request));
      default ->
          Mono.<SessionFrame.Answer>fromCallable(() -> desk.serve(client, request))
              .subscribeOn(scheduler)
              .timeout(DEADLINE);
    };
  }

  /** Kinds are few and ours, so they may be a label. */
  private Timer timer(SessionFrame.Request request) {
    return timers.computeIfAbsent(
        request.type(),
        kind ->
            Timer.builder("p2pcp.requests")
                .description("Requests of agents, answered or refused, by kind")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                .register(meters));
  }

  @PreDestroy
  void stop() {
    verifying.dispose();
    scheduler.dispose();
    threads.shutdownNow();
  }

  private static Refusal refusalOf(Throwable fault) {
    if (fault instanceof TimeoutException || fault instanceof RejectedExecutionException) {
      return Refusal.of(Refusal.BUSY, "", BUSY_PAUSE);
    }
    LOG.log(System.Logger.Level.WARNING, "a request failed", fault);
    return Refusal.of(Refusal.INTERNAL, "");
  }
}
