package dev.p2pcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.feed.FeedChange;
import dev.p2pcp.feed.FeedException;
import dev.p2pcp.feed.FeedPart;
import dev.p2pcp.identity.Path;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Feeds whose blocks are kept in copies by others, and read from them. */
class FeedsTest {
  private static final Path BLOG = new Path("/feeds/blog");

  private final Village village = new Village();

  @AfterEach
  void leave() {
    village.close();
  }

  private Feeds feeds(Village.Resident of) throws Exception {
    return Feeds.of(village.platform, of.agent().keys(), of.node());
  }

  private static List<Bytes> entries(long seed, int count, int length) {
    Seeded arbitrary = new Seeded(seed);
    List<Bytes> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      entries.add(arbitrary.bytes(length));
    }
    return entries;
  }

  @Test
  void somebody_else_reads_it_by_its_link_while_its_writer_is_away() throws Exception {
    Village.Resident ada = village.settler();
    Village.Resident bob = village.settler();
    Village.Resident cem = village.settler();
    OpenFeed written = feeds(ada).own(BLOG, false);
    List<Bytes> entries = entries(1, 700, 1000);
    written.append(entries.subList(0, 300));
    written.append(entries.subList(300, 700));
    village.await("copies", ada::isAllFound);
    ada.stop();
    OpenFeed read = feeds(bob).of(FeedLink.parse(written.link().text()));
    assertThat(read.head()).isEqualTo(written.head());
    assertThat(all(read)).isEqualTo(entries);
    FeedPart part = FeedPart.decode(read.prove(123).encoded());
    assertThat(part.isGenuine(village.platform.crypto())).isTrue();
    assertThat(part.runs().get(0).entries().get(0)).isNotEqualTo(entries.get(123));
    FeedLink blind = new FeedLink(written.link().feed(), Bytes.EMPTY);
    assertThat(all(feeds(cem).of(blind))).hasSize(700).doesNotContain(entries.get(0));
  }

  @Test
  void who_follows_hears_of_new_entries() throws Exception {
    Village.Resident ada = village.settler();
    Village.Resident bob = village.settler();
    OpenFeed written = feeds(ada).own(BLOG, true);
    written.append(List.of(Bytes.utf8("one")));
    village.await(
        "announced",
        () -> village.index.locations().containsKey(FeedChange.keyOf(written.link().feed())));
    OpenFeed read = feeds(bob).of(written.link());
    assertThat(all(read)).containsExactly(Bytes.utf8("one"));
    written.append(List.of(Bytes.utf8("two")));
    assertThat(read.awaitMore(1, village.platform.deadline(30_000))).isEqualTo(2);
    assertThat(all(read)).containsExactly(Bytes.utf8("one"), Bytes.utf8("two"));
    assertThat(written.awaitMore(1, village.platform.deadline(1_000))).isEqualTo(2);
  }

  @Test
  void who_follows_serves_it_when_its_writer_is_gone_for_good() throws Exception {
    Village.Resident ada = village.settler();
    Village.Resident bob = village.settler();
    ada.agent().wantCopies(1);
    List<Bytes> entries = entries(4, 1200, 1000);
    OpenFeed written = feeds(ada).own(BLOG, true);
    written.append(entries.subList(0, 900));
    village.await("announced", () -> isFound(written, 1));
    Feeds ofBob = feeds(bob);
    int slots = bob.node().slotsInUse();
    int kept = ofBob.keep(written.link(), 100);
    written.append(entries.subList(900, 1200));
    village.await("followed", () -> ofBob.keep(written.link(), 100) == kept + 1);
    village.await("kept", () -> isFound(written, 2));
    ada.stop();
    bob.reopened();
    Village.Resident cem = village.settler();
    village.await("only one is left", () -> isFound(written, 1));
    OpenFeed read = feeds(cem).of(written.link());
    assertThat(all(read)).isEqualTo(entries);
    assertThat(read.head()).isEqualTo(written.head());
    assertThat(feeds(bob).keep(written.link(), 2)).isEqualTo(2);
    assertThat(feeds(bob).keep(written.link(), 0)).isZero();
    assertThat(bob.node().slotsInUse()).isEqualTo(slots);
  }

  private boolean isFound(OpenFeed feed, int times) {
    var places = village.index.locations();
    return feed.newestFirst().stream()
        .allMatch(key -> places.containsKey(key) && places.get(key).size() == times);
  }

  @Test
  void it_is_there_after_a_restart_and_lets_go_of_what_it_needs_no_more() throws Exception {
    Village.Resident ada = village.settler();
    village.settler();
    List<Bytes> entries = entries(2, 900, 1000);
    Feeds feeds = feeds(ada);
    OpenFeed feed = feeds.own(BLOG, false);
    for (int at = 0; at < 900; at += 30) {
      feed.append(entries.subList(at, at + 30));
    }
    assertThat(feeds.own(BLOG, true)).isSameAs(feed);
    FeedLink link = feed.link();
    ada.reopened();
    OpenFeed again = feeds(ada).own(BLOG, true);
    assertThat(again.link()).isEqualTo(link);
    again.append(entries.subList(0, 10));
    assertThat(all(again).subList(0, 900)).isEqualTo(entries);
    again.truncate(5);
    assertThat(all(again)).isEqualTo(entries.subList(0, 5));
    // The catalogue has not been written; of the feed only its signed block is left.
    assertThat(ada.node().ownBlocks()).isEqualTo(1);
  }

  @Test
  void what_does_not_fit_what_is_lent_is_refused_whole() throws Exception {
    Village.Resident ada = village.settler();
    OpenFeed feed = feeds(ada).own(BLOG, true);
    ada.agent().lend(9);
    village.await("pledged", () -> ada.node().allowance(1).lent() == 9);
    feed.append(List.of(Bytes.utf8("small")));
    ItemException refused =
        catchThrowableOfType(ItemException.class, () -> feed.append(entries(3, 40, 190_000)));
    assertThat(refused.reason()).isEqualTo(ItemException.Reason.OVER_ALLOWANCE);
    assertThat(feed.head().length()).isEqualTo(1);
    assertThat(catchThrowableOfType(FeedException.class, () -> feed.prove(1)).reason())
        .isEqualTo(FeedException.Reason.NO_ENTRY);
  }

  private static List<Bytes> all(OpenFeed feed) throws Exception {
    List<Bytes> all = new ArrayList<>();
    while (all.size() < feed.head().length()) {
      all.addAll(feed.read(all.size(), Long.MAX_VALUE));
    }
    return all;
  }
}
