package dev.p2pcp.donor;

import dev.p2pcp.block.MemoryBlockStore;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.server.IndexServer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A real index server, and people who open its site. */
final class Town implements AutoCloseable {
  private static final long ROOM = 16L << 30;

  private final ConfigurableApplicationContext server;
  private final Deque<Visitor> visitors = new ArrayDeque<>();

  Town() {
    // What a test takes away is to be replaced at once.
    server = SpringApplication.run(IndexServer.class, "--server.port=0", "--p2pcp.calm=0s");
  }

  String origin() {
    int port = ((WebServerApplicationContext) server).getWebServer().getPort();
    return "http://127.0.0.1:" + port;
  }

  /** Somebody in a tab: what is stored is in memory. */
  record Visitor(MemoryBlockStore store, HeadlessAgent agent) {}

  /** Somebody new who lends so many slots and wants so many copies, logged in. */
  Visitor visitor(int slots, int copies) throws Exception {
    MemoryBlockStore store = new MemoryBlockStore(ROOM);
    HeadlessAgent agent =
        HeadlessAgent.open(
            store,
            SeedPhrase.generate(new JvmEntropy()),
            new HeadlessAgent.Task(slots, false, List.of(origin())));
    Visitor visitor = new Visitor(store, agent);
    visitors.push(visitor);
    Await.until("online", () -> isOnline(agent));
    agent.agent().wantCopies(copies);
    return visitor;
  }

  static boolean isOnline(HeadlessAgent agent) throws Exception {
    return agent.node().status().servers().stream()
        .anyMatch(server -> server.state().equals("CONNECTED"));
  }

  @Override
  public void close() {
    visitors.forEach(visitor -> visitor.agent().close());
    server.close();
  }
}
