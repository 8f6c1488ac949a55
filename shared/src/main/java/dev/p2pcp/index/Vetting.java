package dev.p2pcp.index;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.quota.AccountLedger;
import dev.p2pcp.quota.Allowance;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an account is worth: how many copies of its own blocks others may have to keep for it. That
 * is what it keeps for others, and a share of the slots that need no proof.
 *
 * <ul>
 *   <li>What it keeps counts as far as its owners are worth it. Who signs receipts for more than it
 *       is worth itself, for nobody's blocks, lends no weight to their holder: all that a circle of
 *       accounts gains by signing for each other is what they were given without proof.
 *   <li>What needs no proof is given to a network prefix, not to an account: {@value #POOL} slots,
 *       and {@value #DAILY} more for every day on which somebody there passed an audit. Its
 *       accounts have equal parts; what one has used is not given to another until it is freed or
 *       its owner was away for so long that all its receipts are over. So a thousand accounts have
 *       no more than one.
 *   <li>Where the network says nothing, everything that is lent counts.
 * </ul>
 *
 * <p>Not safe for use by several threads at once.
 */
public final class Vetting {
  /** Slots without proof of one network prefix. */
  public static final int POOL = 256;

  /** Further ones for each day with a pass. */
  public static final int DAILY = 128;

  /** The most that they come to. */
  public static final int MAX_POOL = 4_096;

  private static final long DAY = 24 * 60 * 60 * 1000L;

  /** How long what was used is remembered of who is away, in milliseconds: no receipt is longer. */
  private static final long REMEMBERED = 31 * DAY;

  /** In networks of more accounts it is counted once in a while who was seen, in milliseconds. */
  private static final int SMALL = 64;

  private static final long COUNT_AFTER = 60_000;

  /** Accounts that are remembered; those seen longest ago are forgotten first. */
  private static final int MAX_ACCOUNTS = 200_000;

  /** Owners for whom an account is known to keep something. */
  private static final int MAX_OWNERS = 4_096;

  private final LinkedHashMap<AccountId, Member> members = new LinkedHashMap<>();
  private final Map<Long, Prefix> prefixes = new HashMap<>();

  /** One account. */
  private static final class Member {
    private final Map<AccountId, Integer> kept = new HashMap<>();
    private long home;
    private boolean isPublic;
    private long seen;
    private int keeps;
    private int copies;
    private int granted;

    /** Copies that nothing kept makes up for. */
    int borrowed() {
      return Math.max(0, copies - keeps);
    }
  }

  /** One network prefix: who has it as home, what they have used, and days with a pass. */
  private static final class Prefix {
    private final Set<AccountId> accounts = new HashSet<>();
    private int granted;
    private int present;
    private long counted;
    private int days;
    private long lastDay;

    int pool() {
      return Math.min(MAX_POOL, POOL + DAILY * Math.min(days, MAX_POOL / DAILY));
    }
  }

  /** A device of the account connects from there. */
  public void seen(AccountId account, Network network, long now) {
    Member member = members.remove(account);
    if (member == null) {
      member = new Member();
      settle(account, member, network);
    } else if (member.granted == 0 || !network.isPublic()) {
      // What was used of one network's slots stays with it: or who moves about has each anew.
      leave(account, member);
      settle(account, member, network);
    }
    member.seen = now;
    members.put(account, member);
    while (members.size() > MAX_ACCOUNTS
        || members.firstEntry().getValue().seen + REMEMBERED < now) {
      Map.Entry<AccountId, Member> oldest = members.pollFirstEntry();
      leave(oldest.getKey(), oldest.getValue());
    }
  }

  /** The account's figures, as its ledger has them. */
  public void figures(AccountId account, Allowance figures, long now) {
    Member member = members.get(account);
    if (member != null) {
      member.copies = copies(figures);
      regrant(account, member, now);
    }
  }

  /**
   * So many blocks of an owner an account keeps by receipts.
   *
   * @param worth what the owner is worth
   * @param figures the owner's
   */
  public void keeps(
      AccountId account, AccountId owner, int blocks, int worth, Allowance figures, long now) {
    Member member = members.get(account);
    if (member == null || (member.kept.size() >= MAX_OWNERS && !member.kept.containsKey(owner))) {
      return;
    }
    int copies = Math.max(1, copies(figures));
    int counted = worth >= copies ? blocks : (int) ((long) blocks * worth / copies);
    Integer before = blocks == 0 ? member.kept.remove(owner) : member.kept.put(owner, counted);
    member.keeps += (blocks == 0 ? 0 : counted) - (before == null ? 0 : before);
    regrant(account, member, now);
  }

  /** For whom the account is known to keep something. */
  public List<AccountId> owners(AccountId account) {
    Member member = members.get(account);
    return member == null ? List.of() : List.copyOf(member.kept.keySet());
  }

  /** A device of the account passed an audit. */
  public void passed(AccountId account, long now) {
    Member member = members.get(account);
    Prefix prefix = member == null ? null : prefixes.get(member.home);
    if (prefix != null && now / DAY > prefix.lastDay) {
      prefix.lastDay = now / DAY;
      prefix.days++;
    }
  }

  /** What the account is worth at that moment of wall time; 0 if it was never seen. */
  public int worth(AccountId account, long now) {
    Member member = members.get(account);
    if (member == null) {
      return 0;
    }
    return member.isPublic ? member.keeps + share(member, now) : AccountLedger.MAX_WORTH;
  }

  private int share(Member member, long now) {
    Prefix prefix = prefixes.get(member.home);
    if (prefix == null) {
      return 0;
    }
    int present = present(prefix, now);
    int left = prefix.pool() - (prefix.granted - member.granted);
    return Math.max(member.granted, Math.min(prefix.pool() / Math.max(1, present), left));
  }

  /** Accounts that were seen within a day; of a large network as of a moment ago. */
  private int present(Prefix prefix, long now) {
    if (prefix.accounts.size() > SMALL && now - prefix.counted < COUNT_AFTER) {
      return prefix.present;
    }
    prefix.counted = now;
    prefix.present = 0;
    for (AccountId account : prefix.accounts) {
      Member other = members.get(account);
      if (other == null || other.seen + DAY > now) {
        prefix.present++;
      }
    }
    return prefix.present;
  }

  /** What is borrowed within the share is the account's until it is freed. */
  private void regrant(AccountId account, Member member, long now) {
    Prefix prefix = prefixes.get(member.home);
    if (prefix == null || !prefix.accounts.contains(account)) {
      return;
    }
    int granted = Math.min(member.borrowed(), share(member, now));
    prefix.granted += granted - member.granted;
    member.granted = granted;
  }

  private void settle(AccountId account, Member member, Network network) {
    member.home = network.number();
    member.isPublic = network.isPublic();
    if (member.isPublic) {
      Prefix prefix = prefixes.computeIfAbsent(member.home, number -> new Prefix());
      prefix.accounts.add(account);
      prefix.present++;
    }
  }

  private void leave(AccountId account, Member member) {
    Prefix prefix = prefixes.get(member.home);
    if (prefix != null && prefix.accounts.remove(account)) {
      prefix.granted -= member.granted;
      member.granted = 0;
      if (prefix.accounts.isEmpty()) {
        prefixes.remove(member.home);
      }
    }
  }

  /** Copies with others: needed are these and the own copy of each block. */
  private static int copies(Allowance figures) {
    return figures.needed() - figures.blocks();
  }
}
