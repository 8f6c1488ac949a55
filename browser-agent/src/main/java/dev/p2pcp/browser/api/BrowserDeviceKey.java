package dev.p2pcp.browser.api;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.crypto.WebSealingKey;
import dev.p2pcp.browser.store.DeviceKeys;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.node.DeviceKey;
import java.util.Optional;

/** The browser's own wrapping key, kept in IndexedDB where nobody can read it. */
final class BrowserDeviceKey implements DeviceKey {
  private static final String NAME = "seed";

  private final DeviceKeys keys;

  BrowserDeviceKey(DeviceKeys keys) {
    this.keys = keys;
  }

  @Override
  public Crypto.SealingKey obtain() throws StoreException {
    Optional<WebSealingKey> known = keys.get(NAME);
    return known.isPresent() ? known.get() : keys.create(NAME);
  }

  @Override
  public void forget() throws StoreException {
    keys.delete(NAME);
  }
}
