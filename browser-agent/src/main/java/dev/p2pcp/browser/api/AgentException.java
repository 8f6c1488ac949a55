package dev.p2pcp.browser.api;

import dev.p2pcp.browser.js.JsFailure;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;

/**
 * A refusal as a caller of the agent sees it: one of the codes of {@code agent.d.ts}, and figures
 * that explain it.
 */
public final class AgentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final transient @Nullable JSObject figures;

  public AgentException(String code, String message) {
    this(code, message, null);
  }

  /**
   * @param figures an object of numbers and lists of numbers, or null
   */
  public AgentException(String code, String message, @Nullable JSObject figures) {
    super(message, null, false, false);
    this.code = code;
    this.figures = figures;
  }

  public String code() {
    return code;
  }

  /** An {@code AgentError}: a real Error with {@code code} and {@code figures}. */
  JSObject toJs() {
    return error(code, String.valueOf(getMessage()), figures);
  }

  /** The {@code AgentError} of whatever a call threw; what is no refusal is a crash and says so. */
  static JSObject errorOf(Throwable thrown) {
    if (thrown instanceof AgentException refusal) {
      return refusal.toJs();
    }
    RuntimeException crash = JsFailure.of(thrown);
    String name = crash instanceof JsFailure failure ? failure.name() : crash.toString();
    return error("unsupported", "the agent failed: " + name + ": " + crash.getMessage(), null);
  }

  /** The parts of an error that travel between tabs, as not every browser clones an Error whole. */
  @JSBody(
      params = "error",
      script = "return {code: error.code, message: error.message, figures: error.figures};")
  static native JSObject parts(JSObject error);

  @JSBody(params = "parts", script = "return Object.assign(new Error(parts.message), parts);")
  static native JSObject whole(JSObject parts);

  @JSBody(
      params = {"code", "message", "figures"},
      script =
          "var e = new Error(message); e.name = 'AgentError'; e.code = code;"
              + "if (figures) { e.figures = figures; } return e;")
  private static native JSObject error(String code, String message, @Nullable JSObject figures);
}
