package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.Uint8Array;

/** Asks web servers by the browser's fetch, which keeps what they may tell by CORS. */
final class FetchWeb implements Web {
  private final Clock clock;

  FetchWeb(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Answer ask(Request request, Deadline deadline) throws LinkException {
    JSArray<JSString> headers = new JSArray<>();
    request.headers().stream()
        // A browser sends the length by itself, and only by itself.
        .filter(header -> !header.startsWith("content-length:"))
        .forEach(header -> headers.push(JSString.valueOf(header)));
    Bytes body = request.body();
    try {
      Reply reply =
          Promises.await(
              fetch(
                  request.url(),
                  request.method(),
                  headers,
                  body.isEmpty() ? null : Binary.view(body),
                  request.most(),
                  (int) Math.min(Integer.MAX_VALUE, deadline.left(clock))));
      return new Answer(reply.status(), Binary.bytes(reply.body()));
    } catch (JsFailure failure) {
      throw new LinkException("no answer: " + failure.name());
    }
  }

  /** What the page below resolves to. */
  interface Reply extends JSObject {
    @JSProperty("s")
    int status();

    @JSProperty("b")
    Uint8Array body();
  }

  @JSBody(
      params = {"url", "method", "headers", "body", "most", "millis"},
      script =
          "var stop = new AbortController(), timer = setTimeout(function() { stop.abort(); }, millis);"
              + "return fetch(url, { method: method, body: body, signal: stop.signal,"
              + " headers: headers.map(function(h) { var i = h.indexOf(':');"
              + " return [h.slice(0, i), h.slice(i + 1)]; }),"
              + " redirect: 'error', credentials: 'omit', cache: 'no-store',"
              + " referrerPolicy: 'no-referrer' }).then(function(answer) {"
              + " var reader = answer.body && answer.body.getReader(), parts = [], size = 0;"
              + " function read() { return reader ? reader.read().then(function(part) {"
              + " if (part.done) return done(); size += part.value.length;"
              + " if (size > most) { stop.abort(); throw new RangeError('too long'); }"
              + " parts.push(part.value); return read(); }) : done(); }"
              + " function done() { var all = new Uint8Array(size), at = 0;"
              + " parts.forEach(function(part) { all.set(part, at); at += part.length; });"
              + " return { s: answer.status, b: all }; } return read();"
              + " }).finally(function() { clearTimeout(timer); });")
  private static native JSPromise<Reply> fetch(
      String url,
      String method,
      JSArray<JSString> headers,
      @Nullable Uint8Array body,
      int most,
      int millis);
}
