package dev.p2pcp.trust;

import dev.p2pcp.identity.PeerId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far the answers of one index server can be relied on. Other agents, the witnesses, announce
 * canaries there: keys that only they and the asker know. Each look asks for all of them. What an
 * honest server does not tell is what it was not told yet or no longer: so a look counts only if
 * the witness was seen there at the looks before and after it, and speaks against the server only
 * if it goes on for a while, with several witnesses. Not safe for use by several threads at once.
 */
public final class Candour {
  /** Witnesses remembered, and looks at each. */
  public static final int WITNESSES = 8;

  private static final int LOOKS = 16;

  /** Looks of one witness that must lack something, and how long it must go on, in milliseconds. */
  private static final int AGAIN = 3;

  private static final long LASTING = 12_000;

  /** Witnesses of whom it must be so: one alone may not have announced what it said. */
  private static final int AGREEING = 2;

  /** Percent of the locations that must lack. */
  private static final int LEAST = 1;

  /** One look at the canaries of one witness: so many asked for, so many told of. */
  private record Look(long at, boolean there, int asked, int told, boolean invented) {
    int lacking() {
      return asked - told;
    }
  }

  private static final class Witness {
    final Deque<Look> counted = new ArrayDeque<>();
    private Look before = new Look(0, false, 0, 0, false);
    private Look last = before;

    void looked(Look look) {
      if (before.there && last.there && look.there) {
        counted.add(last);
        if (counted.size() > LOOKS) {
          counted.poll();
        }
      }
      before = last;
      last = look;
    }

    boolean lacks() {
      int times = 0;
      long first = 0;
      long latest = 0;
      for (Look look : counted) {
        if (look.lacking() > 0) {
          first = times++ == 0 ? look.at : first;
          latest = look.at;
        }
      }
      // Who comes and goes is seen in the midst of it now and then; who leaves out does so always.
      return times >= AGAIN && 2 * times > counted.size() && latest - first >= LASTING;
    }

    boolean isInvented() {
      int times = 0;
      for (Look look : counted) {
        times += look.invented ? 1 : 0;
      }
      return times >= AGAIN;
    }
  }

  private final Map<PeerId, Witness> witnesses = new LinkedHashMap<>();
  private int inventions;

  /**
   * One look at the canaries of one witness.
   *
   * @param at monotonic, in milliseconds
   * @param there whether the witness is seen to be connected to that server
   * @param asked canaries asked for
   * @param told canaries that the server said the witness has
   * @param invented whether it named anybody else
   */
  public void looked(
      PeerId witness, long at, boolean there, int asked, int told, boolean invented) {
    if (!witnesses.containsKey(witness) && witnesses.size() == WITNESSES) {
      witnesses.remove(witnesses.keySet().iterator().next());
    }
    witnesses
        .computeIfAbsent(witness, w -> new Witness())
        .looked(new Look(at, there, asked, told, invented));
  }

  /** It was asked for keys that nobody has ever had, and named somebody or not. */
  public void askedForNothing(boolean named) {
    inventions = named ? inventions + 1 : Math.max(0, inventions - 1);
  }

  /** Percent of the locations that it leaves out, 0 if nothing shows that it does. */
  public int omitted() {
    int agreeing = 0;
    long asked = 0;
    long lacking = 0;
    for (Witness witness : witnesses.values()) {
      agreeing += witness.lacks() ? 1 : 0;
      for (Look look : witness.counted) {
        asked += look.asked;
        lacking += look.lacking();
      }
    }
    long percent = asked == 0 ? 0 : (100 * lacking + asked / 2) / asked;
    return agreeing >= AGREEING && percent >= LEAST ? (int) percent : 0;
  }

  /** Whether it names holders of what they do not have. */
  public boolean isForging() {
    int agreeing = 0;
    for (Witness witness : witnesses.values()) {
      agreeing += witness.isInvented() ? 1 : 0;
    }
    return inventions >= AGREEING || agreeing >= AGREEING;
  }
}
