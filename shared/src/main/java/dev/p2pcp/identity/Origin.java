package dev.p2pcp.identity;

import java.util.Set;

/**
 * The address of an index server in its one right form: {@code http(s)://host[:port]}, lower case,
 * the port only where it is not the scheme's own; no name, password, path or query.
 */
public final class Origin {
  /** Longest origin, in bytes. */
  public static final int MAX_LENGTH = 256;

  private static final int HIGHEST_PORT = 65_535;

  /**
   * Last labels of names that only a home or office network knows: RFC 6761, 6762 (appendix G),
   * 8375, and what routers hand out.
   */
  private static final Set<String> LOCAL =
      Set.of(
          "localhost",
          "local",
          "localdomain",
          "internal",
          "intranet",
          "private",
          "corp",
          "home",
          "lan",
          "arpa");

  private Origin() {}

  /** Whether the text is an origin in its one right form. */
  public static boolean isCanonical(String text) {
    int start = text.startsWith("https://") ? 8 : text.startsWith("http://") ? 7 : 0;
    if (start == 0 || text.length() > MAX_LENGTH) {
      return false;
    }
    int portAt = text.indexOf(':', text.indexOf(']', start) < 0 ? start : text.indexOf(']'));
    String host = text.substring(start, portAt < 0 ? text.length() : portAt);
    return isHost(host) && (portAt < 0 || isPort(text.substring(portAt + 1), start == 8));
  }

  /** Whether a canonical origin names a machine of a home or office network, or this very one. */
  public static boolean isLocal(String origin) {
    int start = origin.indexOf("://") + 3;
    if (origin.charAt(start) == '[') {
      // 2000::/3 is what the world can reach (RFC 4291).
      int end = origin.indexOf(':', start);
      char first = origin.charAt(start + 1);
      // Into 6to4 addresses (RFC 3056) those of IPv4 are written, local ones too.
      return end - start != 5
          || (first != '2' && first != '3')
          || origin.startsWith("2002", start + 1);
    }
    int colon = origin.indexOf(':', start);
    String host = origin.substring(start, colon < 0 ? origin.length() : colon);
    int dot = host.lastIndexOf('.');
    String last = host.substring(dot + 1);
    if (isNumber(last)) {
      return isLocalAddress(host);
    }
    return dot < 0 || LOCAL.contains(last) || ("." + host).endsWith(".fritz.box");
  }

  private static boolean isLocalAddress(String address) {
    int dot = address.indexOf('.');
    int a = Integer.parseInt(address.substring(0, dot));
    int b = Integer.parseInt(address.substring(dot + 1, address.indexOf('.', dot + 1)));
    return a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && b >= 64 && b < 128)
        || (a == 169 && b == 254)
        || (a == 172 && b >= 16 && b < 32)
        || (a == 192 && b == 168)
        || (a == 198 && (b == 18 || b == 19));
  }

  private static boolean isHost(String host) {
    if (host.startsWith("[")) {
      return host.length() > 3
          && host.endsWith("]")
          && isMadeOf(host.substring(1, host.length() - 1), "0123456789abcdef:");
    }
    int labels = 0;
    int numbers = 0;
    int at = 0;
    while (at <= host.length()) {
      int dot = host.indexOf('.', at);
      String label = host.substring(at, dot < 0 ? host.length() : dot);
      boolean right =
          !label.isEmpty()
              && label.length() < 64
              && label.charAt(0) != '-'
              && label.charAt(label.length() - 1) != '-'
              && isMadeOf(label, "0123456789abcdefghijklmnopqrstuvwxyz-");
      if (!right) {
        return false;
      }
      labels++;
      numbers += isByte(label) ? 1 : 0;
      if (dot < 0) {
        // What ends in a number is an IPv4 address; browsers read many more forms of those.
        return isNumber(label) ? labels == 4 && numbers == 4 : !label.startsWith("0x");
      }
      at = dot + 1;
    }
    return false;
  }

  private static boolean isPort(String text, boolean secure) {
    if (!isNumber(text) || text.length() > 5 || text.charAt(0) == '0') {
      return false;
    }
    int port = Integer.parseInt(text);
    return port <= HIGHEST_PORT && port != (secure ? 443 : 80);
  }

  private static boolean isByte(String text) {
    return isNumber(text)
        && text.length() <= 3
        && (text.length() == 1 || text.charAt(0) != '0')
        && Integer.parseInt(text) < 256;
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty() && isMadeOf(text, "0123456789");
  }

  private static boolean isMadeOf(String text, String letters) {
    for (int i = 0; i < text.length(); i++) {
      if (letters.indexOf(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }
}
