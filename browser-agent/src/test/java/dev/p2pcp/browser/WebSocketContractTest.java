package dev.p2pcp.browser;

import dev.p2pcp.browser.cases.RemoteExports;
import dev.p2pcp.browser.harness.Bridge;
import dev.p2pcp.browser.harness.Compiled;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.jvm.JvmClock;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.TransportContract;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The browser's WebSocket in a real Chromium keeps the contract of transports. */
class WebSocketContractTest extends TransportContract {
  private static final AtomicInteger LAST = new AtomicInteger();

  private static Bridge bridge;

  private final Clock clock = new JvmClock();

  @BeforeAll
  static void start() {
    bridge = new Bridge(Compiled.module(RemoteExports.class));
  }

  @AfterAll
  static void stop() {
    bridge.close();
  }

  @Override
  protected Transport transport() {
    return this::connect;
  }

  @Override
  protected Clock clock() {
    return clock;
  }

  private Transport.Connection connect(
      String origin, Transport.Listener listener, Deadline deadline) throws LinkException {
    String name = "connection" + LAST.incrementAndGet();
    bridge.listen(name, words -> heard(listener, words));
    call("connect", name, origin, String.valueOf(deadline.left(clock)));
    return new Transport.Connection() {
      @Override
      public void send(Bytes message) throws LinkException {
        call("send", name, message.hex());
      }

      @Override
      public void close() {
        bridge.call("transport.close", name);
      }
    };
  }

  private static void heard(Transport.Listener listener, List<String> words) {
    if (words.get(0).equals("closed")) {
      listener.closed(words.get(1));
      return;
    }
    try {
      listener.received(Bytes.fromHex(words.get(1)));
    } catch (MalformedFrameException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void call(String verb, String... arguments) throws LinkException {
    try {
      bridge.call("transport." + verb, arguments);
    } catch (Bridge.RemoteException e) {
      if (String.valueOf(e.getMessage()).contains("LinkException")) {
        throw new LinkException(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }
}
