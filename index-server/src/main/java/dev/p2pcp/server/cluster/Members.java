package dev.p2pcp.server.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;
import com.hazelcast.core.LifecycleListener;
import dev.p2pcp.index.SessionNumber;
import dev.p2pcp.platform.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;

/**
 * The members of this cluster. Each has a number that no other has, drawn when it joins, and that
 * number is part of the numbers of all its sessions ({@link SessionNumber}).
 */
@Component
public class Members {
  /** Name of the attribute by which a member tells its number. */
  static final String NUMBER = "number";

  /** How long members that have left are remembered, in milliseconds: for two sweeps. */
  private static final long RECENT = 75_000;

  private final HazelcastInstance hazelcast;
  private final int number;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Clock clock;
  private final Map<Integer, Long> departed = new HashMap<>();
  private volatile Map<Integer, Member> others = Map.of();

  Members(HazelcastInstance hazelcast, Clock clock) {
    this.hazelcast = hazelcast;
    this.clock = clock;
    this.number = numberOf(hazelcast.getCluster().getLocalMember());
    hazelcast.getCluster().addMembershipListener(new Changes());
    hazelcast.getLifecycleService().addLifecycleListener(new Reunions());
    refresh();
  }

  /** Hears who comes and goes, on a thread of the cluster; must be quick. */
  public interface Listener {
    /** That other member is there from now on, and knows nothing of this one. */
    void joined(int member);

    /** That other member is gone, for all that this one can see. */
    void left(int member);
  }

  /** The number of this member's session with that count, which wraps around. */
  public int sessionNumber(int count) {
    return SessionNumber.of(number, count);
  }

  /** The number of this member. */
  public int number() {
    return number;
  }

  /** The other members' numbers. */
  public Set<Integer> others() {
    return others.keySet();
  }

  /** Another member that is there now. */
  public Optional<Member> find(int member) {
    return Optional.ofNullable(others.get(member));
  }

  /** Whether that other member is the one that has the number now. */
  boolean isThere(int member, UUID id) {
    return find(member).filter(found -> found.getUuid().equals(id)).isPresent();
  }

  /** Whether this is the one member that does what only one needs to do. */
  public boolean leads() {
    return hazelcast.getCluster().getMembers().iterator().next().localMember();
  }

  /** Numbers of members that have left lately and did not come back, in rising order. */
  public int[] departed() {
    synchronized (departed) {
      departed.values().removeIf(since -> clock.ticks() - since > RECENT);
      return departed.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    }
  }

  /** Tells it who is there now, and from then on who comes and goes. */
  public void listen(Listener listener) {
    synchronized (departed) {
      listeners.add(listener);
      others.keySet().forEach(listener::joined);
    }
  }

  /** Whether no member that joined before has that number. */
  static boolean isFree(int number, HazelcastInstance joined) {
    for (Member member : joined.getCluster().getMembers()) {
      if (member.localMember()) {
        return true;
      }
      if (Integer.toString(number).equals(member.getAttribute(NUMBER))) {
        return false;
      }
    }
    return true;
  }

  private static int numberOf(Member member) {
    return Integer.parseInt(member.getAttribute(NUMBER));
  }

  /**
   * Compares who is there with who was. A member that has been parted and is back is another to the
   * cluster, though its number is the same.
   */
  private void refresh() {
    synchronized (departed) {
      Map<Integer, Member> before = others;
      Map<Integer, Member> now = new LinkedHashMap<>();
      for (Member member : hazelcast.getCluster().getMembers()) {
        if (!member.localMember() && member.getAttribute(NUMBER) != null) {
          now.put(numberOf(member), member);
        }
      }
      List<Integer> left = new ArrayList<>();
      List<Integer> joined = new ArrayList<>();
      before.forEach(
          (known, member) -> {
            if (!member.equals(now.get(known))) {
              left.add(known);
            }
          });
      now.forEach(
          (known, member) -> {
            if (!member.equals(before.get(known))) {
              joined.add(known);
            }
          });
      left.forEach(member -> departed.put(member, clock.ticks()));
      departed.keySet().removeAll(now.keySet());
      // Nothing that one says who is back may be taken before what it said earlier is dropped.
      Map<Integer, Member> stayed = new HashMap<>(before);
      stayed.keySet().removeAll(left);
      others = Map.copyOf(stayed);
      listeners.forEach(listener -> left.forEach(listener::left));
      others = Map.copyOf(now);
      listeners.forEach(listener -> joined.forEach(listener::joined));
    }
  }

  private final class Changes implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      refresh();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      refresh();
    }
  }

  private final class Reunions implements LifecycleListener {
    @Override
    public void stateChanged(LifecycleEvent event) {
      if (event.getState() == LifecycleEvent.LifecycleState.MERGED) {
        refresh();
      }
    }
  }
}
