package dev.p2pcp.server.admission;

import dev.p2pcp.identity.Origin;
import dev.p2pcp.quota.Ticket;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What an operator can set.
 *
 * @param publicOrigin how agents reach this server from outside, such as {@code
 *     https://p2pcp.example}; empty for the origin that was asked
 * @param knownServers origins of further index servers that agents are told of
 * @param allowedOrigins sites of other hosts whose pages may connect agents to this server; their
 *     origins
 * @param heartbeat agents are asked to send something at least this often; after twice that they
 *     are dropped
 * @param handshake time for a new connection to log in
 * @param stall a connection that takes nothing of what waits for it for so long is dropped
 * @param ticketLife how long a ticket is good for, at most ten minutes
 * @param calm for how long after the start nothing is repaired, since most holders are only not
 *     back yet
 * @param sessions connections of agents that are served at once
 * @param sessionsPerAddress connections from one network address; those of IPv6 with the same first
 *     64 bits are one
 * @param shedLag new connections are sent away while an event loop is late by more than this
 * @param drain how long a server that is asked to stop waits for what its agents have under way
 * @param tunnelRequests requests over HTTP into agents that may be under way
 * @param tunnelDeadline time for such a request
 */
@ConfigurationProperties("p2pcp")
public record Settings(
    @DefaultValue("") String publicOrigin,
    @DefaultValue List<String> knownServers,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("10s") Duration heartbeat,
    @DefaultValue("10s") Duration handshake,
    @DefaultValue("10s") Duration stall,
    @DefaultValue("2m") Duration ticketLife,
    @DefaultValue("10m") Duration calm,
    @DefaultValue("20000") int sessions,
    @DefaultValue("1000") int sessionsPerAddress,
    @DefaultValue("2s") Duration shedLag,
    @DefaultValue("20s") Duration drain,
    @DefaultValue("64") int tunnelRequests,
    @DefaultValue("30s") Duration tunnelDeadline) {
  private static final Duration LEAST_HEARTBEAT = Duration.ofSeconds(1);
  private static final int MOST_TUNNEL_REQUESTS = 1_024;

  /** Refuses settings with which the server could not work. */
  public Settings {
    require(heartbeat.compareTo(LEAST_HEARTBEAT) >= 0, "heartbeat: at least 1s");
    require(handshake.isPositive(), "handshake: more than 0");
    require(stall.isPositive(), "stall: more than 0");
    require(
        ticketLife.isPositive() && ticketLife.toMillis() <= Ticket.MAX_LIFE,
        "ticket-life: up to 10m");
    require(!calm.isNegative(), "calm: not less than 0");
    require(sessions > 0, "sessions: at least 1");
    require(sessionsPerAddress > 0, "sessions-per-address: at least 1");
    require(shedLag.isPositive(), "shed-lag: more than 0");
    require(!drain.isNegative(), "drain: 0 or more");
    require(
        tunnelRequests > 0 && tunnelRequests <= MOST_TUNNEL_REQUESTS,
        "tunnel-requests: from 1 to " + MOST_TUNNEL_REQUESTS);
    require(tunnelDeadline.isPositive(), "tunnel-deadline: more than 0");
    require(
        publicOrigin.isEmpty() || Origin.isCanonical(publicOrigin),
        "public-origin: such as https://p2pcp.example");
    require(
        knownServers.stream().allMatch(Origin::isCanonical),
        "known-servers: origins such as https://p2pcp.example");
    knownServers = List.copyOf(knownServers);
    allowedOrigins = List.copyOf(allowedOrigins);
  }

  private static void require(boolean right, String what) {
    if (!right) {
      throw new IllegalArgumentException("p2pcp." + what);
    }
  }
}
