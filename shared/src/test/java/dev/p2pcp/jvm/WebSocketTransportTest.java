package dev.p2pcp.jvm;

import dev.p2pcp.platform.Clock;
import dev.p2pcp.transport.Transport;
import dev.p2pcp.transport.TransportContract;

class WebSocketTransportTest extends TransportContract {
  private final Clock clock = new JvmClock();
  private final Transport transport = new WebSocketTransport(clock);

  @Override
  protected Transport transport() {
    return transport;
  }

  @Override
  protected Clock clock() {
    return clock;
  }
}
