package dev.p2pcp.browser.api;

import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSPromise;

/** What a browser needs to run the agent. */
final class Requirements {
  private Requirements() {}

  /**
   * Resolves to the list of what is missing, as the strings of {@code Requirement}. It tries the
   * algorithms and the database, as their names being there says little: private windows of some
   * browsers have a database that never opens.
   */
  @JSBody(
      script =
          "var subtle = window.isSecureContext && window.crypto && crypto.subtle;"
              + "function lacks(name, works) {"
              + "  return Promise.resolve().then(works).then(function(yes) { return yes ? null : name; },"
              + "    function() { return name; });"
              + "}"
              + "function makesKey(name, uses) {"
              + "  return subtle && subtle.generateKey({name: name}, false, uses);"
              + "}"
              + "function opens() {"
              + "  return new Promise(function(resolve, reject) {"
              + "    var request = indexedDB.open('p2pcp-probe');"
              + "    request.onerror = reject;"
              + "    request.onsuccess = function() {"
              + "      request.result.close(); indexedDB.deleteDatabase('p2pcp-probe'); resolve(true);"
              + "    };"
              + "  });"
              + "}"
              + "return Promise.all(["
              + "  lacks('secure-context', function() { return window.isSecureContext; }),"
              + "  lacks('ed25519', function() { return makesKey('Ed25519', ['sign', 'verify']); }),"
              + "  lacks('x25519', function() { return makesKey('X25519', ['deriveBits']); }),"
              + "  lacks('indexeddb', opens),"
              + "  lacks('web-locks', function() { return navigator.locks && window.BroadcastChannel; }),"
              + "  lacks('websocket', function() { return window.WebSocket; })"
              + "]).then(function(all) { return all.filter(function(name) { return name; }); });")
  static native JSPromise<JSObject> missing();
}
