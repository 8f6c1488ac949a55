package dev.p2pcp.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.jvm.JvmClock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read of other members' notes. */
class NotesTest {
  private static final int HERE = 1;
  private static final int THERE = 2;
  private static final Bytes TEXT = Bytes.utf8("text");

  private final String cluster = UUID.randomUUID().toString();
  private final List<Bytes> read = new ArrayList<>();
  private final HazelcastInstance here = member(HERE);
  private final HazelcastInstance there = member(THERE);
  private final Notes notes = new Notes(here, new Members(here, new JvmClock()));

  @BeforeEach
  void listen() {
    notes.read(Notes.Subject.ROSTER, (from, text) -> read.add(text));
  }

  @AfterEach
  void leave() {
    there.getLifecycleService().terminate();
    here.getLifecycleService().terminate();
  }

  @Test
  void a_note_of_a_member_that_is_there_is_read() {
    assertThat(notes.received(note(there.getCluster().getLocalMember().getUuid()))).isTrue();
    assertThat(read).containsExactly(TEXT);
  }

  @Test
  void a_note_of_what_the_member_was_before_or_will_be_is_not_read_and_may_be_sent_again() {
    assertThat(notes.received(note(UUID.randomUUID()))).isFalse();
    assertThat(read).isEmpty();
  }

  @Test
  void a_note_that_nobody_reads_may_be_sent_again() {
    Note note =
        new Note(THERE, there.getCluster().getLocalMember().getUuid(), Notes.Subject.FIGURES, TEXT);
    assertThat(notes.received(note)).isFalse();
  }

  private static Note note(UUID sender) {
    return new Note(THERE, sender, Notes.Subject.ROSTER, TEXT);
  }

  private HazelcastInstance member(int number) {
    Config config = new Config();
    config.setClusterName(cluster);
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    config.getIntegrityCheckerConfig().setEnabled(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    config.getNetworkConfig().getJoin().getAutoDetectionConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getMulticastConfig().setEnabled(false);
    config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1");
    config.getMemberAttributeConfig().setAttribute(Members.NUMBER, Integer.toString(number));
    return Hazelcast.newHazelcastInstance(config);
  }
}
