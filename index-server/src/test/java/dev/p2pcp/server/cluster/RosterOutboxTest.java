package dev.p2pcp.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Sha256;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is lost on the way, the other member ends up with what is here. */
class RosterOutboxTest {
  private final NavigableMap<Integer, Seat> own = new ConcurrentSkipListMap<>();
  private final RosterOutbox outbox = new RosterOutbox(own);
  private final NavigableMap<Integer, Seat> told = new TreeMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void the_other_member_knows_all_in_the_end(long seed) throws MalformedFrameException {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      enter(1 + random.nextInt(10_000));
    }
    told.put(5_000_000, seat(5_000_000));
    for (int i = 0; i < 20_000; i++) {
      int number = 1 + random.nextInt(10_000);
      if (random.nextBoolean()) {
        enter(number);
      } else {
        own.remove(number);
        outbox.changed(number);
      }
      if (random.nextInt(50) == 0) {
        tell(random.nextInt(3) > 0);
      }
    }
    for (int i = 0; i < 200; i++) {
      tell(true);
    }
    assertThat(outbox.next()).as("seed %d", seed).isEmpty();
    assertThat(told).as("seed %d", seed).isEqualTo(own);
  }

  @Test
  void one_note_is_under_way_at_a_time_and_the_next_has_all_that_changed_since()
      throws MalformedFrameException {
    tell(true);
    enter(1);
    assertThat(outbox.next()).isPresent();
    enter(2);
    enter(3);
    assertThat(outbox.next()).isEmpty();
    outbox.done(true);
    assertThat(RosterNote.decode(outbox.next().orElseThrow()).seats())
        .extracting(Seat::number)
        .containsExactly(2, 3);
  }

  private void enter(int number) {
    own.put(number, seat(number));
    outbox.changed(number);
  }

  private void tell(boolean arrives) throws MalformedFrameException {
    Bytes text = outbox.next().orElse(null);
    if (text == null) {
      return;
    }
    if (arrives) {
      RosterNote note = RosterNote.decode(text);
      if (note.to() > note.from()) {
        told.subMap(note.from(), note.to()).clear();
      }
      note.seats().forEach(seat -> told.put(seat.number(), seat));
      List<Integer> gone = new ArrayList<>(note.gone());
      gone.forEach(told::remove);
    }
    outbox.done(arrives);
  }

  private static Seat seat(int number) {
    Bytes hash = Sha256.hash(Bytes.utf8("peer" + number)).bytes();
    return new Seat(number, new PeerId(hash), new AccountId(hash), number);
  }
}
