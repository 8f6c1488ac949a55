package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A desk over ledgers in plain maps, for what has to do with receipts and statements. */
final class PlainDesk implements Ledgers, Lenders, Locations, Signing, Clock {
  final Map<AccountId, AccountLedger> ledgers = new HashMap<>();
  final RequestDesk desk;
  long now;
  private final Crypto crypto;
  private final Seeded arbitrary;
  private int sessions;
  private long requests;

  PlainDesk(Crypto crypto, Seeded arbitrary, long now) {
    this.crypto = new RememberedProofs(crypto);
    this.arbitrary = arbitrary;
    this.now = now;
    this.desk =
        new RequestDesk(
            this, this, this, this, new Oversight(this, this, arbitrary, this), Meeting.NONE, this);
  }

  /** A session, and why it was ended if it was. */
  final class Session implements RequestDesk.Client {
    final int number = ++sessions;
    final ManifestCheck manifest = new ManifestCheck();
    final DeviceCertificate who;
    @Nullable Refusal ended;

    Session(DeviceCertificate who) {
      this.who = who;
    }

    /** 0 if it was done, else the code of the refusal. */
    int ask(Request request) {
      SessionFrame.Answer answer = desk.serve(this, request.of(++requests));
      return answer instanceof SessionFrame.Refused refused ? refused.refusal().code() : 0;
    }

    @Override
    public int session() {
      return number;
    }

    @Override
    public DeviceCertificate certificate() {
      return who;
    }

    @Override
    public ManifestCheck manifest() {
      return manifest;
    }

    @Override
    public void end(Refusal why) {
      ended = why;
    }

    @Override
    public void announced(int difference) {
      // Not what this is about.
    }
  }

  interface Request {
    SessionFrame.Request of(long id);
  }

  Session login(DeviceCertificate who) {
    return new Session(who);
  }

  AccountLedger ledger(AccountId account) {
    return ledgers.computeIfAbsent(account, a -> new AccountLedger());
  }

  void verifyRest() {
    while (desk.verifySome(3)) {
      // Until nothing is left.
    }
  }

  /** All that is known of copies, entry for entry, without when they were last brought. */
  Map<String, String> entries(List<StorageKey> keys) {
    Map<String, String> entries = new TreeMap<>();
    ledgers.forEach(
        (account, ledger) ->
            keys.forEach(
                key -> {
                  List<String> kept = new ArrayList<>();
                  ledger.copies(key, now).forEach(copy -> kept.add(copy.toString()));
                  kept.sort(null);
                  if (!kept.isEmpty()) {
                    entries.put(account + "/" + key, kept.toString());
                  }
                }));
    return entries;
  }

  @Override
  public LedgerReply ask(AccountId account, LedgerCommand command) {
    return command.apply(ledger(account), now);
  }

  @Override
  public void changed(AccountId account) {
    // Nobody is told.
  }

  @Override
  public <T> T check(Check<T> check) {
    return check.by(crypto);
  }

  @Override
  public Entropy entropy() {
    return arbitrary;
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public long ticks() {
    return now;
  }

  @Override
  public void settle(PeerId peer, AccountId owner, List<StorageKey> keys) {
    // No tickets are open.
  }

  @Override
  public void lends(PeerId peer, Candidate.Kind kind, int free) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public SessionFrame.CopiesFound found(long id, List<List<AccountLedger.Kept>> blocks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean mayForgo(PeerId holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isAskingTooOften(PeerId holder) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Repairs.Torn> blocks) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void giveBack(List<Ticket> tickets) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<ServerRecord> servers() {
    return List.of();
  }

  @Override
  public TicketBatch issue(List<Ticket> tickets) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Announced announce(int session, List<StorageKey> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int withdraw(int session, List<StorageKey> keys) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<List<PeerId>> lookup(List<StorageKey> keys) {
    throw new UnsupportedOperationException();
  }
}
