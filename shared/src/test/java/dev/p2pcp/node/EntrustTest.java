package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.PublicKey;
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
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a holder takes from another holder in an owner's stead, and what it refuses. */
class EntrustTest {
  private static final long DAY = 24 * 3_600_000L;

  private final Seeded arbitrary = new Seeded(11);
  private final Crypto crypto = new JvmCrypto();
  private final Parties parties = Parties.of(crypto, arbitrary);
  private final Parties others = Parties.of(crypto, arbitrary);
  private final Block block = Block.Content.of(arbitrary.bytes(500));
  private final StorageKey key = StorageKey.ofContent(crypto, block.encoded());
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
    MemoryBlockStore store = new MemoryBlockStore(1 << 24);
    holdings = Holdings.load(store, tasks, 2);
    Device device = new Device(parties.holderDevice(), parties.holder());
    holder = new Holder(platform, store, holdings, device, new Silent());
  }

  private final class Silent implements Holder.Events {
    @Override
    public PeerFrame.Reply acquaint(PeerId from) {
      throw new AssertionError("nobody asks");
    }

    @Override
    public Optional<Bytes> canary(StorageKey key) {
      return Optional.empty();
    }

    @Override
    public boolean trusts(PublicKey issuer) {
      return issuer.equals(parties.server().publicKey());
    }

    @Override
    public void kept(StorageKey kept) {}

    @Override
    public boolean ownChanged(StorageKey changed, Block.Signed newer) {
      return false;
    }

    @Override
    public void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone) {}

    @Override
    public void settled(ReceiptBatch receipts) {}

    @Override
    public PeerFrame.Reply vouched(Statement statement) {
      return new PeerFrame.Ok();
    }
  }

  @Test
  void a_block_is_kept_as_long_as_by_the_holder_that_brings_it() throws Exception {
    ReceiptBatch receipt = receipt(parties.now(), key);
    assertThat(ask(entrust(grant(parties.now()), receipt))).isInstanceOf(PeerFrame.Ok.class);
    assertThat(holdings.of(key)).isPresent();
    now = receipt.header().expires();
    holder.sweep();
    assertThat(holdings.of(key)).isPresent();
    now++;
    holder.sweep();
    assertThat(holdings.of(key)).isEmpty();
  }

  @Test
  void the_returning_owner_only_asks_to_keep_it() throws Exception {
    assertThat(ask(entrust(grant(now), receipt(now, key)))).isInstanceOf(PeerFrame.Ok.class);
    Grant grant = grant(now);
    PeerFrame.Keep keep =
        new PeerFrame.Keep(
            grant,
            parties.owner(),
            parties.ownerDevice().sign(Domain.PUT, grant.ticket().encoded()));
    assertThat(ask(keep)).isInstanceOf(PeerFrame.Ok.class);
    assertThat(ask(new PeerFrame.Acknowledge(List.of(grant.ticket().serial()))))
        .isInstanceOf(PeerFrame.Acknowledged.class);
  }

  @Test
  void a_receipt_of_another_block_holder_or_owner_or_a_forged_one_gives_no_right() {
    StorageKey other = new StorageKey(arbitrary.bytes(32));
    assertThat(code(entrust(grant(now), receipt(now, other)))).isEqualTo(Refusal.TICKET_INVALID);

    ReceiptBatch own = batch(parties.holderDevice(), parties.holder(), parties, key);
    assertThat(code(entrust(grant(now), own)))
        .as("not the one who brings it")
        .isEqualTo(Refusal.TICKET_INVALID);

    ReceiptBatch stranger = batch(others.holderDevice(), others.holder(), others, key);
    assertThat(code(entrust(grant(now), stranger))).isEqualTo(Refusal.TICKET_INVALID);

    ReceiptBatch right = receipt(now, key);
    ReceiptBatch forged =
        new ReceiptBatch(
            right.header(),
            right.holderCertificate(),
            right.holderSignature(),
            right.ownerCertificate(),
            right.holderSignature(),
            right.entries());
    assertThat(code(entrust(grant(now), forged))).isEqualTo(Refusal.TICKET_INVALID);
    assertThat(holdings.of(key)).isEmpty();
  }

  @Test
  void a_receipt_that_is_over_gives_no_right() {
    ReceiptBatch receipt = receipt(now, key);
    now += 31 * DAY + 1;
    assertThat(code(entrust(grant(now), receipt))).isEqualTo(Refusal.TICKET_INVALID);
  }

  @Test
  void a_ticket_serves_once_in_its_time_and_only_the_device_that_signed() {
    Grant grant = grant(now);
    ReceiptBatch receipt = receipt(now, key);
    PeerFrame.Entrust byOwner =
        new PeerFrame.Entrust(
            grant,
            others.holder(),
            parties.ownerDevice().sign(Domain.MEND, grant.ticket().encoded()),
            receipt,
            block.encoded());
    assertThat(code(byOwner)).isEqualTo(Refusal.NOT_YOURS);
    PeerFrame.Entrust asPut =
        new PeerFrame.Entrust(
            grant,
            others.holder(),
            others.holderDevice().sign(Domain.PUT, grant.ticket().encoded()),
            receipt,
            block.encoded());
    assertThat(code(asPut)).as("a signature for another purpose").isEqualTo(Refusal.NOT_YOURS);
    assertThat(ask(entrust(grant, receipt))).isInstanceOf(PeerFrame.Ok.class);
    assertThat(code(entrust(grant, receipt))).isEqualTo(Refusal.TICKET_SPENT);
    Grant old = grant(now - Ticket.MAX_LIFE - Ticket.CLOCK_SKEW - 1);
    assertThat(code(entrust(old, receipt))).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void another_block_than_the_ticket_names_is_refused() {
    Grant grant = grant(now);
    PeerFrame.Entrust other =
        new PeerFrame.Entrust(
            grant,
            others.holder(),
            others.holderDevice().sign(Domain.MEND, grant.ticket().encoded()),
            receipt(now, key),
            Block.Content.of(arbitrary.bytes(500)).encoded());
    assertThat(code(other)).isEqualTo(Refusal.BAD_SIGNATURE);
  }

  @Test
  void who_mends_uses_no_slot_that_is_not_free() throws Exception {
    holdings.lend(0);
    assertThat(code(entrust(grant(now), receipt(now, key)))).isEqualTo(Refusal.FULL);
  }

  private PeerFrame.Entrust entrust(Grant grant, ReceiptBatch receipt) {
    return new PeerFrame.Entrust(
        grant,
        others.holder(),
        others.holderDevice().sign(Domain.MEND, grant.ticket().encoded()),
        receipt,
        block.encoded());
  }

  /** What the mending holder and the owner agreed on. */
  private ReceiptBatch receipt(long stored, StorageKey of) {
    assertThat(stored).isEqualTo(now);
    return batch(others.holderDevice(), others.holder(), parties, of);
  }

  private ReceiptBatch batch(
      Crypto.SigningKey device, DeviceCertificate by, Parties owner, StorageKey of) {
    Bytes serial = arbitrary.bytes(Ticket.SERIAL_LENGTH);
    return ReceiptOffer.sign(
            device, by, owner.owner().account(), now, List.of(ReceiptTerms.of(serial, of, block)))
        .countersign(owner.ownerDevice(), owner.owner());
  }

  private Grant grant(long issued) {
    Ticket ticket =
        new Ticket(
            arbitrary.bytes(Ticket.SERIAL_LENGTH),
            parties.owner().account(),
            parties.holder().device(),
            parties.holder().account(),
            key,
            Block.MAX_LENGTH,
            issued,
            issued + Ticket.MAX_LIFE);
    return TicketBatch.issue(parties.server(), List.of(ticket)).grants().get(0);
  }

  private PeerFrame.Reply ask(PeerFrame.Request request) {
    return holder.answer(others.holder().device(), request);
  }

  private int code(PeerFrame.Request request) {
    PeerFrame.Reply reply = ask(request);
    assertThat(reply).isInstanceOf(PeerFrame.Denied.class);
    return ((PeerFrame.Denied) reply).refusal().code();
  }
}
