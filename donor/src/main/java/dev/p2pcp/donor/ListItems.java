package dev.p2pcp.donor;

import dev.p2pcp.node.ItemView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./p2pcp peer ls}. */
@Command(
    name = "ls",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = "Lists items, newest first: bytes, copies stored of those wanted, online, path.")
final class ListItems extends Visit {
  /** What the agent keeps for itself. */
  private static final String RESERVED = "/.p2pcp/";

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PREFIX",
      description = "Only those whose path begins so.")
  private String prefix = "/";

  @Override
  int run(HeadlessAgent agent) throws DonorException {
    List<Map<String, Object>> told = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (ItemView view : agent.node().list(prefix)) {
      if (view.path().text().startsWith(RESERVED)) {
        continue;
      }
      told.add(PutItem.told(view));
      lines.append(
          String.format(
              Locale.ROOT,
              "%12d  %d/%d  %d online  %s%n",
              view.size(),
              view.stored(),
              view.wanted(),
              view.online(),
              printable(view.path().text())));
    }
    if (isJson()) {
      answer("", told);
    } else {
      out().print(lines);
      out().flush();
    }
    return ExitCode.OK;
  }

  /** A path may hold anything; a terminal must not obey it. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '\ufffd' : c));
    return shown.toString();
  }
}
