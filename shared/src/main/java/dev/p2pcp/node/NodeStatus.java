package dev.p2pcp.node;

import java.util.List;

/**
 * What an agent does right now, in figures. Slots are of 256 KiB; account is N, R, N × R and what
 * is lent.
 */
public record NodeStatus(Lending lending, Account account, List<Server> servers, Counts items) {
  /** What this device lends: room is what the platform would grant at most. */
  public record Lending(
      int slots, int own, int forOthers, int room, long bytes, boolean persisted) {}

  /** The bargain of the account over all its devices. */
  public record Account(int blocks, int copies, int needed, int lent) {}

  /** An index server; retryIn in milliseconds. */
  public record Server(String origin, String state, long retryIn, String why) {}

  /** Items by how far their copies are. */
  public record Counts(int total, int done, int placing, int waiting) {}
}
