package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import java.util.Optional;

/**
 * The value of a node that sums up all that it follows on, so that it can be forgotten: {@code u8 2
 * ‖ count u64 ‖ hash 32}. The hash chains the names in their order, from zeros: {@code
 * SHA-256(before ‖ name)}; a later checkpoint goes on from an earlier one.
 */
public record Checkpoint(long count, Hash chain) {
  static final int KIND = 2;
  static final Checkpoint NOTHING = new Checkpoint(0, new Hash(Bytes.wrap(new byte[Hash.LENGTH])));

  /** The value of a node. */
  public Bytes value() {
    return new ByteWriter().u8(KIND).u64(count).bytes(chain.bytes()).toBytes();
  }

  /** What a value says, if it is a checkpoint. */
  public static Optional<Checkpoint> in(Bytes value) {
    ByteReader reader = new ByteReader(value);
    try {
      if (reader.u8("kind") != KIND) {
        return Optional.empty();
      }
      Checkpoint checkpoint = new Checkpoint(reader.u64("count"), Hash.read(reader, "chain"));
      reader.end();
      return Optional.of(checkpoint);
    } catch (MalformedFrameException e) {
      return Optional.empty();
    }
  }

  /** After another one, of nodes in their order. */
  static Checkpoint of(Hasher hasher, Checkpoint before, Iterable<GraphNode> nodes) {
    byte[] chain = before.chain.bytes().toArray();
    long count = before.count;
    for (GraphNode node : nodes) {
      hasher.add(chain, 0, chain.length).add(node.name().bytes()).into(chain, 0);
      count++;
    }
    return new Checkpoint(count, new Hash(Bytes.wrap(chain)));
  }
}
