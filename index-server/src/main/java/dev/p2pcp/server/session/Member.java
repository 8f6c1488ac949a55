package dev.p2pcp.server.session;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.DeviceCertificate;
import dev.p2pcp.identity.PeerId;

/** Who is logged in on a session. */
record Member(DeviceCertificate certificate) {
  PeerId peer() {
    return certificate.device();
  }

  AccountId account() {
    return certificate.account();
  }
}
