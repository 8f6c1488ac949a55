package dev.p2pcp.server.session;

import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.server.admission.Settings;
import dev.p2pcp.server.cluster.ClusterSecret;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What this cluster says of itself to agents that ask which index servers there are: where it is,
 * and whom its operator recommends. It says only what is configured; nothing that an agent or
 * another server names is ever fetched, passed on or believed here.
 */
@Component
final class Introductions {
  /** How long a record is good for, and after how long another is made. */
  private static final Duration LIFE = Duration.ofDays(1);

  private static final Duration FRESH = Duration.ofHours(1);

  private final Settings settings;
  private final ClusterSecret cluster;
  private final Clock clock;
  private volatile @Nullable ServerRecord record;

  Introductions(Settings settings, ClusterSecret cluster, Clock clock) {
    this.settings = settings;
    this.cluster = cluster;
    this.clock = clock;
  }

  /** The record, if it is configured where this server can be reached. Signs now and then. */
  List<ServerRecord> all() {
    if (settings.publicOrigin().isEmpty()) {
      return List.of();
    }
    long now = clock.now();
    return List.of(
        Optional.ofNullable(record)
            .filter(known -> known.notBefore() + FRESH.toMillis() > now)
            .orElseGet(() -> signed(now)));
  }

  private ServerRecord signed(long now) {
    List<String> recommended =
        settings.knownServers().stream()
            .filter(origin -> !origin.equals(settings.publicOrigin()))
            .distinct()
            .limit(ServerRecord.RECOMMENDED)
            .toList();
    ServerRecord fresh =
        ServerRecord.issue(
            cluster.tickets(),
            now,
            now + LIFE.toMillis(),
            List.of(settings.publicOrigin()),
            recommended);
    record = fresh;
    return fresh;
  }
}
