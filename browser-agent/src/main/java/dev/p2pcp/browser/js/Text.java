package dev.p2pcp.browser.js;

import org.teavm.jso.JSBody;
import org.teavm.jso.typedarrays.Int8Array;

/**
 * UTF-8 by the browser, in place of the class library's, which would be a thirtieth of the compiled
 * agent. As there, what is malformed becomes U+FFFD; half a surrogate pair becomes that as well.
 */
public final class Text {
  private Text() {}

  public static byte[] encode(String text) {
    return encoded(text).copyToJavaArray();
  }

  public static String decode(byte[] array, int offset, int length) {
    return decoded(Int8Array.fromJavaArray(array), offset, length);
  }

  @JSBody(
      params = "text",
      script =
          "var bytes = new TextEncoder().encode(text);"
              + "return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length).slice();")
  private static native Int8Array encoded(String text);

  @JSBody(
      params = {"array", "offset", "length"},
      script =
          "return new TextDecoder('utf-8', {ignoreBOM: true})"
              + ".decode(new Uint8Array(array.buffer, array.byteOffset + offset, length));")
  private static native String decoded(Int8Array array, int offset, int length);
}
