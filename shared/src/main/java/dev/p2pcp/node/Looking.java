package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds out who has the own blocks. A copy whose holder announces it is live; one whose holder was
 * not seen for longer than its grace is lost, and one that its holder gave up is gone; any other is
 * absent. Copies that other devices of the account placed are learned from the index servers.
 */
final class Looking {
  private final Clock clock;
  private final OwnBlocks own;
  private final Servers servers;
  private final Counting counting;
  private final Keepers keepers;
  private final Pushing pushing;
  private volatile long calmUntil = Long.MAX_VALUE;

  Looking(
      Clock clock,
      OwnBlocks own,
      Servers servers,
      Counting counting,
      Keepers keepers,
      Pushing pushing) {
    this.clock = clock;
    this.own = own;
    this.servers = servers;
    this.counting = counting;
    this.keepers = keepers;
    this.pushing = pushing;
  }

  /** Whether nothing is to be repaired now, or no index server has said that it may be. */
  boolean isCalm() {
    return clock.ticks() < calmUntil;
  }

  /**
   * How much is looked at.
   *
   * @param all whether it is all own blocks
   * @param anew whether servers are asked again about holders who by what they said are absent
   *     still: what they count may have changed
   */
  record Extent(boolean all, boolean anew) {}

  /**
   * Looks for these blocks. Suspends.
   *
   * @param lacking those that seem to lack copies
   * @return false if no server answered
   */
  boolean look(List<StorageKey> keys, Extent extent, Set<StorageKey> lacking)
      throws StoreException {
    boolean all = extent.all;
    Optional<Map<StorageKey, List<Servers.Location>>> found =
        keys.isEmpty() ? Optional.of(Map.of()) : servers.find(keys);
    if (found.isEmpty()) {
      return false;
    }
    Map<StorageKey, Set<PeerId>> where = new HashMap<>();
    Set<PeerId> here = new HashSet<>();
    found
        .get()
        .forEach(
            (key, locations) -> {
              List<PeerId> peers = locations.stream().map(Servers.Location::peer).toList();
              own.seenOnline(key, peers);
              where.put(key, own.online(key));
              here.addAll(peers);
            });
    if (all) {
      keepers.keepOnly(holders(own.snapshot(), key -> true));
    }
    keepers.seen(here);
    learn(where, here, extent, lacking);
    if (all) {
      keepers.save();
    }
    return true;
  }

  /** Who keeps those of the blocks. */
  private static Set<PeerId> holders(
      Map<StorageKey, OwnBlock> blocks, Predicate<StorageKey> which) {
    Set<PeerId> holders = new HashSet<>();
    blocks.forEach(
        (key, block) -> {
          if (which.test(key)) {
            block.copies().forEach(copy -> holders.add(copy.holder()));
          }
        });
    return holders;
  }

  private void learn(
      Map<StorageKey, Set<PeerId>> where, Set<PeerId> here, Extent extent, Set<StorageKey> lacking)
      throws StoreException {
    Map<StorageKey, OwnBlock> blocks = own.snapshot();
    blocks.keySet().retainAll(where.keySet());
    Set<StorageKey> asked = new LinkedHashSet<>(lacking);
    asked.retainAll(blocks.keySet());
    asked.addAll(unclear(blocks, where, here, extent));
    Counting.Answer answer = new Counting.Answer();
    if (!asked.isEmpty()) {
      counting.ask(asked, answer);
      if (answer.isGiven()) {
        calmUntil = answer.calm() == 0 ? 0 : clock.ticks() + answer.calm();
        asked.forEach(key -> answer.of(key).values().forEach(keepers::told));
      } else {
        calmUntil = Long.MAX_VALUE;
      }
    }
    Map<PeerId, Set<StorageKey>> gone = gone(blocks, where, here, answer);
    Set<PeerId> judged = isCalm() ? Set.of() : holders(blocks, answer::covers);
    own.changeAll(
        blocks.keySet(),
        (key, before) ->
            judged(key, before, where.getOrDefault(key, Set.of()), answer, gone, judged));
    forgoLost(blocks, answer);
  }

  /**
   * What counts as lost from now on, index servers are not to count either; nor what did before, of
   * which a server was shown the receipt since. Suspends.
   */
  private void forgoLost(Map<StorageKey, OwnBlock> before, Counting.Answer answer) {
    Set<PeerId> counted = new HashSet<>();
    before.keySet().forEach(key -> counted.addAll(answer.of(key).keySet()));
    List<SessionFrame.Renew.Copy> lost = new ArrayList<>();
    Map<StorageKey, OwnBlock> now = own.snapshot();
    now.keySet().retainAll(before.keySet());
    now.forEach(
        (key, block) -> {
          List<PeerId> known = Objects.requireNonNull(before.get(key)).lost();
          for (PeerId holder : block.lost()) {
            if (!known.contains(holder) || counted.contains(holder)) {
              lost.add(new SessionFrame.Renew.Copy(key, holder));
            }
          }
        });
    counting.forgo(lost);
  }

  /**
   * Blocks to ask about for their holders' sake: one for each holder that is nowhere to be seen,
   * all that a holder who is there does not announce, and those that others announce too.
   */
  private Set<StorageKey> unclear(
      Map<StorageKey, OwnBlock> blocks,
      Map<StorageKey, Set<PeerId>> where,
      Set<PeerId> here,
      Extent extent) {
    Set<StorageKey> unclear = new LinkedHashSet<>();
    Set<PeerId> covered = new HashSet<>();
    blocks.forEach(
        (key, block) -> {
          Set<PeerId> online = where.getOrDefault(key, Set.of());
          for (OwnBlock.Copy copy : block.copies()) {
            PeerId holder = copy.holder();
            boolean absent = !copy.leaving() && !online.contains(holder);
            boolean asked = extent.all && (extent.anew || !keepers.isWaitedFor(holder));
            if (absent && (here.contains(holder) || (asked && !covered.contains(holder)))) {
              unclear.add(key);
            }
          }
          if (online.stream().anyMatch(peer -> block.copyWith(peer).isEmpty())) {
            unclear.add(key);
          }
          if (unclear.contains(key)) {
            block.copies().forEach(copy -> covered.add(copy.holder()));
          }
        });
    return unclear;
  }

  /** By holder, copies that it has given up. Suspends. */
  private Map<PeerId, Set<StorageKey>> gone(
      Map<StorageKey, OwnBlock> blocks,
      Map<StorageKey, Set<PeerId>> where,
      Set<PeerId> here,
      Counting.Answer answer) {
    Map<PeerId, Set<StorageKey>> suspect = uncounted(blocks, where, answer);
    if (suspect.isEmpty()) {
      return suspect;
    }
    // Who gave up one may have given up all.
    List<StorageKey> more = new ArrayList<>();
    blocks.forEach(
        (key, block) -> {
          boolean others =
              block.copies().stream().anyMatch(copy -> suspect.containsKey(copy.holder()));
          if (others && !answer.covers(key)) {
            more.add(key);
          }
        });
    counting.ask(more, answer);
    Map<PeerId, Set<StorageKey>> gone = new HashMap<>();
    for (Map.Entry<PeerId, Set<StorageKey>> one : uncounted(blocks, where, answer).entrySet()) {
      PeerId holder = one.getKey();
      Set<StorageKey> sure = new HashSet<>(counting.gone(holder, one.getValue()));
      if (here.contains(holder)) {
        // It is there and says nothing of them, nor does anybody else.
        sure.addAll(one.getValue());
      }
      gone.put(holder, sure);
    }
    return gone;
  }

  private static Map<PeerId, Set<StorageKey>> uncounted(
      Map<StorageKey, OwnBlock> blocks,
      Map<StorageKey, Set<PeerId>> where,
      Counting.Answer answer) {
    Map<PeerId, Set<StorageKey>> uncounted = new HashMap<>();
    blocks.forEach(
        (key, block) -> {
          for (OwnBlock.Copy copy : block.copies()) {
            PeerId holder = copy.holder();
            if (answer.covers(key)
                && !copy.leaving()
                && !copy.lost()
                && !answer.of(key).containsKey(holder)
                && !where.getOrDefault(key, Set.of()).contains(holder)) {
              uncounted.computeIfAbsent(holder, h -> new HashSet<>()).add(key);
            }
          }
        });
    return uncounted;
  }

  private OwnBlock judged(
      StorageKey key,
      OwnBlock before,
      Set<PeerId> online,
      Counting.Answer answer,
      Map<PeerId, Set<StorageKey>> gone,
      Set<PeerId> toJudge) {
    if (before.released()) {
      return before;
    }
    OwnBlock after = before;
    for (SessionFrame.CopiesFound.Kept kept : answer.of(key).values()) {
      PeerId holder = kept.holder();
      Optional<OwnBlock.Copy> known = before.copyWith(holder);
      if (known.isEmpty() && !keepers.isReleased(key, holder)) {
        long version = pushing.pushedTo(key, holder);
        after = after.withCopy(new OwnBlock.Copy(holder, version, kept.expires()));
      } else if (known
          .filter(copy -> !copy.leaving() && copy.expires() < kept.expires())
          .isPresent()) {
        after = after.withCopy(known.get().until(kept.expires()));
      }
    }
    for (OwnBlock.Copy copy : List.copyOf(after.copies())) {
      PeerId holder = copy.holder();
      if (gone.getOrDefault(holder, Set.of()).contains(key)) {
        after = after.withoutCopy(holder);
        continue;
      }
      // Who came back for a while has brought its receipts, so that servers count it again too.
      boolean lost = !online.contains(holder) && keepers.isLost(holder);
      if (lost ? toJudge.contains(holder) && !copy.lost() : copy.lost()) {
        after = after.withLost(holder, lost);
      }
    }
    return after;
  }
}
