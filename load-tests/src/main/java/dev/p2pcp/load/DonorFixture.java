package dev.p2pcp.load;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.node.Device;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills a donor's store as if people had stored blocks there: with holdings and true receipts in
 * batches, but short blocks, since neither the start nor the memory depends on their length.
 */
final class DonorFixture {
  private static final long LIMIT = 64L << 30;
  private static final int BATCH = 64;
  private static final int OWNERS = 50;
  private static final int PAYLOAD = 200;
  private static final int KEY = 32;

  private final JvmCrypto crypto = new JvmCrypto();
  private final JvmEntropy entropy = new JvmEntropy();
  private final BlockStore store;
  private final Device donor;

  private DonorFixture(BlockStore store, Device donor) {
    this.store = store;
    this.donor = donor;
  }

  /** Adds so many blocks to the store of the donor of that phrase, which has run once. */
  static void fill(Path folder, SeedPhrase phrase, int blocks) throws StoreException {
    JvmCrypto crypto = new JvmCrypto();
    BlockStore store = JournaledStore.open(folder, LIMIT);
    Bytes salt = store.record(BlockStore.Table.PROFILE, Bytes.utf8("salt")).orElseThrow();
    KeyRing keys = KeyRing.of(crypto, phrase.seed(crypto));
    DonorFixture fixture = new DonorFixture(store, Device.of(keys, salt, new JvmClock()));
    List<Owner> owners = new ArrayList<>();
    for (int i = 0; i < OWNERS; i++) {
      owners.add(fixture.owner());
    }
    for (int done = 0; done < blocks; done += BATCH) {
      fixture.keep(owners.get(done / BATCH % OWNERS), Math.min(BATCH, blocks - done));
    }
    store.close();
  }

  private record Owner(Crypto.SigningKey device, DeviceCertificate certificate) {}

  private Owner owner() {
    Crypto.SigningKey vault = crypto.signingKey(entropy.bytes(KEY));
    Crypto.SigningKey device = crypto.signingKey(entropy.bytes(KEY));
    return new Owner(
        device,
        DeviceCertificate.issue(
            vault,
            PeerId.of(device.publicKey()),
            System.currentTimeMillis(),
            DeviceCertificate.MAX_LIFE));
  }

  private void keep(Owner owner, int count) throws StoreException {
    long now = System.currentTimeMillis();
    BlockStore.Batch batch = new BlockStore.Batch();
    List<ReceiptTerms> terms = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Block.Content block = Block.Content.of(entropy.bytes(PAYLOAD));
      StorageKey key = StorageKey.ofContent(crypto, block.encoded());
      Bytes serial = entropy.bytes(Ticket.SERIAL_LENGTH);
      terms.add(ReceiptTerms.of(serial, key, block));
      batch.putBlock(key, block.encoded());
    }
    ReceiptBatch receipts =
        ReceiptOffer.sign(donor.key(), donor.certificate(), owner.certificate.account(), now, terms)
            .countersign(owner.device, owner.certificate);
    for (ReceiptTerms term : terms) {
      long until = receipts.header().expires();
      batch.putRecord(
          BlockStore.Table.HELD,
          term.key().bytes(),
          held(term, owner.certificate.account(), now, until));
    }
    Bytes id = Bytes.concat(receipts.header().root().bytes(), receipts.header().holder().bytes());
    batch.putRecord(BlockStore.Table.RECEIPTS, id, receipts.encoded());
    store.apply(batch);
  }

  /** A holding with one settled claim, as the agent stores it. */
  static Bytes held(ReceiptTerms term, AccountId owner, long since, long until) {
    return new ByteWriter()
        .u8(0)
        .u32(term.size())
        .u16(1)
        .bytes(owner.bytes())
        .bytes(term.serial())
        .u64(since)
        .u64(until)
        .u8(1)
        .toBytes();
  }
}
