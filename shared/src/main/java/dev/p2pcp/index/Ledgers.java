package dev.p2pcp.index;

import dev.p2pcp.identity.AccountId;

/** Where the ledgers of all accounts are kept. */
public interface Ledgers {
  /**
   * One step on an account's ledger, decided and entered at once, where it is kept. May wait for
   * another member.
   */
  LedgerReply ask(AccountId account, LedgerCommand command);

  /** The account's figures may have changed: its devices are told soon. Never waits. */
  void changed(AccountId account);
}
