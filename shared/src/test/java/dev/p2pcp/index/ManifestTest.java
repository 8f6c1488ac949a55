package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.crypto.TreeRoot;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a server that starts empty makes of what agents bring, honest ones and liars. */
class ManifestTest {
  private static final long NOW = 1_790_000_000_000L;

  private final Crypto crypto = new JvmCrypto();

  /** A device with its account. */
  private record Agent(Crypto.SigningKey device, DeviceCertificate certificate) {
    AccountId account() {
      return certificate.account();
    }
  }

  /** Agents that keep blocks for each other, and the receipts of it. */
  private final class Village {
    final Seeded arbitrary;
    final List<Agent> agents = new ArrayList<>();
    final List<ReceiptBatch> batches = new ArrayList<>();
    final List<StorageKey> keys = new ArrayList<>();

    Village(Seeded arbitrary, int count, int receipts) {
      this.arbitrary = arbitrary;
      for (int i = 0; i < count; i++) {
        Crypto.SigningKey device = crypto.signingKey(arbitrary.bytes(32));
        Crypto.SigningKey vault = crypto.signingKey(arbitrary.bytes(32));
        PeerId peer = PeerId.of(device.publicKey());
        agents.add(
            new Agent(
                device,
                DeviceCertificate.issue(vault, peer, NOW - 9_000, DeviceCertificate.MAX_LIFE)));
      }
      for (int i = 0; i < receipts; i++) {
        int owner = arbitrary.below(count);
        int holder = (owner + 1 + arbitrary.below(count - 1)) % count;
        batches.add(agree(agents.get(owner), agents.get(holder)));
      }
    }

    ReceiptBatch agree(Agent owner, Agent holder) {
      List<ReceiptTerms> terms = new ArrayList<>();
      for (int i = 0; i <= arbitrary.below(6); i++) {
        StorageKey key = new StorageKey(arbitrary.bytes(StorageKey.LENGTH));
        keys.add(key);
        terms.add(
            new ReceiptTerms(
                arbitrary.bytes(Ticket.SERIAL_LENGTH), key, 9, new Hash(arbitrary.bytes(32))));
      }
      long stored = NOW - arbitrary.below(5_000);
      return ReceiptOffer.sign(holder.device, holder.certificate, owner.account(), stored, terms)
          .countersign(owner.device, owner.certificate);
    }

    PlainDesk server() {
      return new PlainDesk(crypto, arbitrary, NOW);
    }

    /** What the agent has as holder or owner. */
    List<ReceiptBatch> of(Agent agent) {
      return new ArrayList<>(
          batches.stream()
              .filter(
                  batch ->
                      batch.header().owner().equals(agent.account())
                          || batch.header().holder().equals(agent.certificate.device()))
              .toList());
    }
  }

  private SessionFrame.Manifest manifest(Agent agent, List<ReceiptBatch> batches, long time) {
    TreeRoot tree = new TreeRoot();
    batches.forEach(batch -> tree.add(crypto.hasher(), batch.encoded()));
    Hash root = tree.root(crypto.hasher());
    Bytes signed = SessionFrame.Manifest.signed(batches.size(), root, time);
    return new SessionFrame.Manifest(
        1, batches.size(), root, time, agent.device.sign(Domain.MANIFEST, signed));
  }

  /** Brings them under a manifest; 0 or the code of the first refusal. */
  private int bring(PlainDesk.Session session, Agent agent, List<ReceiptBatch> batches) {
    int code = session.ask(id -> manifest(agent, batches, NOW));
    for (int at = 0; at < batches.size() && code == 0; at += 3) {
      List<ReceiptBatch> part = batches.subList(at, Math.min(batches.size(), at + 3));
      code = session.ask(id -> new SessionFrame.Present(id, part));
    }
    return code;
  }

  private static ReceiptBatch withOwnerSignature(ReceiptBatch batch, Signature signature) {
    return new ReceiptBatch(
        batch.header(),
        batch.holderCertificate(),
        batch.holderSignature(),
        batch.ownerCertificate(),
        signature,
        batch.entries());
  }

  @Test
  void what_holders_and_owners_bring_in_any_order_comes_to_the_same_entry_for_entry() {
    Seeded.check(
        8,
        arbitrary -> {
          Village village = new Village(arbitrary, 5, 30);
          PlainDesk before = village.server();
          for (ReceiptBatch batch : village.batches) {
            Agent holder =
                village.agents.stream()
                    .filter(a -> a.certificate.device().equals(batch.header().holder()))
                    .findFirst()
                    .orElseThrow();
            int code =
                before
                    .login(holder.certificate)
                    .ask(id -> new SessionFrame.Present(id, List.of(batch)));
            assertThat(code).isZero();
          }
          PlainDesk after = village.server();
          List<Agent> order = new ArrayList<>(village.agents);
          while (!order.isEmpty()) {
            Agent agent = order.remove(arbitrary.below(order.size()));
            assertThat(bring(after.login(agent.certificate), agent, village.of(agent))).isZero();
            if (arbitrary.below(2) == 0) {
              after.verifyRest();
            }
          }
          assertThat(after.entries(village.keys)).isEqualTo(before.entries(village.keys));
          after.verifyRest();
          assertThat(after.entries(village.keys)).isEqualTo(before.entries(village.keys));
          for (Agent agent : village.agents) {
            assertThat(after.ledger(agent.account()).encoded())
                .isEqualTo(before.ledger(agent.account()).encoded());
          }
        });
  }

  @Test
  void one_forged_batch_among_many_takes_out_all_that_is_not_proven_and_ends_the_session() {
    Seeded.check(
        20,
        arbitrary -> {
          Village village = new Village(arbitrary, 4, 24);
          Agent liar = village.agents.get(0);
          List<ReceiptBatch> brought = village.of(liar);
          ReceiptBatch forged =
              withOwnerSignature(
                  village.agree(village.agents.get(1), liar),
                  new Signature(arbitrary.bytes(Signature.LENGTH)));
          brought.add(arbitrary.below(brought.size() + 1), forged);

          PlainDesk server = village.server();
          PlainDesk.Session session = server.login(liar.certificate);
          bring(session, liar, brought);
          server.verifyRest();

          assertThat(session.ended).isNotNull();
          AccountId victim = forged.header().owner();
          for (ReceiptBatch.Entry entry : forged.entries()) {
            assertThat(server.ledger(victim).copies(entry.terms().key(), NOW)).isEmpty();
          }
          assertThat(server.ledger(liar.account()).conduct().isFaultyAt(NOW)).isTrue();

          // What honest agents bring then is all there is, as if the liar had never come.
          PlainDesk honest = village.server();
          for (PlainDesk desk : List.of(server, honest)) {
            for (Agent agent : village.agents) {
              bring(desk.login(agent.certificate), agent, village.of(agent));
            }
            desk.verifyRest();
          }
          assertThat(server.entries(village.keys)).isEqualTo(honest.entries(village.keys));
        });
  }

  @Test
  void who_was_caught_once_is_not_believed_again_before_everything_is_verified() {
    Village village = new Village(new Seeded(1), 3, 20);
    Agent liar = village.agents.get(0);
    PlainDesk server = village.server();
    ReceiptBatch forged =
        withOwnerSignature(
            village.agree(village.agents.get(1), liar), new Signature(Bytes.wrap(new byte[64])));
    bring(server.login(liar.certificate), liar, List.of(forged));
    server.verifyRest();
    bring(server.login(liar.certificate), liar, village.of(liar));
    assertThat(server.desk.hasUnverified()).isFalse();
  }

  @Test
  void batches_other_than_those_promised_are_refused_and_believed_only_when_verified() {
    Village village = new Village(new Seeded(2), 2, 6);
    Agent agent = village.agents.get(0);
    PlainDesk server = village.server();
    PlainDesk.Session session = server.login(agent.certificate);
    List<ReceiptBatch> promised = village.batches;
    assertThat(session.ask(id -> manifest(agent, promised, NOW))).isZero();
    List<ReceiptBatch> others = new ArrayList<>(promised);
    others.set(5, village.agree(agent, village.agents.get(1)));
    assertThat(session.ask(id -> new SessionFrame.Present(id, others)))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    assertThat(session.manifest.isOpen()).isFalse();
    server.verifyRest();
    assertThat(session.ended).as("what was said twice is no lie").isNull();
    List<ReceiptBatch> unpromised = others.subList(5, 6);
    assertThat(server.entries(keysOf(unpromised))).isEmpty();
    assertThat(session.ask(id -> new SessionFrame.Present(id, unpromised))).isZero();
    assertThat(server.entries(keysOf(unpromised))).isNotEmpty();
  }

  private static List<StorageKey> keysOf(List<ReceiptBatch> batches) {
    return batches.stream()
        .flatMap(batch -> batch.entries().stream())
        .map(entry -> entry.terms().key())
        .toList();
  }

  @Test
  void the_wrong_number_of_batches_has_the_wrong_root() {
    Village village = new Village(new Seeded(3), 2, 6);
    Agent agent = village.agents.get(0);
    PlainDesk.Session session = village.server().login(agent.certificate);
    SessionFrame.Manifest six = manifest(agent, village.batches, NOW);
    Bytes signed = SessionFrame.Manifest.signed(5, six.root(), NOW);
    SessionFrame.Manifest five =
        new SessionFrame.Manifest(
            1, 5, six.root(), NOW, agent.device.sign(Domain.MANIFEST, signed));
    assertThat(session.ask(id -> five)).isZero();
    assertThat(session.ask(id -> new SessionFrame.Present(id, village.batches)))
        .isEqualTo(Refusal.BAD_SIGNATURE);
  }

  @Test
  void a_batch_of_others_is_refused_and_the_manifest_is_given_up() {
    Village village = new Village(new Seeded(4), 3, 0);
    Agent agent = village.agents.get(0);
    List<ReceiptBatch> foreign =
        List.of(village.agree(village.agents.get(1), village.agents.get(2)));
    PlainDesk.Session session = village.server().login(agent.certificate);
    assertThat(bring(session, agent, foreign)).isEqualTo(Refusal.NOT_YOURS);
    assertThat(session.manifest.isOpen()).isFalse();
  }

  @Test
  void a_manifest_is_good_for_its_device_and_its_login_only() {
    Village village = new Village(new Seeded(5), 2, 4);
    Agent agent = village.agents.get(0);
    Agent other = village.agents.get(1);
    PlainDesk server = village.server();
    SessionFrame.Manifest manifest = manifest(agent, village.batches, NOW);
    assertThat(server.login(other.certificate).ask(id -> manifest))
        .isEqualTo(Refusal.BAD_SIGNATURE);
    server.now = NOW + ManifestCheck.SKEW + 1;
    assertThat(server.login(agent.certificate).ask(id -> manifest)).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void a_session_opens_so_many_manifests_and_no_more() {
    Village village = new Village(new Seeded(6), 2, 4);
    Agent agent = village.agents.get(0);
    PlainDesk.Session session = village.server().login(agent.certificate);
    for (int i = 0; i < ManifestCheck.MOST; i++) {
      assertThat(session.ask(id -> manifest(agent, village.batches, NOW))).isZero();
    }
    assertThat(session.ask(id -> manifest(agent, village.batches, NOW)))
        .isEqualTo(Refusal.OVER_LIMIT);
  }

  @Test
  void what_waits_to_be_verified_is_bounded() {
    Village village = new Village(new Seeded(7), 2, 1);
    LateChecks late = new LateChecks();
    PlainDesk.Session session = village.server().login(village.agents.get(0).certificate);
    AccountId account = village.agents.get(0).account();
    for (int i = 0; i < LateChecks.MOST; i++) {
      assertThat(late.hasRoomFor(account)).isTrue();
      late.add(session, village.batches.get(0));
    }
    assertThat(late.hasRoomFor(account)).isFalse();
    assertThat(late.caught(session)).hasSize(LateChecks.MOST);
    assertThat(late.isEmpty()).isTrue();
  }

  @Test
  void a_signature_that_was_right_once_is_right_for_its_own_message_only() {
    Seeded arbitrary = new Seeded(8);
    RememberedProofs proofs = new RememberedProofs(crypto);
    Crypto.SigningKey key = crypto.signingKey(arbitrary.bytes(32));
    Bytes message = arbitrary.bytes(40);
    Signature signature = key.sign(Domain.RECEIPT_OWNER, message);
    for (int i = 0; i < 2; i++) {
      assertThat(proofs.verify(key.publicKey(), Domain.RECEIPT_OWNER, message, signature)).isTrue();
      assertThat(proofs.verify(key.publicKey(), Domain.RECEIPT_HOLDER, message, signature))
          .isFalse();
      assertThat(
              proofs.verify(
                  key.publicKey(), Domain.RECEIPT_OWNER, arbitrary.flipped(message), signature))
          .isFalse();
    }
  }
}
