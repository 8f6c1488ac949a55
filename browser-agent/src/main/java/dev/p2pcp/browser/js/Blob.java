package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSClass;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.typedarrays.ArrayBuffer;

/** A {@code Blob}: bytes that are read when asked for, as those of a file of the person are. */
@JSClass(transparent = true)
public abstract class Blob implements JSObject {
  private Blob() {}

  /** Whether it is one, a {@code File} among them. */
  @JSBody(params = "value", script = "return value instanceof Blob;")
  public static native boolean is(@Nullable JSObject value);

  /** The name of a {@code File}; empty for other blobs. */
  @JSBody(params = "blob", script = "return blob.name || '';")
  public static native String nameOf(Blob blob);

  /** When a {@code File} was changed last, in milliseconds since 1970; 0 for other blobs. */
  @JSBody(params = "blob", script = "return blob.lastModified || 0;")
  public static native double timeOf(Blob blob);

  @JSProperty
  public abstract double getSize();

  @JSProperty
  public abstract String getType();

  public abstract Blob slice(double from, double end);

  public abstract JSPromise<ArrayBuffer> arrayBuffer();
}
