package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Index servers that are known of by hearsay. Nothing is connected to for being named here; only
 * what the operator of a server that the person chose recommends may stand in while all chosen ones
 * are away.
 */
final class KnownServers {
  private static final int MOST = 64;

  /** Agents counted that tell of one server. */
  private static final int TELLERS = 100;

  private static final Bytes KEY = Bytes.utf8("known servers");

  private final Platform platform;
  private final BlockStore store;
  private final Map<String, Known> known = new LinkedHashMap<>();
  private final Map<PublicKey, ServerRecord> records = new LinkedHashMap<>();
  private final Map<String, Set<PeerId>> tellers = new LinkedHashMap<>();

  /**
   * A server that was told of until that moment: by the operator of that origin, or, if it is
   * empty, by so many agents.
   */
  record Known(String origin, long until, String operator, int agents) {}

  KnownServers(Platform platform, BlockStore store) {
    this.platform = platform;
    this.store = store;
  }

  /** Suspends. */
  void load() {
    try {
      Bytes record = store.record(BlockStore.Table.PROFILE, KEY).orElse(null);
      if (record == null) {
        return;
      }
      ByteReader reader = new ByteReader(record);
      List<Known> all =
          reader.list(
              MOST,
              "known",
              r ->
                  new Known(
                      r.text(Origin.MAX_LENGTH, "origin"),
                      r.u64("until"),
                      r.text(Origin.MAX_LENGTH, "operator"),
                      r.u8("agents")));
      synchronized (this) {
        all.forEach(one -> known.put(one.origin, one));
      }
    } catch (StoreException | MalformedFrameException e) {
      // It is heard of again.
      return;
    }
  }

  /** Those that are still current. Never suspends. */
  synchronized List<Known> all() {
    long now = platform.clock().now();
    known.values().removeIf(one -> one.until < now);
    return List.copyOf(known.values());
  }

  /** Records of servers that this agent has logged in at, to be passed on. Never suspends. */
  synchronized List<ServerRecord> own() {
    long now = platform.clock().now();
    records.values().removeIf(record -> !record.isCurrent(now));
    return List.copyOf(records.values());
  }

  /** What the server with that key and origin told. Suspends. */
  void told(PublicKey server, String origin, List<ServerRecord> told, boolean local) {
    for (ServerRecord record : told) {
      if (record.isGenuine(platform.crypto(), platform.clock().now())) {
        synchronized (this) {
          if (record.key().equals(server)) {
            records.put(server, record);
            if (records.size() > Limits.PEER_SERVERS) {
              records.remove(records.keySet().iterator().next());
            }
          }
          boolean own = record.key().equals(server);
          (own ? record.recommended() : record.origins())
              .forEach(one -> note(new Known(one, record.notAfter(), origin, 0), local));
        }
      }
    }
    save();
  }

  /** What an agent told. Suspends. */
  void heard(PeerId from, List<ServerRecord> told, boolean local) {
    for (ServerRecord record : told) {
      if (record.isGenuine(platform.crypto(), platform.clock().now())) {
        synchronized (this) {
          for (String origin : record.origins()) {
            Set<PeerId> of = tellers.computeIfAbsent(origin, o -> new HashSet<>());
            if (of.size() < TELLERS) {
              of.add(from);
            }
            note(new Known(origin, record.notAfter(), "", of.size()), local);
          }
          if (tellers.size() > MOST) {
            tellers.remove(tellers.keySet().iterator().next());
          }
        }
      }
    }
    save();
  }

  /** Who is told of by an operator does not make room for who is told of by strangers. */
  private void note(Known one, boolean local) {
    if (Origin.isLocal(one.origin) && !local) {
      return;
    }
    Known before = known.get(one.origin);
    String operator = before == null || !one.operator.isEmpty() ? one.operator : before.operator;
    int agents = before == null ? one.agents : Math.max(one.agents, before.agents);
    if (before == null && all().size() == MOST) {
      List<Known> byAgents =
          new ArrayList<>(known.values().stream().filter(k -> k.operator.isEmpty()).toList());
      if (byAgents.isEmpty()) {
        return;
      }
      known.remove(byAgents.get(0).origin);
    }
    known.put(one.origin, new Known(one.origin, one.until, operator, agents));
  }

  private void save() {
    List<Known> all = all();
    ByteWriter writer = new ByteWriter().u16(all.size());
    for (Known one : all) {
      writer
          .bytes16(Bytes.utf8(one.origin))
          .u64(one.until)
          .bytes16(Bytes.utf8(one.operator))
          .u8(one.agents);
    }
    Bytes encoded = writer.toBytes();
    try {
      if (!store.record(BlockStore.Table.PROFILE, KEY).filter(encoded::equals).isPresent()) {
        store.apply(new BlockStore.Batch().putRecord(BlockStore.Table.PROFILE, KEY, encoded));
      }
    } catch (StoreException e) {
      // It is heard of again.
      return;
    }
  }
}
