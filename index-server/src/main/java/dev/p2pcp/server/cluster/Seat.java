package dev.p2pcp.server.cluster;

import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.SessionNumber;

/**
 * A peer that is logged in somewhere in the cluster.
 *
 * @param number of its session, which tells the member too
 * @param since wall time of the login; of two logins of one peer the later counts
 */
public record Seat(int number, PeerId peer, AccountId account, long since) {
  /** The member that the peer is connected to. */
  public int member() {
    return SessionNumber.memberOf(number);
  }

  boolean isAfter(Seat other) {
    return since != other.since ? since > other.since : number > other.number;
  }

  /** Layout: {@code number u32 ‖ peer 32 ‖ account 32 ‖ since u64}. */
  void write(ByteWriter out) {
    out.u32(number).bytes(peer.bytes()).bytes(account.bytes()).u64(since);
  }

  static Seat read(ByteReader in) throws MalformedFrameException {
    return new Seat(
        in.count(Integer.MAX_VALUE, "number"),
        PeerId.read(in, "peer"),
        AccountId.read(in, "account"),
        in.u64("since"));
  }
}
