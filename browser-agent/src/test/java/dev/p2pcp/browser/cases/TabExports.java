package dev.p2pcp.browser.cases;

import dev.p2pcp.browser.api.AgentObject;
import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.platform.Platform;
import java.util.List;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** Exports the machinery of the tabs around a small agent. */
public final class TabExports {
  private static final Platform PLATFORM = BrowserPlatform.create();

  private TabExports() {}

  @JSExport
  public static JSPromise<JSObject> open(JSObject options) {
    return AgentObject.open(
        PLATFORM,
        host -> SmallAgent.start(PLATFORM, host),
        prefix -> List.of(prefix + "ndon"),
        options);
  }
}
