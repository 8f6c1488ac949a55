package dev.p2pcp.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A graph with several writers. */
class GraphTest {
  private static final Hash ID = Sha256.hash(Bytes.utf8("graph"));

  private final Crypto crypto = new JvmCrypto();
  private final Crypto.SigningKey ada = crypto.signingKey(new Seeded(1).bytes(32));
  private final Crypto.SigningKey bob = crypto.signingKey(new Seeded(2).bytes(32));
  private final Graph graph = new Graph(crypto, ID);

  @Test
  void an_append_merges_all_heads() {
    GraphNode a = append(graph, ada, "a");
    Graph other = copy(graph, new Seeded(1));
    GraphNode b = append(graph, ada, "b");
    GraphNode c = append(other, bob, "c");
    assertThat(graph.add(c).outcome()).isEqualTo(Graph.Outcome.ADDED);
    assertThat(graph.heads()).containsExactlyInAnyOrder(b.name(), c.name());
    GraphNode d = append(graph, ada, "d");
    assertThat(d.parents()).containsExactlyInAnyOrder(b.name(), c.name());
    assertThat(d.height()).isEqualTo(2);
    assertThat(a.height()).isZero();
    assertThat(graph.heads()).containsExactly(d.name());
  }

  @Test
  void equal_values_of_two_authors_are_two_nodes() {
    GraphNode one = GraphNode.sign(ada, ID, 5, 0, List.of(), Bytes.utf8("hi"));
    GraphNode two = GraphNode.sign(bob, ID, 5, 0, List.of(), Bytes.utf8("hi"));
    assertThat(one.name()).isNotEqualTo(two.name());
  }

  @Test
  void whatever_way_nodes_come_the_order_is_one() {
    grow(graph, new Seeded(3), 120);
    List<GraphNode> order = graph.inOrder();
    for (int i = 1; i < order.size(); i++) {
      GraphNode node = order.get(i);
      List<GraphNode> before = order.subList(0, i);
      assertThat(node.parents())
          .allMatch(parent -> before.stream().anyMatch(n -> n.name().equals(parent)));
    }
    Seeded.check(
        30,
        arbitrary -> {
          Graph copy = copy(graph, arbitrary);
          assertThat(copy.inOrder()).isEqualTo(order);
          assertThat(copy.heads()).isEqualTo(graph.heads());
          assertThat(copy.waiting()).isZero();
        });
  }

  @Test
  void time_decides_nothing() {
    GraphNode late = GraphNode.sign(ada, ID, Long.MAX_VALUE, 0, List.of(), Bytes.EMPTY);
    GraphNode early = GraphNode.sign(ada, ID, 0, 1, List.of(late.name()), Bytes.EMPTY);
    graph.add(early);
    graph.add(late);
    assertThat(graph.inOrder()).containsExactly(late, early);
  }

  @Test
  void every_single_bit_counts_in_a_node() throws Exception {
    GraphNode parent = append(graph, ada, "parent");
    GraphNode node = GraphNode.sign(bob, ID, 7, 1, List.of(parent.name()), Bytes.utf8("value"));
    for (Bytes altered : new BitFlips(node.encoded())) {
      GraphNode other;
      try {
        other = GraphNode.decode(altered);
      } catch (MalformedFrameException e) {
        continue;
      }
      assertThat(other.isGenuine(crypto)).isFalse();
      assertThat(graph.add(other).nodes()).isEmpty();
    }
    assertThat(graph.size()).isEqualTo(1);
  }

  @Test
  void what_is_no_node_is_malformed() {
    GraphNode parent = append(graph, ada, "parent");
    GraphNode other = append(new Graph(crypto, ID), bob, "other");
    GraphNode node =
        GraphNode.sign(bob, ID, 7, 1, List.of(parent.name(), other.name()), Bytes.utf8("value"));
    Decoders.check(
        encoded -> GraphNode.decode(encoded).encoded(), parent.encoded(), node.encoded());
  }

  @Test
  void a_wrong_height_or_another_graph_is_refused() {
    GraphNode parent = append(graph, ada, "parent");
    for (int height : new int[] {2, 100}) {
      GraphNode node = GraphNode.sign(bob, ID, 7, height, List.of(parent.name()), Bytes.EMPTY);
      assertThat(graph.add(node).outcome()).isEqualTo(Graph.Outcome.REFUSED);
    }
    GraphNode foreign = GraphNode.sign(bob, Sha256.hash(), 7, 0, List.of(), Bytes.EMPTY);
    assertThat(graph.add(foreign).outcome()).isEqualTo(Graph.Outcome.REFUSED);
    assertThat(graph.add(parent).outcome()).isEqualTo(Graph.Outcome.KNOWN);
  }

  @Test
  void nodes_wait_for_their_parents_within_bounds() {
    GraphNode root = GraphNode.sign(bob, ID, 1, 0, List.of(), Bytes.EMPTY);
    GraphNode waiting = GraphNode.sign(bob, ID, 1, 1, List.of(root.name()), Bytes.EMPTY);
    assertThat(graph.add(waiting).outcome()).isEqualTo(Graph.Outcome.PARKED);
    Seeded arbitrary = new Seeded(6);
    for (int i = 0; i < Parked.MAX_NODES + 500; i++) {
      Hash nowhere = new Hash(arbitrary.bytes(32));
      graph.add(GraphNode.sign(ada, ID, i, 9, List.of(nowhere), Bytes.EMPTY));
    }
    assertThat(graph.waiting()).isEqualTo(Parked.MAX_NODES);
    assertThat(graph.missing()).hasSizeLessThanOrEqualTo(Parked.MAX_NODES);
    assertThat(graph.add(root).nodes()).containsExactly(root, waiting);
  }

  @Test
  void big_nodes_that_wait_are_bounded_by_their_bytes() {
    Parked parked = new Parked();
    Seeded arbitrary = new Seeded(7);
    Bytes big = arbitrary.bytes(GraphNode.MAX_VALUE);
    for (int i = 0; i < 200; i++) {
      Hash nowhere = new Hash(arbitrary.bytes(32));
      parked.park(nowhere, GraphNode.sign(ada, ID, i, 9, List.of(nowhere), big));
    }
    assertThat(parked.bytes()).isLessThanOrEqualTo(Parked.MAX_BYTES);
    assertThat(parked.missing()).hasSize(parked.size());
  }

  @Test
  void what_a_checkpoint_sums_up_is_forgotten_and_the_graph_goes_on() {
    grow(graph, new Seeded(8), 100);
    Graph other = copy(graph, new Seeded(9));
    List<GraphNode> before = graph.inOrder();
    GraphNode checkpoint = graph.append(ada, 1, graph.summary().value()).nodes().get(0);
    assertThat(graph.heads()).containsExactly(checkpoint.name());
    GraphNode meanwhile = append(other, bob, "at the same time");
    assertThat(graph.prune(checkpoint.name())).isEqualTo(before);
    assertThat(graph.size()).isEqualTo(1);
    assertThat(graph.add(meanwhile).outcome()).isEqualTo(Graph.Outcome.ADDED);
    assertThat(graph.add(before.get(50)).outcome()).isEqualTo(Graph.Outcome.PRUNED);
    other.add(checkpoint);
    assertThat(other.prune(checkpoint.name())).isEqualTo(before);
    GraphNode next = graph.append(ada, 2, graph.summary().value()).nodes().get(0);
    other.add(next);
    assertThat(other.prune(next.name())).hasSize(2);
    assertThat(graph.prune(next.name())).hasSize(2);
    assertThat(other.summary()).isEqualTo(graph.summary());
  }

  @Test
  void a_checkpoint_that_says_something_else_prunes_nothing() {
    grow(graph, new Seeded(10), 20);
    Checkpoint right = graph.summary();
    Checkpoint wrong = new Checkpoint(right.count(), new Hash(new Seeded(1).bytes(32)));
    GraphNode node = graph.append(ada, 1, wrong.value()).nodes().get(0);
    assertThat(graph.prune(node.name())).isEmpty();
    assertThat(graph.size()).isEqualTo(21);
  }

  private static GraphNode append(Graph to, Crypto.SigningKey author, String value) {
    return to.append(author, 1, Bytes.utf8(value)).nodes().get(0);
  }

  /** Nodes by two people who see each other's only now and then. */
  private void grow(Graph to, Seeded arbitrary, int count) {
    Graph other = copy(to, arbitrary);
    for (int i = 0; i < count; i++) {
      boolean here = arbitrary.below(2) == 0;
      append(here ? to : other, here ? ada : bob, "value " + i);
      if (arbitrary.below(5) == 0) {
        to.inOrder().forEach(other::add);
        other.inOrder().forEach(to::add);
      }
    }
    other.inOrder().forEach(to::add);
  }

  /** The same nodes, brought in any order. */
  private Graph copy(Graph of, Seeded arbitrary) {
    List<GraphNode> nodes = new ArrayList<>(of.inOrder());
    Graph copy = new Graph(crypto, ID);
    while (!nodes.isEmpty()) {
      copy.add(nodes.remove(arbitrary.below(nodes.size())));
    }
    return copy;
  }
}
