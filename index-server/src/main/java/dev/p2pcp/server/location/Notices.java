package dev.p2pcp.server.location;

import com.hazelcast.map.IMap;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Short signed blocks that agents post, in memory and for a week at most. Two members may keep two
 * versions for a moment: who reads verifies, and the writer posts again.
 */
public final class Notices {
  /** Name of their map in the cluster. */
  public static final String MAP = "notices";

  /** How many one member keeps, at most some 40 MB; beyond it, those go that nobody asks for. */
  public static final int MOST = 16_384;

  private final IMap<String, byte[]> map;

  Notices(IMap<String, byte[]> map) {
    this.map = map;
  }

  /** What is kept under that storage key. Waits for the member that has it. */
  public Optional<Bytes> find(StorageKey key) {
    byte[] found = map.get(key.toString());
    return found == null ? Optional.empty() : Optional.of(Bytes.wrap(found));
  }

  /** Keeps it for so many milliseconds at most. Waits likewise. */
  public void keep(StorageKey key, Bytes block, long millis) {
    map.set(key.toString(), block.toArray(), millis, TimeUnit.MILLISECONDS);
  }
}
