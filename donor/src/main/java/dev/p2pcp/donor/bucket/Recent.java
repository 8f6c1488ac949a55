package dev.p2pcp.donor.bucket;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.jvm.Shelf.Placed;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Blocks that were stored a moment ago: who takes a block in reads it once more to sign for it, and
 * a bucket charges for each reading. Each is given once, so that later readings show what the
 * bucket has.
 */
final class Recent {
  private static final long MOST_BYTES = 32L * 1024 * 1024;

  private final LinkedHashMap<Placed, Bytes> blocks = new LinkedHashMap<>();
  private long bytes;

  synchronized void add(Placed at, Bytes block) {
    blocks.put(at, block);
    bytes += block.length();
    Iterator<Map.Entry<Placed, Bytes>> oldest = blocks.entrySet().iterator();
    while (bytes > MOST_BYTES && oldest.hasNext()) {
      bytes -= oldest.next().getValue().length();
      oldest.remove();
    }
  }

  synchronized Optional<Bytes> take(Placed at) {
    Bytes block = blocks.remove(at);
    bytes -= block == null ? 0 : block.length();
    return Optional.ofNullable(block);
  }
}
