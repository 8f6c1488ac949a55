package dev.p2pcp.topic;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import java.util.ArrayList;
import java.util.List;

/** What is done with one member or another, for a {@link Neighbourhood}, which guards it. */
final class Circle {
  /** Before one who was turned away, or turned us away, is a neighbour again, in milliseconds. */
  static final long APART = 60_000;

  /** Others who are told names at once. */
  private static final int LAZY = 6;

  final Members members;
  final Recent recent = new Recent();
  private final Platform platform;
  private final Neighbourhood.Voice voice;

  Circle(Platform platform, PeerId self, Neighbourhood.Voice voice) {
    this.platform = platform;
    this.voice = voice;
    this.members = new Members(self, platform.entropy());
  }

  /** Tells some who are no neighbours the names of what came lately. */
  void tellOthers(long since) {
    long now = now();
    List<Hash> names = recent.namesSince(since, Limits.GOSSIP);
    if (!names.isEmpty()) {
      for (Member one :
          members.some(LAZY, m -> !m.neighbour && !m.asked && !m.standing.isDropped(now))) {
        one.have = names;
        one.due = true;
        speak(one);
      }
    }
  }

  int near() {
    return members.count(Member::isNear);
  }

  void court(Member member) {
    member.asked = true;
    member.due = true;
    tellRecent(member);
  }

  /** What was published while there was nobody, too. */
  void tellRecent(Member member) {
    member.have = recent.namesSince(now() - Recent.LIFE, Limits.GOSSIP);
    member.due |= !member.have.isEmpty();
    if (member.due) {
      speak(member);
    }
  }

  void part(Member member, long apart) {
    member.clear();
    member.turnAway(now() + apart);
    member.barred = member.notBefore;
    member.parting = true;
    member.due = true;
    speak(member);
  }

  void lose(Member member, int points) {
    member.standing.lose(points, now());
    dropIfBad(member);
  }

  void dropIfBad(Member member) {
    if (member.isNear() && member.standing.isDropped(now())) {
      part(member, APART);
      voice.wake();
    }
  }

  void speak(Member member) {
    if (!member.speaking) {
      member.speaking = true;
      voice.speak(member);
    }
  }

  /** Members that one who is turned away may turn to. */
  List<PeerId> others(Member but) {
    long now = now();
    List<PeerId> named = new ArrayList<>();
    members
        .some(
            Limits.GOSSIP_PEERS,
            m -> m != but && m.spoken > 0 && m.failures == 0 && m.standing.of(now) == 0)
        .forEach(one -> named.add(one.peer));
    return named;
  }

  long now() {
    return platform.clock().ticks();
  }
}
