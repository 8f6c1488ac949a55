package dev.p2pcp.index;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.identity.PeerId;
import java.util.List;

/** Who says that he has a block. Calls may wait for other members. */
public interface Locations {
  /**
   * What became of an announce: storage keys that were new, and those for which there is no room.
   */
  record Announced(int added, int refused) {}

  /** Blocks of these storage keys can be read at the session's peer. */
  Announced announce(int session, List<StorageKey> keys);

  /** Blocks of these storage keys no longer can; answers how many could. */
  int withdraw(int session, List<StorageKey> keys);

  /** Connected peers for each storage key, in its order, a bounded number each. */
  List<List<PeerId>> lookup(List<StorageKey> keys);
}
