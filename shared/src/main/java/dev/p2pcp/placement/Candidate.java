package dev.p2pcp.placement;

import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;

/**
 * A peer that could take copies.
 *
 * @param peer the device
 * @param account whose device it is: a failure domain
 * @param free slots that are neither filled nor promised
 * @param kind whether it is always on
 * @param network a number that peers of one network prefix share: a failure domain
 * @param availability how likely it is there when asked, in percent from 1 to 100
 */
public record Candidate(
    PeerId peer, AccountId account, int free, Kind kind, long network, int availability) {
  /** How much of the day a holder is there. */
  public enum Kind {
    /** Always on: a bucket or a headless agent. */
    ANCHOR,
    /** A browser's tab. */
    TAB
  }

  public Candidate {
    if (free < 0 || availability < 1 || availability > 100) {
      throw new IllegalArgumentException("free or availability out of range");
    }
  }
}
