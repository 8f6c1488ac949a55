package dev.p2pcp.node;

import java.util.List;

/**
 * What an agent does right now, in figures. Slots are of 256 KiB; account is N, R, N × R and what
 * is lent.
 */
public record NodeStatus(
    Lending lending,
    Account account,
    List<Server> servers,
    List<HeardOf> knownServers,
    Links links,
    Counts items) {
  /**
   * What this device lends: room is what the platform would grant at most; what is kept for others,
   * for how many accounts and how many bytes.
   */
  public record Lending(
      int slots,
      int own,
      int forOthers,
      int room,
      long bytes,
      boolean persisted,
      int accounts,
      long bytesForOthers) {}

  /**
   * The bargain of the account over all its devices, and when the first of its copies ends that is
   * not renewed: milliseconds since 1970, 0 if there are none.
   */
  public record Account(int blocks, int copies, int needed, int lent, long paidUntil) {}

  /**
   * An index server; retryIn in milliseconds.
   *
   * @param awaySince when it was lost, in milliseconds since 1970; 0 while it is connected
   * @param omits percent of what it should tell that it leaves out, as far as is seen
   * @param forges whether it names people for what they do not have
   * @param standIn whether it is used only since none of the chosen ones is there
   */
  public record Server(
      String origin,
      String state,
      long retryIn,
      String why,
      long awaySince,
      int omits,
      boolean forges,
      boolean standIn) {}

  /** Another index server: told of by the operator of that origin, else by so many agents. */
  public record HeardOf(String origin, String operator, int agents) {}

  /**
   * Other agents by how they are reached now: straight, by a relay, through an index server; how
   * many more channels this place can open, ever; and whether only relays are used.
   */
  public record Links(int direct, int relayed, int tunnel, int left, boolean relayOnly) {}

  /** Items by how far their copies are; of some of them lost copies are being replaced. */
  public record Counts(int total, int done, int placing, int waiting, int repairing) {}
}
