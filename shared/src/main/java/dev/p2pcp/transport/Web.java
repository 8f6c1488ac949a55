package dev.p2pcp.transport;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Deadline;
import java.util.List;

/** Asks web servers, such as buckets: fetch in the browser. Any number of tasks may ask at once. */
public interface Web {
  /** Where there is none. */
  Web NONE =
      (request, deadline) -> {
        throw new LinkException("no web here");
      };

  /**
   * One request. No redirect is followed, nothing is cached, and nothing of this device's person
   * goes along.
   *
   * @param headers {@code name:value}, besides those that the platform sets
   * @param body empty for none
   * @param most bytes that the answer may have
   * @param anywhere whether the address may be one that the world can't reach: only for what the
   *     person named, never for what others did
   */
  record Request(
      String method, String url, List<String> headers, Bytes body, int most, boolean anywhere) {
    /** Reads what somebody named. */
    public static Request get(String url, int most, boolean anywhere) {
      return new Request("GET", url, List.of(), Bytes.EMPTY, most, anywhere);
    }
  }

  /** What came back. */
  record Answer(int status, Bytes body) {}

  /**
   * Asks and waits. Suspends.
   *
   * @throws LinkException if there is no answer, it leads elsewhere, is too long or too late, or
   *     the address is none that may be asked
   */
  Answer ask(Request request, Deadline deadline) throws LinkException;
}
