package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.platform.Tasks;
import java.util.List;

/**
 * Looks once through all that a device keeps, as the disk may have lost some of it while nobody
 * looked: a block that is not as it should be is given up at once, so that its owner hears of it
 * before an audit does, and another copy is made.
 */
public final class StoreCheck {
  private final Node node;
  private final Tasks tasks;
  private volatile Progress progress = new Progress(0, 0, 0, false);
  private volatile boolean stopped;

  public StoreCheck(Node node, Tasks tasks) {
    this.node = node;
    this.tasks = tasks;
  }

  /**
   * How far it is.
   *
   * @param checked blocks looked at
   * @param of blocks that were here at the start
   * @param damaged those that were given up
   * @param over whether it has ended
   */
  public record Progress(int checked, int of, int damaged, boolean over) {}

  /** Never suspends. */
  public Progress progress() {
    return progress;
  }

  /** Ends {@link #run} soon. Never suspends. */
  public void stop() {
    stopped = true;
  }

  /**
   * Looks at every block, with a pause of so many milliseconds after each, so that the disk is left
   * to those who read. Suspends.
   *
   * @throws StoreException if the store can't be read any more
   */
  public void run(long pause) throws StoreException {
    List<StorageKey> keys = node.holdings.keys();
    int checked = 0;
    int damaged = 0;
    for (StorageKey key : keys) {
      if (stopped) {
        break;
      }
      damaged += node.holder.isSound(key) ? 0 : 1;
      checked++;
      progress = new Progress(checked, keys.size(), damaged, false);
      tasks.sleep(pause);
    }
    progress = new Progress(checked, keys.size(), damaged, true);
  }
}
