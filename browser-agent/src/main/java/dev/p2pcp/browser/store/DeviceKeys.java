package dev.p2pcp.browser.store;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.block.StoreException.Reason;
import dev.p2pcp.browser.crypto.WebSealingKey;
import dev.p2pcp.browser.js.Idb;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.browser.js.Subtle;
import java.util.Optional;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSString;

/**
 * Wrapping keys of this device: AES-256-GCM keys that the browser keeps and uses but tells nobody,
 * not even us. They hold a seed until the person sets a passphrase.
 */
public final class DeviceKeys {
  private final Idb.Database database;

  DeviceKeys(Idb.Database database) {
    this.database = database;
  }

  /** The key of that name, if it was made. Suspends. */
  public Optional<WebSealingKey> get(String name) throws StoreException {
    try {
      Idb.Transaction transaction = Idb.read(database, Stores.ONLY_DEVICE);
      Idb.Request request = transaction.objectStore(Stores.DEVICE).get(JSString.valueOf(name));
      JSObject found = Promises.await(Idb.outcome(transaction, request));
      return isKey(found)
          ? Optional.of(new WebSealingKey((Subtle.CryptoKey) found))
          : Optional.empty();
    } catch (Throwable thrown) {
      throw refused(thrown);
    }
  }

  /**
   * Makes a key and keeps it, in place of one of the same name. Suspends until it is on the disk.
   */
  public WebSealingKey create(String name) throws StoreException {
    try {
      Subtle.CryptoKey key = Promises.await(Subtle.generateSealingKey());
      Idb.Transaction transaction = Idb.write(database, Stores.ONLY_DEVICE, true);
      Idb.Request request = transaction.objectStore(Stores.DEVICE).put(key, JSString.valueOf(name));
      Promises.await(Idb.outcome(transaction, request));
      return new WebSealingKey(key);
    } catch (Throwable thrown) {
      throw refused(thrown);
    }
  }

  /** Forgets the key: what it wrapped can't be opened any more. Suspends. */
  public void delete(String name) throws StoreException {
    try {
      Idb.Transaction transaction = Idb.write(database, Stores.ONLY_DEVICE, true);
      Idb.Request request = transaction.objectStore(Stores.DEVICE).delete(JSString.valueOf(name));
      Promises.await(Idb.outcome(transaction, request));
    } catch (Throwable thrown) {
      throw refused(thrown);
    }
  }

  private static StoreException refused(Throwable thrown) {
    RuntimeException failure = JsFailure.of(thrown);
    if (!(failure instanceof JsFailure js)) {
      throw failure;
    }
    if (js.is(JsFailure.QUOTA)) {
      return new StoreException(Reason.FULL, "the browser grants no more room");
    }
    return new StoreException(js.is(JsFailure.STATE) ? Reason.CLOSED : Reason.ABORTED, js.name());
  }

  @JSBody(params = "value", script = "return value instanceof CryptoKey;")
  private static native boolean isKey(JSObject value);
}
