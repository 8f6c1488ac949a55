package dev.p2pcp.server.admission;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much may be asked of this server in a second. Who asks for more is told to wait, and the rest
 * is served as before. Of each, what ten seconds allow may be used at once. All devices of an
 * account together may use four times what one session may.
 *
 * @param logins connections from one network address; those of IPv6 with the same first 64 bits are
 *     one
 * @param requests requests of one session
 * @param announced storage keys that one session announces or withdraws; a session's whole
 *     inventory may always be announced at once
 * @param lookedUp storage keys that one session asks about, found or not, and topics that it joins,
 *     be it of them already or not
 * @param streams tunnel streams that one session opens
 * @param signals signals of one session to others
 * @param signalsTo signals for one peer, from whomever
 * @param tunnelBytes bytes that one session sends into tunnels, by default a gigabit line full;
 *     more is read later
 */
@ConfigurationProperties("p2pcp.rates")
public record Rates(
    @DefaultValue("50") int logins,
    @DefaultValue("200") int requests,
    @DefaultValue("5000") int announced,
    @DefaultValue("2000") int lookedUp,
    @DefaultValue("200") int streams,
    @DefaultValue("20") int signals,
    @DefaultValue("40") int signalsTo,
    @DefaultValue("134217728") int tunnelBytes) {
  /** Four times it, for an account, is a token each nanosecond: no bucket is refilled faster. */
  static final int MOST = 250_000_000;

  /** Refuses rates with which the server could not work. */
  public Rates {
    require(logins, "logins");
    require(requests, "requests");
    require(announced, "announced");
    require(lookedUp, "looked-up");
    require(streams, "streams");
    require(signals, "signals");
    require(signalsTo, "signals-to");
    require(tunnelBytes, "tunnel-bytes");
  }

  private static void require(int rate, String name) {
    if (rate < 1 || rate > MOST) {
      throw new IllegalArgumentException("p2pcp.rates." + name + ": from 1 to " + MOST);
    }
  }
}
