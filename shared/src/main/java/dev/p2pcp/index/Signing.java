package dev.p2pcp.index;

import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.ServerRecord;
import dev.p2pcp.platform.Entropy;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.quota.TicketBatch;
import java.util.List;

/** Signatures checked and made where they do not hold up anything else. Calls may wait. */
public interface Signing {
  /** What is to be checked. */
  interface Check<T> {
    T by(Crypto crypto);
  }

  /** What nobody can foresee: which signatures are checked first. */
  Entropy entropy();

  <T> T check(Check<T> check);

  /** What this cluster says of itself to those who ask which servers there are, if anything. */
  List<ServerRecord> servers();

  /** The tickets, signed with the cluster's key. */
  TicketBatch issue(List<Ticket> tickets);
}
