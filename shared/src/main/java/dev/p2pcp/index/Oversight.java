package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.AccountLedger.Holder;
import dev.p2pcp.quota.Allowance;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.trust.Conduct;
import dev.p2pcp.trust.Verdict;
import dev.p2pcp.wire.PeerFrame;
import dev.p2pcp.wire.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an index server finds out about those who are connected to it: it has them audited, enters
 * the verdicts in their ledgers, and tells the ledgers what their accounts are worth. What it
 * remembers is in short sections of its own; calls that ask a ledger may wait, and never within
 * one.
 */
public final class Oversight {
  /** How often it is looked whether owners are worth what is kept for them, in milliseconds. */
  private static final long AGAIN_AFTER = 3 * 60 * 60 * 1000L;

  /** Pairs that wait to be looked at; what is over comes with the next round. */
  private static final int MAX_WAITING = 1_000_000;

  private final Ledgers ledgers;
  private final Signing signing;
  private final Clock clock;
  private final Audits audits;
  private final Vetting vetting = new Vetting();
  private final Map<PeerId, AccountId> present = new HashMap<>();
  private final Map<AccountId, Integer> devices = new HashMap<>();
  private final Map<AccountId, Integer> told = new HashMap<>();
  private final Set<Pair> waiting = new LinkedHashSet<>();
  private long again;

  public Oversight(Ledgers ledgers, Signing signing, Entropy entropy, Clock clock) {
    this.ledgers = ledgers;
    this.signing = signing;
    this.clock = clock;
    this.audits = new Audits(entropy);
    this.again = clock.now() + AGAIN_AFTER;
  }

  /** An account that keeps blocks for another. */
  private record Pair(AccountId holder, AccountId owner) {}

  /** A device is logged in from there. Never waits. */
  public synchronized void connect(PeerId peer, AccountId account, Network network) {
    long now = clock.now();
    if (present.put(peer, account) == null) {
      devices.merge(account, 1, Integer::sum);
    }
    told.remove(account);
    vetting.seen(account, network, now);
    audits.connect(peer, account, now);
  }

  /** A device is gone. Never waits. */
  public synchronized void disconnect(PeerId peer) {
    AccountId account = present.remove(peer);
    audits.disconnect(peer, clock.now());
    if (account != null
        && devices.computeIfPresent(account, (a, count) -> count == 1 ? null : count - 1) == null) {
      told.remove(account);
    }
  }

  /** Lets the account's ledger know what the account is worth now. May wait. */
  public void vet(AccountId account) {
    int worth;
    synchronized (this) {
      if (!devices.containsKey(account)) {
        return;
      }
      worth = vetting.worth(account, clock.now());
      if (Objects.equals(told.put(account, worth), worth)) {
        return;
      }
    }
    if (ledgers.ask(account, new LedgerCommand.Vet(worth)) instanceof LedgerReply.Done done) {
      figures(account, done.allowance());
    }
    ledgers.changed(account);
  }

  /** The account's figures are now these. Never waits. */
  public synchronized void figures(AccountId account, Allowance figures) {
    vetting.figures(account, figures, clock.now());
  }

  /** Verified receipts were entered. Never waits. */
  public synchronized void placed(ReceiptBatch receipts) {
    AccountId owner = receipts.header().owner();
    PeerId holder = receipts.header().holder();
    long expires = receipts.header().expires();
    for (ReceiptBatch.Entry entry : receipts.entries()) {
      audits.kept(holder, owner, entry.terms(), expires);
    }
    if (present.containsKey(holder)) {
      await(new Pair(receipts.header().holderAccount(), owner));
    }
  }

  /** A holder said that it no longer keeps these. Never waits. */
  public synchronized void freed(Holder holder, AccountId owner, List<StorageKey> keys) {
    audits.freed(holder.peer(), owner, keys);
    await(new Pair(holder.account(), owner));
  }

  /** At most so many challenges that are due, each to be sent to its holder. Never waits. */
  public synchronized List<Audits.Challenge> due(int most) {
    return audits.due(clock.now(), most);
  }

  /** When there may be challenges next, in wall time. */
  public synchronized long next() {
    return audits.next();
  }

  /** A challenge was answered; empty if it was not in time. May wait. */
  public Verdict answered(Audits.Challenge challenge, Optional<PeerFrame.Reply> reply) {
    Verdict verdict =
        reply.isEmpty()
            ? Verdict.ABSENT
            : signing.check(
                crypto ->
                    AuditCheck.verdict(
                        crypto,
                        challenge.holder(),
                        challenge.terms(),
                        challenge.audit(),
                        reply.get(),
                        clock.now()));
    int shown =
        reply.isPresent() && reply.get() instanceof PeerFrame.Audited answer
            ? answer.shown().length() + answer.proof().size() * Hash.LENGTH
            : 0;
    long now = clock.now();
    Audits.Finding finding;
    synchronized (this) {
      finding = audits.done(challenge, verdict, shown, now);
      if (reply.isPresent() && isBusy(reply.get())) {
        audits.rests(challenge.holder(), now);
      }
      if (verdict == Verdict.PASSED) {
        vetting.passed(challenge.account(), now);
      }
    }
    enter(finding, now);
    return verdict;
  }

  private static boolean isBusy(PeerFrame.Reply reply) {
    return reply instanceof PeerFrame.Denied denied && denied.refusal().code() == Refusal.BUSY;
  }

  private void enter(Audits.Finding finding, long now) {
    Audits.Challenge challenge = finding.challenge();
    if (finding.verdict() == Verdict.PASSED) {
      judge(challenge.account(), Conduct.NONE.passed(now));
    }
    finding
        .fault()
        .ifPresent(
            fault -> {
              judge(challenge.account(), Conduct.NONE.faulted(fault));
              AccountId owner = challenge.audit().owner();
              Holder holder = new Holder(challenge.holder(), challenge.account());
              List<StorageKey> keys = List.of(challenge.terms().key());
              ledgers.ask(owner, new LedgerCommand.Free(holder, now, keys));
              ledgers.changed(owner);
              synchronized (this) {
                await(new Pair(holder.account(), owner));
              }
            });
  }

  private void judge(AccountId account, Conduct found) {
    ledgers.ask(account, new LedgerCommand.Judge(found));
    ledgers.changed(account);
  }

  /** Looks at some of the pairs of which something may have changed, at most so many. May wait. */
  public void review(int most) {
    Set<AccountId> reviewed = new LinkedHashSet<>();
    for (Pair pair : taken(most)) {
      LedgerReply reply = ledgers.ask(pair.owner, new LedgerCommand.KeptBy(pair.holder));
      if (reply instanceof LedgerReply.Keeps keeps) {
        synchronized (this) {
          vetting.keeps(
              pair.holder,
              pair.owner,
              keeps.blocks(),
              keeps.worth(),
              keeps.allowance(),
              clock.now());
        }
        reviewed.add(pair.holder);
      }
    }
    reviewed.forEach(this::vet);
  }

  private synchronized List<Pair> taken(int most) {
    long now = clock.now();
    if (now >= again) {
      again = now + AGAIN_AFTER;
      for (AccountId holder : devices.keySet()) {
        told.remove(holder);
        vetting.owners(holder).forEach(owner -> await(new Pair(holder, owner)));
      }
    }
    List<Pair> taken = new ArrayList<>();
    Iterator<Pair> pairs = waiting.iterator();
    while (pairs.hasNext() && taken.size() < most) {
      taken.add(pairs.next());
      pairs.remove();
    }
    return taken;
  }

  private void await(Pair pair) {
    if (waiting.size() < MAX_WAITING) {
      waiting.add(pair);
    }
  }
}
