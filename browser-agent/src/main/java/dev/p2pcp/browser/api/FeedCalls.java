package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.feed.ForkProof;
import dev.p2pcp.node.Agent;
import dev.p2pcp.node.FeedLink;
import dev.p2pcp.node.Feeds;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.Node;
import dev.p2pcp.node.OpenFeed;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSNumber;

/** The methods of {@code FeedApi} in {@code agent.d.ts}. */
final class FeedCalls {
  /** How long a call waits for new entries before it is asked again, in milliseconds. */
  private static final long WAIT = 10_000;

  private final Platform platform;
  private final Agent agent;
  private @Nullable Node node;
  private @Nullable Feeds feeds;

  FeedCalls(Platform platform, Agent agent) {
    this.platform = platform;
    this.agent = agent;
  }

  /** Suspends. */
  @Nullable JSObject call(String method, Arguments arguments, AgentCalls.CallContext context)
      throws AgentException,
          dev.p2pcp.node.AgentException,
          ItemException,
          StoreException,
          FeedException {
    switch (method) {
      case "feed.open" -> {
        OpenFeed feed = feed(arguments, arguments.option(1, "public"));
        feed.refresh();
        return stat(feed);
      }
      case "feed.append" -> {
        OpenFeed feed = feed(arguments, false);
        feed.append(arguments.runs(1));
        return stat(feed);
      }
      case "feed.truncate" -> {
        OpenFeed feed = feed(arguments, false);
        feed.truncate(arguments.number(1));
        return stat(feed);
      }
      case "feed.keep" -> {
        return JSNumber.valueOf(feeds().keep(link(arguments), arguments.number(1)));
      }
      case "feed.entries" -> {
        return entries(arguments, context);
      }
      case "feed.prove" -> {
        return Binary.view(feed(arguments, false).prove(arguments.number(1)).encoded());
      }
      case "feed.verify" -> {
        return verified(arguments.bytes(0));
      }
      case "feed.forkProof" -> {
        return forkProof(arguments);
      }
      case "feed.verifyFork" -> {
        return verifiedFork(arguments.bytes(0));
      }
      default -> throw new AgentException("bad-argument", "there is no method " + method);
    }
  }

  /** Own by a path, somebody's by its link. */
  private OpenFeed feed(Arguments arguments, boolean isPublic)
      throws AgentException,
          dev.p2pcp.node.AgentException,
          ItemException,
          StoreException,
          FeedException {
    return arguments.text(0).startsWith("/")
        ? feeds().own(arguments.path(0), isPublic)
        : feeds().of(link(arguments));
  }

  private Feeds feeds() throws dev.p2pcp.node.AgentException {
    Node running = agent.node();
    Feeds known = feeds;
    if (known == null || running != node) {
      known = Feeds.of(platform, agent.keys(), running);
      feeds = known;
      node = running;
    }
    return known;
  }

  private static FeedLink link(Arguments arguments) throws AgentException {
    try {
      return FeedLink.parse(arguments.text(0));
    } catch (MalformedFrameException e) {
      throw new AgentException("bad-argument", "not the link of a feed");
    }
  }

  private static JSObject stat(OpenFeed feed) {
    return head(feed.head())
        .with("link", feed.link().text())
        .with("public", feed.link().key().isEmpty())
        .with("own", feed.isOwn());
  }

  private static Shapes.Shape head(FeedHead head) {
    return Shapes.object()
        .with("id", head.feed().bytes().base64Url())
        .with("fork", (double) head.fork())
        .with("length", (double) head.length());
  }

  private JSObject entries(Arguments arguments, AgentCalls.CallContext context)
      throws AgentException,
          dev.p2pcp.node.AgentException,
          ItemException,
          StoreException,
          FeedException {
    OpenFeed feed = feed(arguments, false);
    int from = arguments.number(1);
    int end = arguments.number(2);
    if (arguments.option(3, "live")) {
      for (long waited = 0;
          waited < WAIT && feed.head().length() <= from && !context.aborted();
          waited += WAIT / 10) {
        feed.awaitMore(from, platform.deadline(WAIT / 10));
      }
    }
    return list(feed.read(from, end));
  }

  private static JSObject list(List<Bytes> entries) {
    JSArray<JSObject> list = new JSArray<>();
    for (Bytes entry : entries) {
      list.push(Binary.view(entry));
    }
    return list;
  }

  private @Nullable JSObject forkProof(Arguments arguments)
      throws AgentException,
          dev.p2pcp.node.AgentException,
          ItemException,
          StoreException,
          FeedException {
    PublicKey key =
        arguments.text(0).startsWith("/")
            ? feed(arguments, false).link().feed()
            : link(arguments).feed();
    Optional<ForkProof> proof = feeds().forkProof(key);
    return proof.isPresent() ? Binary.view(proof.get().encoded()) : null;
  }

  private JSObject verifiedFork(Bytes proof) throws FeedException {
    ForkProof fork;
    try {
      fork = ForkProof.decode(proof);
    } catch (MalformedFrameException e) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "no proof: " + e.getMessage());
    }
    if (!fork.isGenuine(platform.crypto())) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "it proves nothing");
    }
    return head(fork.longer()).with("shorter", (double) fork.shorter().length());
  }

  private JSObject verified(Bytes proof) throws FeedException {
    FeedPart part;
    try {
      part = FeedPart.decode(proof);
    } catch (MalformedFrameException e) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "no proof: " + e.getMessage());
    }
    if (!part.isGenuine(platform.crypto())) {
      throw new FeedException(FeedException.Reason.NOT_VERIFIED, "it proves nothing");
    }
    FeedPart.Run run = part.runs().get(0);
    return head(part.head()).with("from", (double) run.from()).with("entries", list(run.entries()));
  }
}
