package dev.p2pcp.inprocess;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.index.LedgerCommand;

/**
 * Sees what is entered in the ledgers of an index server in this process, in that order, so that
 * one who never forgets can be compared with a server that does.
 */
public interface LedgerWitness {
  /** That is about to be entered in the account's ledger; it may change nothing. */
  void entered(AccountId account, LedgerCommand command);
}
