package dev.p2pcp.donor;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.jvm.JournaledStore;
import dev.p2pcp.jvm.JvmEntropy;
import dev.p2pcp.wire.Limits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ./p2pcp donate}: lends a disk or a bucket for as long as it runs. */
@Command(
    name = "donate",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = {
      "Lends a disk or a bucket: keeps blocks for others, and earns room for your own data.",
      "Ends at Ctrl-C or SIGTERM; what is kept stays, and is kept on at the next start."
    })
final class Donate implements Callable<Integer> {
  /** For a last word, in seconds; then a service manager would lose its patience. */
  private static final int STOP = 10;

  private static final int HIGHEST_PORT = 65_535;
  private static final double GIGABYTE = 1e9;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      required = true,
      description = "Where blocks are kept, and all that the agent must remember.")
  private Path folder;

  @Option(
      names = "--slots",
      paramLabel = "N",
      required = true,
      description = "How many blocks of 256 KiB to lend room for: 4000 are a gigabyte.")
  private int slots;

  @Mixin private Home home;
  @Mixin private BucketOptions bucket;

  @Option(
      names = "--status-port",
      paramLabel = "PORT",
      description =
          "Where /health and /metrics are, on this machine only (${DEFAULT-VALUE}; 0: any).")
  private int statusPort = 9370;

  // picocli fills the fields.
  @SuppressWarnings("NullAway.Init")
  Donate() {}

  @Override
  public Integer call() throws DonorException {
    requireSensible();
    CountDownLatch stopping = new CountDownLatch(1);
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stopping, over), "end"));
    try {
      work(new Screen(spec.commandLine().getOut(), isTerminal()), stopping);
      return ExitCode.OK;
    } finally {
      over.countDown();
    }
  }

  private void work(Screen screen, CountDownLatch stopping) throws DonorException {
    prepare();
    Optional<BucketOptions.Lent> lent =
        bucket.isChosen() ? Optional.of(bucket.open(folder, System.getenv())) : Optional.empty();
    MeteredStore store = open(screen, lent);
    PhraseFile.Found found =
        PhraseFile.obtain(System.getenv(), home.phraseFile(folder), new JvmEntropy());
    if (found.fresh()) {
      screen.say(
          "A new identity was made. Its 24 words are in "
              + home.phraseFile(folder)
              + ", for you alone to read.");
      screen.say(
          "Keep a copy of them elsewhere: whoever has them has all that it owns, and nobody can replace them.");
    }
    HeadlessAgent.Task task = new HeadlessAgent.Task(slots, true, home.servers());
    try (HeadlessAgent agent = HeadlessAgent.open(store, found.phrase(), task);
        Donor donor = new Donor(store, agent, lent);
        StatusPort port = listen(donor)) {
      screen.say("Peer " + agent.node().device().peer());
      screen.say("Status at http://127.0.0.1:" + port.port() + "/health and /metrics");
      donor.run(screen, stopping);
    }
    screen.say("Stopped; what is kept stays.");
  }

  // The process ends when the hook does, so it waits for the work to end well.
  private static void end(CountDownLatch stopping, CountDownLatch over) {
    stopping.countDown();
    try {
      boolean _ = over.await(STOP, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void requireSensible() throws DonorException {
    if (slots < 1 || slots > Limits.SLOTS) {
      throw new DonorException(ExitCode.USAGE, "--slots is from 1 to " + Limits.SLOTS);
    }
    if (statusPort < 0 || statusPort > HIGHEST_PORT) {
      throw new DonorException(ExitCode.USAGE, "--status-port is from 0 to " + HIGHEST_PORT);
    }
  }

  private void prepare() throws DonorException {
    try {
      Home.prepare(folder);
      boolean other = Files.exists(folder.resolve("bucket")) != bucket.isChosen();
      if (other && Files.exists(folder.resolve("journal"))) {
        throw new DonorException(
            ExitCode.USAGE,
            folder + (bucket.isChosen() ? " is a disk's" : " is a bucket's; give it by --s3"));
      }
    } catch (IOException e) {
      throw new DonorException(ExitCode.FAILED, folder + " can't be used: " + e.getMessage());
    }
  }

  private MeteredStore open(Screen screen, Optional<BucketOptions.Lent> lent)
      throws DonorException {
    long limit = HeadlessAgent.bytesOf(slots);
    try {
      if (lent.isPresent()) {
        return new MeteredStore(JournaledStore.open(folder, limit, any -> lent.get().shelf()));
      }
      JournaledStore store = JournaledStore.open(folder, limit);
      long wanted = slots * (long) Block.MAX_LENGTH - store.usage().usedBytes();
      long there = Files.getFileStore(folder).getUsableSpace();
      if (wanted > there) {
        screen.say(
            String.format(
                Locale.ROOT,
                "Careful: %.1f GB more may be stored here and the disk has %.1f GB left; lend fewer slots.",
                wanted / GIGABYTE,
                there / GIGABYTE));
      }
      return new MeteredStore(store);
    } catch (StoreException e) {
      throw new DonorException(
          ExitCode.FAILED,
          e.reason() == StoreException.Reason.CLOSED
              ? folder + " is in use by another agent"
              : folder + " can't be used: " + e.getMessage());
    } catch (IOException e) {
      throw new DonorException(ExitCode.FAILED, folder + " can't be used: " + e.getMessage());
    }
  }

  private StatusPort listen(Donor donor) throws DonorException {
    try {
      return new StatusPort(
          statusPort,
          () -> {
            try {
              return donor.figures();
            } catch (DonorException e) {
              throw new UncheckedIOException(new IOException(e));
            }
          });
    } catch (IOException e) {
      throw new DonorException(
          ExitCode.USAGE, "port " + statusPort + " can't be used: " + e.getMessage());
    }
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }
}
