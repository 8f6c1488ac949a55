package dev.p2pcp.server.account;

import com.hazelcast.map.EntryProcessor;
import dev.p2pcp.index.LedgerCommand;
import dev.p2pcp.index.LedgerReply;
import dev.p2pcp.quota.AccountLedger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one step on a ledger where it is kept, so that deciding and entering are one. Answers
 * encoded replies.
 */
record LedgerProcessor(LedgerCommand command, long now)
    implements EntryProcessor<byte[], AccountLedger, byte[]> {
  @Override
  @SuppressWarnings(
      "NullAway") // An entry that is not there has no value, and one without a value is removed.
  public byte[] process(Map.Entry<byte[], AccountLedger> entry) {
    @Nullable AccountLedger known = entry.getValue();
    AccountLedger ledger = known == null ? new AccountLedger(LedgerSerializers.SEED) : known;
    if (!command.isQuestion()) {
      ledger.sweep(now);
    }
    LedgerReply reply = command.apply(ledger, now);
    if (command.isQuestion()) {
      return reply.encoded().toArray();
    }
    if (!ledger.isEmpty()) {
      entry.setValue(ledger);
    } else if (known != null) {
      entry.setValue(null);
    }
    return reply.encoded().toArray();
  }

  /** The copy on another member takes the same step, unless there is nothing to change. */
  @Override
  public @Nullable EntryProcessor<byte[], AccountLedger, byte[]> getBackupProcessor() {
    return command.isQuestion() ? null : this;
  }
}
