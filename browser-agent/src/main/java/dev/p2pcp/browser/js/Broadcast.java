package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/**
 * A {@code BroadcastChannel}: reaches the other pages of this origin and profile that have one of
 * that name.
 */
@JSClass(transparent = true)
public abstract class Broadcast implements JSObject {
  private Broadcast() {}

  @JSBody(params = "name", script = "return new BroadcastChannel(name);")
  public static native Broadcast open(String name);

  /** Sends a structured clone. */
  public abstract void postMessage(JSObject message);

  @JSProperty
  public abstract void setOnmessage(Consumer<Event> listener);

  public abstract void close();

  /** What came in. */
  public interface Event extends JSObject {
    @JSProperty
    JSObject getData();
  }
}
