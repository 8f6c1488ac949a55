package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.PublicKey;
import dev.p2pcp.identity.Path;
import dev.p2pcp.node.Content;
import dev.p2pcp.server.member.MemberLinks;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The agents that people run, each connected to one member only, and all of them to different ones.
 */
class MemberAgentsTest {
  private static final int NOTES = 5;

  @Test
  void copies_are_kept_by_agents_of_other_members_and_read_from_there() throws Exception {
    byte[] picture = new byte[500_000];
    new Random(5).nextBytes(picture);
    try (TestCluster cluster = TestCluster.start(3)) {
      for (int i = 0; i < 3; i++) {
        MemberLinks links = cluster.member(i).part(MemberLinks.class);
        Await.until("a link to each other member", () -> links.size() == 2);
      }
      try (LiveAgent bob = LiveAgent.create(cluster.member(1).origin());
          LiveAgent carol = LiveAgent.create(cluster.member(2).origin());
          LiveAgent dave = LiveAgent.create(cluster.member(2).origin())) {
        List<String> words;
        PublicKey ann;
        try (LiveAgent device = LiveAgent.create(cluster.member(0).origin())) {
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
        assertThat(profile(bob, ann)).contains(Bytes.wrap(picture));
        assertThat(profile(dave, ann)).contains(Bytes.wrap(picture));
        try (LiveAgent again = LiveAgent.login(words, cluster.member(1).origin())) {
          again.await("all items", () -> again.agent().node().list("/notes/").size() == NOTES);
          Optional<Content> note = again.agent().node().get(Path.parse("/notes/3"), progress -> {});
          assertThat(note).map(Content::value).contains(Bytes.utf8("note 3"));
        }
      }
    }
  }

  private static Optional<Bytes> profile(LiveAgent reader, PublicKey of) throws Exception {
    return reader
        .agent()
        .node()
        .getOf(of, Path.parse("/profile"), progress -> {})
        .map(Content::value);
  }
}
