package dev.p2pcp.donor;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.node.ItemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ./p2pcp peer urls}. */
@Command(
    name = "urls",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = "Where the blocks of an item can be read now: a storage key, then its URLs.")
final class ItemUrls extends Visit {
  @Parameters(index = "0", paramLabel = "PATH", description = "The path, as /notes/a.")
  private String path = "/";

  @Override
  int run(HeadlessAgent agent) throws DonorException, ItemException {
    Map<StorageKey, List<String>> urls = agent.node().urls(path(path), Optional.empty());
    if (urls.isEmpty()) {
      throw new DonorException(ExitCode.NOT_FOUND, "there is no item " + path);
    }
    Map<String, List<String>> told = new LinkedHashMap<>();
    StringBuilder lines = new StringBuilder();
    urls.forEach(
        (key, of) -> {
          told.put(key.toString(), of);
          lines.append(key).append('\n');
          of.forEach(url -> lines.append("  ").append(url).append('\n'));
        });
    answer(lines.toString().stripTrailing(), told);
    return ExitCode.OK;
  }
}
