package dev.p2pcp.donor;

import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.node.AgentException;
import dev.p2pcp.node.ItemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * A command that is online for a moment as a device of its own, lends nothing, and goes. What it
 * may store is what other devices of the account lend, such as {@code ./p2pcp donate} with the same
 * words.
 */
abstract class Visit implements Callable<Integer> {
  /** Room for what is on its way to those who keep it. */
  private static final long ROOM = 4L << 30;

  private static final long LOOK = 50;
  private static final long NEWS_QUIET = 750;
  private static final long NANOS = 1_000_000_000L;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private Home home = new Home();

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where this device keeps what it must remember (~/.p2pcp/peer).")
  private Path folder = Path.of(System.getProperty("user.home", "."), ".p2pcp", "peer");

  @Option(names = "--json", description = "Say it as JSON, on one line.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "How long to wait for others at most (${DEFAULT-VALUE}).")
  private int timeout = 60;

  @Option(
      names = "--copies",
      paramLabel = "R",
      description = {
        "Copies of every item that this device wants from now on (3 at first).",
        "Give the number that your other devices have, else they undo each other's work."
      })
  private int copies;

  /** What is to be done while online; how it ended. */
  abstract int run(HeadlessAgent agent) throws DonorException, ItemException, AgentException;

  @Override
  public final Integer call() throws DonorException, AgentException {
    try (HeadlessAgent agent =
        HeadlessAgent.open(store(), phrase(), new HeadlessAgent.Task(0, false, home.servers()))) {
      if (!await(() -> isOnline(agent))) {
        throw new DonorException(ExitCode.OFFLINE, "none of the index servers can be reached");
      }
      if (copies > 0) {
        agent.agent().wantCopies(copies);
      }
      awaitNews(agent);
      return run(agent);
    } catch (ItemException e) {
      throw refused(e);
    }
  }

  /** Something to wait for. */
  interface Condition {
    boolean holds() throws DonorException;
  }

  /** Waits for it; whether it came in time. */
  final boolean await(Condition condition) throws DonorException {
    long until = System.nanoTime() + timeout * NANOS;
    while (!condition.holds()) {
      if (System.nanoTime() > until || Thread.currentThread().isInterrupted()) {
        return false;
      }
      rest(LOOK);
    }
    return true;
  }

  static void rest(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The answer: the line for people, or the value for programs. */
  final void answer(String line, Object value) {
    out().println(json ? Json.of(value) : line);
    out().flush();
  }

  final boolean isJson() {
    return json;
  }

  final PrintWriter out() {
    return command().commandLine().getOut();
  }

  /** Where progress is shown. */
  final Bar bar() {
    return new Bar(command().commandLine().getErr(), !json && Bar.isTerminal());
  }

  /** The path of an item from what was typed. */
  static dev.p2pcp.identity.Path path(String text) throws DonorException {
    try {
      return new dev.p2pcp.identity.Path(text.startsWith("/") ? text : "/" + text);
    } catch (IllegalArgumentException e) {
      throw new DonorException(ExitCode.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private CommandSpec command() {
    CommandSpec known = spec;
    if (known == null) {
      throw new IllegalStateException("picocli gives every command its specification");
    }
    return known;
  }

  private JournaledStore store() throws DonorException {
    try {
      Home.prepare(folder);
      return JournaledStore.open(folder, ROOM);
    } catch (dev.p2pcp.block.StoreException e) {
      throw new DonorException(
          ExitCode.FAILED,
          e.reason() == dev.p2pcp.block.StoreException.Reason.CLOSED
              ? folder + " is in use by another agent; with --dir elsewhere you see the same items"
              : folder + " can't be used: " + e.getMessage());
    } catch (IOException e) {
      throw new DonorException(ExitCode.FAILED, folder + " can't be used: " + e.getMessage());
    }
  }

  private SeedPhrase phrase() throws DonorException {
    Path file = home.phraseFile(folder);
    return PhraseFile.read(System.getenv(), file)
        .orElseThrow(
            () ->
                new DonorException(
                    ExitCode.USAGE,
                    "no words: give them by "
                        + PhraseFile.VARIABLE
                        + " or --phrase-file (of a donor: DIR/phrase); there is none at "
                        + file));
  }

  private static boolean isOnline(HeadlessAgent agent) throws DonorException {
    return Donor.status(agent).servers().stream()
        .anyMatch(server -> server.state().equals(Figures.CONNECTED));
  }

  /** Right after the login other devices' news come in; waits until no more do for a moment. */
  private void awaitNews(HeadlessAgent agent) throws DonorException {
    List<Long> before = List.of();
    for (long quiet = 0; quiet < NEWS_QUIET; quiet += LOOK) {
      List<Long> now =
          agent.node().list("").stream().map(view -> view.time() + view.stored()).toList();
      quiet = now.equals(before) ? quiet : 0;
      before = now;
      rest(LOOK);
    }
  }

  private static DonorException refused(ItemException e) {
    return switch (e.reason()) {
      case OVER_ALLOWANCE ->
          new DonorException(
              ExitCode.OVER_ALLOWANCE,
              e.getMessage() + "; lend more with ./p2pcp donate and the same words");
      case OFFLINE -> new DonorException(ExitCode.OFFLINE, "nobody who has it can be reached");
      case BAD_PATH -> new DonorException(ExitCode.USAGE, "there can be no item of that path");
      default -> new DonorException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    };
  }
}
