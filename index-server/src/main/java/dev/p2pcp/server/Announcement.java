package dev.p2pcp.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says on standard output where the server can be reached, as the last line of the start. */
@Component
class Announcement {
  private final ServerProperties server;

  Announcement(ServerProperties server) {
    this.server = server;
  }

  @EventListener
  @SuppressWarnings("SystemOut") // A person or a script waits for this line; logs may go elsewhere.
  void ready(ApplicationReadyEvent event) throws UnknownHostException {
    if (event.getApplicationContext() instanceof WebServerApplicationContext context
        && context.getWebServer() != null) {
      String scheme = server.getSsl() != null && server.getSsl().isEnabled() ? "https" : "http";
      int port = context.getWebServer().getPort();
      System.out.println("p2pcp is ready at " + scheme + "://" + host() + ":" + port);
    }
  }

  private String host() throws UnknownHostException {
    InetAddress address = server.getAddress();
    if (address == null || address.isAnyLocalAddress()) {
      return InetAddress.getLocalHost().getHostName();
    }
    return address.getHostAddress();
  }
}
