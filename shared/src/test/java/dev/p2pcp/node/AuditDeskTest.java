package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.AuditCheck;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.VirtualThreadTasks;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Statement;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.transport.PeerHandler;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a holder shows in an audit, and what it says of what it has lost. */
class AuditDeskTest {
  private static final long HOUR = 60 * 60 * 1000L;

  private final Seeded arbitrary = new Seeded(11);
  private final Crypto crypto = new JvmCrypto();
  private final Parties parties = Parties.of(crypto, arbitrary);
  private final Crypto.SigningKey writer = crypto.signingKey(arbitrary.bytes(32));
  private final AccountId owner = parties.owner().account();
  private final AccountId other = new AccountId(arbitrary.bytes(AccountId.LENGTH));
  private final BlockStore store = new MemoryBlockStore(1 << 24);
  private final List<Given> freed = new ArrayList<>();
  private final Village.MovedClock clock = new Village.MovedClock();
  private Holdings holdings;
  private Holder holder;

  /** What was said to be no longer kept, and for whom. */
  private record Given(AccountId owner, List<StorageKey> keys, List<StorageKey> gone) {}

  @BeforeEach
  void open() throws Exception {
    VirtualThreadTasks tasks = new VirtualThreadTasks(clock, (task, cause) -> {});
    Platform platform = new Platform(clock, arbitrary, tasks, crypto);
    holdings = Holdings.load(store, tasks, 10);
    Device device = new Device(parties.holderDevice(), parties.holder());
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
      return true;
    }

    @Override
    public void kept(StorageKey key) {}

    @Override
    public boolean ownChanged(StorageKey key, Block.Signed newer) {
      return false;
    }

    @Override
    public void freed(AccountId owner, long time, List<StorageKey> keys, List<StorageKey> gone) {
      freed.add(new Given(owner, keys, gone));
    }

    @Override
    public void settled(ReceiptBatch receipts) {}
  }

  @Test
  void every_leaf_of_a_content_block_can_be_shown() throws Exception {
    Block block = Block.Content.of(arbitrary.bytes(5_000));
    StorageKey key = keep(block, owner);
    ReceiptTerms terms = ReceiptTerms.of(arbitrary.bytes(Ticket.SERIAL_LENGTH), key, block);
    Set<Bytes> shown = new HashSet<>();
    for (int part = 0; part < Leaves.MOST; part++) {
      PeerFrame.Audit audit = audit(key, owner, part);
      PeerFrame.Reply reply = ask(audit);
      assertThat(verdict(terms, audit, reply)).isEqualTo(Verdict.PASSED);
      shown.add(((PeerFrame.Audited) reply).shown());
    }
    assertThat(shown).hasSize(20);
    assertThat(freed).isEmpty();
  }

  @Test
  void of_a_signed_block_every_leaf_of_the_version_that_is_kept_can_be_shown() throws Exception {
    StorageKey key = keep(version(1, 300), owner);
    ReceiptTerms terms =
        ReceiptTerms.of(arbitrary.bytes(Ticket.SERIAL_LENGTH), key, version(1, 300));
    for (int length : new int[] {0, 500, 5_000, Block.Signed.MAX_PAYLOAD}) {
      Block.Signed newer = version(length + 2, length);
      assertThat(ask(new PeerFrame.Update(key, newer.encoded()))).isInstanceOf(PeerFrame.Ok.class);
      Set<Bytes> shown = new HashSet<>();
      for (int part = 0; part < Leaves.MOST; part++) {
        PeerFrame.Audit audit = audit(key, owner, part);
        PeerFrame.Reply reply = ask(audit);
        assertThat(verdict(terms, audit, reply)).isEqualTo(Verdict.PASSED);
        shown.add(((PeerFrame.Audited) reply).shown());
      }
      assertThat(shown).hasSize(Leaves.count(length)).allMatch(s -> s.length() <= Limits.AUDITED);
    }
    assertThat(freed).isEmpty();
  }

  @Test
  void a_block_that_was_lost_is_given_up_at_once_for_all_who_claim_it() throws Exception {
    Block block = Block.Content.of(arbitrary.bytes(2_000));
    StorageKey key = keep(block, owner, other);
    store.apply(new BlockStore.Batch().removeBlock(key));
    assertThat(code(audit(key, owner, 0))).isEqualTo(Refusal.NOT_FOUND);
    assertThat(freed)
        .containsExactlyInAnyOrder(
            new Given(owner, List.of(key), List.of()),
            new Given(other, List.of(key), List.of(key)));
    assertThat(holdings.of(key)).isEmpty();
  }

  @Test
  void a_damaged_block_is_given_up_instead_of_shown() throws Exception {
    Block block = Block.Content.of(arbitrary.bytes(2_000));
    StorageKey key = keep(block, owner);
    Bytes damaged = Bytes.concat(Bytes.wrap(new byte[] {1}), arbitrary.bytes(2_000));
    store.apply(new BlockStore.Batch().putBlock(key, damaged));
    assertThat(code(audit(key, owner, 0))).isEqualTo(Refusal.NOT_FOUND);
    assertThat(freed).containsExactly(new Given(owner, List.of(key), List.of(key)));
  }

  @Test
  void a_server_that_counts_a_copy_by_an_old_receipt_is_told_and_others_are_not() throws Exception {
    Block block = Block.Content.of(arbitrary.bytes(2_000));
    StorageKey key = keep(block, owner);
    assertThat(code(audit(key, other, 0))).isEqualTo(Refusal.NOT_FOUND);
    assertThat(freed).isEmpty();
    assertThat(holder.answer(PeerHandler.NOBODY, audit(key, other, 0)))
        .isInstanceOf(PeerFrame.Denied.class);
    assertThat(freed).containsExactly(new Given(other, List.of(key), List.of()));
    assertThat(holdings.of(key)).isPresent();
  }

  @Test
  void servers_that_forget_or_are_many_do_not_ask_for_more_than_a_days_bytes() throws Exception {
    StorageKey key = keep(Block.Content.of(arbitrary.bytes(100_000)), owner);
    int bytes = 0;
    boolean busy = false;
    while (!busy) {
      PeerFrame.Audit audit = audit(key, owner, 7);
      PeerFrame.Reply reply = holder.answer(PeerHandler.NOBODY, audit);
      busy = reply instanceof PeerFrame.Denied;
      bytes +=
          busy ? 0 : 90 + FrameCodec.encode(audit).length() + FrameCodec.encode(reply).length();
    }
    assertThat(bytes).isBetween(45 * 1024, 46 * 1024);
    // Another page over the same store, and the same after most of a day.
    open();
    assertThat(serverAsks(key)).isEqualTo(Refusal.BUSY);
    clock.moveBy(23 * HOUR);
    assertThat(serverAsks(key)).isEqualTo(Refusal.BUSY);
    // Others are no servers, and take nothing from them.
    assertThat(ask(audit(key, owner, 7))).isInstanceOf(PeerFrame.Audited.class);
    clock.moveBy(2 * HOUR);
    assertThat(holder.answer(PeerHandler.NOBODY, audit(key, owner, 7)))
        .isInstanceOf(PeerFrame.Audited.class);
  }

  private int serverAsks(StorageKey key) {
    return ((PeerFrame.Denied) holder.answer(PeerHandler.NOBODY, audit(key, owner, 7)))
        .refusal()
        .code();
  }

  private StorageKey keep(Block block, AccountId... owners) throws Exception {
    StorageKey key =
        block instanceof Block.Signed signed
            ? signed.storageKey()
            : StorageKey.ofContent(crypto, block.encoded());
    Holding holding = Holding.of(block);
    for (AccountId claimant : owners) {
      holding =
          holding.withClaim(
              new Holding.Claim(
                  claimant,
                  arbitrary.bytes(Ticket.SERIAL_LENGTH),
                  clock.now(),
                  clock.now() + 1_000_000,
                  true));
    }
    Holding kept = holding;
    BlockStore.Batch batch = new BlockStore.Batch().putBlock(key, block.encoded());
    holdings.write(batch, List.of(key), (k, now) -> Optional.of(kept));
    return key;
  }

  private Block.Signed version(long number, int length) {
    return Block.Signed.sign(
        writer, Sha256.hash(Bytes.utf8("/a")), number, number, arbitrary.bytes(length));
  }

  private PeerFrame.Audit audit(StorageKey key, AccountId claimant, int leaf) {
    return new PeerFrame.Audit(claimant, key, arbitrary.bytes(Limits.AUDIT_NONCE), leaf);
  }

  private Verdict verdict(ReceiptTerms terms, PeerFrame.Audit audit, PeerFrame.Reply reply) {
    PeerId peer = parties.holder().device();
    return AuditCheck.verdict(crypto, peer, terms, audit, reply, clock.now());
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
