package dev.p2pcp.transport;

import dev.p2pcp.identity.Origin;
import java.util.List;

/**
 * Which URLs of strangers may be followed: http(s) URLs of machines that the world can reach, so
 * that nobody's browser or server is made to probe the network that it is in.
 */
public final class Followed {
  /** Longest URL, in bytes. */
  public static final int MAX_LENGTH = 2_048;

  private Followed() {}

  /**
   * Whether that URL may be followed.
   *
   * @param allowed origins of local machines that the person trusts
   */
  public static boolean mayBe(String url, List<String> allowed) {
    String origin = originOf(url);
    return Origin.isCanonical(origin)
        && url.length() <= MAX_LENGTH
        && isPlain(url)
        && (!Origin.isLocal(origin) || allowed.contains(origin));
  }

  /** What is before the path. */
  public static String originOf(String url) {
    int host = url.indexOf("://") + 3;
    int slash = url.indexOf('/', host);
    return host < 3 || slash < 0 ? "" : url.substring(0, slash);
  }

  /** Browsers read backslashes as slashes and drop what is not printed. */
  private static boolean isPlain(String url) {
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        return false;
      }
    }
    return true;
  }
}
