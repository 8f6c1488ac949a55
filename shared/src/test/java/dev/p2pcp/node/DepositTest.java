package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bucket.Bucket;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.testing.MemoryBuckets;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.transport.Link;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who leaves a block in the bucket of its holder, and who may not. */
class DepositTest {
  private static final BucketAccess ACCESS =
      new BucketAccess("https://store.example", "eu", "lent", "p2p/", true, "KEYID", "secret");

  private final Seeded arbitrary = new Seeded(9);
  private final Crypto crypto = new JvmCrypto();
  private final Parties parties = Parties.of(crypto, arbitrary);
  private final Block.Content block = Block.Content.of(arbitrary.bytes(40_000));
  private final StorageKey key = StorageKey.ofContent(crypto, block.encoded());
  private final Clock ticks = new JvmClock();
  private final Clock clock =
      new Clock() {
        @Override
        public long now() {
          return parties.now();
        }

        @Override
        public long ticks() {
          return ticks.ticks();
        }
      };
  private final VirtualThreadTasks tasks = new VirtualThreadTasks(ticks, (task, cause) -> {});
  private final Platform platform = new Platform(clock, arbitrary, tasks, crypto);
  private final MemoryBuckets buckets = new MemoryBuckets(clock);
  private final BucketBudget budget = new BucketBudget(clock);
  private Holdings holdings;
  private Holder holder;

  @BeforeEach
  void open() throws Exception {
    BucketStore store =
        new BucketStore(new LeasedStore(new MemoryBlockStore(1 << 24), tasks), clock);
    Bucket bucket = new Bucket(platform, buckets, ACCESS, budget);
    store.use(new BucketStore.Lent(bucket, bucket), 10);
    holdings = Holdings.load(store, tasks, 5);
    holder =
        new Holder(
            platform,
            store,
            holdings,
            new Device(parties.holderDevice(), parties.holder()),
            new Hears());
  }

  private final class Hears implements Holder.Events {
    @Override
    public PeerFrame.Reply acquaint(PeerId from) {
      throw new AssertionError("nobody asks");
    }

    @Override
    public Optional<Bytes> canary(StorageKey key) {
      return Optional.empty();
    }

    @Override
    public PeerFrame.Reply vouched(Statement statement) {
      return new PeerFrame.Ok();
    }

    @Override
    public boolean trusts(PublicKey issuer) {
      return issuer.equals(parties.server().publicKey());
    }

    @Override
    public void kept(StorageKey key) {}

    @Override
    public boolean ownChanged(StorageKey key, Block.Signed newer) {
      return false;
    }

    @Override
    public void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone) {}

    @Override
    public void settled(ReceiptBatch receipts) {}
  }

  @Test
  void a_block_that_was_left_is_kept() throws Exception {
    Grant grant = grant(parties.server());
    leave(url(deposit(grant)), block.encoded());
    assertThat(ask(deposited(grant))).isInstanceOf(PeerFrame.Ok.class);
    assertThat(holdings.of(key)).isPresent();
    assertThat(holder.isSound(key)).isTrue();
  }

  @Test
  void who_has_no_ticket_is_given_no_url_and_costs_nothing() {
    Grant forged = grant(crypto.signingKey(arbitrary.bytes(32)));
    assertThat(code(deposit(forged))).isEqualTo(Refusal.TICKET_INVALID);
    assertThat(code(deposited(forged))).isEqualTo(Refusal.TICKET_INVALID);
    Parties thief = Parties.of(crypto, arbitrary);
    Grant stolen = grant(parties.server());
    Signature signature = thief.ownerDevice().sign(Domain.PUT, stolen.ticket().encoded());
    assertThat(code(new PeerFrame.Deposit(stolen, thief.owner(), signature, 100, checksum(block))))
        .isEqualTo(Refusal.NOT_YOURS);
    assertThat(code(new PeerFrame.Deposited(stolen, thief.owner(), signature)))
        .isEqualTo(Refusal.NOT_YOURS);
    assertThat(buckets.requests()).isEmpty();
    assertThat(budget.spent().gets() + budget.spent().puts()).isZero();
  }

  @Test
  void what_is_said_to_be_left_twice_is_kept_once() throws Exception {
    Grant grant = grant(parties.server());
    leave(url(deposit(grant)), block.encoded());
    assertThat(ask(deposited(grant))).isInstanceOf(PeerFrame.Ok.class);
    int asked = buckets.requests().size();
    assertThat(code(deposited(grant))).isEqualTo(Refusal.TICKET_SPENT);
    assertThat(code(deposit(grant))).isEqualTo(Refusal.TICKET_SPENT);
    assertThat(buckets.requests()).hasSize(asked);
    assertThat(holdings.forOthers()).isEqualTo(1);
    assertThat(holder.isSound(key)).isTrue();
  }

  @Test
  void one_ticket_gets_one_url_and_is_looked_for_once() {
    Grant grant = grant(parties.server());
    String url = url(deposit(grant));
    for (int i = 0; i < 20; i++) {
      assertThat(url(deposit(grant))).isEqualTo(url);
      assertThat(code(deposited(grant))).isEqualTo(Refusal.NOT_FOUND);
    }
    assertThat(budget.spent().puts()).isEqualTo(1);
    assertThat(budget.spent().gets()).isEqualTo(1);
    assertThat(buckets.requests()).hasSize(1);
  }

  @Test
  void who_says_that_something_was_left_where_nothing_could_be_costs_nothing() {
    assertThat(code(deposited(grant(parties.server())))).isEqualTo(Refusal.NOT_FOUND);
    assertThat(buckets.requests()).isEmpty();
  }

  @Test
  void other_bytes_than_the_blocks_are_not_kept() throws Exception {
    Grant grant = grant(parties.server());
    leave(url(deposit(grant)), Bytes.utf8("something else"));
    assertThat(code(deposited(grant))).isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(holdings.of(key)).isEmpty();
    assertThat(buckets.objects()).isEmpty();
  }

  @Test
  void a_holder_that_does_not_answer_about_its_bucket_is_brought_the_block() throws Exception {
    Afar afar = new Afar(platform, buckets, () -> false);
    Device owner = new Device(parties.ownerDevice(), parties.owner());
    Depositing depositing = new Depositing(platform, owner, afar);
    for (Class<?> silent : List.of(PeerFrame.Deposit.class, PeerFrame.Deposited.class)) {
      Grant grant = grant(parties.server());
      Silent link = new Silent(silent);
      assertThat(depositing.put(link, grant, signature(grant), block.encoded()))
          .isInstanceOf(PeerFrame.Ok.class);
      assertThat(link.asked.get(link.asked.size() - 1)).isEqualTo(PeerFrame.Put.class);
      int first = link.asked.size();
      depositing.put(link, grant, signature(grant), block.encoded());
      // It is not asked about its bucket again.
      assertThat(link.asked.subList(first, link.asked.size())).containsExactly(PeerFrame.Put.class);
    }
  }

  /** A way to the holder on which requests of one kind get lost. */
  private final class Silent implements Link {
    final List<Class<?>> asked = new ArrayList<>();
    private final PeerId peer = PeerId.of(crypto.signingKey(arbitrary.bytes(32)).publicKey());
    private final Class<?> lost;

    Silent(Class<?> lost) {
      this.lost = lost;
    }

    @Override
    public PeerId peer() {
      return peer;
    }

    @Override
    public PeerFrame.Reply call(PeerFrame.Request request, Deadline deadline) throws LinkException {
      asked.add(request.getClass());
      if (lost.isInstance(request)) {
        throw new LinkException("lost");
      }
      return request instanceof PeerFrame.Put ? new PeerFrame.Ok() : ask(request);
    }
  }

  private Grant grant(Crypto.SigningKey issuer) {
    Ticket ticket = parties.ticket(arbitrary, key, Block.MAX_LENGTH);
    return TicketBatch.issue(issuer, List.of(ticket)).grants().get(0);
  }

  private Signature signature(Grant grant) {
    return parties.ownerDevice().sign(Domain.PUT, grant.ticket().encoded());
  }

  private Hash checksum(Block of) {
    return crypto.sha256(of.encoded());
  }

  private PeerFrame.Deposit deposit(Grant grant) {
    return new PeerFrame.Deposit(
        grant, parties.owner(), signature(grant), block.encoded().length(), checksum(block));
  }

  private PeerFrame.Deposited deposited(Grant grant) {
    return new PeerFrame.Deposited(grant, parties.owner(), signature(grant));
  }

  private String url(PeerFrame.Deposit deposit) {
    PeerFrame.Reply reply = ask(deposit);
    assertThat(reply).isInstanceOf(PeerFrame.Elsewhere.class);
    return ((PeerFrame.Elsewhere) reply).url();
  }

  private void leave(String url, Bytes bytes) throws LinkException {
    buckets.ask(
        new Web.Request("PUT", url, List.of(), bytes, 1_000, false), platform.deadline(1_000));
  }

  private PeerFrame.Reply ask(PeerFrame.Request request) {
    return holder.answer(parties.owner().device(), request);
  }

  private int code(PeerFrame.Request request) {
    PeerFrame.Reply reply = ask(request);
    assertThat(reply).isInstanceOf(PeerFrame.Denied.class);
    return ((PeerFrame.Denied) reply).refusal().code();
  }
}
