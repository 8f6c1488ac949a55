package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.bucket.BucketAccess;
import dev.p2pcp.bucket.BucketException;
import dev.p2pcp.bucket.BucketTerms;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.BucketLending;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.Node;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;

/** The methods of {@code BucketApi} in {@code agent.d.ts}. */
final class BucketCalls {
  private final Agent agent;

  BucketCalls(Agent agent) {
    this.agent = agent;
  }

  /** Suspends. */
  @Nullable JSObject call(String method, Arguments arguments)
      throws AgentException, dev.p2pcp.node.AgentException, ItemException, StoreException {
    Node node = agent.node();
    BucketLending bucket = node.bucket();
    try {
      switch (method) {
        case "bucket.check" -> {
          bucket.check(access(arguments, node));
          return null;
        }
        case "bucket.lend" ->
            bucket.lend(
                node,
                new BucketTerms(
                    access(arguments, node),
                    arguments.numberOption(0, "requests"),
                    arguments.numberOption(0, "bytes")));
        case "bucket.end" -> bucket.end(node);
        case "bucket.allowed" -> {
          return Shapes.texts(bucket.allowed());
        }
        case "bucket.allow" -> {
          bucket.allow(arguments.texts(0));
          return Shapes.texts(bucket.allowed());
        }
        case "bucket.state" -> {
          // Below.
        }
        default -> throw new AgentException("bad-argument", "there is no method " + method);
      }
    } catch (BucketException e) {
      throw new AgentException("bucket-" + Shapes.code(e.trouble()), "the bucket refused");
    }
    return bucket.state(node).map(BucketCalls::state).orElse(null);
  }

  /** Who changes something else need not give the secret again. */
  private static BucketAccess access(Arguments arguments, Node node)
      throws AgentException, StoreException {
    String secret = arguments.textOption(0, "secret").orElse("");
    if (secret.isEmpty()) {
      Optional<BucketLending.State> known = node.bucket().state(node);
      secret = known.map(state -> state.terms().access().secret()).orElse("");
    }
    String prefix = arguments.textOption(0, "prefix").orElse("");
    BucketAccess access =
        new BucketAccess(
            arguments.textOption(0, "endpoint").orElse(""),
            arguments.textOption(0, "region").orElse("us-east-1"),
            arguments.textOption(0, "bucket").orElse(""),
            prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/",
            arguments.option(0, "pathStyle"),
            arguments.textOption(0, "keyId").orElse(""),
            secret);
    if (!access.isSound()) {
      throw new AgentException("bad-argument", "this names no bucket");
    }
    return access;
  }

  private static JSObject state(BucketLending.State state) {
    BucketTerms terms = state.terms();
    return Shapes.object()
        .with("endpoint", terms.access().endpoint())
        .with("region", terms.access().region())
        .with("bucket", terms.access().bucket())
        .with("prefix", terms.access().prefix())
        .with("pathStyle", terms.access().pathStyle())
        .with("keyId", terms.access().keyId())
        .with("requests", (double) terms.requests())
        .with("bytes", (double) terms.bytes())
        .with("here", state.here())
        .with("blocks", (double) state.blocks())
        .with("published", (double) state.published())
        .with("kept", (double) state.bytes())
        .with("gets", (double) state.gets())
        .with("puts", (double) state.puts())
        .with("bytesOut", (double) state.bytesOut())
        .with("bytesIn", (double) state.bytesIn())
        .with("spent", state.spent())
        .with("trouble", state.trouble().map(Shapes::code).orElse(""));
  }
}
