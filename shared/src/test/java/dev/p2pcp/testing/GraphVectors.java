package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.graph.Checkpoint;
import dev.p2pcp.graph.GraphNode;
import dev.p2pcp.graph.NameSet;
import dev.p2pcp.graph.ReconcileMessage;
import dev.p2pcp.graph.Reconciliation;
import dev.p2pcp.graph.Roles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The scenarios about graphs. */
final class GraphVectors {
  /** Their kinds. */
  static final List<String> KINDS = List.of("graph-node", "reconcile");

  private static final String ACCEPT = "accept";

  private final Crypto crypto;

  GraphVectors(Crypto crypto) {
    this.crypto = crypto;
  }

  String outcome(Vector vector) throws MalformedFrameException {
    return vector.kind().equals("graph-node") ? node(vector) : reconcile(vector);
  }

  private String node(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "node");
    GraphNode node = GraphNode.decode(encoded);
    if (!node.encoded().equals(encoded)) {
      return "other encoding";
    }
    if (!node.isGenuine(crypto)) {
      return "bad-signature";
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("author", node.author().bytes().hex());
    computed.put("time", Long.toString(node.time()));
    computed.put("height", Long.toString(node.height()));
    computed.put("value", node.value().hex());
    computed.put("called", node.name().bytes().hex());
    if (vector.has("founder")) {
      PublicKey founder = new PublicKey(ProtocolVectors.bytes(vector, "founder"));
      computed.put("graph", Roles.graphOf(founder, vector.text("graph-name")).bytes().hex());
    }
    Roles.Grant.in(node.value())
        .ifPresent(
            grant -> {
              computed.put("subject", grant.subject().bytes().hex());
              computed.put("role", grant.role().name());
            });
    Checkpoint.in(node.value())
        .ifPresent(
            checkpoint -> {
              computed.put("count", Long.toString(checkpoint.count()));
              computed.put("chain", checkpoint.chain().bytes().hex());
            });
    return ProtocolVectors.match(vector, computed);
  }

  private String reconcile(Vector vector) throws MalformedFrameException {
    List<Hash> names = ProtocolVectors.bytesOf(vector, "of").stream().map(Hash::new).toList();
    Hasher hasher = crypto.hasher();
    Reconciliation here = new Reconciliation(NameSet.Sorted.of(names), hasher);
    Reconciliation.Step step;
    if (vector.has("message")) {
      Bytes encoded = ProtocolVectors.bytes(vector, "message");
      ReconcileMessage message = ReconcileMessage.decode(encoded);
      if (!message.encoded().equals(encoded)) {
        return "other encoding";
      }
      step = here.take(message);
    } else {
      Bytes salt = ProtocolVectors.bytes(vector, "salt");
      step = new Reconciliation.Step(Optional.of(here.begin(count -> salt)), List.of());
    }
    List<Bytes> send = step.send().stream().map(Hash::bytes).toList();
    Optional<Bytes> expected =
        vector.has("step") ? Optional.of(ProtocolVectors.bytes(vector, "step")) : Optional.empty();
    if (!step.reply().map(ReconcileMessage::encoded).equals(expected)) {
      return "other step";
    }
    return send.equals(ProtocolVectors.bytesOf(vector, "send")) ? ACCEPT : "other names";
  }
}
