package dev.p2pcp.server.session;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.server.account.Accounts;
import dev.p2pcp.server.cluster.Members;
import dev.p2pcp.server.cluster.Notes;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Schedulers;

/**
 * Tells all devices of an account when its figures change, at most once in {@value #PAUSE} ms;
 * those that are connected to other members, through these. A note that is lost is made good by the
 * next sweep, which looks at every account.
 */
@Component
class Standings {
  private static final int PAUSE = 250;

  /** Accounts in one note to the other members. */
  private static final int NOTE = 1_000;

  /** Accounts that wait for the next note; others wait for the next sweep. */
  private static final int WAITING = 20_000;

  private static final System.Logger LOG = System.getLogger(Standings.class.getName());

  private final Sessions sessions;
  private final Accounts accounts;
  private final Members members;
  private final Notes notes;
  private final Set<AccountId> due = ConcurrentHashMap.newKeySet();
  private final Set<AccountId> elsewhere = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean scheduled = new AtomicBoolean();

  Standings(Sessions sessions, Accounts accounts, Members members, Notes notes) {
    this.sessions = sessions;
    this.accounts = accounts;
    this.members = members;
    this.notes = notes;
    notes.read(Notes.Subject.FIGURES, this::read);
  }

  /** The account's figures may have changed. */
  void changed(AccountId account) {
    changedHere(account);
    if (!members.others().isEmpty()
        && elsewhere.size() < WAITING
        && elsewhere.add(account)
        && scheduled.compareAndSet(false, true)) {
      Schedulers.parallel().schedule(this::tellOthers, PAUSE, TimeUnit.MILLISECONDS);
    }
  }

  /** Figures also change when receipts expire: looks at every account that is here. */
  void changedAll() {
    sessions.accounts().forEach(this::changedHere);
  }

  private void changedHere(AccountId account) {
    if (!sessions.of(account).isEmpty() && due.add(account)) {
      Schedulers.parallel().schedule(() -> tell(account), PAUSE, TimeUnit.MILLISECONDS);
    }
  }

  private void tell(AccountId account) {
    due.remove(account);
    accounts
        .figures(account)
        .subscribe(
            reply -> {
              if (reply instanceof LedgerReply.Done done) {
                sessions.of(account).forEach(session -> session.standing(done.allowance()));
              }
            },
            fault -> LOG.log(System.Logger.Level.WARNING, "figures could not be told", fault));
  }

  private void tellOthers() {
    scheduled.set(false);
    List<AccountId> batch = new ArrayList<>();
    Iterator<AccountId> waiting = elsewhere.iterator();
    while (waiting.hasNext()) {
      batch.add(waiting.next());
      waiting.remove();
      if (batch.size() == NOTE || !waiting.hasNext()) {
        Bytes note = encoded(batch);
        members
            .others()
            .forEach(member -> notes.send(member, Notes.Subject.FIGURES, note, r -> {}));
        batch.clear();
      }
    }
  }

  private void read(int from, Bytes note) throws MalformedFrameException {
    ByteReader in = new ByteReader(note);
    List<AccountId> changed = in.list(NOTE, "accounts", r -> AccountId.read(r, "account"));
    in.end();
    changed.forEach(this::changedHere);
  }

  private static Bytes encoded(List<AccountId> accounts) {
    ByteWriter out = new ByteWriter().u16(accounts.size());
    accounts.forEach(account -> out.bytes(account.bytes()));
    return out.toBytes();
  }
}
