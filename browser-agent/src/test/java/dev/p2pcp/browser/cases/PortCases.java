package dev.p2pcp.browser.cases;

import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.platform.Platform;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExport;
import org.teavm.jso.JSFunctor;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;

/** Exports of the compiled test module: the names of all cases, and one case by its name. */
public final class PortCases {
  private static final Platform PLATFORM = BrowserPlatform.create();
  private static final Cases CASES = new Cases();

  static {
    TasksCases.addTo(CASES, PLATFORM);
    CryptoCases.addTo(CASES);
    StoreCases.addTo(CASES, PLATFORM);
  }

  private PortCases() {}

  @JSExport
  public static String names() {
    return CASES.names();
  }

  /** Resolves to an empty text, or to what went wrong. */
  @JSExport
  public static JSPromise<JSString> run(String name) {
    return promise(done -> PLATFORM.tasks().spawn(name, () -> done.accept(outcome(name))));
  }

  private static JSString outcome(String name) {
    try {
      CASES.run(name);
      return JSString.valueOf("");
    } catch (Throwable failure) {
      return JSString.valueOf(failure + stack(failure));
    }
  }

  private static String stack(Throwable failure) {
    return failure.getCause() == null ? "" : ", by " + failure.getCause();
  }

  @JSFunctor
  private interface Done extends JSObject {
    void accept(JSString outcome);
  }

  @JSFunctor
  private interface Start extends JSObject {
    void accept(Done done);
  }

  @JSBody(params = "start", script = "return new Promise(start);")
  private static native JSPromise<JSString> promise(Start start);
}
