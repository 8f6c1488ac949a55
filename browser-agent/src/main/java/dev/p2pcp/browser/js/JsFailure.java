package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExceptions;
import org.teavm.jso.JSObject;

/**
 * What a browser API threw or a promise was rejected with, with the name by which such errors are
 * told apart.
 */
public final class JsFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The platform found no room. */
  public static final String QUOTA = "QuotaExceededError";

  /** A cryptographic operation failed on its input. */
  public static final String OPERATION = "OperationError";

  /** Key material was not of the form asked for. */
  public static final String DATA = "DataError";

  /** The object is closed, or about to be. */
  public static final String STATE = "InvalidStateError";

  private final String name;

  public JsFailure(String name, String message) {
    super(message, null, false, false);
    this.name = name;
  }

  /** Of whatever JavaScript threw; it need not be an Error. */
  public static JsFailure of(@Nullable JSObject reason) {
    return new JsFailure(nameOf(reason), messageOf(reason));
  }

  /** Of what a call into JavaScript threw at us; an exception of ours passes through as it is. */
  public static RuntimeException of(Throwable thrown) {
    if (thrown instanceof RuntimeException own && isOurs(own)) {
      return own;
    }
    return of(JSExceptions.getJSException(thrown));
  }

  /** Such as {@code OperationError}. */
  public String name() {
    return name;
  }

  public boolean is(String expected) {
    return name.equals(expected);
  }

  private static boolean isOurs(RuntimeException thrown) {
    return thrown instanceof JsFailure
        || thrown instanceof IllegalArgumentException
        || thrown instanceof IllegalStateException;
  }

  @JSBody(params = "reason", script = "return String(reason && reason.name || 'Error');")
  private static native String nameOf(@Nullable JSObject reason);

  @JSBody(params = "reason", script = "return String(reason && reason.message || reason);")
  private static native String messageOf(@Nullable JSObject reason);
}
