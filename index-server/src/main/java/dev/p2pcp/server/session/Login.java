package dev.p2pcp.server.session;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.index.Network;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.ProofCheck;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.server.account.Accounts;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.server.cluster.Roster;
import dev.p2pcp.server.location.LocationIndex;
import dev.p2pcp.server.slot.Holders;
import dev.p2pcp.server.topic.Topics;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Lets a proven agent in, and clears up after it. */
@Component
class Login {
  /** How long a login waits for an older session of the same device to be gone. */
  private static final Duration REPLACING = Duration.ofSeconds(3);

  private static final Refusal REPLACED = Refusal.of(Refusal.REPLACED, "logged in again");
  private static final Allowance NOTHING = new Allowance(0, 0, 0);

  private final Verifier verifier;
  private final Sessions sessions;
  private final Directory directory;
  private final Standings standings;
  private final Clock clock;
  private final int heartbeat;

  Login(
      Verifier verifier,
      Sessions sessions,
      Directory directory,
      Standings standings,
      Clock clock,
      Settings settings) {
    this.verifier = verifier;
    this.sessions = sessions;
    this.directory = directory;
    this.standings = standings;
    this.clock = clock;
    this.heartbeat = (int) settings.heartbeat().toMillis();
    directory.roster.onReplaced(this::replaced);
  }

  /** Where a session's peer is entered. */
  @Component
  record Directory(
      Roster roster,
      LocationIndex locations,
      Accounts accounts,
      Holders holders,
      Topics topics,
      Oversight oversight) {}

  /** Checks the proof, and opens or ends the session. */
  Mono<Void> prove(
      AgentSession session, SessionFrame.Challenge challenge, SessionFrame.Proof proof) {
    return verifier
        .run(
            crypto ->
                ProofCheck.check(crypto, challenge, session.remote().host(), proof, clock.now()))
        .onErrorReturn(Optional.of(Refusal.of(Refusal.BUSY, "logins", 1_000)))
        .flatMap(
            refusal -> {
              if (refusal.isPresent()) {
                session.proved(refusal, NOTHING, heartbeat);
                return Mono.empty();
              }
              return enter(session, new Member(proof.certificate()));
            });
  }

  /** Forgets everything that the session has brought. */
  Mono<Void> leave(AgentSession session) {
    Optional<Member> member = session.member();
    if (member.isEmpty()) {
      return Mono.empty();
    }
    PeerId peer = member.get().peer();
    AccountId account = member.get().account();
    directory.roster.leave(session.number());
    directory.locations.forget(session.number());
    directory.topics.gone(session.number());
    directory.holders.disconnect(peer);
    directory.oversight.disconnect(peer);
    sessions.leave(session, member.get());
    return directory
        .accounts
        .leave(account, peer, session.number())
        .doOnNext(reply -> standings.changed(account))
        .then();
  }

  private Mono<Void> enter(AgentSession session, Member member) {
    session.entering(member);
    Optional<AgentSession> before = sessions.enter(session, member);
    Mono<Void> replaced =
        before
            .map(
                old -> {
                  old.end(REPLACED, 0);
                  Mono<Void> forced =
                      Mono.defer(
                          () -> {
                            old.remote().abort();
                            return old.gone().timeout(REPLACING);
                          });
                  return old.gone().timeout(REPLACING, forced);
                })
            .orElse(Mono.empty());
    return replaced
        .then(directory.accounts.figures(member.account()))
        .doOnNext(reply -> open(session, member, reply))
        .then();
  }

  private void open(AgentSession session, Member member, LedgerReply reply) {
    Allowance allowance = reply instanceof LedgerReply.Done done ? done.allowance() : NOTHING;
    directory.roster.enter(session.number(), member.peer(), member.account());
    Network network = session.remote().network();
    directory.holders.connect(member.peer(), member.account(), network.number());
    directory.oversight.connect(member.peer(), member.account(), network);
    session.proved(Optional.empty(), allowance, heartbeat);
  }

  /** The device has logged in on another member since. */
  private void replaced(int number) {
    sessions.find(number).ifPresent(session -> session.end(REPLACED, 0));
  }
}
