package dev.p2pcp.browser.platform;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Entropy;
import org.teavm.jso.JSBody;
import org.teavm.jso.typedarrays.Uint8Array;

/** Randomness of {@code crypto.getRandomValues}. */
public final class BrowserEntropy implements Entropy {
  /** More than this the browser refuses in one call. */
  private static final int CALL_LIMIT = 65_536;

  @Override
  public Bytes bytes(int count) {
    if (count <= CALL_LIMIT) {
      return Binary.bytes(random(count));
    }
    ByteWriter writer = new ByteWriter(count);
    for (int left = count; left > 0; left -= CALL_LIMIT) {
      writer.bytes(Binary.bytes(random(Math.min(left, CALL_LIMIT))));
    }
    return writer.toBytes();
  }

  @JSBody(params = "count", script = "return crypto.getRandomValues(new Uint8Array(count));")
  private static native Uint8Array random(int count);
}
