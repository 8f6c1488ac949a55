package dev.p2pcp.node;

import java.util.List;

/** What a person asked of the agent can't be done; nothing was changed. */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why; each is one the person can do something about. */
  public enum Reason {
    LOCKED,
    WRONG_PASSPHRASE,
    BAD_WORDS,
    NO_PASSPHRASE,
    IN_USE,
    NO_ROOM,
    OVER_ALLOWANCE,
    BAD_ARGUMENT,
    STORAGE_FAILED
  }

  /** A number that explains the refusal. */
  public record Figure(String name, int value) {}

  private final Reason reason;
  private final transient List<Figure> figures;
  private final transient List<Integer> positions;

  public AgentException(Reason reason, String message, Figure... figures) {
    super(message);
    this.reason = reason;
    this.figures = List.of(figures);
    this.positions = List.of();
  }

  /** The words at these positions (0 to 23) are wrong; none if only the checksum is. */
  public AgentException(List<Integer> positions) {
    super("the words are not right");
    this.reason = Reason.BAD_WORDS;
    this.figures = List.of();
    this.positions = List.copyOf(positions);
  }

  public Reason reason() {
    return reason;
  }

  public List<Figure> figures() {
    return figures;
  }

  public List<Integer> positions() {
    return positions;
  }
}
