package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.channel.Channel;
import dev.p2pcp.channel.ChannelLink;
import dev.p2pcp.channel.Channels;
import dev.p2pcp.channel.Post;
import dev.p2pcp.inprocess.MemoryChannels;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Channels over the mesh of running agents. */
@Timeout(120)
class NodeChannelsTest {
  private final Village village = new Village();
  private final List<Channel> members = new ArrayList<>();

  @AfterEach
  void close() {
    village.close();
  }

  private Channels channels(Village.Resident resident) throws Exception {
    return NodeChannels.start(village.platform, resident.agent().keys(), resident.node());
  }

  /** So many people in a channel that the first of them founded. */
  private ChannelLink gather(int count) throws Exception {
    List<Channels> all = new ArrayList<>();
    for (Village.Resident resident : village.settlers(count)) {
      all.add(channels(resident));
    }
    ChannelLink link = all.getFirst().own("square");
    for (Channels one : all) {
      members.add(one.open(link));
    }
    village.await("neighbours", () -> members.stream().allMatch(one -> one.neighbours() > 1));
    return link;
  }

  private void say(Channel author, String text) throws Exception {
    author.post(new Post(Optional.empty(), text, List.of()));
    village.await(
        "all have heard " + text, () -> members.stream().allMatch(m -> texts(m).contains(text)));
  }

  private static List<String> texts(Channel channel) {
    return channel.last(1_000, Set.of()).stream().map(m -> m.post().text()).toList();
  }

  @Test
  void what_is_said_reaches_all_with_and_without_index_server() throws Exception {
    village.network.connectBy(new MemoryChannels(village.platform.tasks()));
    gather(8);
    for (Channel one : members) {
      say(one, "by " + members.indexOf(one));
    }
    village.index.kill();
    for (Channel one : members) {
      say(one, "alone, by " + members.indexOf(one));
    }
    for (Channel one : members) {
      assertThat(texts(one)).isEqualTo(texts(members.getFirst())).hasSize(16);
    }
  }

  @Test
  void who_comes_late_has_it_all_and_a_restart_goes_on() throws Exception {
    ChannelLink link = gather(3);
    for (int i = 0; i < 100; i++) {
      members.get(i % 3).post(new Post(Optional.empty(), "message " + i, List.of()));
    }
    Village.Resident late = village.settler();
    Channel here = channels(late).open(link);
    village.await("all of it", () -> texts(here).size() == 100);
    members.add(here);
    say(members.getFirst(), "welcome");
    members.remove(here);
    Channels again = channels(late.reopened());
    village.await("it is open again", () -> again.all().size() == 1);
    Channel back = again.all().getFirst();
    assertThat(texts(back)).hasSize(101);
    members.add(back);
    say(back, "back");
  }
}
