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
 * @param share what of its weight counts, above 0 up to 1: less than all where many of its network
 *     lend, see {@link Crowds}
 */
public record Candidate(
    PeerId peer,
    AccountId account,
    int free,
    Kind kind,
    long network,
    int availability,
    double share) {
  /** How much of the day a holder is there. */
  public enum Kind {
    /** Always on: a bucket or a headless agent. */
    ANCHOR,
    /** A browser's tab. */
    TAB
  }

  public Candidate {
    if (free < 0 || availability < 1 || availability > 100 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("free, availability or share out of range");
    }
  }

  /** By how much it draws blocks. */
  double weight() {
    return share * Crowds.weight(free, availability);
  }

  /** The same, as one of those. */
  public Candidate among(Crowds crowds) {
    double counted = crowds.share(network);
    return counted == share
        ? this
        : new Candidate(peer, account, free, kind, network, availability, counted);
  }

  /** The same with so many slots that are free. */
  public Candidate withFree(int slots) {
    return new Candidate(peer, account, slots, kind, network, availability, share);
  }
}
