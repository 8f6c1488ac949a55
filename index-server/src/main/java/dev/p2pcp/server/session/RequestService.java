package dev.p2pcp.server.session;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.index.ReceiptRules;
import dev.p2pcp.index.Reservations;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.server.account.LedgerReply;
import dev.p2pcp.server.cluster.ClusterSecret;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Answers the requests of a session. */
@Component
class RequestService {
  /** Time for one request. */
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  private static final int BUSY_PAUSE = 1_000;

  private static final System.Logger LOG = System.getLogger(RequestService.class.getName());

  private final Login.Directory directory;
  private final Verifier verifier;
  private final ClusterSecret cluster;
  private final Standings standings;
  private final Clock clock;

  RequestService(
      Login.Directory directory,
      Verifier verifier,
      ClusterSecret cluster,
      Standings standings,
      Clock clock) {
    this.directory = directory;
    this.verifier = verifier;
    this.cluster = cluster;
    this.standings = standings;
    this.clock = clock;
  }

  /** The answer; never an error. */
  Mono<SessionFrame.Answer> serve(AgentSession session, Member who, SessionFrame.Request request) {
    long id = request.id();
    Mono<? extends SessionFrame.Answer> answer =
        switch (request) {
          case SessionFrame.Announce r -> announce(session, r);
          case SessionFrame.Withdraw r ->
              directory
                  .locations()
                  .withdraw(session.number(), r.keys())
                  .map(
                      removed -> {
                        session.announced(-removed);
                        return new SessionFrame.Done(id);
                      });
          case SessionFrame.Pledge r -> pledge(session, who, r);
          case SessionFrame.Present r -> present(who, r);
          case SessionFrame.Freed r -> freed(who, r);
          case SessionFrame.Lookup r ->
              directory
                  .locations()
                  .lookup(r.keys())
                  .map(found -> new SessionFrame.Found(id, found));
          case SessionFrame.Reserve r -> reserve(who, r);
          case SessionFrame.Renew r -> renew(who, r);
          case SessionFrame.Copies r -> notYet(r);
          case SessionFrame.Forgo r -> notYet(r);
          case SessionFrame.Mend r -> notYet(r);
        };
    return answer
        .<SessionFrame.Answer>map(a -> a)
        .timeout(DEADLINE)
        .onErrorResume(fault -> Mono.just(new SessionFrame.Refused(id, refusalOf(fault))));
  }

  private static Mono<SessionFrame.Answer> notYet(SessionFrame.Request request) {
    return Mono.just(refused(request, Refusal.of(Refusal.INTERNAL, "")));
  }

  private Mono<SessionFrame.Answer> announce(AgentSession session, SessionFrame.Announce request) {
    return directory
        .locations()
        .announce(session.number(), request.keys())
        .map(
            announced -> {
              session.announced(announced.added());
              return announced.refused() == 0
                  ? new SessionFrame.Done(request.id())
                  : refused(request, Refusal.of(Refusal.BUSY, "locations", BUSY_PAUSE));
            });
  }

  private Mono<SessionFrame.Answer> pledge(
      AgentSession session, Member who, SessionFrame.Pledge request) {
    directory.holders().free(who.peer(), request.free());
    return directory
        .accounts()
        .pledge(who.account(), who.peer(), session.number(), request.slots())
        .map(reply -> changed(request, who.account(), reply));
  }

  private Mono<SessionFrame.Answer> freed(Member who, SessionFrame.Freed request) {
    Optional<Refusal> flaw = ReceiptRules.checkFreed(request.time(), clock.now());
    if (flaw.isPresent()) {
      return Mono.just(refused(request, flaw.get()));
    }
    Holder holder = new Holder(who.peer(), who.account());
    return directory
        .accounts()
        .free(request.owner(), holder, request.time(), request.keys())
        .map(reply -> changed(request, request.owner(), reply));
  }

  /** Enters batches up to the first that is refused, which decides the answer. */
  private Mono<SessionFrame.Answer> present(Member who, SessionFrame.Present request) {
    return Flux.fromIterable(request.batches())
        .concatMap(batch -> presentOne(who, batch))
        .next()
        .map(refusal -> refused(request, refusal))
        .defaultIfEmpty(new SessionFrame.Done(request.id()));
  }

  /** Empty if the batch was entered. */
  private Mono<Refusal> presentOne(Member who, ReceiptBatch batch) {
    return verifier
        .run(crypto -> ReceiptRules.check(crypto, who.certificate(), batch, clock.now()))
        .flatMap(refusal -> refusal.isPresent() ? Mono.just(refusal.get()) : enter(batch));
  }

  private Mono<Refusal> enter(ReceiptBatch batch) {
    ReceiptHeader header = batch.header();
    List<StorageKey> keys = batch.entries().stream().map(entry -> entry.terms().key()).toList();
    directory.holders().settle(header.holder(), header.owner(), keys);
    return directory
        .accounts()
        .place(
            header.owner(),
            new Holder(header.holder(), header.holderAccount()),
            header.stored(),
            header.expires(),
            keys)
        .flatMap(
            reply -> {
              standings.changed(header.owner());
              return Mono.justOrEmpty(refusalOf(reply));
            });
  }

  private Mono<SessionFrame.Answer> reserve(Member who, SessionFrame.Reserve request) {
    int wanted = request.items().stream().mapToInt(SessionFrame.Reserve.Item::copies).sum();
    if (wanted > TicketBatch.MAX) {
      return Mono.just(
          refused(request, Refusal.of(Refusal.OVER_LIMIT, "tickets", TicketBatch.MAX, wanted)));
    }
    List<StorageKey> keys = request.items().stream().map(SessionFrame.Reserve.Item::key).toList();
    return directory
        .accounts()
        .holders(who.account(), keys)
        .flatMap(
            reply -> {
              List<Ticket> tickets =
                  directory.holders().allot(who.account(), request.items(), keepers(keys, reply));
              return tickets.isEmpty()
                  ? Mono.just(
                      refused(
                          request, Refusal.of(Refusal.NO_HOLDERS, "nobody has room", wanted, 0)))
                  : enter(who, request, tickets)
                      .doOnNext(
                          answer -> {
                            if (answer instanceof SessionFrame.Refused) {
                              directory.holders().giveBack(tickets);
                            }
                          })
                      .doOnError(fault -> directory.holders().giveBack(tickets));
            });
  }

  private Mono<SessionFrame.Answer> renew(Member who, SessionFrame.Renew request) {
    List<StorageKey> keys =
        request.copies().stream().map(SessionFrame.Renew.Copy::key).distinct().toList();
    return directory
        .accounts()
        .holders(who.account(), keys)
        .flatMap(
            reply -> {
              List<Ticket> tickets =
                  directory.holders().renew(who.account(), request.copies(), keepers(keys, reply));
              return tickets.isEmpty()
                  ? Mono.just(refused(request, Refusal.of(Refusal.NOT_FOUND, "not counted")))
                  : enter(who, request, tickets);
            });
  }

  private Mono<SessionFrame.Answer> enter(
      Member who, SessionFrame.Request request, List<Ticket> tickets) {
    return directory
        .accounts()
        .reserve(who.account(), Reservations.claims(tickets))
        .flatMap(
            reply -> {
              Optional<Refusal> refusal = refusalOf(reply);
              if (refusal.isPresent()) {
                return Mono.just(refused(request, refusal.get()));
              }
              standings.changed(who.account());
              return verifier
                  .run(crypto -> TicketBatch.issue(cluster.tickets(), tickets))
                  .<SessionFrame.Answer>map(
                      batch -> new SessionFrame.Reserved(request.id(), batch));
            });
  }

  private static Map<StorageKey, List<Holder>> keepers(List<StorageKey> keys, LedgerReply reply) {
    Map<StorageKey, List<Holder>> keepers = new HashMap<>();
    if (reply instanceof LedgerReply.Done done) {
      for (int i = 0; i < keys.size(); i++) {
        keepers.put(keys.get(i), done.holders().get(i));
      }
    }
    return keepers;
  }

  private SessionFrame.Answer changed(
      SessionFrame.Request request, AccountId account, LedgerReply reply) {
    standings.changed(account);
    return refusalOf(reply)
        .<SessionFrame.Answer>map(refusal -> refused(request, refusal))
        .orElseGet(() -> new SessionFrame.Done(request.id()));
  }

  private static SessionFrame.Answer refused(SessionFrame.Request request, Refusal refusal) {
    return new SessionFrame.Refused(request.id(), refusal);
  }

  private static Optional<Refusal> refusalOf(LedgerReply reply) {
    return switch (reply) {
      case LedgerReply.Done done -> Optional.empty();
      case LedgerReply.OverAllowance over -> {
        Allowance a = over.allowance();
        yield Optional.of(
            Refusal.of(Refusal.OVER_ALLOWANCE, "lend more", a.blocks(), a.needed(), a.lent()));
      }
      case LedgerReply.OverLimit over ->
          Optional.of(Refusal.of(Refusal.OVER_LIMIT, "ledger", over.limit(), over.limit() + 1L));
    };
  }

  private static Refusal refusalOf(Throwable fault) {
    if (fault instanceof TimeoutException || fault instanceof RejectedExecutionException) {
      return Refusal.of(Refusal.BUSY, "", BUSY_PAUSE);
    }
    LOG.log(System.Logger.Level.WARNING, "a request failed", fault);
    return Refusal.of(Refusal.INTERNAL, "");
  }
}
