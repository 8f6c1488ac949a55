package dev.p2pcp.inprocess;

import dev.p2pcp.identity.PeerId;

/** Hears what audits cost each peer: bytes on the line, both ways. */
public interface AuditTraffic {
  void bytes(PeerId peer, int count);
}
