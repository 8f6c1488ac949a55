package dev.p2pcp.index;

import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.crypto.Signature;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.ReceiptTerms;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.trust.DayBudget;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Who is asked to show what, and when. Of each connected peer some of the copies that it keeps are
 * known; each is asked for once before any is asked for again. A peer that denies a copy or shows
 * something else is asked again, three times within minutes, before that is a fault: by then an
 * honest one has said that it lost the block. What a peer has to send for all this stays under a
 * limit a day, however often it connects.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Audits {
  /** Passes after which a peer is no longer new. */
  static final int SETTLED_PASSES = 50;

  /**
   * The first audits of a visit, none of a copy twice, and the mean times between them in
   * milliseconds: most visits are short, and the next one may be days away.
   */
  private static final int AT_ONCE = 18;

  private static final int AT_ONCE_INTERVAL = 12_000;

  /** Who comes back sooner was not away, in milliseconds: an unsteady line is no visit. */
  static final long AWAY = 30 * 60_000;

  /**
   * Mean times between later audits of a peer that stays, in milliseconds: what one visit does not
   * use up is there for the next, which finds more in less time.
   */
  private static final int NEW_INTERVAL = 8 * 60_000;

  private static final int SETTLED_INTERVAL = 12 * 60_000;

  /** What is kept of a day's bytes for further visits is a fifth; of it one that stays has less. */
  private static final int KEPT_FOR_VISITS = DayBudget.LIMIT / 5;

  private static final int SPARING = 2;

  /** A peer that says that it can't now is asked again after so long, and longer each time. */
  private static final int REST = 60 * 60_000;

  private static final int MOST_RESTS = 2;

  /** Times after a failure until the audit is made again, in milliseconds. */
  private static final int[] RECHECK_AFTER = {20_000, 40_000, 90_000};

  /** Times that a peer may be silent about one copy and show others in between. */
  static final int SILENCES = 5;

  /** After a login it is first heard what the peer has to say, in milliseconds. */
  private static final int FIRST_AFTER = 15_000;

  /** Peers that are remembered while they are away; those seen longest ago are forgotten. */
  private static final int REMEMBERED = 50_000;

  /** Of so many of them also what they keep, which is up to 10 KB each. */
  private static final int REMEMBERED_WHOLE = 8_192;

  private static final int ASKED =
      1 + AccountId.LENGTH + StorageKey.LENGTH + Limits.AUDIT_NONCE + Integer.BYTES;
  private static final int ANSWERED = 1 + Long.BYTES + Signature.LENGTH + 1;

  private final Entropy entropy;
  private final Map<PeerId, Watch> online = new HashMap<>();
  private final LinkedHashMap<PeerId, Watch> lately = new LinkedHashMap<>();
  private final LinkedHashMap<PeerId, Watch> away = new LinkedHashMap<>();
  private final PriorityQueue<Turn> turns = new PriorityQueue<>();
  private long entered;

  public Audits(Entropy entropy) {
    this.entropy = entropy;
  }

  /** To be sent to the holder; what comes of it goes to {@link Audits#done}. */
  public record Challenge(
      PeerId holder, AccountId account, ReceiptTerms terms, PeerFrame.Audit audit) {}

  /**
   * What one audit came to.
   *
   * @param fault empty unless it confirmed a failure for the last time
   */
  public record Finding(Challenge challenge, Verdict verdict, Optional<Conduct.Fault> fault) {}

  /** A moment for which a peer's next audit was planned; what was planned anew since is void. */
  private record Turn(long at, long order, PeerId peer, Watch watch) implements Comparable<Turn> {
    boolean isVoid() {
      return watch.next != at || watch.underWay != null;
    }

    @Override
    public int compareTo(Turn other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  /** One peer, connected or not. */
  private static final class Watch {
    private final AccountId account;
    private final DayBudget budget = new DayBudget();
    private final AuditSample.Marks recent = new AuditSample.Marks();
    private AuditSample sample = new AuditSample();
    private int passes;
    private boolean faulty;
    private int asked;
    private int rests;
    private long left;
    private long next;
    private AuditSample.@Nullable Kept suspect;
    private int failures;
    private AuditSample.@Nullable Kept unanswered;
    private int silences;
    private boolean spoke;
    private @Nullable Challenge underWay;
    private int reserved;

    Watch(AccountId account) {
      this.account = account;
    }

    /** From the audit that is made now to the next. */
    int interval(long now) {
      if (asked + 1 < Math.min(AT_ONCE, sample.size())) {
        return AT_ONCE_INTERVAL;
      }
      int base = faulty || passes < SETTLED_PASSES ? NEW_INTERVAL : SETTLED_INTERVAL;
      return budget.spent(now) < DayBudget.LIMIT - KEPT_FOR_VISITS ? base : SPARING * base;
    }

    /** What it failed to show, or was silent about and has shown others since; or any other. */
    Optional<AuditSample.Kept> pick(long now, Entropy entropy) {
      if (suspect != null) {
        return Optional.of(suspect);
      }
      return unanswered != null && spoke
          ? Optional.of(unanswered)
          : sample.pick(recent, now, entropy);
    }

    void clear(AccountId owner, StorageKey key) {
      if (suspect != null && suspect.is(owner, key)) {
        suspect = null;
        failures = 0;
      }
      if (unanswered != null && unanswered.is(owner, key)) {
        unanswered = null;
        silences = 0;
      }
    }

    void forgetExpired(long now) {
      if (suspect != null && suspect.expires() <= now) {
        suspect = null;
        failures = 0;
      }
      if (unanswered != null && unanswered.expires() <= now) {
        unanswered = null;
        silences = 0;
      }
    }
  }

  /** A peer is connected; the moment is wall time in milliseconds. */
  public void connect(PeerId peer, AccountId account, long now) {
    Watch watch = remembered(peer).orElseGet(() -> new Watch(account));
    watch.sample.beginAgain();
    watch.underWay = null;
    if (now - watch.left >= AWAY) {
      watch.asked = 0;
    }
    watch.next = Math.max(watch.next, now + FIRST_AFTER + entropy.below(FIRST_AFTER));
    online.put(peer, watch);
    plan(peer, watch);
  }

  /** Takes what is known of a peer from where it is. */
  private Optional<Watch> remembered(PeerId peer) {
    Watch known = online.remove(peer);
    known = known != null ? known : lately.remove(peer);
    return Optional.ofNullable(known != null ? known : away.remove(peer));
  }

  /**
   * A peer is gone. What it had to bear today, whom it failed and what it keeps is remembered: else
   * who brings no receipt of what it dropped would not be asked for it.
   */
  public void disconnect(PeerId peer, long now) {
    Watch watch = online.remove(peer);
    if (watch != null) {
      watch.left = now;
      watch.underWay = null;
      lately.put(peer, watch);
    }
    if (lately.size() > REMEMBERED_WHOLE) {
      Map.Entry<PeerId, Watch> eldest = lately.pollFirstEntry();
      eldest.getValue().sample = new AuditSample();
      away.put(eldest.getKey(), eldest.getValue());
    }
    if (away.size() > REMEMBERED) {
      away.pollFirstEntry();
    }
  }

  /** A receipt was verified by which a peer, which may be away, keeps that for an owner. */
  public void kept(PeerId holder, AccountId owner, ReceiptTerms terms, long expires) {
    Watch watch = online.getOrDefault(holder, lately.get(holder));
    if (watch != null) {
      watch.sample.add(owner, terms, expires, entropy);
    }
  }

  /** The holder said that it no longer keeps these: there is nothing to hold against it. */
  public void freed(PeerId holder, AccountId owner, List<StorageKey> keys) {
    Watch watch = online.getOrDefault(holder, lately.get(holder));
    if (watch == null) {
      return;
    }
    for (StorageKey key : keys) {
      watch.sample.remove(owner, key);
      watch.clear(owner, key);
    }
  }

  /** Peers that are connected. */
  public int size() {
    return online.size();
  }

  /** When there may be something to do next; until then {@link #due} has nothing. */
  public long next() {
    Turn first = turns.peek();
    return first == null ? Long.MAX_VALUE : first.at;
  }

  /** At most so many challenges that are due at that moment of wall time. */
  public List<Challenge> due(long now, int most) {
    List<Challenge> challenges = new ArrayList<>();
    while (next() <= now && challenges.size() < most) {
      Turn turn = Objects.requireNonNull(turns.poll());
      if (!turn.isVoid() && turn.watch.equals(online.get(turn.peer))) {
        Optional<Challenge> challenge = challenge(turn.peer, turn.watch, now);
        if (challenge.isPresent()) {
          challenges.add(challenge.get());
        } else {
          plan(turn.peer, turn.watch);
        }
      }
    }
    return challenges;
  }

  private void plan(PeerId peer, Watch watch) {
    turns.add(new Turn(watch.next, entered++, peer, watch));
  }

  private Optional<Challenge> challenge(PeerId holder, Watch watch, long now) {
    int interval = watch.interval(now);
    watch.next = now + interval / 2 + entropy.below(interval);
    watch.forgetExpired(now);
    Optional<AuditSample.Kept> picked = watch.pick(now, entropy);
    if (picked.isEmpty()) {
      return Optional.empty();
    }
    AuditSample.Kept copy = picked.get();
    ReceiptTerms terms = copy.terms();
    int cost = cost(terms);
    if (watch.budget.spent(now) + cost > DayBudget.LIMIT) {
      return Optional.empty();
    }
    watch.asked++;
    watch.budget.spend(cost, now);
    watch.reserved = cost;
    watch.recent.add(copy.mark());
    int part = entropy.below(Leaves.MOST);
    PeerFrame.Audit audit =
        new PeerFrame.Audit(copy.owner(), terms.key(), entropy.bytes(Limits.AUDIT_NONCE), part);
    Challenge challenge = new Challenge(holder, watch.account, terms, audit);
    watch.underWay = challenge;
    return Optional.of(challenge);
  }

  /**
   * The challenge was answered, or not in time.
   *
   * @param shown bytes that the holder showed, with their proof; 0 if none
   */
  public Finding done(Challenge challenge, Verdict verdict, int shown, long now) {
    Watch watch = online.get(challenge.holder());
    if (watch == null || !challenge.equals(watch.underWay)) {
      return new Finding(challenge, verdict, Optional.empty());
    }
    watch.underWay = null;
    watch.budget.spend(total(shown) - watch.reserved, now);
    Optional<Conduct.Fault> fault = Optional.empty();
    if (verdict == Verdict.PASSED) {
      watch.passes++;
      watch.rests = 0;
      watch.spoke = true;
      watch.clear(challenge.audit().owner(), challenge.terms().key());
    } else if (verdict.isFailure()) {
      fault = failed(watch, challenge, now);
    } else {
      fault = silent(watch, challenge, now);
    }
    plan(challenge.holder(), watch);
    return new Finding(challenge, verdict, fault);
  }

  /**
   * The peer said that it can't now: another server had it show much today, or one that forgot. It
   * is left in peace for a while. What it is silent about, it is asked for again all the same.
   */
  public void rests(PeerId peer, long now) {
    Watch watch = online.get(peer);
    if (watch != null) {
      watch.next = Math.max(watch.next, now + ((long) REST << watch.rests));
      watch.rests = Math.min(MOST_RESTS, watch.rests + 1);
      plan(peer, watch);
    }
  }

  private Optional<Conduct.Fault> failed(Watch watch, Challenge challenge, long now) {
    AccountId owner = challenge.audit().owner();
    StorageKey key = challenge.terms().key();
    if (watch.suspect == null) {
      watch.suspect = watch.sample.find(owner, key).orElse(null);
    }
    if (watch.suspect == null) {
      // Given up while the question was under way.
      return Optional.empty();
    }
    if (watch.failures < Conduct.RECHECKS) {
      watch.next = now + RECHECK_AFTER[watch.failures] + entropy.below(RECHECK_AFTER[0]);
      watch.failures++;
      return Optional.empty();
    }
    return Optional.of(fault(watch, challenge, now));
  }

  /**
   * Who shows one copy and keeps silent about another again and again no longer has it: it is there
   * and answers. Who is silent about all of them may be busy, throttled or on its way out.
   */
  private static Optional<Conduct.Fault> silent(Watch watch, Challenge challenge, long now) {
    AccountId owner = challenge.audit().owner();
    StorageKey key = challenge.terms().key();
    if (watch.unanswered == null) {
      watch.unanswered = watch.sample.find(owner, key).orElse(null);
      watch.silences = 0;
      watch.spoke = true;
    }
    boolean again = watch.unanswered != null && watch.unanswered.is(owner, key);
    if (!again || !watch.spoke) {
      return Optional.empty();
    }
    watch.spoke = false;
    watch.silences++;
    return watch.silences <= SILENCES
        ? Optional.empty()
        : Optional.of(fault(watch, challenge, now));
  }

  private static Conduct.Fault fault(Watch watch, Challenge challenge, long now) {
    AccountId owner = challenge.audit().owner();
    StorageKey key = challenge.terms().key();
    watch.clear(owner, key);
    watch.faulty = true;
    watch.sample.remove(owner, key);
    long id =
        challenge.holder().bytes().longAt(0) ^ key.bytes().longAt(0) ^ owner.bytes().longAt(0);
    return new Conduct.Fault(id >>> 1, now);
  }

  /** What an audit may come to. A signed block may have grown since its receipt. */
  private static int cost(ReceiptTerms terms) {
    int leaves = terms.isSigned() ? Leaves.MOST : Leaves.count(terms.size());
    int shown = terms.isSigned() ? Limits.AUDITED : Math.min(Leaves.LENGTH, terms.size());
    return total(MerkleTree.longestProof(leaves) * Hash.LENGTH + shown);
  }

  private static int total(int shown) {
    return DayBudget.ENVELOPES + ASKED + ANSWERED + shown;
  }
}
