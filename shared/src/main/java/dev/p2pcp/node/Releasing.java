package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Domain;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.platform.Parallel;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.quota.ReceiptHeader;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells holders which copies are no longer wanted, until each has heard it. That a copy is leaving
 * is durable before its holder is told: after a crash it is told again and never counted.
 */
final class Releasing {
  private static final int AT_ONCE = 8;

  /** Time for all, for one answer, and for index servers to hear of receipts; in milliseconds. */
  private static final long TIME = 30_000;

  private static final long CALL_TIME = 10_000;
  private static final long FLUSH_TIME = 5_000;

  /** Between two attempts to reach a holder that is away, in milliseconds; longer each time. */
  private static final long SHORTEST_PAUSE = 1_000;

  private static final long LONGEST_PAUSE = 60_000;

  private final Platform platform;
  private final Device device;
  private final OwnBlocks own;
  private final Servers servers;
  private final Keepers keepers;
  private final Strays strays;
  private final Map<PeerId, Absence> absences = new HashMap<>();

  Releasing(Platform platform, Device device, OwnBlocks own, Servers servers, Keepers keepers) {
    this.platform = platform;
    this.device = device;
    this.own = own;
    this.servers = servers;
    this.keepers = keepers;
    this.strays = new Strays(platform.clock());
  }

  /** A holder that was not reached: when to try next, and how long to wait after that. */
  private record Absence(long next, long pause) {}

  /**
   * Tells the holders of released blocks, and surplus holders of the others. Suspends.
   *
   * @return whether nothing is left to tell
   */
  boolean run(int wanted) throws StoreException {
    forgetExpired();
    Map<PeerId, List<StorageKey>> byHolder = leaving(wanted);
    keepOnly(byHolder.keySet());
    List<Map.Entry<PeerId, List<StorageKey>>> due =
        byHolder.entrySet().stream().filter(entry -> isDue(entry.getKey())).toList();
    if (due.isEmpty()) {
      return byHolder.isEmpty() && !strays.isWaiting();
    }
    // A receipt that reached an index server after the holder's word would count for ever.
    servers.flush(platform.deadline(FLUSH_TIME));
    Parallel.forEach(
        platform,
        due,
        AT_ONCE,
        platform.deadline(TIME),
        entry -> release(entry.getKey(), entry.getValue()));
    return leaving(wanted).isEmpty() && !strays.isWaiting();
  }

  /** Holders that are gone for good need not be told: what nobody renews frees itself. */
  private void forgetExpired() throws StoreException {
    long now = platform.clock().now();
    for (Map.Entry<StorageKey, OwnBlock> entry : own.snapshot().entrySet()) {
      if (!entry.getValue().withoutExpired(now).equals(entry.getValue())) {
        own.change(entry.getKey(), block -> block.withoutExpired(now));
      }
    }
  }

  /** What is to leave, by holder; surplus copies are among it from now on. */
  private Map<PeerId, List<StorageKey>> leaving(int wanted) throws StoreException {
    long now = platform.clock().now();
    Map<PeerId, List<StorageKey>> byHolder = new LinkedHashMap<>();
    strays.lookAgain();
    for (Map.Entry<StorageKey, OwnBlock> entry : own.snapshot().entrySet()) {
      StorageKey key = entry.getKey();
      OwnBlock block = entry.getValue();
      int surplus = block.stored(now) - (wanted - 1);
      if (!block.released() && surplus > 0) {
        List<PeerId> dispensable = dispensable(key, block, surplus, now);
        own.change(key, current -> current.withLeaving(dispensable));
        block = block.withLeaving(dispensable);
      }
      for (OwnBlock.Copy copy : block.copies()) {
        if (copy.leaving()) {
          byHolder.computeIfAbsent(copy.holder(), h -> new ArrayList<>()).add(key);
        }
      }
      if (surplus >= 0 || block.released()) {
        for (PeerId holder : strays.of(key, block, own.online(key))) {
          byHolder.computeIfAbsent(holder, h -> new ArrayList<>()).add(key);
        }
      }
    }
    return byHolder;
  }

  /**
   * Up to so many of those who are there to hear of it: of who is away nobody is chosen, as another
   * may be back sooner. Anchors are kept as far as there are others to choose from, now or later.
   */
  private List<PeerId> dispensable(StorageKey key, OwnBlock block, int surplus, long now) {
    Set<PeerId> online = own.online(key);
    List<PeerId> tabs = new ArrayList<>();
    List<PeerId> anchors = new ArrayList<>();
    for (OwnBlock.Copy copy : block.copies()) {
      if (copy.countsAt(now)) {
        (keepers.isAnchor(copy.holder()) ? anchors : tabs).add(copy.holder());
      }
    }
    List<PeerId> chosen = new ArrayList<>();
    // In the same order on all devices of the account.
    tabs.stream().filter(online::contains).sorted().limit(surplus).forEach(chosen::add);
    anchors.stream()
        .filter(online::contains)
        .sorted()
        .limit(Math.max(0, surplus - tabs.size()))
        .forEach(chosen::add);
    return chosen;
  }

  private void release(PeerId holder, List<StorageKey> keys) {
    for (int from = 0; from < keys.size(); from += ReceiptHeader.MAX_COUNT) {
      List<StorageKey> part =
          keys.subList(from, Math.min(keys.size(), from + ReceiptHeader.MAX_COUNT));
      long time = platform.clock().now();
      Bytes signed = PeerFrame.Release.signed(holder, time, part);
      PeerFrame.Release request =
          new PeerFrame.Release(
              device.certificate(), holder, time, part, device.key().sign(Domain.RELEASE, signed));
      try {
        Deadline deadline = platform.deadline(CALL_TIME);
        if (servers.call(holder, request, deadline) instanceof PeerFrame.Ok) {
          keepers.released(part, holder);
          strays.told(part, holder);
          for (StorageKey key : part) {
            own.notSeen(key, holder);
            own.change(
                key,
                block -> block.lastingWith(holder).isPresent() ? block : block.withoutCopy(holder));
          }
        }
      } catch (LinkException e) {
        away(holder);
        return;
      } catch (StoreException e) {
        // Still leaving: the next round tells it again.
        return;
      }
    }
  }

  private boolean isDue(PeerId holder) {
    synchronized (absences) {
      Absence absence = absences.get(holder);
      return absence == null || absence.next() <= platform.clock().ticks();
    }
  }

  private void away(PeerId holder) {
    synchronized (absences) {
      Absence before = absences.get(holder);
      long pause = before == null ? SHORTEST_PAUSE : Math.min(2 * before.pause(), LONGEST_PAUSE);
      absences.put(holder, new Absence(platform.clock().ticks() + pause, pause));
    }
  }

  /** Forgets holders that nothing is left to tell. */
  private void keepOnly(Set<PeerId> holders) {
    synchronized (absences) {
      absences.keySet().retainAll(holders);
    }
  }
}
