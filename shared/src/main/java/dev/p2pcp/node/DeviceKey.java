package dev.p2pcp.node;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.crypto.Crypto;

/** A key that this device keeps for itself, where the platform can so that nobody can read it. */
public interface DeviceKey {
  /** The key, made at the first call. Suspends. */
  Crypto.SealingKey obtain() throws StoreException;

  /** Destroys it: what it sealed can't be opened any more. Suspends. */
  void forget() throws StoreException;
}
