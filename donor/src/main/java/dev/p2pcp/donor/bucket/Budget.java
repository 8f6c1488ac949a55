package dev.p2pcp.donor.bucket;

import dev.p2pcp.jvm.Shelf;
import java.io.IOException;
import java.time.Clock;
import java.time.YearMonth;

/**
 * How many requests and bytes a bucket may cost in a calendar month (UTC). Once they are spent no
 * block is taken and none is read until the next month: what is kept stays.
 */
public final class Budget {
  private final Clock clock;
  private final long requests;
  private final long bytes;
  private final Ledger ledger;
  private Spent spent;
  private long missed;

  /** Where what was spent is kept over restarts. */
  public interface Ledger {
    /** What was written last; nothing spent if there is none. */
    Spent read() throws IOException;

    void write(Spent spent) throws IOException;
  }

  /** What was asked for in one month. */
  public record Spent(YearMonth month, long requests, long bytes) {}

  /** Requests between two writes of the ledger: so many a crash forgets at most. */
  private static final int NOTED_EVERY = 100;

  /** A budget of so many requests and bytes a month. */
  public Budget(Clock clock, long requests, long bytes, Ledger ledger) throws IOException {
    this.clock = clock;
    this.requests = requests;
    this.bytes = bytes;
    this.ledger = ledger;
    this.spent = ledger.read();
  }

  /** Without bounds, and nothing is noted. */
  public static Budget unlimited() {
    Ledger none =
        new Ledger() {
          @Override
          public Spent read() {
            return new Spent(YearMonth.of(1970, 1), 0, 0);
          }

          @Override
          public void write(Spent spent) {}
        };
    try {
      return new Budget(Clock.systemUTC(), Long.MAX_VALUE, Long.MAX_VALUE, none);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read", e);
    }
  }

  /**
   * Notes a request of so many bytes.
   *
   * @throws Shelf.FullException if the month's budget does not allow it
   */
  synchronized void spend(long length) throws IOException {
    YearMonth now = YearMonth.now(clock);
    Spent before = spent.month().equals(now) ? spent : new Spent(now, 0, 0);
    if (before.requests() >= requests || before.bytes() + length > bytes) {
      throw new Shelf.FullException("this month's budget is spent");
    }
    spent = new Spent(now, before.requests() + 1, before.bytes() + length);
    if (spent.requests() % NOTED_EVERY == 0) {
      ledger.write(spent);
    }
  }

  /** Something was not removed that may go. */
  synchronized void missed() {
    missed++;
  }

  /** This month's requests and bytes so far. */
  public synchronized Spent spent() {
    return spent;
  }

  /** Whether the month's budget is spent. */
  public synchronized boolean isSpent() {
    return spent.month().equals(YearMonth.now(clock))
        && (spent.requests() >= requests || spent.bytes() >= bytes);
  }

  /** Removals that failed since the start. */
  public synchronized long notRemoved() {
    return missed;
  }

  /** Writes down what was spent. */
  public synchronized void note() throws IOException {
    ledger.write(spent);
  }
}
