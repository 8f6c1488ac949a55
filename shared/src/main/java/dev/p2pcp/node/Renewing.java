package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Renews copies well before their receipts end, so that no holder lets go of what is still wanted
 * only because its owner was away on the last day; and at once where this device has no receipt, as
 * of what it learnt after its storage was cleared, so that it can tell an index server that forgot.
 */
final class Renewing {
  /** How long before its end a copy is renewed, in milliseconds: 10 days. */
  static final long BEFORE = 10L * 24 * 60 * 60 * 1000;

  /** Between two attempts for the same block, in milliseconds. */
  private static final long PAUSE = 10 * 60 * 1000L;

  private final Platform platform;
  private final OwnBlocks own;
  private final Servers servers;
  private final Placing placing;
  private final Receipts receipts;
  private final Map<StorageKey, Long> tried = new HashMap<>();

  Renewing(Platform platform, OwnBlocks own, Servers servers, Placing placing, Receipts receipts) {
    this.platform = platform;
    this.own = own;
    this.servers = servers;
    this.placing = placing;
    this.receipts = receipts;
  }

  /** Renews what is due and whose holders are online, as far as the account may. Suspends. */
  void run() {
    List<SessionFrame.Renew.Copy> due = due();
    for (int at = 0; at < due.size(); at += Limits.RENEW_COPIES) {
      List<SessionFrame.Renew.Copy> part =
          due.subList(at, Math.min(due.size(), at + Limits.RENEW_COPIES));
      Set<StorageKey> keys = new HashSet<>();
      part.forEach(copy -> keys.add(copy.key()));
      try {
        placing.place(keys, servers.renew(part));
      } catch (LinkException e) {
        // They count until they end: there is time to try again.
        return;
      } catch (RefusedException e) {
        if (e.refusal().code() != Refusal.NOT_FOUND) {
          // Likewise, and to lend what is missing.
          return;
        }
      }
    }
  }

  private List<SessionFrame.Renew.Copy> due() {
    long now = platform.clock().now();
    long ticks = platform.clock().ticks();
    tried.values().removeIf(time -> time + PAUSE <= ticks);
    Set<SessionFrame.Renew.Copy> proven = receipts.copies();
    List<SessionFrame.Renew.Copy> due = new ArrayList<>();
    for (Map.Entry<StorageKey, OwnBlock> entry : own.snapshot().entrySet()) {
      if (!tried.containsKey(entry.getKey())) {
        List<SessionFrame.Renew.Copy> copies = due(entry.getKey(), entry.getValue(), proven, now);
        if (!copies.isEmpty()) {
          tried.put(entry.getKey(), ticks);
          due.addAll(copies);
        }
      }
    }
    return due;
  }

  private List<SessionFrame.Renew.Copy> due(
      StorageKey key, OwnBlock block, Set<SessionFrame.Renew.Copy> proven, long now) {
    Set<PeerId> online = own.online(key);
    List<SessionFrame.Renew.Copy> due = new ArrayList<>();
    for (OwnBlock.Copy copy : block.copies()) {
      SessionFrame.Renew.Copy one = new SessionFrame.Renew.Copy(key, copy.holder());
      boolean ends = copy.expires() - now < BEFORE || !proven.contains(one);
      if (ends && copy.countsAt(now) && online.contains(copy.holder())) {
        due.add(one);
      }
    }
    return due;
  }
}
