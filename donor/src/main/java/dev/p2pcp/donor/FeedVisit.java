package dev.p2pcp.donor;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedHead;
import dev.p2pcp.node.AgentException;
import dev.p2pcp.node.FeedLink;
import dev.p2pcp.node.Feeds;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.OpenFeed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A command about a feed: one of this device by a path, or anybody's by its link. */
abstract class FeedVisit extends Visit {
  /** What is to be done with the feeds that can be reached; how it ended. */
  abstract int run(HeadlessAgent agent, Feeds feeds)
      throws DonorException, ItemException, FeedException, StoreException;

  @Override
  final int run(HeadlessAgent agent) throws DonorException, ItemException, AgentException {
    Feeds feeds = Feeds.of(agent.platform(), agent.agent().keys(), agent.node());
    try {
      return run(agent, feeds);
    } catch (FeedException e) {
      throw switch (e.reason()) {
        case NOT_FOUND ->
            new DonorException(ExitCode.NOT_FOUND, "nobody who is online has the feed");
        default -> new DonorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
      };
    } catch (StoreException e) {
      throw new DonorException(ExitCode.FAILED, "the store failed: " + e.getMessage());
    }
  }

  /** The feed that was named, as new as it can be had. */
  static OpenFeed feed(Feeds feeds, String name)
      throws DonorException, ItemException, FeedException, StoreException {
    OpenFeed feed;
    if (name.startsWith("/")) {
      dev.p2pcp.identity.Path path = path(name);
      if (!feeds.has(path)) {
        throw new DonorException(ExitCode.NOT_FOUND, "this device has no feed " + name);
      }
      feed = feeds.own(path, false);
    } else {
      feed = feeds.of(link(name));
    }
    feed.refresh();
    return feed;
  }

  private static FeedLink link(String text) throws DonorException {
    try {
      return FeedLink.parse(text);
    } catch (MalformedFrameException e) {
      throw new DonorException(ExitCode.USAGE, "neither a path nor the link of a feed: " + text);
    }
  }

  static Map<String, Object> told(OpenFeed feed) {
    FeedHead head = feed.head();
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("id", head.feed().bytes().base64Url());
    told.put("link", feed.link().text());
    told.put("public", feed.link().key().isEmpty());
    told.put("fork", head.fork());
    told.put("length", head.length());
    return told;
  }

  /** Writes entries, a line each as text; as JSON with number, and bytes in base64url. */
  final void write(long from, List<Bytes> entries) {
    long index = from;
    for (Bytes entry : entries) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("index", index);
      told.put("bytes", entry.base64Url());
      String text = entry.utf8();
      answer(Bar.isTerminal() ? ListItems.printable(text) : text, told);
      index++;
    }
  }
}
