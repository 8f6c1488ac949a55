package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The receipts of this device, as holder and as owner: what index servers rebuild their ledger
 * from.
 */
final class Receipts {
  private final BlockStore store;
  private final Map<Bytes, ReceiptBatch> batches = new HashMap<>();
  private @Nullable Set<SessionFrame.Renew.Copy> copies;

  private Receipts(BlockStore store) {
    this.store = store;
  }

  /** Reads them. Suspends. */
  static Receipts load(BlockStore store) throws StoreException {
    Receipts receipts = new Receipts(store);
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.RECEIPTS).entrySet()) {
      ByteReader reader = new ByteReader(entry.getValue());
      try {
        receipts.batches.put(entry.getKey(), ReceiptBatch.read(reader));
        reader.end();
      } catch (MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a receipt");
      }
    }
    return receipts;
  }

  /** Adds to the batch what makes the receipts durable; {@link #added} is to follow its success. */
  static void add(ReceiptBatch receipts, BlockStore.Batch batch) {
    batch.putRecord(BlockStore.Table.RECEIPTS, idOf(receipts), receipts.encoded());
  }

  synchronized void added(ReceiptBatch receipts) {
    batches.put(idOf(receipts), receipts);
    copies = null;
  }

  synchronized List<ReceiptBatch> all() {
    return new ArrayList<>(batches.values());
  }

  /** Copies that any of them speaks of; not to be changed. It is asked for far more often. */
  synchronized Set<SessionFrame.Renew.Copy> copies() {
    Set<SessionFrame.Renew.Copy> known = copies;
    if (known == null) {
      known = new HashSet<>();
      for (ReceiptBatch batch : batches.values()) {
        for (ReceiptBatch.Entry entry : batch.entries()) {
          known.add(new SessionFrame.Renew.Copy(entry.terms().key(), batch.header().holder()));
        }
      }
      copies = known;
    }
    return known;
  }

  /** Whether a receipt still tells the truth; must not suspend. */
  interface Truth {
    boolean of(ReceiptBatch batch, StorageKey key);
  }

  /** What still counts of all, to present to an index server. */
  List<ReceiptBatch> current(Truth truth) {
    List<ReceiptBatch> current = new ArrayList<>();
    for (ReceiptBatch batch : all()) {
      ReceiptBatch part = batch.only(terms -> truth.of(batch, terms.key()));
      if (!part.entries().isEmpty()) {
        current.add(part);
      }
    }
    return current;
  }

  /** Forgets what counts no more. Suspends. */
  void prune(Truth truth) throws StoreException {
    for (ReceiptBatch batch : all()) {
      ReceiptBatch part = batch.only(terms -> truth.of(batch, terms.key()));
      if (part.entries().size() < batch.entries().size()) {
        replace(batch, part);
      }
    }
  }

  private void replace(ReceiptBatch before, ReceiptBatch after) throws StoreException {
    Bytes id = idOf(before);
    BlockStore.Batch batch = new BlockStore.Batch();
    if (after.entries().isEmpty()) {
      batch.removeRecord(BlockStore.Table.RECEIPTS, id);
    } else {
      add(after, batch);
    }
    store.apply(batch);
    synchronized (this) {
      copies = null;
      if (after.entries().isEmpty()) {
        batches.remove(id);
      } else {
        batches.put(id, after);
      }
    }
  }

  /** The same batch has the same root and holder, whatever part of it is shown. */
  private static Bytes idOf(ReceiptBatch receipts) {
    return Bytes.concat(receipts.header().root().bytes(), receipts.header().holder().bytes());
  }
}
