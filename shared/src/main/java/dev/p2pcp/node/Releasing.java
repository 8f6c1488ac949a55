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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells holders which copies are no longer wanted, until each has heard it. */
final class Releasing {
  private static final int AT_ONCE = 8;
  private static final long TIME = 30_000;

  private final Platform platform;
  private final Device device;
  private final OwnBlocks own;
  private final Servers servers;

  Releasing(Platform platform, Device device, OwnBlocks own, Servers servers) {
    this.platform = platform;
    this.device = device;
    this.own = own;
    this.servers = servers;
  }

  /**
   * Tells the holders of released blocks, and surplus holders of the others. Suspends.
   *
   * @return whether nothing is left to tell
   */
  boolean run(int wanted) throws StoreException {
    forgetExpired();
    Map<PeerId, List<StorageKey>> byHolder = new LinkedHashMap<>();
    for (Map.Entry<StorageKey, OwnBlock> entry : own.snapshot().entrySet()) {
      for (PeerId holder : unwanted(entry.getValue(), wanted)) {
        byHolder.computeIfAbsent(holder, h -> new ArrayList<>()).add(entry.getKey());
      }
    }
    if (byHolder.isEmpty()) {
      return true;
    }
    List<StorageKey> keys = byHolder.values().stream().flatMap(List::stream).distinct().toList();
    Map<StorageKey, List<Servers.Location>> where = servers.lookup(keys);
    Deadline deadline = platform.deadline(TIME);
    Parallel.forEach(
        platform,
        List.copyOf(byHolder.entrySet()),
        AT_ONCE,
        deadline,
        entry -> {
          for (Servers.Location location : at(entry.getKey(), where)) {
            releaseAt(location, entry.getValue(), deadline);
          }
        });
    return own.snapshot().values().stream().allMatch(block -> unwanted(block, wanted).isEmpty());
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

  /** One way to the holder, if it is online. */
  private static List<Servers.Location> at(
      PeerId holder, Map<StorageKey, List<Servers.Location>> where) {
    return where.values().stream()
        .flatMap(List::stream)
        .filter(location -> location.peer().equals(holder))
        .limit(1)
        .toList();
  }

  private static List<PeerId> unwanted(OwnBlock block, int wanted) {
    if (block.released()) {
      return block.copies().stream().map(OwnBlock.Copy::holder).toList();
    }
    int surplus = block.adopted() ? 0 : Math.max(0, block.copies().size() - (wanted - 1));
    return block.copies().stream().limit(surplus).map(OwnBlock.Copy::holder).toList();
  }

  private void releaseAt(Servers.Location at, List<StorageKey> keys, Deadline deadline) {
    for (int from = 0; from < keys.size(); from += ReceiptHeader.MAX_COUNT) {
      List<StorageKey> part =
          keys.subList(from, Math.min(keys.size(), from + ReceiptHeader.MAX_COUNT));
      long time = platform.clock().now();
      Bytes signed = PeerFrame.Release.signed(at.peer(), time, part);
      try {
        PeerFrame.Reply reply =
            at.link()
                .call(
                    new PeerFrame.Release(
                        device.certificate(),
                        at.peer(),
                        time,
                        part,
                        device.key().sign(Domain.RELEASE, signed)),
                    deadline);
        if (reply instanceof PeerFrame.Ok) {
          for (StorageKey key : part) {
            own.change(key, block -> block.withoutCopy(at.peer()));
          }
        }
      } catch (LinkException | StoreException e) {
        // Still unwanted there: the next round tells it again.
        return;
      }
    }
  }
}
