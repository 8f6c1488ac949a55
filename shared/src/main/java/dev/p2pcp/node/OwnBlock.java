package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * An own block and where its copies are. Version is 0 for content blocks. A released block is no
 * longer wanted, and remembered until its holders know. An adopted block was first placed by
 * another device of the account: who keeps it index servers know. Stored as {@code size u32 ‖
 * version u64 ‖ u8 flags ‖ u16 n ‖ n × (peer 32 ‖ version u64 ‖ expires u64 ‖ u8 flags)}; flag 1 is
 * released, flag 2 adopted; of a copy flag 1 is leaving, flag 2 lost.
 */
record OwnBlock(int size, long version, boolean released, boolean adopted, List<Copy> copies) {
  private static final int MAX_COPIES = 4 * Limits.COPIES;

  /** A block of which nothing is left but what may still be found elsewhere. */
  static final OwnBlock REMOVED = new OwnBlock(0, 0, true, false, List.of());

  private static final int RELEASED = 1;
  private static final int ADOPTED = 2;
  private static final int LEAVING = 1;
  private static final int LOST = 2;

  /**
   * A copy for which there is a receipt, or is about to be; the version that the holder has for
   * sure. A leaving copy is one whose holder is told to let go of it, or may have been: it counts
   * no more, even if the block is wanted again. A lost copy counts again when its holder is back.
   */
  record Copy(PeerId holder, long version, long expires, boolean leaving, boolean lost) {
    Copy(PeerId holder, long version, long expires) {
      this(holder, version, expires, false, false);
    }

    boolean countsAt(long now) {
      return !leaving && !lost && expires > now;
    }

    Copy withVersion(long newVersion) {
      return new Copy(holder, newVersion, expires, leaving, lost);
    }

    Copy until(long newExpires) {
      return new Copy(holder, version, newExpires, leaving, lost);
    }

    Copy asLeaving() {
      return new Copy(holder, version, expires, true, lost);
    }

    private static Copy read(ByteReader reader) throws MalformedFrameException {
      PeerId holder = PeerId.read(reader, "holder");
      long version = reader.u64("version");
      long expires = reader.u64("expires");
      int flags = reader.u8("flags");
      if (flags > (LEAVING | LOST)) {
        throw new MalformedFrameException("flags");
      }
      return new Copy(holder, version, expires, (flags & LEAVING) != 0, (flags & LOST) != 0);
    }
  }

  /** Copies that stay and whose receipt is good at that moment of wall time. */
  int stored(long now) {
    int stored = 0;
    for (Copy copy : copies) {
      stored += copy.countsAt(now) ? 1 : 0;
    }
    return stored;
  }

  /** When the first of the copies ends that count at that moment; never, if there are none. */
  long paidUntil(long now) {
    long first = Long.MAX_VALUE;
    for (Copy copy : copies) {
      first = copy.countsAt(now) ? Math.min(first, copy.expires()) : first;
    }
    return first;
  }

  Optional<Copy> copyWith(PeerId holder) {
    for (Copy copy : copies) {
      if (copy.holder().equals(holder)) {
        return Optional.of(copy);
      }
    }
    return Optional.empty();
  }

  /** The holder's copy, unless it is to let go of it. */
  Optional<Copy> lastingWith(PeerId holder) {
    return copyWith(holder).filter(copy -> !copy.leaving());
  }

  OwnBlock withVersion(int newSize, long newVersion) {
    return new OwnBlock(newSize, newVersion, false, adopted, copies);
  }

  OwnBlock asReleased() {
    List<Copy> leaving = copies.stream().map(Copy::asLeaving).toList();
    return new OwnBlock(size, version, true, adopted, leaving);
  }

  /** What of these holders there is a copy with is leaving. */
  OwnBlock withLeaving(Collection<PeerId> holders) {
    List<Copy> changed =
        copies.stream()
            .map(copy -> holders.contains(copy.holder()) ? copy.asLeaving() : copy)
            .toList();
    return new OwnBlock(size, version, released, adopted, changed);
  }

  /** The holder's copy is lost, or no more. */
  OwnBlock withLost(PeerId holder, boolean lost) {
    List<Copy> changed =
        copies.stream()
            .map(
                c ->
                    c.holder().equals(holder)
                        ? new Copy(c.holder(), c.version(), c.expires(), c.leaving(), lost)
                        : c)
            .toList();
    return new OwnBlock(size, version, released, adopted, changed);
  }

  /** Holders of copies that are lost, and were wanted. */
  List<PeerId> lost() {
    return copies.stream().filter(c -> c.lost() && !c.leaving()).map(Copy::holder).toList();
  }

  /** A copy more, or instead of the one that the holder had; of a released block it is leaving. */
  OwnBlock withCopy(Copy copy) {
    List<Copy> changed = new ArrayList<>(withoutCopy(copy.holder()).copies);
    if (changed.size() == MAX_COPIES) {
      changed.remove(0);
    }
    changed.add(released ? copy.asLeaving() : copy);
    return new OwnBlock(size, version, released, adopted, List.copyOf(changed));
  }

  OwnBlock withoutCopy(PeerId holder) {
    return new OwnBlock(
        size,
        version,
        released,
        adopted,
        copies.stream().filter(copy -> !copy.holder().equals(holder)).toList());
  }

  /** Without copies whose time is over: their holders have let go of them. */
  OwnBlock withoutExpired(long now) {
    List<Copy> good = copies.stream().filter(copy -> copy.expires() > now).toList();
    return good.size() == copies.size()
        ? this
        : new OwnBlock(size, version, released, adopted, good);
  }

  Bytes encoded() {
    ByteWriter writer =
        new ByteWriter()
            .u32(size)
            .u64(version)
            .u8((released ? RELEASED : 0) | (adopted ? ADOPTED : 0))
            .u16(copies.size());
    for (Copy copy : copies) {
      writer
          .bytes(copy.holder().bytes())
          .u64(copy.version())
          .u64(copy.expires())
          .u8((copy.leaving() ? LEAVING : 0) | (copy.lost() ? LOST : 0));
    }
    return writer.toBytes();
  }

  static OwnBlock decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    int size = reader.count(Block.MAX_LENGTH, "size");
    long version = reader.u64("version");
    int flags = reader.u8("flags");
    if (flags > (RELEASED | ADOPTED)) {
      throw new MalformedFrameException("flags");
    }
    List<Copy> copies = reader.list(MAX_COPIES, "copies", Copy::read);
    reader.end();
    return new OwnBlock(size, version, (flags & RELEASED) != 0, (flags & ADOPTED) != 0, copies);
  }
}
