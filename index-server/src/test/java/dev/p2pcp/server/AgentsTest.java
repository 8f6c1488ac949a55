package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Content;
import dev.p2pcp.node.NodeStatus;
import java.net.ServerSocket;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The real agent and the real server: what people store survives their devices and the server. */
class AgentsTest {
  private static final int NOTES = 8;

  @Test
  void items_outlive_their_device_and_their_server() throws Exception {
    int nextPort = freePort();
    String next = "http://127.0.0.1:" + nextPort;
    byte[] picture = new byte[500_000];
    new Random(5).nextBytes(picture);
    try (TestServer first = TestServer.start();
        LiveAgent bob = LiveAgent.create(first.origin(), next);
        LiveAgent carol = LiveAgent.create(first.origin(), next);
        LiveAgent dave = LiveAgent.create(first.origin(), next)) {
      List<String> words;
      PublicKey ann;
      try (LiveAgent device = LiveAgent.create(first.origin(), next)) {
        for (int i = 0; i < NOTES; i++) {
          device.put("/notes/" + i, Bytes.utf8("note " + i), false);
        }
        device.put("/profile", Bytes.wrap(picture), true);
        device.await(
            "three copies of each",
            () -> device.agent().node().status().items().done() == NOTES + 1);
        words = device.agent().words(Optional.empty());
        ann = device.agent().keys().identity().publicKey();
      }
      assertThat(profile(bob, ann)).isEqualTo(Bytes.wrap(picture));

      try (LiveAgent again = LiveAgent.login(words, first.origin(), next)) {
        again.await("all items", () -> again.agent().node().list("/notes/").size() == NOTES);
        for (int i = 0; i < NOTES; i++) {
          Optional<Content> note =
              again.agent().node().get(Path.parse("/notes/" + i), progress -> {});
          assertThat(note).map(Content::value).contains(Bytes.utf8("note " + i));
        }
        again.await(
            "three copies of each",
            () -> again.agent().node().status().items().done() == NOTES + 1);
        NodeStatus.Account before = again.agent().node().status().account();
        first.close();
        try (TestServer second = TestServer.startAt(nextPort)) {
          for (LiveAgent agent : List.of(bob, carol, dave, again)) {
            agent.await("the next server", () -> isOn(agent, second.origin()));
          }
          assertThat(profile(dave, ann)).isEqualTo(Bytes.wrap(picture));
          again.await(
              "the same figures", () -> again.agent().node().status().account().equals(before));
          again.put("/notes/after", Bytes.utf8("after"), false);
          again.await(
              "copies of a new note",
              () -> again.agent().node().status().items().done() == NOTES + 2);
        }
      }
    }
  }

  private static Bytes profile(LiveAgent reader, PublicKey of) throws Exception {
    return reader
        .agent()
        .node()
        .getOf(of, Path.parse("/profile"), progress -> {})
        .orElseThrow()
        .value();
  }

  private static boolean isOn(LiveAgent agent, String origin) throws Exception {
    return agent.agent().node().status().servers().stream()
        .anyMatch(server -> server.origin().equals(origin) && server.state().equals("CONNECTED"));
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
