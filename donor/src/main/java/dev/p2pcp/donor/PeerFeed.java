package dev.p2pcp.donor;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.Segment;
import dev.p2pcp.node.Feeds;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.OpenFeed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./p2pcp peer feed}: signed logs of this device, and those of others. */
@Command(
    name = "feed",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = {
      "Signed logs that only grow. FEED is a path of this device, as /feeds/log, or a link.",
      "Each device has feeds of its own: others read them by their links.",
      "A link may begin with -: write -- before it."
    },
    subcommands = {
      PeerFeed.Append.class,
      PeerFeed.Cat.class,
      PeerFeed.Tail.class,
      PeerFeed.Verify.class
    })
final class PeerFeed {
  /** Entries signed for at once. */
  private static final int AT_ONCE = 1_000;

  /** Bytes of entries signed for at once, about. */
  private static final int BYTES_AT_ONCE = 16 * 1024 * 1024;

  /** {@code ./p2pcp peer feed append}. */
  @Command(
      name = "append",
      sortOptions = false,
      usageHelpWidth = 100,
      mixinStandardHelpOptions = true,
      description = "Adds lines to a feed of this device, an entry each, and waits for its copies.")
  static final class Append extends FeedVisit {
    @Parameters(index = "0", paramLabel = "PATH", description = "Which one, as /feeds/log.")
    private String path = "/";

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "FILE",
        description = "Whose lines; - or nothing for the input.")
    private String file = "-";

    @Option(names = "--public", description = "A new feed is for everybody who knows its id.")
    private boolean isPublic;

    @Option(names = "--no-wait", description = "Do not wait for the copies.")
    private boolean noWait;

    @Override
    int run(HeadlessAgent agent, Feeds feeds)
        throws DonorException, ItemException, FeedException, StoreException {
      OpenFeed feed = feeds.own(path(path), isPublic);
      try (InputStream in = file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
        appendAll(feed, in);
      } catch (IOException e) {
        throw new DonorException(
            ExitCode.USAGE, file + " can't be read: " + e.getClass().getSimpleName());
      }
      boolean done = noWait || await(() -> isPlaced(agent, feeds));
      answer(feed.head().length() + " entries: " + feed.link().text(), told(feed));
      return done ? ExitCode.OK : ExitCode.COPIES_MISSING;
    }

    private static void appendAll(OpenFeed feed, InputStream in)
        throws IOException, DonorException, ItemException, FeedException, StoreException {
      Lines lines = new Lines(in);
      List<Bytes> some = lines.next();
      while (!some.isEmpty()) {
        feed.append(some);
        some = lines.next();
      }
    }

    private boolean isPlaced(HeadlessAgent agent, Feeds feeds) throws DonorException {
      agent.agent().watch();
      return feeds.isPlaced(path(path));
    }
  }

  /** Lines of an input as they are, whatever bytes are in them. */
  private static final class Lines {
    private final InputStream in;
    private boolean over;

    Lines(InputStream in) {
      this.in = new java.io.BufferedInputStream(in);
    }

    /** Some more, empty at the end. */
    List<Bytes> next() throws IOException, DonorException {
      List<Bytes> lines = new ArrayList<>();
      int bytes = 0;
      while (!over && lines.size() < AT_ONCE && bytes < BYTES_AT_ONCE) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
          if (line.size() >= Segment.MAX_ENTRY) {
            throw new DonorException(ExitCode.USAGE, "a line has at most 192 KiB");
          }
          line.write(next);
          next = in.read();
        }
        over = next < 0;
        if (!over || line.size() > 0) {
          lines.add(Bytes.wrap(line.toByteArray()));
          bytes += line.size();
        }
      }
      return lines;
    }
  }

  /** {@code ./p2pcp peer feed cat}. */
  @Command(
      name = "cat",
      sortOptions = false,
      usageHelpWidth = 100,
      mixinStandardHelpOptions = true,
      description = "Writes the entries of a feed, verified, a line each.")
  static final class Cat extends FeedVisit {
    @Parameters(index = "0", paramLabel = "FEED", description = "A path, or a link.")
    private String name = "/";

    @Option(names = "--from", paramLabel = "N", description = "The first entry (0).")
    private long from;

    @Option(names = "--to", paramLabel = "N", description = "The one after the last.")
    private long to = Long.MAX_VALUE;

    @Override
    int run(HeadlessAgent agent, Feeds feeds)
        throws DonorException, ItemException, FeedException, StoreException {
      OpenFeed feed = feed(feeds, name);
      long at = Math.max(0, from);
      List<Bytes> some = feed.read(at, to);
      while (!some.isEmpty()) {
        write(at, some);
        at += some.size();
        some = feed.read(at, to);
      }
      return ExitCode.OK;
    }
  }

  /** {@code ./p2pcp peer feed tail}. */
  @Command(
      name = "tail",
      sortOptions = false,
      usageHelpWidth = 100,
      mixinStandardHelpOptions = true,
      description = "Writes the last entries of a feed, and goes on as it grows.")
  static final class Tail extends FeedVisit {
    private static final long LOOK = 1_000;

    @Parameters(index = "0", paramLabel = "FEED", description = "A path, or a link.")
    private String name = "/";

    @Option(names = "-n", paramLabel = "N", description = "How many at first (${DEFAULT-VALUE}).")
    private long last = 10;

    @Option(
        names = "--count",
        paramLabel = "N",
        description = "End after so many; else it goes on until it is stopped.")
    private long count = Long.MAX_VALUE;

    @Override
    int run(HeadlessAgent agent, Feeds feeds)
        throws DonorException, ItemException, FeedException, StoreException {
      OpenFeed feed = feed(feeds, name);
      long at = Math.max(0, feed.head().length() - last);
      long left = count;
      while (left > 0 && !Thread.currentThread().isInterrupted()) {
        if (feed.awaitMore(at, agent.platform().deadline(LOOK)) > at) {
          List<Bytes> some = feed.read(at, left < Long.MAX_VALUE - at ? at + left : Long.MAX_VALUE);
          write(at, some);
          at += some.size();
          left -= some.size();
        }
      }
      return ExitCode.OK;
    }
  }

  /** {@code ./p2pcp peer feed verify}. */
  @Command(
      name = "verify",
      sortOptions = false,
      usageHelpWidth = 100,
      mixinStandardHelpOptions = true,
      description =
          "Reads a whole feed and says whether every entry is proven by its writer's key.")
  static final class Verify extends FeedVisit {
    @Parameters(index = "0", paramLabel = "FEED", description = "A path, or a link.")
    private String name = "/";

    @Override
    int run(HeadlessAgent agent, Feeds feeds)
        throws DonorException, ItemException, FeedException, StoreException {
      OpenFeed feed = feed(feeds, name);
      long length = feed.head().length();
      long at = 0;
      while (at < length) {
        at += feed.read(at, length).size();
      }
      Map<String, Object> told = told(feed);
      told.put("verified", at);
      answer(
          at + " entries are genuine, fork " + feed.head().fork() + ": " + feed.link().text(),
          told);
      return ExitCode.OK;
    }
  }
}
