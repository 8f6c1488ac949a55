package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.placement.Candidate;
import dev.p2pcp.placement.Placement;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What accounts gain by lying about what they lend, by coming as many, and by signing receipts for
 * each other: requests go through the desk of an index server, with receipts that are truly signed.
 */
class VettingTest implements Ledgers, Locations, Lenders, Signing, Clock {
  private static final long DAY = 24 * 60 * 60 * 1000L;
  private static final int PLEDGED = 10_000;

  private final Seeded arbitrary = new Seeded(3);
  private final JvmCrypto crypto = new JvmCrypto();
  private final Crypto.SigningKey server = crypto.signingKey(arbitrary.bytes(32));
  private final Map<AccountId, AccountLedger> ledgers = new HashMap<>();
  private final SlotBook slots = new SlotBook();
  private final Reservations reservations =
      new Reservations(slots, new Placement(arbitrary.bytes(32)), arbitrary, Ticket.MAX_LIFE);
  private final Oversight oversight = new Oversight(this, this, arbitrary, this);
  private final RequestDesk desk =
      new RequestDesk(this, this, this, this, oversight, Meeting.NONE, this);
  private long now = 1_790_000_000_000L;
  private int sessions;

  @Override
  public Entropy entropy() {
    return arbitrary;
  }

  /** Somebody with one device. */
  private final class Person implements RequestDesk.Client {
    final Crypto.SigningKey device = crypto.signingKey(arbitrary.bytes(32));
    final DeviceCertificate certificate =
        DeviceCertificate.issue(
            crypto.signingKey(arbitrary.bytes(32)),
            PeerId.of(device.publicKey()),
            now - 1_000,
            DeviceCertificate.MAX_LIFE);
    final Network network;
    final int session = sessions++;
    final ManifestCheck manifest = new ManifestCheck();

    Person(Network network) {
      this.network = network;
    }

    AccountId account() {
      return certificate.account();
    }

    @Override
    public ManifestCheck manifest() {
      return manifest;
    }

    @Override
    public void end(Refusal why) {
      throw new AssertionError(why.text());
    }

    Person login() {
      oversight.connect(certificate.device(), account(), network);
      slots.connect(certificate.device(), account(), network.number(), now);
      desk.serve(this, new SessionFrame.Pledge(1, PLEDGED, PLEDGED, false));
      return this;
    }

    void logout() {
      oversight.disconnect(certificate.device());
      slots.disconnect(certificate.device());
      ask(account(), new LedgerCommand.Pledge(certificate.device(), session, 0));
    }

    /** Stores blocks of one copy with others until that is refused; how many it came to. */
    int storeAll() {
      int stored = 0;
      int at = 0;
      for (int count = Limits.RESERVE_ITEMS; count > 0; ) {
        List<SessionFrame.Reserve.Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          items.add(new SessionFrame.Reserve.Item(block(at++), 300, 1));
        }
        if (desk.serve(this, new SessionFrame.Reserve(1, items))
            instanceof SessionFrame.Reserved reserved) {
          List<Ticket> tickets = reserved.tickets().tickets();
          List<StorageKey> keys = tickets.stream().map(Ticket::key).toList();
          for (int i = 0; i < keys.size(); i += 100) {
            host.keep(this, keys.subList(i, Math.min(keys.size(), i + 100)));
          }
          stored += keys.size();
        } else {
          count /= 2;
        }
      }
      return stored;
    }

    /** Signs, with the owner, for blocks that may be nowhere, and presents that. */
    void keep(Person owner, List<StorageKey> keys) {
      Block nothing = Block.Content.of(Bytes.utf8("nothing"));
      List<ReceiptTerms> terms = new ArrayList<>();
      for (StorageKey key : keys) {
        terms.add(ReceiptTerms.of(arbitrary.bytes(Ticket.SERIAL_LENGTH), key, nothing));
      }
      ReceiptBatch batch =
          ReceiptOffer.sign(device, certificate, owner.account(), now, terms)
              .countersign(owner.device, owner.certificate);
      assertThat(desk.serve(this, new SessionFrame.Present(1, List.of(batch))))
          .isInstanceOf(SessionFrame.Done.class);
    }

    private StorageKey block(int number) {
      return new StorageKey(
          crypto.sha256(Bytes.concat(account().bytes(), Bytes.utf8("" + number))).bytes());
    }

    List<StorageKey> blocks(int count) {
      List<StorageKey> keys = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        keys.add(new StorageKey(arbitrary.bytes(StorageKey.LENGTH)));
      }
      return keys;
    }

    @Override
    public int session() {
      return session;
    }

    @Override
    public DeviceCertificate certificate() {
      return certificate;
    }

    @Override
    public void announced(int difference) {}
  }

  /** With room for everybody, and with whom all is stored in truth. */
  private final Person host = new Person(new Network(1, false));

  @Test
  void a_thousand_accounts_of_one_operator_store_no_more_than_one() {
    host.login();
    int one = new Person(new Network(10, true)).login().storeAll();
    assertThat(one).isEqualTo(Vetting.POOL);

    List<Person> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(new Person(new Network(11, true)).login());
    }
    int together = many.stream().mapToInt(Person::storeAll).sum();
    assertThat(together).isLessThanOrEqualTo(one * 105 / 100);
  }

  @Test
  void accounts_that_come_one_after_another_store_no_more_than_one() {
    host.login();
    int together = 0;
    for (int i = 0; i < 200; i++) {
      Person person = new Person(new Network(11, true)).login();
      together += person.storeAll();
      person.logout();
      now += 4 * 60 * 60 * 1000L;
      if (i % 6 == 0) {
        host.logout();
        host.login();
      }
    }
    // After 31 days what the first have is over, unless they come again.
    assertThat(together).isLessThanOrEqualTo(2 * Vetting.POOL);
  }

  @Test
  void a_pair_that_signs_for_each_other_gains_nothing() {
    host.login();
    Person one = new Person(new Network(11, true)).login();
    Person other = new Person(new Network(11, true)).login();
    for (int i = 0; i < 10; i++) {
      one.keep(other, one.blocks(100));
      other.keep(one, other.blocks(100));
      settleAll();
    }
    assertThat(one.storeAll() + other.storeAll()).isLessThanOrEqualTo(Vetting.POOL);
  }

  @Test
  void a_ring_that_signs_for_each_other_gains_nothing() {
    host.login();
    List<Person> ring = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ring.add(new Person(new Network(11, true)).login());
    }
    for (int i = 0; i < 30; i++) {
      ring.get(i % 10).keep(ring.get((i + 1) % 10), host.blocks(100));
      ring.get(i % 10).keep(ring.get((i + 3) % 10), host.blocks(50));
      settleAll();
    }
    int together = ring.stream().mapToInt(Person::storeAll).sum();
    assertThat(together).isLessThanOrEqualTo(Vetting.POOL);
  }

  @Test
  void owners_that_are_made_up_lend_no_weight_to_who_keeps_for_them() {
    host.login();
    Person holder = new Person(new Network(11, true)).login();
    for (int i = 0; i < 5; i++) {
      Person never = new Person(new Network(11, true));
      Person once = new Person(new Network(11, true)).login();
      holder.keep(never, host.blocks(100));
      holder.keep(once, host.blocks(100));
      settleAll();
      once.logout();
    }
    assertThat(holder.storeAll()).isLessThanOrEqualTo(Vetting.POOL);
  }

  @Test
  void what_is_kept_for_owners_who_are_worth_it_counts() {
    host.login();
    Person holder = new Person(new Network(11, true)).login();
    for (int i = 0; i < 4; i++) {
      Person owner = new Person(new Network(20 + i, true)).login();
      holder.keep(owner, owner.blocks(100));
    }
    settleAll();
    assertThat(holder.storeAll()).isEqualTo(400 + Vetting.POOL);
  }

  @Test
  void what_is_kept_no_longer_counts_no_longer() {
    host.login();
    Person holder = new Person(new Network(11, true)).login();
    Person owner = new Person(new Network(12, true)).login();
    List<StorageKey> keys = owner.blocks(100);
    holder.keep(owner, keys);
    settleAll();
    now += 1_000;
    desk.serve(holder, new SessionFrame.Freed(1, owner.account(), now, keys));
    settleAll();
    assertThat(holder.storeAll()).isEqualTo(Vetting.POOL);
  }

  @Test
  void a_network_whose_peers_pass_audits_is_given_more_day_by_day_and_however_many_they_are() {
    Vetting vetting = new Vetting();
    AccountId account = host.account();
    vetting.seen(account, new Network(7, true), now);
    assertThat(vetting.worth(account, now)).isEqualTo(Vetting.POOL);
    for (int i = 0; i < 100; i++) {
      vetting.passed(account, now + i);
    }
    assertThat(vetting.worth(account, now)).isEqualTo(Vetting.POOL + Vetting.DAILY);
    for (int day = 1; day < 100; day++) {
      vetting.passed(account, now + day * DAY);
    }
    assertThat(vetting.worth(account, now)).isEqualTo(Vetting.MAX_POOL);
  }

  @Test
  void where_the_network_says_nothing_all_that_is_lent_counts() {
    host.login();
    Person local = new Person(new Network(127, false)).login();
    AccountLedger ledger = ledgers.get(local.account());
    assertThat(ledger.allowance(now).lent()).isEqualTo(PLEDGED);
  }

  /** Lets the server look at what has changed until nothing changes any more. */
  private void settleAll() {
    for (int i = 0; i < 5; i++) {
      oversight.review(10_000);
    }
  }

  @Override
  public LedgerReply ask(AccountId account, LedgerCommand command) {
    return command.apply(ledgers.computeIfAbsent(account, a -> new AccountLedger()), now);
  }

  @Override
  public void changed(AccountId account) {}

  @Override
  public Announced announce(int session, List<StorageKey> keys) {
    return new Announced(0, 0);
  }

  @Override
  public int withdraw(int session, List<StorageKey> keys) {
    return 0;
  }

  @Override
  public List<List<PeerId>> lookup(List<StorageKey> keys) {
    return keys.stream().map(key -> List.<PeerId>of()).toList();
  }

  @Override
  public void lends(PeerId peer, Candidate.Kind kind, int free) {
    // All goes to the host, so that who stores it is not what is measured.
    slots.lends(peer, kind, peer.equals(host.certificate.device()) ? Limits.SLOTS : 0);
  }

  @Override
  public void settle(PeerId peer, AccountId owner, List<StorageKey> keys) {
    keys.forEach(key -> slots.settle(peer, owner, key));
  }

  @Override
  public List<Ticket> allot(
      AccountId owner,
      List<SessionFrame.Reserve.Item> items,
      Map<StorageKey, List<AccountLedger.Holder>> keepers,
      Map<StorageKey, List<PeerId>> announcers) {
    return reservations.allot(owner, items, keepers, announcers, now);
  }

  @Override
  public List<Ticket> renew(
      AccountId owner,
      List<SessionFrame.Renew.Copy> copies,
      Map<StorageKey, List<AccountLedger.Holder>> keepers) {
    return reservations.renew(owner, copies, keepers, now);
  }

  @Override
  public SessionFrame.CopiesFound found(long id, List<List<AccountLedger.Kept>> blocks) {
    throw new IllegalStateException("nobody asks here");
  }

  @Override
  public boolean mayForgo(PeerId holder) {
    return false;
  }

  @Override
  public boolean isAskingTooOften(PeerId holder) {
    return false;
  }

  @Override
  public List<Ticket> mend(
      AccountLedger.Holder asker, boolean leaving, AccountId owner, List<Repairs.Torn> blocks) {
    return List.of();
  }

  @Override
  public void giveBack(List<Ticket> tickets) {
    reservations.giveBack(tickets);
  }

  @Override
  public <T> T check(Check<T> check) {
    return check.by(crypto);
  }

  @Override
  public List<ServerRecord> servers() {
    return List.of();
  }

  @Override
  public TicketBatch issue(List<Ticket> tickets) {
    return TicketBatch.issue(server, tickets);
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public long ticks() {
    return now;
  }
}
