package dev.p2pcp.bucket;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The objects of a bucket below a prefix. Calls suspend. */
public final class Bucket {
  /** Name of the header with the SHA-256 of a body. */
  public static final String CHECKSUM = "x-amz-checksum-sha256:";

  /** How long a request of the owner's may take to arrive, in seconds. */
  private static final int LIFE = 300;

  /** For one attempt, in milliseconds. */
  private static final long TIME = 30_000;

  private static final int ATTEMPTS = 3;
  private static final long PAUSE = 400;

  /** Bytes of a refusal or a list that are looked at. */
  private static final int REPORT = 64 * 1024;

  private final Platform platform;
  private final Web web;
  private final BucketAccess access;
  private final Meter meter;

  /** Hears of each request before it is made, so that it can forbid it. */
  public interface Meter {
    /**
     * A request that moves so many bytes.
     *
     * @throws BucketException if it is not to be made
     */
    void spend(boolean reading, int bytes) throws BucketException;
  }

  public Bucket(Platform platform, Web web, BucketAccess access, Meter meter) {
    this.platform = platform;
    this.web = web;
    this.access = access;
    this.meter = meter;
  }

  /** The value of {@link #CHECKSUM} for a body. */
  public static String checksum(Bytes sha256) {
    return Base64.getEncoder().encodeToString(sha256.unsafeArray());
  }

  /** Stores an object; it lasts when this returns. */
  public void put(String name, Bytes content) throws BucketException {
    String sum = CHECKSUM + checksum(platform.crypto().sha256(content).bytes());
    ask("PUT", name, List.of(sum), content, REPORT, content.length());
  }

  /**
   * Reads an object of at most so many bytes.
   *
   * @param expected how many bytes it should have: so many are counted
   * @throws BucketException with {@code NOT_THERE} if there is none
   */
  public Bytes get(String name, int most, int expected) throws BucketException {
    return ask("GET", name, List.of(), Bytes.EMPTY, most, expected);
  }

  /** Removes an object if it is there. Not counted: stores do not charge it. */
  public void delete(String name) throws BucketException {
    try {
      ask("DELETE", name, List.of(), Bytes.EMPTY, REPORT, 0);
    } catch (BucketException e) {
      if (e.trouble() != Trouble.NOT_THERE) {
        throw e;
      }
    }
  }

  /** Whether a list shows an object of that name. */
  public boolean lists(String name) throws BucketException {
    Bytes listed = ask("LIST", name, List.of(), Bytes.EMPTY, REPORT, 0);
    return listed.utf8().contains(name + "</Key>");
  }

  /**
   * Writes, reads, lists and removes an object, so that whatever is wrong is known before anybody
   * relies on the bucket.
   *
   * @throws BucketException saying what is wrong
   */
  public void probe(Bytes content) throws BucketException {
    String name = "probe";
    put(name, content);
    if (!get(name, content.length(), content.length()).equals(content) || !lists(name)) {
      throw new BucketException(Trouble.OTHER);
    }
    delete(name);
  }

  /** A URL by which anybody can read that object for so many seconds. */
  public BucketAccess.Signed readable(String name, int seconds) {
    return access.sign("GET", name, List.of(), platform.clock().now(), seconds);
  }

  /**
   * As {@link #readable}, counted as if it was read here; none where only a home or office network
   * can reach the bucket, or when nothing more may be spent.
   */
  public Optional<String> offered(String name, int length, int seconds) {
    if (Origin.isLocal(access.endpoint())) {
      return Optional.empty();
    }
    try {
      meter.spend(true, length);
      return Optional.of(readable(name, seconds).text());
    } catch (BucketException e) {
      return Optional.empty();
    }
  }

  /** As {@link #writable}, and none as in {@link #offered}. */
  public Optional<String> wanted(String name, int length, Bytes sha256, int seconds) {
    if (Origin.isLocal(access.endpoint())) {
      return Optional.empty();
    }
    try {
      meter.spend(false, length);
      return Optional.of(writable(name, length, sha256, seconds).text());
    } catch (BucketException e) {
      return Optional.empty();
    }
  }

  /** A URL by which anybody can store just those bytes under that name for so many seconds. */
  public BucketAccess.Signed writable(String name, int length, Bytes sha256, int seconds) {
    List<String> headers = List.of("content-length:" + length, CHECKSUM + checksum(sha256));
    return access.sign("PUT", name, headers, platform.clock().now(), seconds);
  }

  private Bytes ask(
      String method, String name, List<String> headers, Bytes body, int most, int counted)
      throws BucketException {
    long pause = PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        if (!method.equals("DELETE")) {
          meter.spend(method.equals("GET"), counted);
        }
        return askOnce(method, name, headers, body, most);
      } catch (BucketException e) {
        boolean again = e.trouble() == Trouble.THROTTLED || e.trouble() == Trouble.UNREACHABLE;
        if (!again || attempt == ATTEMPTS) {
          throw e;
        }
      }
      platform.tasks().sleep(pause);
      pause *= 4;
    }
  }

  private Bytes askOnce(String method, String name, List<String> headers, Bytes body, int most)
      throws BucketException {
    boolean list = method.equals("LIST");
    long now = platform.clock().now();
    BucketAccess.Signed url =
        list ? access.list(name, 10, now, LIFE) : access.sign(method, name, headers, now, LIFE);
    Web.Answer answer;
    try {
      Deadline deadline = platform.deadline(TIME);
      // Room for a refusal, which says what is wrong, besides what is asked for.
      int room = Math.max(most, REPORT);
      answer =
          web.ask(
              new Web.Request(list ? "GET" : method, url.text(), headers, body, room, true),
              deadline);
    } catch (LinkException e) {
      throw new BucketException(Trouble.UNREACHABLE);
    }
    if (answer.status() / 100 != 2) {
      throw new BucketException(Trouble.of(codeOf(answer.body().utf8()), answer.status()));
    }
    if (answer.body().length() > most) {
      throw new BucketException(Trouble.OTHER);
    }
    return answer.body();
  }

  /** What stands between the tags of a refusal. */
  private static String codeOf(String report) {
    int begin = report.indexOf("<Code>") + 6;
    int end = report.indexOf("</Code>");
    return begin > 5 && end > begin ? report.substring(begin, end) : "";
  }
}
