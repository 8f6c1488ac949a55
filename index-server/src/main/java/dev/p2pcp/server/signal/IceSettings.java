package dev.p2pcp.server.signal;

import dev.p2pcp.wire.Limits;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Servers by which browsers find ways to each other.
 *
 * @param stun addresses of STUN servers, such as {@code stun:turn.example:3478}; at most four
 * @param turn addresses of one TURN server, such as {@code turn:turn.example:3478?transport=udp}
 *     and the same with {@code tcp}; at most four
 * @param secret what the TURN server calls its static secret; whoever has it can make credentials
 * @param lifetime how long a credential is good for; also how long agents go on with what they were
 *     told
 */
@ConfigurationProperties("p2pcp.ice")
public record IceSettings(
    @DefaultValue List<String> stun,
    @DefaultValue List<String> turn,
    @DefaultValue("") String secret,
    @DefaultValue("1h") Duration lifetime) {
  private static final Duration LEAST = Duration.ofMinutes(1);
  private static final Duration MOST = Duration.ofDays(7);

  /** Refuses settings with which agents could not work. */
  public IceSettings {
    stun = List.copyOf(stun);
    turn = List.copyOf(turn);
    require(stun.size() <= Limits.ICE_URLS, "stun: at most " + Limits.ICE_URLS);
    require(turn.size() <= Limits.ICE_URLS, "turn: at most " + Limits.ICE_URLS);
    require(
        stun.stream().allMatch(url -> isAddress(url, "stun:", "stuns:")),
        "stun: addresses begin with stun: or stuns:");
    require(
        turn.stream().allMatch(url -> isAddress(url, "turn:", "turns:")),
        "turn: addresses begin with turn: or turns:");
    require(turn.isEmpty() || !secret.isEmpty(), "secret: needed for turn");
    require(
        lifetime.compareTo(LEAST) >= 0 && lifetime.compareTo(MOST) <= 0, "lifetime: from 1m to 7d");
  }

  /** Without the secret, since settings may be logged. */
  @Override
  public String toString() {
    return "IceSettings[stun=" + stun + ", turn=" + turn + ", lifetime=" + lifetime + "]";
  }

  private static boolean isAddress(String url, String plain, String secure) {
    return url.length() <= Limits.ICE_TEXT
        && (url.startsWith(plain) || url.startsWith(secure))
        && url.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static void require(boolean right, String what) {
    if (!right) {
      throw new IllegalArgumentException("p2pcp.ice." + what);
    }
  }
}
