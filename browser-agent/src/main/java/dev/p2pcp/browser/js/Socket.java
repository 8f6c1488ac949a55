package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Uint8Array;

/** A WebSocket that carries binary messages. */
@JSClass(transparent = true)
public abstract class Socket implements JSObject {
  private Socket() {}

  /** Opens one; the browser throws for an address that it does not take. */
  @JSBody(
      params = {"address", "subprotocol"},
      script =
          "var s = new WebSocket(address, subprotocol); s.binaryType = 'arraybuffer'; return s;")
  public static native Socket open(String address, String subprotocol);

  public abstract void send(Uint8Array message);

  public abstract void close(int code);

  /** Bytes given to {@link #send} that have not left yet. */
  @JSProperty
  public abstract int getBufferedAmount();

  @JSProperty
  public abstract void setOnopen(Callback listener);

  @JSProperty
  public abstract void setOnmessage(Consumer<Message> listener);

  @JSProperty
  public abstract void setOnclose(Consumer<Closing> listener);

  /** A message as it came in. */
  @JSClass(transparent = true)
  public abstract static class Message implements JSObject {
    private Message() {}

    /** The bytes; null if the other side sent text. */
    @JSBody(script = "return this.data instanceof ArrayBuffer ? this.data : null;")
    public native @Nullable ArrayBuffer bytes();
  }

  /** How the connection ended. */
  public interface Closing extends JSObject {
    /** 1000 and up (RFC 6455, section 7.4); 1006 when it broke or never came up. */
    @JSProperty
    int getCode();

    @JSProperty
    String getReason();
  }
}
