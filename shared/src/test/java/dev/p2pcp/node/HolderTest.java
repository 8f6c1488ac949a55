package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.Grant;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a holder takes, what it refuses, and what it lets go of. */
class HolderTest {
  private final Seeded arbitrary = new Seeded(7);
  private final Crypto crypto = new JvmCrypto();
  private final Parties parties = Parties.of(crypto, arbitrary);
  private final Crypto.SigningKey writer = crypto.signingKey(arbitrary.bytes(32));
  private final Hash path = Sha256.hash(Bytes.utf8("/a"));
  private final BlockStore store = new MemoryBlockStore(1 << 24);
  private final List<StorageKey> freed = new ArrayList<>();
  private long now = parties.now();
  private Holdings holdings;
  private Holder holder;

  @BeforeEach
  void open() throws Exception {
    Clock ticks = new JvmClock();
    Clock clock =
        new Clock() {
          @Override
          public long now() {
            return now;
          }

          @Override
          public long ticks() {
            return ticks.ticks();
          }
        };
    VirtualThreadTasks tasks = new VirtualThreadTasks(ticks, (task, cause) -> {});
    Platform platform = new Platform(clock, arbitrary, tasks, crypto);
    Device device = new Device(parties.holderDevice(), parties.holder());
    holdings = Holdings.load(store, tasks, 2);
    holder = new Holder(platform, store, holdings, device, new Hears());
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
    public void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone) {
      freed.addAll(gone);
    }

    @Override
    public void settled(ReceiptBatch receipts) {}
  }

  @Test
  void a_block_with_a_ticket_is_kept_and_given_back() throws Exception {
    Block.Signed block = version(1, "one");
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(ask(new PeerFrame.Get(block.storageKey())))
        .isEqualTo(new PeerFrame.BlockReply(block.encoded()));
  }

  @Test
  void a_block_without_ticket_is_refused() {
    Block.Signed block = version(1, "one");
    assertThat(code(new PeerFrame.Update(block.storageKey(), block.encoded())))
        .isEqualTo(Refusal.TICKET_REQUIRED);
  }

  @Test
  void someone_elses_ticket_is_refused() {
    Block.Signed block = version(1, "one");
    Parties thief = Parties.of(crypto, arbitrary);
    Grant grant = grant(block, parties.server());
    PeerFrame.Put stolen =
        new PeerFrame.Put(
            grant,
            thief.owner(),
            thief.ownerDevice().sign(Domain.PUT, grant.ticket().encoded()),
            block.encoded());
    assertThat(code(stolen)).isEqualTo(Refusal.NOT_YOURS);
  }

  @Test
  void an_expired_ticket_is_refused() {
    Block.Signed block = version(1, "one");
    PeerFrame.Put late = putOf(block, grant(block, parties.server()));
    now += Ticket.MAX_LIFE + Ticket.CLOCK_SKEW + 1;
    assertThat(code(late)).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void a_ticket_serves_once() {
    Block.Signed block = version(1, "one");
    PeerFrame.Put put = putOf(block, grant(block, parties.server()));
    assertThat(ask(put)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(code(put)).isEqualTo(Refusal.TICKET_SPENT);
  }

  @Test
  void another_block_than_the_tickets_is_refused() {
    Block.Signed block = version(1, "one");
    Grant grant = grant(block, parties.server());
    Block.Content other = Block.Content.of(Bytes.utf8("other"));
    assertThat(code(putOf(other, grant))).isEqualTo(Refusal.BAD_SIGNATURE);
  }

  @Test
  void a_block_longer_than_the_ticket_says_is_refused() {
    Block.Signed block = version(1, "a long one");
    Ticket small = parties.ticket(arbitrary, block.storageKey(), block.encoded().length() - 1);
    Grant grant = TicketBatch.issue(parties.server(), List.of(small)).grants().get(0);
    assertThat(code(putOf(block, grant))).isEqualTo(Refusal.OVER_LIMIT);
  }

  @Test
  void a_ticket_of_an_unknown_server_is_refused() {
    Block.Signed block = version(1, "one");
    Crypto.SigningKey stranger = crypto.signingKey(arbitrary.bytes(32));
    assertThat(code(putOf(block, grant(block, stranger)))).isEqualTo(Refusal.TICKET_INVALID);
  }

  @Test
  void a_full_holder_refuses() {
    assertThat(put(Block.Content.of(Bytes.utf8("1")))).isInstanceOf(PeerFrame.Ok.class);
    assertThat(put(Block.Content.of(Bytes.utf8("2")))).isInstanceOf(PeerFrame.Ok.class);
    Block third = Block.Content.of(Bytes.utf8("3"));
    assertThat(code(putOf(third, grant(third, parties.server())))).isEqualTo(Refusal.FULL);
  }

  @Test
  void an_update_must_be_genuine_and_newer() {
    Block.Signed one = version(2, "one");
    StorageKey key = one.storageKey();
    assertThat(put(one)).isInstanceOf(PeerFrame.Ok.class);
    Bytes forged = arbitrary.flipped(version(3, "forged").encoded().slice(1, 300 - 1));
    assertThat(code(new PeerFrame.Update(key, Bytes.concat(Bytes.wrap(new byte[] {2}), forged))))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(code(new PeerFrame.Update(key, version(1, "older").encoded())))
        .isEqualTo(Refusal.STALE_VERSION);
    assertThat(code(new PeerFrame.Update(key, version(2, "other").encoded())))
        .isEqualTo(Refusal.STALE_VERSION);
    assertThat(ask(new PeerFrame.Update(key, one.encoded()))).isInstanceOf(PeerFrame.Ok.class);
    Block.Signed newer = version(3, "newer");
    assertThat(ask(new PeerFrame.Update(key, newer.encoded()))).isInstanceOf(PeerFrame.Ok.class);
    assertThat(ask(new PeerFrame.Get(key))).isEqualTo(new PeerFrame.BlockReply(newer.encoded()));
  }

  @Test
  void a_release_frees_the_slot_for_the_owner_only() {
    Block.Signed block = version(1, "one");
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    now += 1;
    Parties stranger = Parties.of(crypto, arbitrary);
    assertThat(ask(release(stranger.owner(), stranger.ownerDevice(), block.storageKey())))
        .isInstanceOf(PeerFrame.Ok.class);
    assertThat(holdings.of(block.storageKey())).isPresent();
    PeerFrame.Release forged = release(parties.owner(), stranger.ownerDevice(), block.storageKey());
    assertThat(code(forged)).isEqualTo(Refusal.NOT_YOURS);
    assertThat(ask(release(parties.owner(), parties.ownerDevice(), block.storageKey())))
        .isInstanceOf(PeerFrame.Ok.class);
    assertThat(holdings.of(block.storageKey())).isEmpty();
    assertThat(freed).containsExactly(block.storageKey());
  }

  @Test
  void a_release_said_again_does_not_undo_a_later_put() {
    Block.Signed block = version(1, "one");
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    now += 1;
    PeerFrame.Release release = release(parties.owner(), parties.ownerDevice(), block.storageKey());
    assertThat(ask(release)).isInstanceOf(PeerFrame.Ok.class);
    now += 1;
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(ask(release)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(holdings.of(block.storageKey())).isPresent();
  }

  @Test
  void what_is_not_settled_in_time_is_dropped_and_used_tickets_are_forgotten() throws Exception {
    Block.Signed block = version(1, "one");
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isPresent();
    now += ReceiptDesk.TIME_TO_SETTLE + Ticket.MAX_LIFE + Ticket.CLOCK_SKEW + 1;
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isEmpty();
    assertThat(store.keys()).isEmpty();
    assertThat(store.records(BlockStore.Table.SPENT)).isEmpty();
  }

  @Test
  void a_settled_block_stays_until_its_receipt_expires() throws Exception {
    Block.Signed block = version(1, "one");
    PeerFrame.Put put = putOf(block, grant(block, parties.server()));
    assertThat(ask(put)).isInstanceOf(PeerFrame.Ok.class);
    ReceiptBatch batch = settled(put.grant());
    now = batch.header().expires() - 1;
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isPresent();
    now = batch.header().expires() + 1;
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isEmpty();
  }

  @Test
  void a_block_is_kept_on_by_a_new_ticket_without_being_sent_again() throws Exception {
    Block.Signed block = version(1, "one");
    assertThat(code(keepOf(block))).isEqualTo(Refusal.NOT_FOUND);
    PeerFrame.Put put = putOf(block, grant(block, parties.server()));
    assertThat(ask(put)).isInstanceOf(PeerFrame.Ok.class);
    long first = settled(put.grant()).header().expires();
    assertThat(
            ask(
                putOf(
                    Block.Content.of(Bytes.utf8("2")),
                    grant(Block.Content.of(Bytes.utf8("2")), parties.server()))))
        .isInstanceOf(PeerFrame.Ok.class);
    now += 1_000;
    // No slot is free any more: none is taken.
    PeerFrame.Keep keep = keepOf(block);
    assertThat(ask(keep)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(code(keep)).isEqualTo(Refusal.TICKET_SPENT);
    long second = settled(keep.grant()).header().expires();
    assertThat(second).isEqualTo(first + 1_000);
    now = first + 1;
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isPresent();
    now = second + 1;
    holder.sweep();
    assertThat(holdings.of(block.storageKey())).isEmpty();
  }

  @Test
  void a_ticket_to_keep_a_block_on_is_its_owners_and_of_a_known_server() {
    Block.Signed block = version(1, "one");
    assertThat(put(block)).isInstanceOf(PeerFrame.Ok.class);
    Parties thief = Parties.of(crypto, arbitrary);
    Grant grant = grant(block, parties.server());
    Signature signature = thief.ownerDevice().sign(Domain.PUT, grant.ticket().encoded());
    assertThat(code(new PeerFrame.Keep(grant, thief.owner(), signature)))
        .isEqualTo(Refusal.NOT_YOURS);
    Grant unknown = grant(block, crypto.signingKey(arbitrary.bytes(32)));
    Signature own = parties.ownerDevice().sign(Domain.PUT, unknown.ticket().encoded());
    assertThat(code(new PeerFrame.Keep(unknown, parties.owner(), own)))
        .isEqualTo(Refusal.TICKET_INVALID);
  }

  private PeerFrame.Keep keepOf(Block block) {
    Grant grant = grant(block, parties.server());
    return new PeerFrame.Keep(
        grant, parties.owner(), parties.ownerDevice().sign(Domain.PUT, grant.ticket().encoded()));
  }

  private ReceiptBatch settled(Grant grant) {
    PeerFrame.Reply reply = ask(new PeerFrame.Acknowledge(List.of(grant.ticket().serial())));
    ReceiptBatch batch =
        ((PeerFrame.Acknowledged) reply)
            .offer()
            .countersign(parties.ownerDevice(), parties.owner());
    assertThat(ask(new PeerFrame.Settle(batch))).isInstanceOf(PeerFrame.Ok.class);
    return batch;
  }

  private Block.Signed version(long number, String text) {
    Bytes payload = Bytes.concat(Bytes.utf8(text), Bytes.wrap(new byte[300]));
    return Block.Signed.sign(writer, path, number, number, payload);
  }

  private StorageKey keyOf(Block block) {
    return block instanceof Block.Signed signed
        ? signed.storageKey()
        : StorageKey.ofContent(crypto, block.encoded());
  }

  private Grant grant(Block block, Crypto.SigningKey issuer) {
    Ticket ticket = parties.ticket(arbitrary, keyOf(block), Block.MAX_LENGTH);
    return TicketBatch.issue(issuer, List.of(ticket)).grants().get(0);
  }

  private PeerFrame.Put putOf(Block block, Grant grant) {
    return new PeerFrame.Put(
        grant,
        parties.owner(),
        parties.ownerDevice().sign(Domain.PUT, grant.ticket().encoded()),
        block.encoded());
  }

  private PeerFrame.Reply put(Block block) {
    return ask(putOf(block, grant(block, parties.server())));
  }

  private PeerFrame.Release release(
      DeviceCertificate owner, Crypto.SigningKey device, StorageKey key) {
    PeerId to = parties.holder().device();
    Bytes signed = PeerFrame.Release.signed(to, now, List.of(key));
    return new PeerFrame.Release(owner, to, now, List.of(key), device.sign(Domain.RELEASE, signed));
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
