package dev.p2pcp.donor;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ./p2pcp donate} and {@code ./p2pcp peer}. */
@Command(
    name = "./p2pcp",
    subcommands = {Donate.class, Peer.class},
    description = "The headless agent.")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  static int run(String... arguments) {
    CommandLine line = new CommandLine(new Main());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof DonorException expected) {
            command.getErr().println("p2pcp: " + expected.getMessage());
            command.getErr().flush();
            return expected.exitCode();
          }
          throw failure;
        });
    return line.execute(arguments);
  }
}
