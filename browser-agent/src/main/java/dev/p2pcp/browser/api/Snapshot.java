package dev.p2pcp.browser.api;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;

/** What every tab knows without asking: the state, and who we are. */
public interface Snapshot extends JSObject {
  /** {@code new}, {@code locked} or {@code open}. */
  @JSProperty
  String getState();

  /** A {@code Me} of {@code agent.d.ts}; null while there is no identity or it is locked. */
  @JSProperty
  @Nullable JSObject getMe();

  /** Makes one. */
  final class Of {
    private Of() {}

    @JSBody(
        params = {"state", "me"},
        script = "return {state: state, me: me};")
    public static native Snapshot state(String state, @Nullable JSObject me);
  }
}
