package dev.p2pcp.server.session;

import dev.p2pcp.index.Network;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import java.net.InetAddress;
import org.springframework.web.reactive.socket.CloseStatus;
import reactor.netty.Connection;

/** The far end of a connection. */
final class Remote {
  private static final int IPV4_PREFIX = 3;
  private static final int IPV6_PREFIX = 6;
  private static final int IPV4_LENGTH = 4;
  private static final int SHARED_FIRST = 100;
  private static final int SHARED_SECOND = 64;
  private static final int SHARED_MASK = 0xc0;
  private static final int UNIQUE_LOCAL = 0xfc;
  private static final int UNIQUE_LOCAL_MASK = 0xfe;

  private final Connection connection;
  private final InetAddress address;
  private final String host;
  private volatile boolean reading = true;

  Remote(Connection connection, InetAddress address, String host) {
    this.connection = connection;
    this.address = address;
    this.host = host;
  }

  InetAddress address() {
    return address;
  }

  /** The host that the agent asked for. */
  String host() {
    return host;
  }

  /**
   * Begins the closing handshake and reads on: closing the socket under what the agent has already
   * sent would reset the connection, and the go-away might never be read. Who does not close in
   * turn is cut off by the watch.
   */
  @SuppressWarnings(
      "FutureReturnValueIgnored") // If this fails the connection is gone, which is what it asks
  // for.
  void beginClose(CloseStatus status) {
    connection.channel().writeAndFlush(new CloseWebSocketFrame(status.getCode(), ""));
  }

  /** Closes without waiting for what is unsent. */
  @SuppressWarnings("FutureReturnValueIgnored") // There is nobody to tell when a close fails.
  void abort() {
    connection.channel().close();
  }

  /**
   * Whether the next message may come; while one waits for room elsewhere, silence is not the
   * agent's fault.
   */
  boolean isReading() {
    return reading;
  }

  void reading(boolean now) {
    reading = now;
  }

  /**
   * What addresses of one network share: the first 24 bits of IPv4, the first 48 of IPv6; and
   * whether that says who is behind it.
   */
  Network network() {
    boolean local =
        address.isLoopbackAddress()
            || address.isSiteLocalAddress()
            || address.isLinkLocalAddress()
            || isUniqueLocal(address.getAddress());
    return new Network(prefix(), !local);
  }

  /** Of a private network by RFC 4193 (fc00::/7) or RFC 6598 (100.64.0.0/10). */
  private static boolean isUniqueLocal(byte[] bytes) {
    return bytes.length == IPV4_LENGTH
        ? bytes[0] == SHARED_FIRST && (bytes[1] & SHARED_MASK) == SHARED_SECOND
        : (bytes[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
  }

  private long prefix() {
    byte[] bytes = address.getAddress();
    int prefix = bytes.length == IPV4_LENGTH ? IPV4_PREFIX : IPV6_PREFIX;
    long network = prefix;
    for (int i = 0; i < prefix; i++) {
      network = network << Byte.SIZE | bytes[i] & 0xff;
    }
    return network;
  }
}
