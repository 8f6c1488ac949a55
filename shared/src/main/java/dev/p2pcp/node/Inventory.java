package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.quota.ReceiptBatch;
import dev.p2pcp.quota.Statement;
import java.util.List;

/** What an agent tells an index server that it logs in to. Reading it never suspends. */
interface Inventory {
  int slots();

  int free();

  /** Whether this device means to be always there. */
  boolean alwaysOn();

  List<StorageKey> keys();

  List<ReceiptBatch> receipts();

  /** What this device and owners of blocks kept here have stated, the own first. */
  List<Statement> statements();

  /** A server knows a later statement of this device, of that number. */
  void stale(long number);

  Device device();
}
