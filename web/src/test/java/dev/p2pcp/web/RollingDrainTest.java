package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.p2pcp.web.harness.Balancer;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Members of a cluster are replaced one after the other, and nobody's work is cut off. */
class RollingDrainTest {
  @RegisterExtension static final World world = new World();

  private static final int SIZE = 100_000_000;
  private static final int SLOTS = 1_000;

  private static final String BEGIN =
      """
      await agent.identity.create({ relaysOnly: argument.relaysOnly });
      await agent.wantCopies(1);
      await agent.lend(argument.slots);
      """;

  /** Begins to store a file, and notes its hash and its end. */
  private static final String STORE =
      """
      const bytes = new Uint8Array(argument);
      for (let at = 0; at < bytes.length; at += 65536)
        crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, bytes.length)));
      trial.hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toBase64();
      trial.stored = agent.files.put('/files/large', new Blob([bytes]));
      trial.stored.catch(() => {});
      """;

  /** Begins to read a file, and notes how much has come. */
  private static final String READ =
      """
      trial.came = 0;
      trial.read = (async () => {
        const bytes = new Uint8Array(argument.size);
        for await (const part of agent.files.read(argument.link)) {
          bytes.set(part, trial.came);
          trial.came += part.length;
        }
        return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toBase64();
      })();
      trial.read.catch(() => {});
      """;

  @Test
  void a_file_on_its_way_in_and_one_on_its_way_out_arrive_whole() {
    assumeTrue(Balancer.program().isPresent(), "HAProxy is not installed");
    List<Integer> ports = Stream.generate(Site::freePort).limit(3).toList();
    List<Integer> links = Stream.generate(Site::freePort).limit(3).toList();
    List<Site> members = new ArrayList<>();
    for (int i = 0; i < ports.size(); i++) {
      members.add(member(i, ports, links));
    }
    try (Balancer front = Balancer.start(ports)) {
      Person keeper = begun(front, false);
      Person author = begun(front, false);
      author.ask(STORE, SIZE);
      author.ask("await trial.stored;", null);
      author.placed("/files/large");
      String link = author.ask("return agent.files.share('/files/large')", null, String.class);

      // Through the tunnel of the members, not past them.
      Person writer = begun(front, true);
      Person reader = begun(front, true);
      writer.ask(STORE, SIZE);
      reader.ask(READ, Map.of("link", link, "size", SIZE));
      reader.until("trial.came > 0");
      for (int i = 0; i < ports.size(); i++) {
        members.get(i).close();
        members.set(i, member(i, ports, links));
      }

      assertThat(reader.ask("return trial.read", null, String.class))
          .isEqualTo(author.ask("return trial.hash", null, String.class));
      writer.ask("await trial.stored;", null);
      writer.placed("/files/large");
      keeper.until("(await agent.status()).servers.some(one => one.state === 'connected')");
    }
  }

  private static Site member(int index, List<Integer> ports, List<Integer> links) {
    String all = String.join(",", links.stream().map(port -> "127.0.0.1:" + port).toList());
    return world.site(
        ports.get(index),
        "--p2pcp.cluster.members=" + all,
        "--p2pcp.cluster.port=" + links.get(index),
        "--p2pcp.cluster.secret=known to the members of this test only");
  }

  private static Person begun(Balancer front, boolean relaysOnly) {
    Person person = world.visitorKnowing(world.site().origin(), front.origin());
    person.ask(BEGIN, Map.of("relaysOnly", relaysOnly, "slots", SLOTS));
    return person.connected();
  }
}
