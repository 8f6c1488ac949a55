package dev.p2pcp.simulator;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.BlockStore.Table;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.node.Device;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.quota.ReceiptOffer;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.quota.Ticket;
import java.util.ArrayList;
import java.util.List;

/**
 * Two accounts that sign for each other that they keep blocks which both can compute at any time:
 * all audits are passed, and no room is taken. That is as much as accounts in league can do, since
 * who has to fetch what is asked for must have it somewhere.
 */
final class Pact {
  /** Blocks that each claims to keep for the other. */
  static final int BLOCKS = 1_024;

  private static final int SIZE = 1_000;

  private final SimAgent one;
  private final SimAgent other;
  private final Platform platform;

  Pact(SimAgent one, SimAgent other, Platform platform) {
    this.one = one;
    this.other = other;
    this.platform = platform;
  }

  /** Both. */
  List<SimAgent> members() {
    return List.of(one, other);
  }

  boolean isBetween(SimAgent a, SimAgent b) {
    return members().contains(a) && members().contains(b);
  }

  /** Both leave, and come back with what they have signed. Suspends. */
  void sign(int copies) throws Exception {
    Device first = one.node().device();
    Device second = other.node().device();
    one.goOffline();
    other.goOffline();
    one.plant(made(first, second));
    other.plant(made(second, first));
    one.comeOnline(copies);
    other.comeOnline(copies);
  }

  /** What a device has on its disk that keeps as much for the other. */
  private BlockStore.Batch made(Device holder, Device owner) {
    BlockStore.Batch batch = new BlockStore.Batch();
    for (int at = 0; at < BLOCKS; at += ReceiptHeader.MAX_COUNT) {
      List<ReceiptTerms> terms = new ArrayList<>();
      for (int i = 0; i < ReceiptHeader.MAX_COUNT; i++) {
        Block block = Block.Content.of(platform.entropy().bytes(SIZE));
        StorageKey key = StorageKey.ofContent(platform.crypto(), block.encoded());
        Bytes serial = platform.entropy().bytes(Ticket.SERIAL_LENGTH);
        terms.add(ReceiptTerms.of(serial, key, block));
        batch.putBlock(key, block.encoded());
      }
      ReceiptBatch receipts =
          ReceiptOffer.sign(
                  holder.key(),
                  holder.certificate(),
                  owner.account(),
                  platform.clock().now(),
                  terms)
              .countersign(owner.key(), owner.certificate());
      ReceiptHeader header = receipts.header();
      batch.putRecord(
          Table.RECEIPTS,
          Bytes.concat(header.root().bytes(), header.holder().bytes()),
          receipts.encoded());
      terms.forEach(one -> batch.putRecord(Table.HELD, one.key().bytes(), held(one, header)));
    }
    return batch;
  }

  /** As agents store why they keep a block: for one owner, settled. */
  private static Bytes held(ReceiptTerms terms, ReceiptHeader header) {
    return new ByteWriter()
        .u8(0)
        .u32(terms.size())
        .u16(1)
        .bytes(header.owner().bytes())
        .bytes(terms.serial())
        .u64(header.stored())
        .u64(header.expires())
        .u8(1)
        .toBytes();
  }
}
