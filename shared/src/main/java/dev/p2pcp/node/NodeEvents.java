package dev.p2pcp.node;

import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.Path;

/** Hears what an agent does. Calls must not suspend. */
public interface NodeEvents {
  /** Something in the status changed; may come often. */
  void statusChanged();

  /** An own item changed, by another device or tab if remote. */
  void itemChanged(Path path, boolean remote);

  /** Something in a channel changed. */
  default void channelChanged(Hash channel) {}

  void conflict(Conflicts.Conflict conflict);
}
