package dev.p2pcp.browser.js;

import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;
import org.teavm.jso.JSObject;
import org.teavm.jso.JSProperty;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.core.JSPromise;
import org.teavm.jso.core.JSString;
import org.teavm.jso.typedarrays.ArrayBuffer;
import org.teavm.jso.typedarrays.Uint8Array;

/** {@code RTCPeerConnection} with one data channel that both ends make by themselves. */
public final class Rtc {
  private Rtc() {}

  /** Whether this place has it; workers do not. */
  @JSBody(script = "return typeof RTCPeerConnection === 'function';")
  public static native boolean isThere();

  /** A connection, and what it tells. */
  public interface Connection extends JSObject {
    @JSProperty
    String getSignalingState();

    @JSProperty
    String getIceConnectionState();

    @JSProperty
    void setOnicecandidate(Consumer<CandidateEvent> listener);

    @JSProperty
    void setOniceconnectionstatechange(Callback listener);

    void close();
  }

  /** A way that may lead here; none at the end. */
  public interface CandidateEvent extends JSObject {
    @JSProperty
    @Nullable Candidate getCandidate();
  }

  /** Its line of the session description. */
  public interface Candidate extends JSObject {
    @JSProperty("candidate")
    String getLine();

    /** {@code host}, {@code srflx}, {@code prflx} or {@code relay}; null where it is not told. */
    @JSProperty
    @Nullable String getType();
  }

  /** The data channel. */
  public interface Channel extends JSObject {
    @JSProperty
    int getBufferedAmount();

    @JSProperty
    void setOnopen(Callback listener);

    @JSProperty
    void setOnclose(Callback listener);

    @JSProperty
    void setOnbufferedamountlow(Callback listener);

    @JSProperty
    void setOnmessage(Consumer<Message> listener);

    void send(Uint8Array message);
  }

  /** What came in. */
  public interface Message extends JSObject {
    @JSProperty
    JSObject getData();
  }

  /** An empty list of servers. */
  @JSBody(script = "return [];")
  public static native JSArray<JSObject> servers();

  /** One server. */
  @JSBody(
      params = {"urls", "username", "credential"},
      script =
          "var s = {urls: urls}; if (username) { s.username = username; s.credential = credential; }"
              + "return s;")
  public static native JSObject server(JSArray<JSString> urls, String username, String credential);

  /** A connection that nobody knows of yet; the browser throws for what it does not take. */
  @JSBody(
      params = {"servers", "policy"},
      script = "return new RTCPeerConnection({iceServers: servers, iceTransportPolicy: policy});")
  public static native Connection open(JSArray<JSObject> servers, String policy);

  /** Its channel, reliable and in order. */
  @JSBody(
      params = {"connection", "low"},
      script =
          "var c = connection.createDataChannel('p2pcp', {negotiated: true, id: 0});"
              + "c.binaryType = 'arraybuffer'; c.bufferedAmountLowThreshold = low; return c;")
  public static native Channel channel(Connection connection, int low);

  /** Describes this end, as its state asks for; resolves to the text. */
  @JSBody(
      params = {"connection", "restart"},
      script =
          "if (restart) { connection.restartIce(); }"
              + "return connection.setLocalDescription()"
              + ".then(function() { return connection.localDescription.sdp; });")
  public static native JSPromise<JSString> describe(Connection connection, boolean restart);

  /** Takes the other end's word. */
  @JSBody(
      params = {"connection", "type", "sdp"},
      script = "return connection.setRemoteDescription({type: type, sdp: sdp});")
  public static native JSPromise<@Nullable JSObject> hear(
      Connection connection, String type, String sdp);

  /** A way that may lead to the other end; empty at the end. */
  @JSBody(
      params = {"connection", "line"},
      script = "return connection.addIceCandidate({candidate: line, sdpMLineIndex: 0});")
  public static native JSPromise<@Nullable JSObject> add(Connection connection, String line);

  /**
   * The SHA-256 of the certificate in the description of this end, or of the other; empty if it has
   * another one.
   */
  @JSBody(
      params = {"connection", "here"},
      script =
          "var d = here ? connection.localDescription : connection.remoteDescription;"
              + "var m = /^a=fingerprint:sha-256 ([0-9a-f:]+)/im.exec(d ? d.sdp : '');"
              + "return new Uint8Array(m ? m[1].split(':').map(function(x) { return parseInt(x, 16); })"
              + " : []);")
  public static native Uint8Array fingerprint(Connection connection, boolean here);

  /**
   * Resolves to {@code relay} if what was chosen goes over one, else to something else.
   *
   * @param lines candidates of the other end: who was heard from before it was named has no type
   */
  @JSBody(
      params = {"connection", "lines"},
      script =
          // Parameters are renamed to single letters, also where those inside have that name.
          "return connection.getStats().then(function(stats) {"
              + "  var kind = 'direct';"
              + "  stats.forEach(function(transport) {"
              + "    var pair = transport.type === 'transport' && stats.get(transport.selectedCandidatePairId);"
              + "    [pair && pair.localCandidateId, pair && pair.remoteCandidateId].forEach(function(name) {"
              + "      var end = name && stats.get(name);"
              + "      var where = end && ' ' + end.address + ' ' + end.port + ' typ relay';"
              + "      if (end && (end.candidateType === 'relay' || lines.indexOf(where) >= 0)) {"
              + "        kind = 'relay';"
              + "      }"
              + "    });"
              + "  });"
              + "  return kind;"
              + "});")
  public static native JSPromise<JSString> kind(Connection connection, String lines);

  /** The bytes; null for text. */
  @JSBody(params = "data", script = "return data instanceof ArrayBuffer ? data : null;")
  public static native @Nullable ArrayBuffer bytes(JSObject data);

  /** The description without the ways that it names: they are told by themselves. */
  @JSBody(
      params = "sdp",
      script = "return sdp.replace(/^a=(candidate|end-of-candidates).*\\r\\n/gm, '');")
  public static native String withoutCandidates(String sdp);
}
