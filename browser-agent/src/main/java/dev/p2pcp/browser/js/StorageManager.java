package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/** {@code navigator.storage}: how much room this site has, and whether it may be taken away. */
public final class StorageManager {
  private StorageManager() {}

  /** In bytes, for all that this site stores; browsers blur both. */
  public interface Estimate extends JSObject {
    @JSProperty
    double getUsage();

    @JSProperty
    double getQuota();
  }

  @JSBody(script = "return navigator.storage.estimate();")
  public static native JSPromise<Estimate> estimate();

  /** Asks the browser never to evict; resolves to {@code true} or {@code false} as text. */
  @JSBody(script = "return navigator.storage.persist().then(String);")
  public static native JSPromise<JSString> persist();

  /** Whether it promised that; as text. */
  @JSBody(script = "return navigator.storage.persisted().then(String);")
  public static native JSPromise<JSString> persisted();
}
