package dev.p2pcp.donor;

import dev.p2pcp.donor.bucket.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.YearMonth;

/** What a bucket has cost this month, as one line of a file: month, requests, bytes. */
final class SpentFile implements Budget.Ledger {
  private static final Budget.Spent NOTHING = new Budget.Spent(YearMonth.of(1970, 1), 0, 0);

  private final Path file;

  SpentFile(Path file) {
    this.file = file;
  }

  @Override
  public Budget.Spent read() throws IOException {
    if (!Files.exists(file)) {
      return NOTHING;
    }
    String[] parts = Files.readString(file).strip().split(" ");
    try {
      if (parts.length == 3) {
        return new Budget.Spent(
            YearMonth.parse(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
      }
    } catch (DateTimeException | NumberFormatException e) {
      throw new IOException(file + " is not as it was written", e);
    }
    throw new IOException(file + " is not as it was written");
  }

  // Beside it first, so that a crash leaves the one or the other.
  @Override
  public void write(Budget.Spent spent) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, spent.month() + " " + spent.requests() + " " + spent.bytes() + "\n");
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }
}
