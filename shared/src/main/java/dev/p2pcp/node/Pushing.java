package dev.p2pcp.node;

import dev.p2pcp.block.BlockStore;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings newer versions of own signed blocks to all who are online with older ones. */
final class Pushing {
  private static final int AT_ONCE = 8;

  /** Time for all, and for one holder to answer, in milliseconds. */
  private static final long TIME = 30_000;

  private static final long PUSH_TIME = 15_000;

  private final Platform platform;
  private final BlockStore store;
  private final OwnBlocks own;
  private final Servers servers;
  private final Replicator.Events events;
  private final Map<StorageKey, Map<PeerId, Long>> pushed = new HashMap<>();

  Pushing(
      Platform platform,
      BlockStore store,
      OwnBlocks own,
      Servers servers,
      Replicator.Events events) {
    this.platform = platform;
    this.store = store;
    this.own = own;
    this.servers = servers;
    this.events = events;
  }

  /** Those seen online that may have an older version. Never suspends. */
  List<PeerId> staleHolders(StorageKey key, OwnBlock block) {
    if (block.released() || block.version() == 0) {
      return List.of();
    }
    Set<PeerId> online = own.online(key);
    if (online.isEmpty()) {
      return List.of();
    }
    List<PeerId> stale = new ArrayList<>();
    for (PeerId peer : online) {
      Optional<OwnBlock.Copy> copy = block.copyWith(peer);
      if (copy.filter(OwnBlock.Copy::leaving).isPresent()) {
        continue;
      }
      // What was pushed to somebody before he was a holder is confirmed once more.
      long known = copy.map(OwnBlock.Copy::version).orElseGet(() -> pushedTo(key, peer));
      if (known < block.version()) {
        stale.add(peer);
      }
    }
    return stale;
  }

  /**
   * Pushes to all of them. Suspends.
   *
   * @return whether nobody online has an older version now
   */
  boolean run() throws StoreException {
    List<StorageKey> stale = new ArrayList<>();
    own.snapshot()
        .forEach(
            (key, block) -> {
              if (!staleHolders(key, block).isEmpty()) {
                stale.add(key);
              }
            });
    if (stale.isEmpty()) {
      return true;
    }
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(stale);
    Deadline deadline = platform.deadline(TIME);
    Parallel.forEach(platform, stale, AT_ONCE, deadline, key -> push(key, where, deadline));
    events.copiesChanged(stale);
    return stale.stream()
        .allMatch(key -> own.get(key).map(b -> staleHolders(key, b).isEmpty()).orElse(true));
  }

  /** Forgets what is known of all other blocks. Never suspends. */
  void keepOnly(Set<StorageKey> keys) {
    synchronized (pushed) {
      pushed.keySet().retainAll(keys);
    }
  }

  private void push(
      StorageKey key, Map<StorageKey, List<Servers.Location>> where, Deadline deadline) {
    List<PeerId> holders = own.get(key).map(b -> staleHolders(key, b)).orElse(List.of());
    List<Servers.Location> found = where.getOrDefault(key, List.of());
    List<Servers.Location> targets =
        found.stream().filter(location -> holders.contains(location.peer())).toList();
    Parallel.forEach(platform, targets, AT_ONCE, deadline, to -> push(key, to));
  }

  private void push(StorageKey key, Servers.Location to) {
    try {
      Optional<OwnBlock> block = own.get(key);
      Optional<Bytes> encoded = store.block(key);
      if (block.isEmpty() || encoded.isEmpty()) {
        return;
      }
      PeerFrame.Reply reply =
          to.link().call(new PeerFrame.Update(key, encoded.get()), platform.deadline(PUSH_TIME));
      if (reply instanceof PeerFrame.Ok) {
        confirmed(key, to.peer(), block.get().version());
      } else if (reply instanceof PeerFrame.Denied denied) {
        refused(key, to, denied.refusal());
      }
    } catch (LinkException e) {
      own.notSeen(key, to.peer());
    } catch (StoreException e) {
      // Nothing is confirmed, so that the next round pushes again.
      return;
    }
  }

  private void refused(StorageKey key, Servers.Location from, Refusal refusal)
      throws StoreException {
    if (refusal.code() == Refusal.STALE_VERSION) {
      events.foundOther(key, from);
    } else if (refusal.code() == Refusal.TICKET_REQUIRED) {
      own.change(key, block -> block.withoutCopy(from.peer()));
      own.notSeen(key, from.peer());
    }
  }

  private void confirmed(StorageKey key, PeerId peer, long version) throws StoreException {
    if (own.get(key).flatMap(block -> block.copyWith(peer)).isPresent()) {
      own.change(
          key,
          block ->
              block
                  .copyWith(peer)
                  .map(copy -> block.withCopy(copy.withVersion(version)))
                  .orElse(block));
    }
    // Only now: what could not be recorded is pushed, and confirmed, once more.
    synchronized (pushed) {
      pushed.computeIfAbsent(key, k -> new HashMap<>()).merge(peer, version, Math::max);
    }
  }

  /** The newest version that the peer was seen to take; 0 for none. Never suspends. */
  long pushedTo(StorageKey key, PeerId peer) {
    synchronized (pushed) {
      return pushed.getOrDefault(key, Map.of()).getOrDefault(peer, 0L);
    }
  }
}
