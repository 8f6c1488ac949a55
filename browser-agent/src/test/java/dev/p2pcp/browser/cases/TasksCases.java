package dev.p2pcp.browser.cases;

import static dev.p2pcp.browser.cases.Cases.equal;
import static dev.p2pcp.browser.cases.Cases.holds;

import dev.p2pcp.block.StoreException;
import dev.p2pcp.browser.js.Turns;
import dev.p2pcp.platform.Pending;
import dev.p2pcp.platform.Platform;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.teavm.jso.JSBody;

/** Coroutines. */
final class TasksCases {
  private static final long SOON = 5_000;
  private static final int HAND_OVERS = 2_000;

  private TasksCases() {}

  static void addTo(Cases cases, Platform platform) {
    cases.add(
        "a_callback_of_the_browser_completes_what_a_task_waits_for",
        () -> {
          Pending<String> pending = platform.tasks().pending();
          Turns.after(() -> pending.complete("from a timer"), 1);
          equal(Optional.of("from a timer"), pending.await(platform.deadline(SOON)));
        });
    cases.add(
        "the_first_completion_wins",
        () -> {
          Pending<Integer> pending = platform.tasks().pending();
          equal(true, pending.complete(1));
          equal(false, pending.complete(2));
          equal(Optional.of(1), pending.await(platform.deadline(SOON)));
        });
    cases.add(
        "a_wait_gives_up_at_its_deadline_and_not_before",
        () -> {
          long start = platform.clock().ticks();
          Pending<Integer> pending = platform.tasks().pending();
          equal(Optional.empty(), pending.await(platform.deadline(30)));
          holds(platform.clock().ticks() - start >= 30, "30 ms passed");
        });
    cases.add(
        "a_wait_sets_one_timer_for_its_deadline_and_takes_it_back",
        () -> {
          Pending<Integer> pending = platform.tasks().pending();
          Turns.after(() -> pending.complete(1), 30);
          countTimers();
          try {
            equal(Optional.of(1), pending.await(platform.deadline(SOON)));
          } finally {
            equal(1, timers());
          }
        });
    cases.add(
        "every_one_of_a_thousand_waiters_is_resumed",
        () -> {
          Pending<Integer> pending = platform.tasks().pending();
          Pending<Integer> all = platform.tasks().pending();
          int[] resumed = {0};
          for (int i = 0; i < 1_000; i++) {
            platform
                .tasks()
                .spawn(
                    "waiter",
                    () -> {
                      if (pending.await(platform.deadline(SOON)).isPresent()
                          && ++resumed[0] == 1_000) {
                        all.complete(1);
                      }
                    });
          }
          platform.tasks().spawn("completer", () -> pending.complete(7));
          equal(Optional.of(1), all.await(platform.deadline(SOON)));
        });
    cases.add(
        "timers_go_on_while_tasks_hand_over_to_each_other",
        () -> {
          boolean[] fired = {false};
          Turns.after(() -> fired[0] = true, 1);
          for (int i = 0; i < 100_000 && !fired[0]; i++) {
            Pending<Integer> pending = platform.tasks().pending();
            platform.tasks().spawn("other", () -> pending.complete(1));
            pending.await(platform.deadline(SOON));
          }
          holds(fired[0], "the timer fired in between");
        });
    cases.add(
        "what_a_suspended_call_throws_reaches_the_handlers_of_its_callers",
        () -> {
          int[] handled = {0};
          try {
            failAfterAWait(platform, 5);
          } catch (StoreException e) {
            handled[0] = e.reason() == StoreException.Reason.FULL ? 1 : 0;
          } finally {
            platform.tasks().sleep(1);
            handled[0] += 10;
          }
          equal(11, handled[0]);
        });
    cases.add(
        "one_interface_may_have_implementations_that_wait_and_others_that_do_not",
        () -> {
          List<Supply> supplies =
              List.of(
                  () -> 1,
                  () -> {
                    platform.tasks().sleep(1);
                    return 2;
                  },
                  () -> 4);
          int sum = 0;
          for (Supply supply : supplies) {
            sum += supply.get();
          }
          equal(7, sum);
        });
    cases.add(
        "records_are_equal_by_their_components",
        () -> {
          Pair pair = new Pair(1, 1L << 40, true, List.of("a"), null);
          Pair same = new Pair(1, 1L << 40, true, List.of("a"), null);
          equal(pair, same);
          equal(pair.hashCode(), same.hashCode());
          equal(Optional.of(5), Optional.ofNullable(Map.of(pair, 5).get(same)));
          holds(!pair.equals(new Pair(2, 1L << 40, true, List.of("a"), null)), "an int differs");
          holds(!pair.equals(new Pair(1, 1L << 41, true, List.of("a"), null)), "a long differs");
          holds(!pair.equals(new Pair(1, 1L << 40, false, List.of("a"), null)), "a flag differs");
          holds(!pair.equals(new Pair(1, 1L << 40, true, List.of("b"), null)), "a list differs");
          holds(!pair.equals(new Pair(1, 1L << 40, true, List.of("a"), "")), "one is not null");
        });
    cases.add(
        "a_task_that_crashes_leaves_the_others_alone",
        () -> {
          Pending<Integer> pending = platform.tasks().pending();
          platform.tasks().spawn("completer", () -> pending.complete(1));
          equal(Optional.of(1), pending.await(platform.deadline(SOON)));
        });
    cases.add(
        "a_hand_over_costs_less_than_a_tenth_of_a_millisecond",
        () -> {
          double start = platform.clock().ticks();
          for (int i = 0; i < HAND_OVERS; i++) {
            Pending<Integer> pending = platform.tasks().pending();
            platform.tasks().spawn("other", () -> pending.complete(1));
            pending.await(platform.deadline(SOON));
          }
          double millis = platform.clock().ticks() - start;
          System.out.println("hand-over: " + 1000 * millis / HAND_OVERS + " us");
          holds(millis < 0.1 * HAND_OVERS, "it took " + millis + " ms");
        });
  }

  /** Counts the timers that are set from now on. */
  @JSBody(
      script =
          "var original = globalThis.original ??= setTimeout; globalThis.timersSet = 0;"
              + "globalThis.setTimeout = function(callback, millis) {"
              + " timersSet++; return original(callback, millis); };")
  private static native void countTimers();

  /** So many; they are not counted any more. */
  @JSBody(script = "globalThis.setTimeout = globalThis.original; return timersSet;")
  private static native int timers();

  private static void failAfterAWait(Platform platform, int depth) throws StoreException {
    platform.tasks().sleep(1);
    if (depth == 0) {
      throw new StoreException(StoreException.Reason.FULL, "full");
    }
    failAfterAWait(platform, depth - 1);
  }

  private interface Supply {
    int get();
  }

  private record Pair(int a, long b, boolean c, List<String> d, @Nullable String e) {}
}
