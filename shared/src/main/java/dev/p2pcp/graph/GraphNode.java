package dev.p2pcp.graph;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.crypto.Signature;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody added to a graph: {@code u8 1 ‖ graph 32 ‖ author 32 ‖ time u64 ‖ height u32 ‖ u8 n
 * ‖ n × parent 32 ‖ value bytes32 ‖ signature 64}. The signature covers all before it, the name all
 * of it: equal values of two authors are two nodes.
 *
 * @param graph names the graph, so that a node fits no other
 * @param time milliseconds since 1970 as the author says
 * @param height one more than the highest parent's, 0 without parents
 * @param parents names in rising order
 * @param name what other nodes call this one
 */
public record GraphNode(
    Hash graph,
    PublicKey author,
    long time,
    long height,
    List<Hash> parents,
    Bytes value,
    Signature signature,
    Hash name,
    Bytes encoded) {
  private static final int KIND = 1;

  /** Parents at most: who knows of more heads merges some, and the next one the rest. */
  public static final int MAX_PARENTS = 16;

  /** Longest value, in bytes: what is longer goes into blocks. */
  public static final int MAX_VALUE = 48 * 1024;

  /** Longest encoding, in bytes. */
  public static final int MAX_LENGTH =
      1
          + Hash.LENGTH
          + PublicKey.LENGTH
          + 8
          + 4
          + 1
          + MAX_PARENTS * Hash.LENGTH
          + 4
          + MAX_VALUE
          + Signature.LENGTH;

  /** By height, then by name. */
  static final Comparator<GraphNode> ORDER =
      (a, b) ->
          a.height != b.height
              ? Long.compare(a.height, b.height)
              : a.name.bytes().compareTo(b.name.bytes());

  public GraphNode {
    parents = List.copyOf(parents);
  }

  /** Signs a node. Suspends. */
  public static GraphNode sign(
      Crypto.SigningKey key, Hash graph, long time, long height, List<Hash> parents, Bytes value) {
    if (parents.size() > MAX_PARENTS || value.length() > MAX_VALUE) {
      throw new IllegalArgumentException("parents or value over the limit");
    }
    ByteWriter writer =
        new ByteWriter(256 + value.length())
            .u8(KIND)
            .bytes(graph.bytes())
            .bytes(key.publicKey().bytes())
            .u64(time)
            .u32(height)
            .u8(parents.size());
    parents.stream()
        .sorted((a, b) -> a.bytes().compareTo(b.bytes()))
        .forEach(p -> writer.bytes(p.bytes()));
    Bytes signed = writer.bytes32(value).toBytes();
    Bytes encoded = Bytes.concat(signed, key.sign(Domain.GRAPH_NODE, signed).bytes());
    try {
      return decode(encoded);
    } catch (MalformedFrameException e) {
      throw new IllegalArgumentException("no node: " + e.getMessage());
    }
  }

  /** Whether its author signed it. Suspends. */
  public boolean isGenuine(Crypto crypto) {
    Bytes signed = encoded.slice(0, encoded.length() - Signature.LENGTH);
    return crypto.verify(author, Domain.GRAPH_NODE, signed, signature);
  }

  /** Decodes without verifying. */
  public static GraphNode decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    if (encoded.length() > MAX_LENGTH || reader.u8("kind") != KIND) {
      throw new MalformedFrameException("kind");
    }
    Hash graph = Hash.read(reader, "graph");
    PublicKey author = PublicKey.read(reader, "author");
    long time = reader.u64("time");
    long height = reader.u32("height");
    int count = reader.u8("parents");
    if (count > MAX_PARENTS || (count == 0) != (height == 0)) {
      throw new MalformedFrameException("parents");
    }
    List<Hash> parents = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Hash parent = Hash.read(reader, "parents");
      if (i > 0 && parents.get(i - 1).bytes().compareTo(parent.bytes()) >= 0) {
        throw new MalformedFrameException("parents");
      }
      parents.add(parent);
    }
    Bytes value = reader.bytes32(MAX_VALUE, "value");
    Signature signature = Signature.read(reader, "signature");
    reader.end();
    Hash name = Sha256.hash(Domain.GRAPH_NAME.frame(encoded));
    return new GraphNode(graph, author, time, height, parents, value, signature, name, encoded);
  }

  /** Whether this one stands before another in the order that everybody sees. */
  public boolean isBefore(GraphNode other) {
    return ORDER.compare(this, other) < 0;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof GraphNode node && name.equals(node.name);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }
}
