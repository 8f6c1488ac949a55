package dev.p2pcp.index;

import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.Optional;

/** Takes statements, of the device that brings them and of others for which it keeps blocks. */
final class Stating {
  private final Ledgers ledgers;
  private final Signing signing;
  private final Clock clock;

  Stating(Ledgers ledgers, Signing signing, Clock clock) {
    this.ledgers = ledgers;
    this.signing = signing;
    this.clock = clock;
  }

  /** Enters all statements that are right; the first that is not decides the answer. */
  SessionFrame.Answer state(DeviceCertificate who, SessionFrame.State request) {
    Optional<Refusal> first = Optional.empty();
    for (Statement statement : request.statements()) {
      Optional<Refusal> flaw = enter(who, statement);
      first = first.isPresent() ? first : flaw;
    }
    return first.isPresent()
        ? new SessionFrame.Refused(request.id(), first.get())
        : new SessionFrame.Done(request.id());
  }

  private Optional<Refusal> enter(DeviceCertificate who, Statement statement) {
    if (!statement.isCurrent(clock.now())) {
      return Optional.of(Refusal.of(Refusal.EXPIRED, "statement"));
    }
    if (!signing.check(statement::isGenuine)) {
      return Optional.of(Refusal.of(Refusal.BAD_SIGNATURE, "statement"));
    }
    LedgerReply reply = ledgers.ask(statement.account(), new LedgerCommand.State(statement));
    ledgers.changed(statement.account());
    // Who keeps what another device said can't know whether that has said more since.
    return who.device().equals(statement.device())
        ? RequestDesk.refusalOf(reply)
        : Optional.empty();
  }
}
