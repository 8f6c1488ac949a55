package dev.p2pcp.testing;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Buckets in memory that look at the time of a URL and not at its signature, and remember what they
 * were asked for. The module donor tests with real ones.
 */
public final class MemoryBuckets implements Web {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'");

  private final Clock clock;
  private final Map<String, Bytes> objects = new ConcurrentSkipListMap<>();
  private final List<Request> requests = new ArrayList<>();
  private volatile @Nullable Answer refusal;
  private volatile @Nullable String spoiled;
  private volatile boolean closed;
  private volatile @Nullable LongConsumer late;

  /** The clock is that of the URLs' times. */
  public MemoryBuckets(Clock clock) {
    this.clock = clock;
  }

  /** Objects by the paths of their URLs. */
  public Map<String, Bytes> objects() {
    return objects;
  }

  /** All that was asked so far. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** Whatever is stored from now on under a name with that in it is spoiled. */
  public void spoil(String names) {
    spoiled = names;
  }

  /** Answers only the owner of the bucket from now on, or everybody. */
  public void close(boolean yes) {
    closed = yes;
  }

  /** Nobody but the owner gets an answer from now on; hears how long each waits for it. */
  public void keepWaiting(LongConsumer waits) {
    late = waits;
  }

  /** What is in between answers all from now on, and knows of no bucket. */
  public void hide() {
    refusal = new Answer(404, Bytes.utf8("<html>Not found</html>"));
  }

  /** Refuses all from now on with that status and code; an empty code ends it. */
  public void refuse(int status, String code) {
    refusal =
        code.isEmpty()
            ? null
            : new Answer(status, Bytes.utf8("<Error><Code>" + code + "</Code></Error>"));
  }

  @Override
  public Answer ask(Request request, Deadline deadline) throws LinkException {
    synchronized (this) {
      requests.add(request);
    }
    LongConsumer waits = late;
    if (waits != null && !request.anywhere()) {
      waits.accept(deadline.left(clock));
      throw new LinkException("too late");
    }
    if (closed && !request.anywhere()) {
      return new Answer(403, Bytes.EMPTY);
    }
    Answer refused = refusal;
    if (refused != null) {
      return refused;
    }
    String url = request.url();
    int query = url.indexOf('?');
    if (query < 0 || !isCurrent(url)) {
      return new Answer(403, Bytes.utf8("<Error><Code>AccessDenied</Code></Error>"));
    }
    String path = url.substring(url.indexOf('/', 8), query);
    switch (request.method()) {
      case "PUT" -> {
        String bad = spoiled;
        boolean spoil = bad != null && path.contains(bad);
        objects.put(path, spoil ? Bytes.utf8("spoiled") : request.body());
      }
      case "DELETE" -> objects.remove(path);
      default -> {
        return url.contains("list-type=2") ? listed(path) : found(path, request.most());
      }
    }
    return new Answer(200, Bytes.EMPTY);
  }

  private Answer found(String path, int most) throws LinkException {
    Bytes object = objects.get(path);
    if (object == null) {
      return new Answer(404, Bytes.utf8("<Error><Code>NoSuchKey</Code></Error>"));
    }
    if (object.length() > most) {
      throw new LinkException("too long");
    }
    return new Answer(200, object);
  }

  private Answer listed(String bucket) {
    StringBuilder list = new StringBuilder();
    for (String path : objects.keySet()) {
      if (path.startsWith(bucket)) {
        list.append("<Key>").append(path.substring(bucket.length() + 1)).append("</Key>");
      }
    }
    return new Answer(200, Bytes.utf8(list.toString()));
  }

  private boolean isCurrent(String url) {
    long begin =
        LocalDateTime.parse(parameter(url, "X-Amz-Date="), STAMP)
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli();
    long life = Long.parseLong(parameter(url, "X-Amz-Expires="));
    long now = Instant.ofEpochMilli(clock.now()).toEpochMilli();
    return life <= 604_800 && begin - 900_000 <= now && now <= begin + 1_000 * life;
  }

  private static String parameter(String url, String name) {
    int at = url.indexOf(name) + name.length();
    int end = url.indexOf('&', at);
    return url.substring(at, end < 0 ? url.length() : end);
  }
}
