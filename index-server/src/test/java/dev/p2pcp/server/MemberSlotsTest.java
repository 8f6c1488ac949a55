package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.server.member.MemberLinks;
import dev.p2pcp.wire.Refusal;
import dev.p2pcp.wire.SessionFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A reserve on any member finds holders on any. */
class MemberSlotsTest {
  private TestCluster cluster;
  private int requests;

  @BeforeEach
  void start() {
    cluster = TestCluster.start(2);
    Await.until("a link", () -> cluster.member(0).part(MemberLinks.class).size() == 1);
    Await.until("a link", () -> cluster.member(1).part(MemberLinks.class).size() == 1);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void a_slot_on_another_member_is_found_promised_once_and_forgotten_with_its_lender() {
    try (RawAgent here = RawAgent.login(cluster.member(0).port());
        RawAgent there = RawAgent.login(cluster.member(1).port())) {
      RawAgent holder = RawAgent.login(cluster.member(1).port());
      pledge(here, 10, 0);
      pledge(there, 10, 0);
      pledge(holder, 2, 2);
      List<Ticket> tickets = new ArrayList<>();
      Await.until("the slot is known", () -> tickets.addAll(reserve(here)));
      assertThat(tickets).extracting(Ticket::holder).containsExactly(holder.peer());

      assertThat(reserve(there)).extracting(Ticket::holder).containsExactly(holder.peer());
      assertThat(reserve(there)).as("both slots are promised, one of them there").isEmpty();

      pledge(holder, 3, 3);
      Await.until("a further slot is known", () -> !reserve(here).isEmpty());
      pledge(holder, 9, 9);
      holder.close();
      Await.until("the lender is forgotten", () -> reserve(here).isEmpty());
    }
  }

  @Test
  void a_member_whose_link_was_lost_learns_again_what_is_lent_and_promised() {
    try (RawAgent owner = RawAgent.login(cluster.member(0).port());
        RawAgent holder = RawAgent.login(cluster.member(0).port())) {
      pledge(owner, 10, 0);
      pledge(holder, 2, 2);
      assertThat(reserve(owner)).hasSize(1);
      MemberLinks links = cluster.member(1).part(MemberLinks.class);
      links.cut();
      Await.until("the link is lost", () -> links.size() == 0);
      try (RawAgent late = RawAgent.login(cluster.member(1).port())) {
        pledge(late, 10, 0);
        Await.until("the slot is known", () -> !reserve(late).isEmpty());
        assertThat(reserve(late)).as("one slot is promised over there").isEmpty();
      }
    }
  }

  private static void pledge(RawAgent agent, int slots, int free) {
    assertThat(agent.ask(new SessionFrame.Pledge(1, slots, free, false)))
        .isEqualTo(new SessionFrame.Done(1));
  }

  /** One copy of some block; empty if nobody has room. */
  private List<Ticket> reserve(RawAgent owner) {
    StorageKey key = new StorageKey(RawAgent.newKey().publicKey().bytes());
    SessionFrame.Answer answer =
        owner.ask(
            new SessionFrame.Reserve(
                10 + requests++, List.of(new SessionFrame.Reserve.Item(key, 100, 1))));
    return switch (answer) {
      case SessionFrame.Reserved reserved -> reserved.tickets().tickets();
      case SessionFrame.Refused refused when refused.refusal().code() == Refusal.BUSY ->
          // Ledgers move while a member comes.
          reserve(owner);
      case SessionFrame.Refused refused -> {
        assertThat(refused.refusal().code()).isEqualTo(Refusal.NO_HOLDERS);
        yield List.of();
      }
      default -> throw new AssertionError(answer);
    };
  }
}
