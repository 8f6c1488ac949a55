package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes receipts. Without a manifest each batch is verified before it counts. Under a manifest its
 * hashes are, and of the signatures those of a random sample; the rest counts apart from what is
 * verified and waits in {@link LateChecks}, unless there is no room or its presenter was caught
 * before.
 *
 * <p>Calls may wait where the ports say so; those of different sessions may come at once.
 */
final class Presenting {
  /** One batch in so many is verified at once. */
  static final int SAMPLE = 8;

  private static final Refusal FORGED = Refusal.of(Refusal.BAD_SIGNATURE, "receipt");

  private static final Refusal OTHER = Refusal.of(Refusal.BAD_SIGNATURE, "manifest");

  private final Ledgers ledgers;
  private final Lenders lenders;
  private final Signing signing;
  private final Oversight oversight;
  private final Clock clock;
  private final LateChecks late;

  Presenting(Ledgers ledgers, Lenders lenders, Signing signing, Oversight oversight, Clock clock) {
    this.ledgers = ledgers;
    this.lenders = lenders;
    this.signing = signing;
    this.oversight = oversight;
    this.clock = clock;
    this.late = new LateChecks();
  }

  /** What is to become of a batch whose hashes are right. */
  private enum Finding {
    NOT_YOURS,
    EXPIRED,
    FORGED,
    OTHER_ROOT,
    VERIFIED,
    LATER
  }

  SessionFrame.Answer manifest(RequestDesk.Client client, SessionFrame.Manifest manifest) {
    Optional<Refusal> flaw =
        signing.check(
            crypto -> client.manifest().open(crypto, client.certificate(), manifest, clock.now()));
    return answer(manifest, flaw);
  }

  /** Enters batches up to the first that is refused, which decides the answer. */
  SessionFrame.Answer present(RequestDesk.Client client, SessionFrame.Present request) {
    boolean promised = client.manifest().isOpen();
    List<Finding> findings = signing.check(crypto -> examine(crypto, client, request.batches()));
    Optional<Refusal> flaw = Optional.empty();
    for (int i = 0; i < findings.size() && flaw.isEmpty(); i++) {
      ReceiptBatch batch = request.batches().get(i);
      flaw =
          switch (findings.get(i)) {
            case NOT_YOURS -> Optional.of(Refusal.of(Refusal.NOT_YOURS, "receipt"));
            case EXPIRED -> Optional.of(Refusal.of(Refusal.EXPIRED, "receipt"));
            case FORGED -> promised ? caught(client, batch, FORGED) : Optional.of(FORGED);
            // An answer that got lost, and a present said twice, come to this as well: no fault.
            case OTHER_ROOT -> Optional.of(OTHER);
            case VERIFIED ->
                enter(batch, isHolder(client, batch.header()) || isOwner(client, batch.header()));
            case LATER -> enterUnverified(client, batch);
          };
    }
    if (flaw.isPresent()) {
      client.manifest().close();
    }
    return answer(request, flaw);
  }

  private List<Finding> examine(
      Crypto crypto, RequestDesk.Client client, List<ReceiptBatch> batches) {
    Hasher hasher = crypto.hasher();
    List<Finding> findings = new ArrayList<>();
    for (ReceiptBatch batch : batches) {
      Finding finding = examine(crypto, hasher, client, batch);
      findings.add(finding);
      if (finding != Finding.VERIFIED && finding != Finding.LATER) {
        break;
      }
    }
    return findings;
  }

  private Finding examine(
      Crypto crypto, Hasher hasher, RequestDesk.Client client, ReceiptBatch batch) {
    DeviceCertificate presenter = client.certificate();
    if (!ReceiptRules.isParty(presenter, batch.header())) {
      return Finding.NOT_YOURS;
    }
    if (!batch.header().isCurrent(clock.now())) {
      return Finding.EXPIRED;
    }
    boolean promised = client.manifest().isOpen();
    if (promised && !client.manifest().takes(hasher, batch.encoded())) {
      return Finding.OTHER_ROOT;
    }
    if (!batch.isWhole(hasher)) {
      return Finding.FORGED;
    }
    boolean later =
        promised && signing.entropy().below(SAMPLE) != 0 && late.hasRoomFor(presenter.account());
    if (later) {
      return Finding.LATER;
    }
    return batch.isSigned(crypto, presenter) ? Finding.VERIFIED : Finding.FORGED;
  }

  /** Enters what is verified, and whether it is brought just now. */
  private Optional<Refusal> enter(ReceiptBatch batch, boolean brought) {
    ReceiptHeader header = batch.header();
    List<StorageKey> keys = keysOf(batch);
    lenders.settle(header.holder(), header.owner(), keys);
    LedgerReply reply =
        ledgers.ask(
            header.owner(),
            new LedgerCommand.Place(
                holderOf(header), brought, header.stored(), header.expires(), keys));
    if (reply instanceof LedgerReply.Done done) {
      oversight.figures(header.owner(), done.allowance());
      oversight.placed(batch);
    }
    ledgers.changed(header.owner());
    return RequestDesk.refusalOf(reply);
  }

  private Optional<Refusal> enterUnverified(RequestDesk.Client client, ReceiptBatch batch) {
    ReceiptHeader header = batch.header();
    ledgers.ask(
        header.owner(),
        new LedgerCommand.Claims(
            holderOf(header),
            isOwner(client, header),
            header.stored(),
            header.expires(),
            client.session(),
            keysOf(batch)));
    ledgers.changed(header.owner());
    late.add(client, batch);
    return Optional.empty();
  }

  boolean hasUnverified() {
    return !late.isEmpty();
  }

  /**
   * Verifies some of what waits.
   *
   * @return whether more waits
   */
  boolean verifySome(int batches) {
    List<LateChecks.Waiting> some = late.take(batches);
    List<Boolean> right = new ArrayList<>();
    try {
      right.addAll(
          signing.check(
              crypto ->
                  some.stream()
                      .map(w -> w.batch().isSigned(crypto, w.client().certificate()))
                      .toList()));
    } finally {
      if (right.isEmpty()) {
        late.putBack(some);
      }
    }
    for (int i = 0; i < some.size(); i++) {
      LateChecks.Waiting waiting = some.get(i);
      RequestDesk.Client client = waiting.client();
      if (right.get(i)) {
        // What its owner brought, the owner may have forgone since.
        enter(waiting.batch(), isHolder(client, waiting.batch().header()));
      } else {
        ledgers.ask(waiting.batch().header().owner(), new LedgerCommand.Drop(client.session()));
        ledgers.changed(waiting.batch().header().owner());
        caught(client, waiting.batch(), FORGED);
      }
    }
    return !late.isEmpty();
  }

  /**
   * Takes out what this session brought and nobody has verified, ends it, and remembers its account
   * for a while. What was verified stays: it is true whoever brought it.
   */
  private Optional<Refusal> caught(RequestDesk.Client client, ReceiptBatch batch, Refusal why) {
    Set<AccountId> owners = new LinkedHashSet<>();
    for (LateChecks.Waiting waiting : late.caught(client)) {
      owners.add(waiting.batch().header().owner());
    }
    for (AccountId owner : owners) {
      ledgers.ask(owner, new LedgerCommand.Drop(client.session()));
      ledgers.changed(owner);
    }
    AccountId liar = client.certificate().account();
    ledgers.ask(liar, new LedgerCommand.Fault(batch.header().root().bytes().longAt(0) >>> 1));
    ledgers.changed(liar);
    client.end(why);
    return Optional.of(why);
  }

  private static boolean isOwner(RequestDesk.Client client, ReceiptHeader header) {
    return client.certificate().account().equals(header.owner());
  }

  private static boolean isHolder(RequestDesk.Client client, ReceiptHeader header) {
    return client.certificate().device().equals(header.holder());
  }

  private static Holder holderOf(ReceiptHeader header) {
    return new Holder(header.holder(), header.holderAccount());
  }

  private static List<StorageKey> keysOf(ReceiptBatch batch) {
    return batch.entries().stream().map(entry -> entry.terms().key()).toList();
  }

  private static SessionFrame.Answer answer(
      SessionFrame.Request request, Optional<Refusal> refusal) {
    return refusal.isPresent()
        ? new SessionFrame.Refused(request.id(), refusal.get())
        : new SessionFrame.Done(request.id());
  }
}
