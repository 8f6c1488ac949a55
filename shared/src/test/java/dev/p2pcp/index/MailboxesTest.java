package dev.p2pcp.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.index.Mailboxes.Posted;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.Limits;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Signals wait where they are bounded, and one that comes in never makes more than one go out. */
class MailboxesTest {
  private static final PeerId TARGET = peer(0);
  private static final PeerId ALICE = peer(1);
  private static final PeerId BOB = peer(2);

  private final Mailboxes boxes = new Mailboxes();

  @Test
  void the_receiver_is_rung_once_until_it_pulls() {
    boxes.open(TARGET);
    assertThat(post(ALICE, 1, 0)).isEqualTo(Posted.RING);
    assertThat(post(ALICE, 2, 0)).isEqualTo(Posted.WAITS);
    assertThat(post(BOB, 3, 0)).isEqualTo(Posted.WAITS);
    assertThat(pulled(0)).containsExactly(signal(1), signal(2), signal(3));
    assertThat(pulled(0)).isEmpty();
    assertThat(post(BOB, 4, 0)).isEqualTo(Posted.RING);
  }

  @Test
  void who_is_not_connected_gets_nothing_and_nothing_is_kept_for_who_left() {
    assertThat(post(ALICE, 1, 0)).isEqualTo(Posted.UNKNOWN);
    boxes.open(TARGET);
    post(ALICE, 1, 0);
    boxes.close(TARGET);
    boxes.open(TARGET);
    assertThat(pulled(0)).isEmpty();
  }

  @Test
  void a_signal_is_dropped_when_it_has_waited_too_long() {
    boxes.open(TARGET);
    post(ALICE, 1, 0);
    post(ALICE, 2, Mailboxes.LIFE / 2);
    assertThat(pulled(Mailboxes.LIFE + 1)).containsExactly(signal(2));
  }

  @Test
  void the_oldest_of_a_sender_gives_way_to_its_newer_ones_and_others_stay() {
    boxes.open(TARGET);
    post(BOB, 1, 0);
    for (int i = 0; i < 3 * Mailboxes.SHARE; i++) {
      post(ALICE, 100 + i, 0);
    }
    List<Bytes> all = pulled(0);
    assertThat(all).hasSize(1 + Mailboxes.SHARE).startsWith(signal(1));
    assertThat(all).endsWith(signal(100 + 3 * Mailboxes.SHARE - 1));
  }

  @Test
  void a_full_box_takes_a_newcomer_at_the_cost_of_who_has_the_most_there() {
    boxes.open(TARGET);
    int senders = Mailboxes.ROOM / Mailboxes.SHARE;
    for (int sender = 1; sender <= senders; sender++) {
      for (int i = 0; i < Mailboxes.SHARE; i++) {
        post(peer(sender), sender * 100 + i, 0);
      }
    }
    post(peer(99), 1, 0);
    List<Bytes> all = pulled(0);
    all.addAll(pulled(0));
    assertThat(all).hasSize(Mailboxes.ROOM).contains(signal(1)).doesNotContain(signal(100));
  }

  @Test
  void an_answer_fits_its_message_and_says_that_more_wait() throws Exception {
    boxes.open(TARGET);
    for (int i = 1; i <= 4; i++) {
      for (int k = 0; k < Mailboxes.SHARE; k++) {
        boxes.post(peer(i), TARGET, Bytes.wrap(new byte[Limits.SIGNAL]), 0);
      }
    }
    SessionFrame.Signals first = boxes.pull(TARGET, 7, 0);
    assertThat(first.more()).isTrue();
    assertThat(first.notes()).isNotEmpty();
    assertThat(FrameCodec.decodeMessage(FrameCodec.encode(first))).isEqualTo(first);
  }

  @Test
  void whatever_comes_a_box_keeps_its_bounds_and_its_order() {
    Seeded.check(
        200,
        arbitrary -> {
          Mailboxes any = new Mailboxes();
          any.open(TARGET);
          Map<Integer, Integer> lastOf = new HashMap<>();
          int rings = 0;
          int pulls = 1;
          for (int i = 0; i < 200; i++) {
            int sender = 1 + arbitrary.below(8);
            if (arbitrary.below(20) == 0) {
              pulls++;
              for (SessionFrame.Signals.Note note : any.pull(TARGET, 0, i).notes()) {
                int number = (int) note.sealed().longAt(0);
                int from = (int) note.from().bytes().longAt(0);
                assertThat(lastOf.getOrDefault(from, -1)).isLessThan(number);
                lastOf.put(from, number);
              }
            } else if (any.post(numbered(sender), TARGET, signal(i), i) == Posted.RING) {
              rings++;
            }
          }
          assertThat(rings).isLessThanOrEqualTo(pulls);
          int left = 0;
          SessionFrame.Signals answer;
          do {
            answer = any.pull(TARGET, 0, 200);
            assertThat(answer.notes().size()).isLessThanOrEqualTo(Limits.SIGNALS);
            left += answer.notes().size();
          } while (answer.more());
          assertThat(left).isLessThanOrEqualTo(Mailboxes.ROOM);
        });
  }

  private Posted post(PeerId from, int number, long ticks) {
    return boxes.post(from, TARGET, signal(number), ticks);
  }

  private List<Bytes> pulled(long ticks) {
    return new ArrayList<>(
        boxes.pull(TARGET, 1, ticks).notes().stream()
            .map(SessionFrame.Signals.Note::sealed)
            .toList());
  }

  private static Bytes signal(int number) {
    return new ByteWriter().u64(number).toBytes();
  }

  private static PeerId numbered(int number) {
    return new PeerId(
        new ByteWriter().u64(number).bytes(Bytes.wrap(new byte[PeerId.LENGTH - 8])).toBytes());
  }

  private static PeerId peer(int number) {
    return new PeerId(new Seeded(number).bytes(PeerId.LENGTH));
  }
}
