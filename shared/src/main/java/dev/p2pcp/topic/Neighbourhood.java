package dev.p2pcp.topic;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Mesh} knows and decides: who is a neighbour, what is said to whom, who is listened
 * to. Nothing here suspends.
 */
final class Neighbourhood {
  /** From here on one of the neighbours is let go each turn, so that the mesh stays mixed. */
  private static final int CROWDED = 8;

  /** For how many milliseconds others are told the name of a message. */
  private static final long TOLD = 3_000;

  /** Between two beats while something is going on, and while nothing is, in milliseconds. */
  private static final long BEAT = 1_000;

  private static final long REST = 10_000;

  /** A neighbour that was not spoken with for so long is asked whether it is there. */
  private static final long SILENCE = 20_000;

  /** Messages in a turn from which on who brought hardly any of them counts as a free-rider. */
  private static final int ENOUGH = 32;

  private static final int SHARE = 20;

  /** Before the next word after one that failed, in milliseconds; and how many may. */
  private static final long AGAIN = 500;

  private static final long LONGEST_PAUSE = 10_000;
  private static final int FAILURES = 2;

  private final Hash topic;
  private final Voice voice;
  private final Circle circle;
  private int meetings;
  private int novel;
  private long lastTurn;
  private long lastNews = Long.MIN_VALUE / 2;
  private boolean left;

  /** Carries out what is decided. Never suspends. */
  interface Voice {
    /** Something is to be said to a member, to whom nobody speaks now. */
    void speak(Member member);

    /** Neighbours are lacking. */
    void wake();
  }

  /** Who is listened to, or why not. */
  record Admission(Optional<Member> member, Refusal refusal) {}

  /**
   * What is to be done besides.
   *
   * @param lonely more members are to be found
   * @param turn neighbours to compare notes with
   * @param pause milliseconds until the next beat
   */
  record Beat(boolean lonely, List<Member> turn, long pause) {}

  Neighbourhood(Platform platform, PeerId self, Hash topic, Voice voice) {
    this.topic = topic;
    this.voice = voice;
    this.circle = new Circle(platform, self, voice);
    this.lastTurn = circle.now();
  }

  synchronized boolean isLeft() {
    return left;
  }

  /** Tells all neighbours; false if that was done. */
  synchronized boolean leave() {
    boolean first = !left;
    left = true;
    if (first) {
      List.copyOf(circle.members.all()).forEach(Member::clear);
      circle.members.some(Members.MOST, one -> one.neighbour).forEach(one -> circle.part(one, 0));
    }
    return first;
  }

  synchronized List<PeerId> neighbours() {
    List<PeerId> near = new ArrayList<>();
    for (Member one : circle.members.all()) {
      if (one.neighbour) {
        near.add(one.peer);
      }
    }
    return near;
  }

  synchronized void blame(PeerId peer, int points) {
    Member member = circle.members.find(peer);
    if (member != null) {
      circle.lose(member, points);
    }
  }

  /** See {@link Mesh#found}. */
  synchronized boolean found(List<PeerId> some) {
    boolean news = circle.members.learn(some);
    int near = circle.near();
    if (near >= Mesh.LEAST && near < CROWDED) {
      long now = circle.now();
      circle
          .members
          .some(1, one -> some.contains(one.peer) && one.isFit(now))
          .forEach(circle::court);
    }
    voice.wake();
    return news;
  }

  /** Who says or asks something, unless it is too much; the next or the one after it follows. */
  synchronized Admission admit(PeerId from, long weight, boolean asks) {
    Member member = left ? null : circle.members.meet(from, circle.now());
    if (member == null) {
      return new Admission(Optional.empty(), Refusal.of(Refusal.NOT_FOUND, "no member"));
    }
    Optional<Refusal> no =
        asks ? member.admitQuestion(weight, circle.now()) : member.admit(weight, circle.now());
    circle.dropIfBad(member);
    return no.map(why -> new Admission(Optional.empty(), why))
        .orElseGet(() -> new Admission(Optional.of(member), Refusal.of(0, "")));
  }

  synchronized void looked(Member member) {
    member.looking--;
  }

  synchronized void answered(Member member, int bytes, int points) {
    member.answered(bytes);
    if (points > 0) {
      circle.lose(member, points);
    }
  }

  /** How the member stands to this one by what it says; whether it has become a neighbour. */
  synchronized boolean takeStance(Member member, PeerFrame.Gossip gossip) {
    long now = circle.now();
    member.spoken = now;
    member.failures = 0;
    if (gossip.stance() == PeerFrame.Gossip.PARTING) {
      member.turnAway(now + Circle.APART);
      circle.members.learn(gossip.others());
      voice.wake();
      return false;
    }
    if (gossip.stance() == PeerFrame.Gossip.NEITHER || member.neighbour) {
      return false;
    }
    boolean early = now < member.barred;
    boolean welcome =
        !early && !member.standing.isDropped(now) && (member.asked || circle.near() < Mesh.MOST);
    if (welcome) {
      member.befriend(now);
      circle.tellRecent(member);
    } else if (early) {
      circle.lose(member, Standing.ODD);
    }
    return welcome;
  }

  /** What is answered to it. */
  synchronized PeerFrame.Heard answer(Member member, PeerFrame.Gossip gossip) {
    List<Hash> want = circle.recent.want(gossip.have(), member.peer, circle.now());
    boolean refused = gossip.stance() == PeerFrame.Gossip.NEIGHBOUR && !member.neighbour;
    return new PeerFrame.Heard(member.neighbour, refused ? circle.others(member) : List.of(), want);
  }

  /** Whether that message has to be looked at; after that, {@link #judged}. */
  synchronized boolean isNews(Member from, Hash name) {
    if (circle.recent.isFirst(name)) {
      return true;
    }
    if (circle.recent.isCondemned(name)) {
      circle.lose(from, Standing.WRONG);
    } else if (circle.recent.message(name) != null) {
      from.brought++;
    }
    return false;
  }

  /** There was no time for it. */
  synchronized void unjudged(Hash name) {
    circle.recent.forget(name);
  }

  synchronized void judged(Member from, Hash name, Bytes message, Verdict verdict) {
    switch (verdict) {
      case NEW -> {
        from.brought++;
        novel++;
        handOn(name, message, from);
      }
      case KNOWN -> {
        // As good as a message that came before.
      }
      case PARKED -> {
        // While notes are compared, everybody's messages come before what they follow on.
        if (meetings == 0) {
          circle.lose(from, Standing.ODD);
        }
      }
      case BAD -> {
        circle.recent.condemn(name);
        circle.lose(from, Standing.WRONG);
      }
    }
  }

  /** Gives a message to all neighbours but the one it came from. */
  synchronized void handOn(Hash name, Bytes message, @Nullable Member from) {
    long now = circle.now();
    if (left || !circle.recent.keep(name, message, now)) {
      return;
    }
    for (Member one : circle.members.all()) {
      if (one.neighbour && one != from) {
        one.add(message);
        circle.speak(one);
      }
    }
    if (now - lastNews > TOLD) {
      voice.wake();
    }
    lastNews = now;
  }

  /** Sees to it that there are neighbours, and that others hear. */
  synchronized Beat beat() {
    long now = circle.now();
    circle.recent.turn(now).forEach(late -> blame(late, Standing.ODD));
    List<Member> turn = List.of();
    if (now - lastTurn >= Mesh.TURN) {
      lastTurn = now;
      turn(now);
      turn = List.copyOf(circle.members.some(1, one -> one.neighbour));
    }
    int near = circle.near();
    if (near < Mesh.LEAST) {
      circle.members.some(Mesh.DEGREE - near, one -> one.isFit(now)).forEach(circle::court);
    }
    circle.tellOthers(now - TOLD);
    for (Member one : circle.members.all()) {
      if (one.neighbour && now - one.spoken >= SILENCE) {
        one.due = true;
        circle.speak(one);
      }
    }
    return new Beat(circle.near() < Mesh.LEAST, turn, now - lastNews < TOLD ? BEAT : REST);
  }

  /** What is to be said to the member next; null if nothing is, and nobody speaks to it then. */
  synchronized PeerFrame.@Nullable Gossip next(Member member) {
    if (!member.due) {
      member.speaking = false;
      return null;
    }
    return member.next(topic, member.parting ? circle.others(member) : List.of());
  }

  /** What it answered; whether it has become a neighbour by that. */
  synchronized boolean agreed(Member member, PeerFrame.Gossip said, PeerFrame.Heard heard) {
    member.spoken = circle.now();
    member.failures = 0;
    for (Hash name : heard.want()) {
      Bytes message = said.have().contains(name) ? circle.recent.message(name) : null;
      if (message != null) {
        member.add(message);
      }
    }
    if (said.stance() != PeerFrame.Gossip.NEIGHBOUR || !member.isNear()) {
      return false;
    }
    if (heard.neighbour()) {
      boolean came = !member.neighbour;
      if (came) {
        member.befriend(circle.now());
      }
      return came;
    }
    member.turnAway(circle.now() + Circle.APART);
    circle.members.learn(heard.others());
    voice.wake();
    return false;
  }

  /** It has no time; how long it is to be left in peace, in milliseconds. */
  synchronized long busy(Member member, PeerFrame.Gossip said, Refusal why) {
    member.asked = false;
    // It can ask for them when it has time.
    List<Hash> names = new ArrayList<>(said.have());
    said.messages().forEach(message -> names.add(PeerFrame.Gossip.nameOf(message)));
    member.have = List.copyOf(names.subList(0, Math.min(names.size(), Limits.GOSSIP)));
    member.due |= member.neighbour;
    if (++member.failures > FAILURES) {
      member.turnAway(circle.now() + Circle.APART);
      member.clear();
    }
    return Math.min(LONGEST_PAUSE, why.figures().isEmpty() ? AGAIN : why.figures().getFirst());
  }

  /**
   * It did not answer, or is no member; how long to wait with the next word, in milliseconds.
   *
   * @param answered whether it is there
   */
  synchronized long failed(Member member, boolean answered) {
    member.asked = false;
    if (answered || !member.neighbour || ++member.failures >= FAILURES) {
      member.neighbour = false;
      member.clear();
      circle.members.forget(member, circle.now());
      voice.wake();
    } else {
      member.due = true;
    }
    return AGAIN;
  }

  /** Whether notes are to be compared with it now; then {@link #met} follows. */
  synchronized boolean meets(Member member) {
    if (left || member.meeting) {
      return false;
    }
    member.meeting = true;
    meetings++;
    return true;
  }

  synchronized void met(Member member) {
    member.meeting = false;
    meetings--;
  }

  /** Who brought least goes where there are many, or where it brought next to nothing of much. */
  private void turn(long now) {
    Member worst = circle.members.worst(now - Mesh.TURN);
    int count = circle.members.count(one -> one.neighbour);
    if (worst != null) {
      boolean idle = novel >= ENOUGH && worst.brought * SHARE < novel;
      if (count > CROWDED || idle && count > 1) {
        circle.part(worst, idle ? 5 * Circle.APART : Circle.APART);
      }
    }
    novel = 0;
    circle.members.all().forEach(one -> one.brought = 0);
  }
}
