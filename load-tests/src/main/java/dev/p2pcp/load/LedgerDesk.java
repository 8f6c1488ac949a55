package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.index.Ledgers;
import dev.p2pcp.index.Lenders;
import dev.p2pcp.index.Locations;
import dev.p2pcp.index.ManifestCheck;
import dev.p2pcp.index.Meeting;
import dev.p2pcp.index.Oversight;
import dev.p2pcp.index.RememberedProofs;
import dev.p2pcp.index.Repairs;
import dev.p2pcp.index.RequestDesk;
import dev.p2pcp.index.Signing;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The desk of production over ledgers in this process. */
final class LedgerDesk implements Ledgers, Lenders, Locations, Signing {
  private static final long SEED = 4;

  private final LedgerVillage village;
  private final Map<AccountId, AccountLedger> ledgers = new HashMap<>();
  private final Random random = new Random(SEED);
  private final Clock clock = new Stopped();
  private final Crypto plain;
  private Crypto crypto;
  private RequestDesk desk;

  LedgerDesk(Crypto crypto, LedgerVillage village) {
    this.village = village;
    this.plain = crypto;
    this.crypto = new RememberedProofs(crypto);
    this.desk =
        new RequestDesk(
            this,
            this,
            this,
            this,
            new Oversight(this, this, entropy(), clock),
            Meeting.NONE,
            clock);
  }

  /** The moment of which everything is. */
  private static final class Stopped implements Clock {
    @Override
    public long now() {
      return LedgerVillage.NOW;
    }

    @Override
    public long ticks() {
      return LedgerVillage.NOW;
    }
  }

  private record Client(int session, DeviceCertificate certificate, ManifestCheck manifest)
      implements RequestDesk.Client {
    @Override
    public void end(Refusal why) {
      throw new IllegalStateException(why.text());
    }

    @Override
    public void announced(int difference) {
      // Nobody counts.
    }
  }

  static Frame decoded(Bytes message) {
    try {
      return FrameCodec.decodeMessage(message);
    } catch (MalformedFrameException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Serves all messages of an agent. */
  void login(int agent, List<Bytes> messages) {
    Client client = new Client(agent, village.certificate(agent), new ManifestCheck());
    for (Bytes message : messages) {
      if (decoded(message) instanceof SessionFrame.Request request
          && desk.serve(client, request) instanceof SessionFrame.Refused refused) {
        throw new IllegalStateException(refused.refusal().text());
      }
    }
  }

  /** Verifies what was not verified at the login. */
  void verifyRest() {
    while (desk.verifySome(64)) {
      // Until nothing is left.
    }
  }

  int placements() {
    return ledgers.values().stream()
        .map(ledger -> ledger.allowance(LedgerVillage.NOW))
        .mapToInt(figures -> figures.needed() - figures.blocks())
        .sum();
  }

  /** Makes sure that every placement counts. */
  void requireAll() {
    if (placements() != village.placements() || desk.hasUnverified()) {
      throw new IllegalStateException("placements are missing: " + placements());
    }
  }

  void forgetAllButLedgers() {
    crypto = new RememberedProofs(plain);
    desk =
        new RequestDesk(
            this,
            this,
            this,
            this,
            new Oversight(this, this, entropy(), clock),
            Meeting.NONE,
            clock);
  }

  void forgetLedgers() {
    ledgers.clear();
  }

  @Override
  public LedgerReply ask(AccountId account, LedgerCommand command) {
    return command.apply(
        ledgers.computeIfAbsent(account, a -> new AccountLedger(SEED)), LedgerVillage.NOW);
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
    return count -> {
      byte[] bytes = new byte[count];
      random.nextBytes(bytes);
      return Bytes.wrap(bytes);
    };
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
