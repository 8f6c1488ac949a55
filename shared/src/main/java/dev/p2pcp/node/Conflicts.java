package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Versions of own items that lost against an edit made elsewhere at the same time; kept sealed
 * until dismissed.
 */
public final class Conflicts {
  /** Most that are kept; the oldest gives way. */
  static final int MAX = 1_000;

  private static final String LABEL = "p2pcp/v1/conflicts";
  private static final int ID_LENGTH = 16;

  private final BlockStore store;
  private final Crypto.SealingKey seal;
  private final Entropy entropy;

  /** A losing version with its value. */
  public record Conflict(Bytes id, Path path, long version, long time, Bytes value) {}

  private Conflicts(BlockStore store, Crypto.SealingKey seal, Entropy entropy) {
    this.store = store;
    this.seal = seal;
    this.entropy = entropy;
  }

  /** Those of an account. Suspends. */
  static Conflicts open(BlockStore store, KeyRing keys, Entropy entropy) {
    return new Conflicts(
        store,
        keys.crypto().sealingKey(keys.storageRoot().derive(LABEL, Bytes.EMPTY, 32)),
        entropy);
  }

  /** Makes the conflict and adds what keeps it to the batch. Suspends. */
  Conflict add(Path path, long version, long time, Bytes value, BlockStore.Batch batch) {
    Conflict conflict = new Conflict(entropy.bytes(ID_LENGTH), path, version, time, value);
    Bytes plain =
        new ByteWriter(64 + value.length())
            .bytes16(path.utf8())
            .u64(version)
            .u64(time)
            .bytes(value)
            .toBytes();
    Bytes nonce = entropy.bytes(Crypto.SealingKey.NONCE_LENGTH);
    batch.putRecord(
        BlockStore.Table.CONFLICTS,
        conflict.id(),
        Bytes.concat(nonce, seal.seal(nonce, conflict.id(), plain)));
    return conflict;
  }

  /** All that are kept, oldest first. Suspends. */
  public List<Conflict> all() throws StoreException {
    List<Conflict> all = new ArrayList<>();
    for (Map.Entry<Bytes, Bytes> entry : store.records(BlockStore.Table.CONFLICTS).entrySet()) {
      try {
        all.add(open(entry.getKey(), entry.getValue()));
      } catch (SealBrokenException | MalformedFrameException e) {
        throw new StoreException(StoreException.Reason.DAMAGED, "a conflict copy");
      }
    }
    all.sort((a, b) -> Long.compare(a.time(), b.time()));
    return all;
  }

  /** Removes one. Suspends. */
  public void dismiss(Bytes id) throws StoreException {
    store.apply(new BlockStore.Batch().removeRecord(BlockStore.Table.CONFLICTS, id));
  }

  /** Makes room for another. Suspends. */
  void trim() throws StoreException {
    List<Conflict> all = all();
    for (int i = 0; i <= all.size() - MAX; i++) {
      dismiss(all.get(i).id());
    }
  }

  private Conflict open(Bytes id, Bytes record)
      throws SealBrokenException, MalformedFrameException {
    ByteReader whole = new ByteReader(record);
    Bytes nonce = whole.bytes(Crypto.SealingKey.NONCE_LENGTH, "nonce");
    ByteReader reader = new ByteReader(seal.open(nonce, id, whole.rest()));
    Path path = Path.parse(reader.text(Path.MAX_BYTES, "path"));
    return new Conflict(id, path, reader.u64("version"), reader.u64("time"), reader.rest());
  }
}
