package dev.p2pcp.testing;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.feed.CompactRange;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.feed.FlatTree;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.feed.LeafHasher;
import dev.p2pcp.feed.ProofCheck;
import dev.p2pcp.feed.TreeProofs;
import dev.p2pcp.feed.TreeWalk;
import dev.p2pcp.feed.WholeTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The scenarios about feeds. */
final class FeedVectors {
  /** Their kinds. */
  static final List<String> KINDS =
      List.of(
          "flat-tree", "tree-hash", "consistency-proof", "feed-head", "feed-part", "fork-proof");

  private static final String ACCEPT = "accept";

  private final Crypto crypto;

  FeedVectors(Crypto crypto) {
    this.crypto = crypto;
  }

  String outcome(Vector vector) throws MalformedFrameException {
    return switch (vector.kind()) {
      case "flat-tree" -> flatTree(vector);
      case "tree-hash" -> treeHash(vector);
      case "consistency-proof" -> consistency(vector);
      case "feed-head" -> head(vector);
      case "feed-part" -> part(vector);
      default -> forkProof(vector);
    };
  }

  private static String flatTree(Vector vector) {
    String function = vector.text("function");
    TreeWalk walk = new TreeWalk(0);
    try {
      for (int i = 0; vector.has("of-" + i); i++) {
        String of = vector.text("of-" + i);
        String gives = function.startsWith("walk") ? move(walk, of) : table(function, of);
        if (!gives.equals(vector.text("gives-" + i))) {
          return function + " of " + of + " gives " + gives;
        }
      }
    } catch (ArithmeticException e) {
      return "out-of-range";
    }
    return ACCEPT;
  }

  private static String table(String function, String of) {
    int blank = of.indexOf(' ');
    long first = Long.parseLong(blank < 0 ? of : of.substring(0, blank));
    return switch (function) {
      case "index" -> "" + FlatTree.index((int) first, Long.parseLong(of.substring(blank + 1)));
      case "depth" -> "" + FlatTree.depth(first);
      case "offset" -> "" + FlatTree.offset(first);
      case "parent" -> "" + FlatTree.parent(first);
      case "sibling" -> "" + FlatTree.sibling(first);
      case "uncle" -> "" + FlatTree.uncle(first);
      case "left-child" -> "" + FlatTree.leftChild(first);
      case "right-child" -> "" + FlatTree.rightChild(first);
      case "left-span" -> "" + FlatTree.leftSpan(first);
      case "right-span" -> "" + FlatTree.rightSpan(first);
      case "count" -> "" + FlatTree.count(first);
      case "children" -> joined(FlatTree.children(first));
      case "spans" -> joined(FlatTree.spans(first));
      case "full-roots" -> joined(FlatTree.fullRoots(first));
      default -> throw new IllegalArgumentException(function);
    };
  }

  private static String move(TreeWalk walk, String step) {
    int blank = step.indexOf(' ');
    String name = blank < 0 ? step : step.substring(0, blank);
    return switch (name) {
      case "seek" -> "" + walk.seek(Long.parseLong(step.substring(blank + 1)));
      case "parent" -> "" + walk.parent();
      case "left-child" -> "" + walk.leftChild();
      case "right-child" -> "" + walk.rightChild();
      case "next" -> "" + walk.next();
      case "left-span" -> "" + walk.leftSpan();
      case "next-tree" -> "" + walk.nextTree();
      case "full-root" ->
          walk.fullRoot(Long.parseLong(step.substring(blank + 1))) ? "" + walk.index() : "no";
      default -> throw new IllegalArgumentException(step);
    };
  }

  private static String joined(long[] numbers) {
    StringBuilder text = new StringBuilder();
    for (long number : numbers) {
      text.append(text.isEmpty() ? "" : " ").append(number);
    }
    return text.toString();
  }

  private String treeHash(Vector vector) {
    CompactRange range = new CompactRange(0);
    LeafHasher leaves = new LeafHasher(crypto);
    leaves.addAll(range, ProtocolVectors.bytesOf(vector, "entry"));
    Hash root = range.root(leaves.hasher());
    return ProtocolVectors.match(vector, Map.of("hash", root.bytes().hex()));
  }

  private String consistency(Vector vector) {
    Hasher hasher = crypto.hasher();
    WholeTree tree = new WholeTree();
    tree.append(hasher, ProtocolVectors.bytesOf(vector, "entry"));
    long first = vector.number("first");
    List<Hash> proof = ProtocolVectors.bytesOf(vector, "proof").stream().map(Hash::new).toList();
    if (!new TreeProofs(tree, hasher, tree.length()).consistency(first).equals(proof)) {
      return "other proof";
    }
    Hash root1 = new Hash(ProtocolVectors.bytes(vector, "root-1"));
    Hash root2 = new Hash(ProtocolVectors.bytes(vector, "root-2"));
    boolean right =
        new ProofCheck(hasher).isConsistent(first, root1, vector.number("second"), root2, proof);
    return right ? ACCEPT : "bad-proof";
  }

  private String head(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "head");
    ByteReader reader = new ByteReader(encoded);
    FeedHead head = FeedHead.read(reader);
    reader.end();
    if (!head.encoded().equals(encoded)) {
      return "other encoding";
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("feed", head.feed().bytes().hex());
    computed.put("fork", Long.toString(head.fork()));
    computed.put("length", Long.toString(head.length()));
    computed.put("root", head.root().bytes().hex());
    return head.isGenuine(crypto) ? ProtocolVectors.match(vector, computed) : "bad-signature";
  }

  private String part(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "part");
    FeedPart part = FeedPart.decode(encoded);
    if (!part.encoded().equals(encoded)) {
      return "other encoding";
    }
    if (!part.fits(new LeafHasher(crypto))) {
      return "bad-proof";
    }
    if (!part.isGenuine(crypto)) {
      return "bad-signature";
    }
    List<Bytes> entries = new ArrayList<>();
    part.runs().forEach(run -> entries.addAll(run.entries()));
    return entries.equals(ProtocolVectors.bytesOf(vector, "entry")) ? ACCEPT : "other entries";
  }

  private String forkProof(Vector vector) throws MalformedFrameException {
    Bytes encoded = ProtocolVectors.bytes(vector, "proof");
    ForkProof proof = ForkProof.decode(encoded);
    if (!proof.encoded().equals(encoded)) {
      return "other encoding";
    }
    return proof.isGenuine(crypto)
        ? ProtocolVectors.match(vector, Map.of("feed", proof.shorter().feed().bytes().hex()))
        : "no-proof";
  }
}
