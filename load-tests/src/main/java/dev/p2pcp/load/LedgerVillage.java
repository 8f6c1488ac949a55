package dev.p2pcp.load;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.TreeRoot;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;

/**
 * Agents that keep each other's blocks, two copies of each with others, and the messages with which
 * they tell it at their logins. All keys follow from numbers; all signatures are true.
 */
final class LedgerVillage {
  static final long NOW = 1_790_000_000_000L;

  /** Copies of each block with others. */
  private static final int COPIES = 2;

  private final Crypto crypto;
  private final List<Agent> agents = new ArrayList<>();
  private final int placements;

  /** An agent's keys, and the receipts that it has as holder and as owner. */
  private record Agent(
      Crypto.SigningKey device,
      DeviceCertificate certificate,
      List<ReceiptBatch> held,
      List<ReceiptBatch> owned) {}

  LedgerVillage(Crypto crypto, int count, int held, int batch) {
    this.crypto = crypto;
    for (int i = 0; i < count; i++) {
      Crypto.SigningKey device = key("device", i);
      agents.add(
          new Agent(
              device,
              DeviceCertificate.issue(
                  key("vault", i),
                  PeerId.of(device.publicKey()),
                  NOW - 86_400_000L,
                  DeviceCertificate.MAX_LIFE),
              new ArrayList<>(),
              new ArrayList<>()));
    }
    int chunks = held / batch / COPIES;
    for (int owner = 0; owner < count; owner++) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        for (int copy = 0; copy < COPIES; copy++) {
          int holder = (owner + 1 + (COPIES * chunk + copy) % (count - 1)) % count;
          agree(agents.get(owner), agents.get(holder), keys(owner, chunk, batch));
        }
      }
    }
    this.placements = count * chunks * COPIES * batch;
  }

  int placements() {
    return placements;
  }

  DeviceCertificate certificate(int agent) {
    return agents.get(agent).certificate;
  }

  private void agree(Agent owner, Agent holder, List<StorageKey> keys) {
    List<ReceiptTerms> terms = new ArrayList<>();
    for (StorageKey key : keys) {
      Bytes serial = key.bytes().slice(0, Ticket.SERIAL_LENGTH);
      terms.add(new ReceiptTerms(serial, key, 262_144, new Hash(key.bytes())));
    }
    ReceiptBatch batch =
        ReceiptOffer.sign(
                holder.device, holder.certificate, owner.certificate.account(), NOW - 1_000, terms)
            .countersign(owner.device, owner.certificate);
    holder.held.add(batch);
    owner.owned.add(batch);
  }

  /** What each agent sends: a manifest, and presents of its receipts as holder or as owner. */
  List<List<Bytes>> messages(boolean asHolder) {
    List<List<Bytes>> messages = new ArrayList<>();
    for (Agent agent : agents) {
      messages.add(messages(agent, asHolder ? agent.held : agent.owned));
    }
    return messages;
  }

  private List<Bytes> messages(Agent agent, List<ReceiptBatch> batches) {
    TreeRoot tree = new TreeRoot();
    Hasher hasher = crypto.hasher();
    batches.forEach(batch -> tree.add(hasher, batch.encoded()));
    Hash root = tree.root(hasher);
    Bytes signed = SessionFrame.Manifest.signed(batches.size(), root, NOW);
    List<Bytes> messages = new ArrayList<>();
    messages.add(
        LedgerBench.encoded(
            new SessionFrame.Manifest(
                0, batches.size(), root, NOW, agent.device.sign(Domain.MANIFEST, signed))));
    List<ReceiptBatch> part = new ArrayList<>();
    int bytes = 0;
    for (ReceiptBatch batch : batches) {
      int length = batch.encoded().length();
      if (bytes + length > Limits.MESSAGE - 1024 || part.size() == Limits.PRESENT_BATCHES) {
        messages.add(LedgerBench.encoded(new SessionFrame.Present(1, List.copyOf(part))));
        part.clear();
        bytes = 0;
      }
      part.add(batch);
      bytes += length;
    }
    messages.add(LedgerBench.encoded(new SessionFrame.Present(1, List.copyOf(part))));
    return messages;
  }

  private static List<StorageKey> keys(int owner, int chunk, int count) {
    List<StorageKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(new StorageKey(numbered("block", owner, chunk, i)));
    }
    return keys;
  }

  private Crypto.SigningKey key(String name, int number) {
    return crypto.signingKey(numbered(name, number));
  }

  private static Bytes numbered(String name, int... numbers) {
    ByteWriter writer = new ByteWriter().bytes(Bytes.utf8(name));
    for (int number : numbers) {
      writer.u32(number);
    }
    return Sha256.hash(writer.toBytes()).bytes();
  }
}
