package dev.p2pcp.inprocess;

import dev.p2pcp.identity.AccountId;

/** Hears what audits cost the devices of an account: bytes on the line, both ways. */
public interface AuditTraffic {
  void bytes(AccountId account, int count);
}
