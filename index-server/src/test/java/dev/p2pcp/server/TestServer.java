package dev.p2pcp.server;

import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An index server of its own, on a free port of loopback, for tests that stop it or set it up
 * otherwise.
 */
final class TestServer implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  private TestServer(ConfigurableApplicationContext context) {
    this.context = context;
  }

  static TestServer start(String... settings) {
    return startAt(0, settings);
  }

  /** On that port; 0 for a free one. */
  static TestServer startAt(int port, String... settings) {
    List<String> arguments = new ArrayList<>(List.of(settings));
    arguments.add("--server.port=" + port);
    return new TestServer(
        SpringApplication.run(IndexServer.class, arguments.toArray(new String[0])));
  }

  String origin() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return ((WebServerApplicationContext) context).getWebServer().getPort();
  }

  /** A part of the server, to look into. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
