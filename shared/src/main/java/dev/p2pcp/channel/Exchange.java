package dev.p2pcp.channel;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.topic.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * A request or an answer by which two members compare what they have: {@code u8 kind ‖ step bytes32
 * ‖ list of node bytes32}.
 *
 * @param kind of a request {@link #PAGE} or {@link #STEP}, of an answer {@link #WHOLE} or {@link
 *     #MORE}
 * @param step of a page the name after which it begins, or nothing for the beginning; else a
 *     message of a reconciliation, or nothing
 */
public record Exchange(int kind, Bytes step, List<GraphNode> nodes) {
  static final int PAGE = 1;
  static final int STEP = 2;

  /** All that there is to say to the request. */
  static final int WHOLE = 0;

  /** There are more nodes than had room. */
  static final int MORE = 1;

  private static final int MAX_NODES = 1024;

  /** Bytes beside nodes and step. */
  private static final int FRAME = 1 + 4 + 2;

  public Exchange {
    nodes = List.copyOf(nodes);
  }

  /** How many of the nodes, from one on, have room beside so many bytes. */
  static int room(List<GraphNode> nodes, int from, int step) {
    int left = Topic.MAX_ASK - FRAME - step;
    int count = 0;
    while (from + count < nodes.size() && count < MAX_NODES) {
      left -= 4 + nodes.get(from + count).encoded().length();
      if (left < 0) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Encodes. */
  public Bytes encoded() {
    ByteWriter writer = new ByteWriter(1024).u8(kind).bytes32(step).u16(nodes.size());
    for (GraphNode node : nodes) {
      writer.bytes32(node.encoded());
    }
    return writer.toBytes();
  }

  /** Decodes; nodes are not verified. */
  public static Exchange decode(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    int kind = reader.u8("kind");
    if (kind > STEP) {
      throw new MalformedFrameException("kind");
    }
    Bytes step = reader.bytes32(Topic.MAX_ASK, "step");
    List<Bytes> all = reader.list(MAX_NODES, "nodes", r -> r.bytes32(GraphNode.MAX_LENGTH, "node"));
    reader.end();
    List<GraphNode> nodes = new ArrayList<>(all.size());
    for (Bytes node : all) {
      nodes.add(GraphNode.decode(node));
    }
    return new Exchange(kind, step, nodes);
  }
}
