package dev.p2pcp.topic;

import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Entropy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a topic that are known here. Guarded by the mesh. */
final class Members {
  /** So many are remembered. */
  static final int MOST = 64;

  private final PeerId self;
  private final Entropy entropy;
  private final Map<PeerId, Member> all = new LinkedHashMap<>();

  /** Says yes or no to a member. */
  interface Choice {
    boolean fits(Member member);
  }

  Members(PeerId self, Entropy entropy) {
    this.self = self;
    this.entropy = entropy;
  }

  Collection<Member> all() {
    return all.values();
  }

  @Nullable Member find(PeerId peer) {
    return all.get(peer);
  }

  /** Somebody who is there, known or not; null if there is no room for another. */
  @Nullable Member meet(PeerId peer, long now) {
    Member known = all.get(peer);
    if (known == null && !peer.equals(self) && (all.size() < MOST || makeRoom(now))) {
      known = new Member(peer);
      all.put(peer, known);
    }
    return known;
  }

  /**
   * Hearsay: those of them that are not known are, where there is room without forgetting any.
   *
   * @return whether any was not
   */
  boolean learn(List<PeerId> peers) {
    int before = all.size();
    for (PeerId peer : peers) {
      if (all.size() < MOST && !peer.equals(self)) {
        all.putIfAbsent(peer, new Member(peer));
      }
    }
    return all.size() > before;
  }

  /** It is not there, or no member; what is held against it is remembered. */
  void forget(Member member, long now) {
    if (member.standing.of(now) == 0) {
      all.remove(member.peer, member);
    }
  }

  int count(Choice choice) {
    int count = 0;
    for (Member one : all.values()) {
      count += choice.fits(one) ? 1 : 0;
    }
    return count;
  }

  /** Of the neighbours since before that, who brought least. */
  @Nullable Member worst(long before) {
    Member worst = null;
    for (Member one : all.values()) {
      boolean judged = one.neighbour && one.since <= before;
      if (judged && (worst == null || one.brought < worst.brought)) {
        worst = one;
      }
    }
    return worst;
  }

  /** At most so many that fit, at random. */
  List<Member> some(int most, Choice choice) {
    List<Member> fit = new ArrayList<>();
    for (Member one : all.values()) {
      if (choice.fits(one)) {
        fit.add(one);
      }
    }
    for (int i = 0; i < Math.min(most, fit.size()); i++) {
      int drawn = i + entropy.below(fit.size() - i);
      Member one = fit.get(drawn);
      fit.set(drawn, fit.get(i));
      fit.set(i, one);
    }
    return fit.subList(0, Math.min(Math.max(0, most), fit.size()));
  }

  /** Forgets somebody nothing is the matter with, or else whoever was shut out first. */
  private boolean makeRoom(long now) {
    Member gone = null;
    for (Member one : all.values()) {
      boolean plain = one.standing.of(now) == 0;
      if (one.isIdle() && (gone == null || plain)) {
        gone = one;
        if (plain) {
          break;
        }
      }
    }
    return gone != null && all.remove(gone.peer, gone);
  }
}
