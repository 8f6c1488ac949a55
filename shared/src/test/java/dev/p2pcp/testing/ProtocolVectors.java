package dev.p2pcp.testing;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.BlockVerifier;
import dev.p2pcp.block.SealedPayload;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.wire.Frame;
import dev.p2pcp.wire.FrameCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the scenarios of docs/protocol.md against any platform's {@link Crypto}. Their bytes may
 * hold runs such as {@code 61*1000} between blanks, and a value with several parts is numbered from
 * 0.
 */
public final class ProtocolVectors {
  /** All kinds. */
  public static final List<String> KINDS =
      List.of(
          "merkle-root",
          "merkle-proof",
          "block",
          "block-order",
          "sealed",
          "grant",
          "ticket-batch",
          "put",
          "receipt-offer",
          "receipt-batch",
          "audit-root",
          "frame",
          "login",
          "statement",
          "fraud-proof",
          "manifest",
          "server-record",
          "release",
          "audit",
          "flat-tree",
          "tree-hash",
          "consistency-proof",
          "feed-head",
          "feed-part",
          "fork-proof",
          "graph-node",
          "reconcile",
          "channel-post",
          "channel-presence",
          "channel-exchange");

  private static final String ACCEPT = "accept";

  private final Crypto crypto;
  private final BlockVerifier verifier;
  private final QuotaVectors quota;
  private final FeedVectors feeds;
  private final GraphVectors graphs;
  private final ChannelVectors channels;

  /** A runner for that platform. */
  public ProtocolVectors(Crypto crypto) {
    this.crypto = crypto;
    this.verifier = new BlockVerifier(crypto);
    this.quota = new QuotaVectors(crypto);
    this.feeds = new FeedVectors(crypto);
    this.graphs = new GraphVectors(crypto);
    this.channels = new ChannelVectors(crypto);
  }

  /** What comes of the scenario; to be compared with {@link Vector#expected}. Suspends. */
  public String outcome(Vector vector) {
    try {
      return switch (vector.kind()) {
        case "merkle-root" -> merkleRoot(vector);
        case "merkle-proof" -> merkleProof(vector);
        case "block" -> block(vector);
        case "block-order" -> blockOrder(vector);
        case "sealed" -> sealed(vector);
        case "frame" -> frame(vector);
        case "graph-node", "reconcile" -> graphs.outcome(vector);
        case "channel-post", "channel-presence", "channel-exchange" -> channels.outcome(vector);
        default ->
            FeedVectors.KINDS.contains(vector.kind())
                ? feeds.outcome(vector)
                : quota.outcome(vector);
      };
    } catch (MalformedFrameException e) {
      // The field tells that the scenario fails where it should, and not by another flaw.
      boolean meant = !vector.has("field") || vector.text("field").equals(e.getMessage());
      return meant ? "malformed" : "malformed " + e.getMessage();
    } catch (SealBrokenException e) {
      return "seal-broken";
    }
  }

  private static String merkleRoot(Vector vector) {
    List<Hash> leaves = bytesOf(vector, "entry").stream().map(MerkleTree::leaf).toList();
    Hash root = MerkleTree.root(leaves);
    List<List<Hash>> proofs = MerkleTree.proofs(leaves);
    for (int i = 0; i < leaves.size(); i++) {
      boolean included =
          MerkleTree.proof(leaves, i).equals(proofs.get(i))
              && MerkleTree.rootOf(leaves.size(), i, leaves.get(i), proofs.get(i))
                  .filter(root::equals)
                  .isPresent();
      if (!included) {
        return "other proof of " + i;
      }
    }
    return root.bytes().equals(bytes(vector, "root")) ? ACCEPT : "bad-proof";
  }

  private static String merkleProof(Vector vector) {
    List<Hash> proof = bytesOf(vector, "proof").stream().map(Hash::new).toList();
    Hash root = new Hash(bytes(vector, "root"));
    Hash leaf = MerkleTree.leaf(bytes(vector, "entry"));
    return MerkleTree.rootOf(vector.number("size"), vector.number("index"), leaf, proof)
            .filter(root::equals)
            .isPresent()
        ? ACCEPT
        : "bad-proof";
  }

  private String block(Vector vector) throws MalformedFrameException {
    Bytes encoded = bytes(vector, "block");
    StorageKey key = new StorageKey(bytes(vector, "key"));
    Block block = Block.decode(encoded);
    return switch (verifier.verify(key, encoded)) {
      case BlockVerifier.Forged(BlockVerifier.Reason reason) ->
          switch (reason) {
            case MALFORMED -> throw new MalformedFrameException("block");
            case WRONG_KEY -> "wrong-key";
            case BAD_SIGNATURE -> "bad-signature";
          };
      case BlockVerifier.Genuine genuine ->
          genuine.block().equals(block) ? matchBlock(vector, block) : "other block";
    };
  }

  private static String matchBlock(Vector vector, Block block) {
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("payload", block.payload().hex());
    switch (block) {
      case Block.Content content -> {
        if (!Block.Content.of(content.payload()).encoded().equals(content.encoded())) {
          return "other encoding";
        }
      }
      case Block.Signed signed -> {
        computed.put("write-key", signed.writeKey().bytes().hex());
        computed.put("version", Long.toString(signed.version()));
        computed.put("time", Long.toString(signed.time()));
        if (vector.has("path")
            && !StorageKey.pathHash(vector.text("path")).equals(signed.pathHash())) {
          return "other path hash";
        }
      }
    }
    return match(vector, computed);
  }

  private String blockOrder(Vector vector) {
    StorageKey key = new StorageKey(bytes(vector, "key"));
    Block.Signed block = genuine(key, bytes(vector, "block"));
    Block.Signed than = genuine(key, bytes(vector, "than"));
    boolean replaces = block.replaces(than);
    if (replaces && than.replaces(block)) {
      return "each replaces the other";
    }
    return match(vector, Map.of("replaces", replaces ? "yes" : "no"));
  }

  private Block.Signed genuine(StorageKey key, Bytes encoded) {
    if (verifier.verify(key, encoded) instanceof BlockVerifier.Genuine genuine
        && genuine.block() instanceof Block.Signed signed) {
      return signed;
    }
    throw new IllegalArgumentException("not genuine");
  }

  private String sealed(Vector vector) throws SealBrokenException {
    Crypto.SealingKey key = crypto.sealingKey(bytes(vector, "seal-key"));
    Bytes associated = bytes(vector, "associated");
    Bytes payload;
    if (vector.has("nonce")) {
      int max =
          vector.text("into").equals("signed")
              ? Block.Signed.MAX_PAYLOAD
              : Block.Content.MAX_PAYLOAD;
      Bytes nonce = bytes(vector, "nonce");
      payload = SealedPayload.seal(key, count -> nonce, associated, bytes(vector, "plain"), max);
    } else {
      payload = bytes(vector, "payload");
    }
    Map<String, String> computed = new LinkedHashMap<>();
    computed.put("payload", payload.hex());
    computed.put("payload-length", Integer.toString(payload.length()));
    computed.put("payload-sha256", crypto.sha256(payload).bytes().hex());
    Bytes plain = SealedPayload.open(key, associated, payload);
    return plain.equals(bytes(vector, "plain")) ? match(vector, computed) : "other plain";
  }

  private static String frame(Vector vector) throws MalformedFrameException {
    Bytes message;
    Frame frame;
    if (vector.has("peer")) {
      message = bytes(vector, "peer");
      frame = FrameCodec.decodePeer(message);
    } else if (vector.has("channel")) {
      message = bytes(vector, "channel");
      frame = FrameCodec.decodeChannel(message);
    } else {
      message = bytes(vector, "message");
      frame = FrameCodec.decodeMessage(message);
    }
    if (!FrameCodec.encode(frame).equals(message)) {
      return "other encoding";
    }
    return match(vector, Map.of("frame", frame.type().name()));
  }

  /** Accepts if every value that the scenario names is the computed one. */
  static String match(Vector vector, Map<String, String> computed) {
    Map<String, String> named = new LinkedHashMap<>(computed);
    named.keySet().removeIf(name -> !vector.has(name));
    String match = vector.match(named);
    return match.equals("match") ? ACCEPT : match;
  }

  /** The parts of a value in order; none if it is not there. */
  static List<Bytes> bytesOf(Vector vector, String name) {
    List<Bytes> parts = new ArrayList<>();
    while (vector.has(name + "-" + parts.size())) {
      parts.add(bytes(vector, name + "-" + parts.size()));
    }
    return parts;
  }

  /** A value of bytes with its runs. */
  public static Bytes bytes(Vector vector, String name) {
    String text = vector.text(name);
    List<Bytes> parts = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int blank = text.indexOf(' ', start);
      int end = blank < 0 ? text.length() : blank;
      parts.add(part(text.substring(start, end)));
      start = end + 1;
    }
    return Bytes.concat(parts.toArray(new Bytes[0]));
  }

  private static Bytes part(String text) {
    int star = text.indexOf('*');
    try {
      Bytes bytes = Bytes.fromHex(star < 0 ? text : text.substring(0, star));
      if (star < 0) {
        return bytes;
      }
      byte[] run = new byte[Integer.parseInt(text.substring(star + 1))];
      Arrays.fill(run, bytes.at(0));
      return Bytes.wrap(run);
    } catch (MalformedFrameException e) {
      throw new IllegalArgumentException("no hex: " + text);
    }
  }
}
