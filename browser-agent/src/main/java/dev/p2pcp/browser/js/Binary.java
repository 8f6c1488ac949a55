package dev.p2pcp.browser.js;

import dev.p2pcp.bytes.Bytes;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Int8Array;
import org.teavm.jso.typedarrays.Uint8Array;

/**
 * Bytes of Java and of JavaScript over the same memory. Whoever receives a view must not write to
 * it, as {@link Bytes} are immutable; what comes from outside and may be written to later is taken
 * by {@link #copy}.
 */
public final class Binary {
  private Binary() {}

  /** A view that fills its buffer, so that a structured clone of it carries nothing else. */
  public static Uint8Array view(Bytes bytes) {
    return unsigned(Int8Array.fromJavaArray(bytes.unsafeArray()));
  }

  /** A view of the first bytes of an array. */
  public static Uint8Array part(byte[] array, int length) {
    return first(Int8Array.fromJavaArray(array), length);
  }

  /** A view as Java bytes; nothing is copied. */
  public static Bytes bytes(Uint8Array array) {
    return Bytes.wrap(signed(array).copyToJavaArray());
  }

  /** A view of a whole buffer as Java bytes; nothing is copied. */
  public static Bytes bytes(ArrayBuffer buffer) {
    return Bytes.wrap(new Int8Array(buffer).copyToJavaArray());
  }

  /** Bytes of a caller that may go on writing to its array. */
  public static Bytes copy(Uint8Array array) {
    return bytes(duplicate(array));
  }

  @JSBody(params = "value", script = "return value instanceof Uint8Array;")
  public static native boolean isUint8Array(JSObject value);

  @JSBody(params = "value", script = "return value !== undefined && value !== null;")
  public static native boolean isDefined(@Nullable JSObject value);

  @JSBody(params = "array", script = "return array.slice();")
  private static native Uint8Array duplicate(Uint8Array array);

  @JSBody(
      params = "array",
      script = "return new Uint8Array(array.buffer, array.byteOffset, array.length);")
  private static native Uint8Array unsigned(Int8Array array);

  @JSBody(
      params = {"array", "length"},
      script = "return new Uint8Array(array.buffer, array.byteOffset, length);")
  private static native Uint8Array first(Int8Array array, int length);

  @JSBody(
      params = "array",
      script = "return new Int8Array(array.buffer, array.byteOffset, array.length);")
  private static native Int8Array signed(Uint8Array array);
}
