package dev.p2pcp.browser.cases;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.platform.BrowserPlatform;
import dev.p2pcp.platform.Platform;
import dev.p2pcp.testing.CoreVectors;
import dev.p2pcp.testing.ProtocolVectors;
import dev.p2pcp.testing.Vector;
import java.util.List;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSExport;

/** The adapters of the browser by calls of text, for contract suites that run outside. */
public final class RemoteExports {
  private static final Platform PLATFORM = BrowserPlatform.create();
  private static final RemoteCrypto CRYPTO = new RemoteCrypto();
  private static final RemoteStore STORE = new RemoteStore(PLATFORM);
  private static final RemoteTransport TRANSPORT = new RemoteTransport(PLATFORM);

  private RemoteExports() {}

  /** Runs the call in a task and tells its answer under its id. */
  @JSExport
  public static void call(String id, String method, String[] arguments) {
    PLATFORM.tasks().spawn(method, () -> tell(id, outcome(method, arguments)));
  }

  private static String[] outcome(String method, String[] arguments) {
    try {
      List<String> answer = answer(method, arguments);
      String[] words = new String[answer.size() + 1];
      words[0] = "done";
      for (int i = 1; i < words.length; i++) {
        words[i] = answer.get(i - 1);
      }
      return words;
    } catch (StoreException refused) {
      return new String[] {"failed", "StoreException: " + refused.reason()};
    } catch (Throwable failure) {
      return new String[] {"failed", failure.toString()};
    }
  }

  private static List<String> answer(String method, String[] arguments) throws Exception {
    String subject = method.substring(0, method.indexOf('.'));
    String verb = method.substring(subject.length() + 1);
    return switch (subject) {
      case "crypto" -> CRYPTO.call(verb, arguments);
      case "store" -> STORE.call(verb, arguments);
      case "transport" -> TRANSPORT.call(verb, arguments);
      case "vector" -> List.of(vector(verb, Vector.parse(arguments[0])));
      default -> throw new IllegalArgumentException(method);
    };
  }

  private static String vector(String verb, Vector vector) {
    return verb.equals("core")
        ? new CoreVectors(PLATFORM.crypto()).outcome(vector)
        : new ProtocolVectors(PLATFORM.crypto()).outcome(vector);
  }

  /** Tells the test something. */
  @JSBody(
      params = {"name", "words"},
      script = "tell(name, Array.prototype.slice.call(words));")
  static native void tell(String name, String[] words);
}
