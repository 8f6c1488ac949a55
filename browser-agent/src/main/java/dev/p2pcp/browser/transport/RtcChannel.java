package dev.p2pcp.browser.transport;

import dev.p2pcp.browser.js.Binary;
import dev.p2pcp.browser.js.JsFailure;
import dev.p2pcp.browser.js.Promises;
import dev.p2pcp.browser.js.Rtc;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.platform.Tasks;
import dev.p2pcp.transport.Channels;
import dev.p2pcp.transport.DirectChannel;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Signal;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSObject;
import org.teavm.jso.core.JSArray;
import org.teavm.jso.typedarrays.ArrayBuffer;

/**
 * One data channel. Descriptions are exchanged by perfect negotiation (W3C WebRTC 1.0, 10.7): where
 * both ends offer at once, the polite one takes its own back. What the other end says is taken up
 * one after the other.
 */
final class RtcChannel implements DirectChannel {
  /** Words of the other end that may wait. */
  private static final int INBOX = 64;

  private static final String RELAY = "relay";

  private final Channels.Setup setup;
  private final Listener listener;
  private final Tasks tasks;
  private final Rtc.Connection connection;
  private final Rtc.Channel channel;
  private final ArrayDeque<Signal> inbox = new ArrayDeque<>();
  private String theirs = "";
  private boolean working;
  private boolean offering;
  private boolean offerWanted;
  private boolean restartWanted;
  private boolean ignoring;
  private boolean open;
  private boolean interrupted;
  private boolean closed;

  RtcChannel(JSArray<JSObject> servers, Channels.Setup setup, Listener listener, Tasks tasks) {
    this.setup = setup;
    this.listener = listener;
    this.tasks = tasks;
    this.connection = Rtc.open(servers, setup.relayOnly() ? RELAY : "all");
    this.channel = Rtc.channel(connection, LOW_WATER);
    connection.setOnicecandidate(event -> found(event.getCandidate()));
    connection.setOniceconnectionstatechange(this::stateChanged);
    channel.setOnopen(() -> tasks.spawn("channel open", this::opened));
    channel.setOnclose(() -> ended("closed"));
    channel.setOnbufferedamountlow(listener::drained);
    channel.setOnmessage(message -> received(message.getData()));
  }

  @Override
  public void offer(boolean again) {
    offerWanted = true;
    restartWanted |= again;
    workSoon();
  }

  @Override
  public void signal(Signal from) {
    if (closed || inbox.size() >= INBOX) {
      return;
    }
    inbox.addLast(from);
    workSoon();
  }

  @Override
  public int waiting() {
    return channel.getBufferedAmount();
  }

  @Override
  public void send(Bytes message) throws LinkException {
    if (!open || closed) {
      throw new LinkException("channel is closed");
    }
    try {
      channel.send(Binary.view(message));
    } catch (Throwable thrown) {
      ended("nothing can be sent");
      throw new LinkException(String.valueOf(JsFailure.of(thrown).getMessage()));
    }
  }

  @Override
  public void close() {
    ended("closed here");
  }

  private void workSoon() {
    if (!working) {
      working = true;
      tasks.spawn("negotiation", this::work);
    }
  }

  private void work() {
    try {
      while (!closed && (offerWanted || !inbox.isEmpty())) {
        if (offerWanted) {
          offerWanted = false;
          offerNow();
        } else {
          take(inbox.removeFirst());
        }
      }
    } catch (JsFailure e) {
      ended("negotiation failed: " + e.getMessage());
    } finally {
      working = false;
    }
  }

  private void offerNow() {
    offering = true;
    String sdp = Promises.await(Rtc.describe(connection, restartWanted)).stringValue();
    restartWanted = false;
    offering = false;
    listener.signal(new Signal.Offer(Rtc.withoutCandidates(sdp)));
  }

  private void take(Signal signal) {
    switch (signal) {
      case Signal.Offer offer -> {
        boolean clash = offering || !connection.getSignalingState().equals("stable");
        ignoring = clash && !setup.polite();
        if (!ignoring) {
          Promises.await(Rtc.hear(connection, "offer", offer.description()));
          String sdp = Promises.await(Rtc.describe(connection, false)).stringValue();
          listener.signal(new Signal.Answer(Rtc.withoutCandidates(sdp)));
        }
      }
      case Signal.Answer answer -> {
        if (connection.getSignalingState().equals("have-local-offer")) {
          Promises.await(Rtc.hear(connection, "answer", answer.description()));
        }
      }
      case Signal.Candidates candidates -> {
        for (String line : candidates.lines()) {
          theirs += line;
          add(line);
        }
        if (candidates.last()) {
          add("");
        }
      }
      case Signal.No no -> ended("refused");
    }
  }

  /** One that the browser does not take, or that belongs to what was taken back, is left out. */
  private void add(String line) {
    try {
      Promises.await(Rtc.add(connection, line));
    } catch (JsFailure e) {
      return;
    }
  }

  private void found(Rtc.@Nullable Candidate candidate) {
    if (candidate == null) {
      listener.signal(new Signal.Candidates(List.of(), true));
      return;
    }
    String line = candidate.getLine();
    boolean allowed = !setup.relayOnly() || RELAY.equals(candidate.getType());
    if (allowed && !line.isEmpty() && line.length() <= Signal.CANDIDATE) {
      listener.signal(new Signal.Candidates(List.of(line), false));
    }
  }

  private void opened() {
    String kind = Promises.await(Rtc.kind(connection, theirs)).stringValue();
    Bytes here = Binary.bytes(Rtc.fingerprint(connection, true));
    Bytes there = Binary.bytes(Rtc.fingerprint(connection, false));
    if (closed) {
      return;
    }
    if (here.isEmpty() || there.isEmpty()) {
      ended("no SHA-256 of the certificates");
      return;
    }
    open = true;
    listener.opened(new Binding(here, there, kind.equals(RELAY)));
  }

  private void stateChanged() {
    if (closed) {
      return;
    }
    switch (connection.getIceConnectionState()) {
      case "disconnected" -> {
        if (!interrupted) {
          interrupted = true;
          listener.interrupted();
        }
      }
      case "connected", "completed" -> {
        if (interrupted) {
          interrupted = false;
          listener.resumed();
        }
      }
      case "failed", "closed" -> ended("no way leads there");
      default -> {
        // On its way.
      }
    }
  }

  private void received(JSObject data) {
    ArrayBuffer bytes = Rtc.bytes(data);
    if (closed) {
      return;
    }
    if (bytes == null || bytes.getByteLength() > MAX_MESSAGE) {
      ended("what came is no message");
    } else {
      listener.received(Binary.bytes(bytes));
    }
  }

  private void ended(String why) {
    if (closed) {
      return;
    }
    closed = true;
    inbox.clear();
    connection.close();
    // The listener must not be called from within what it called.
    Turns.next(() -> listener.closed(why));
  }
}
