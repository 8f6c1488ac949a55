package dev.p2pcp.donor;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.node.FileInfo;
import dev.p2pcp.node.FileSource;
import dev.p2pcp.node.ItemException;
import dev.p2pcp.node.ItemView;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ./p2pcp peer put}. */
@Command(
    name = "put",
    sortOptions = false,
    usageHelpWidth = 100,
    mixinStandardHelpOptions = true,
    description = {
      "Stores a file as an item and waits until it has all its copies.",
      "Up to a mebibyte it is a plain item, beyond it a file of up to 2 GiB, sealed and cut."
    })
final class PutItem extends Visit {
  /** Longest plain item that is put from here, in bytes; also of what is read from a pipe. */
  private static final int PLAIN = 1024 * 1024;

  private static final int MOST_PUBLIC = 64 * 1024 * 1024;
  private static final String PIPE = "-";

  @Parameters(index = "0", paramLabel = "FILE", description = "What to store; - for the input.")
  private String file = PIPE;

  @Parameters(index = "1", paramLabel = "PATH", description = "Under which path, as /notes/a.")
  private String path = "/";

  @Option(names = "--public", description = "For everybody who knows your identity to read.")
  private boolean isPublic;

  @Option(names = "--no-wait", description = "Do not wait for the copies.")
  private boolean noWait;

  @Override
  int run(HeadlessAgent agent) throws DonorException, ItemException {
    dev.p2pcp.identity.Path to = path(path);
    Bar bar = bar();
    try {
      store(agent, to, bar);
      boolean done = noWait || await(() -> isPlaced(agent, to, bar));
      ItemView view = agent.node().view(to).orElseThrow();
      bar.end();
      answer(line(view), told(view));
      return done ? ExitCode.OK : ExitCode.COPIES_MISSING;
    } catch (IOException e) {
      throw new DonorException(
          ExitCode.USAGE, file + " can't be read: " + e.getClass().getSimpleName());
    } finally {
      bar.end();
    }
  }

  private void store(HeadlessAgent agent, dev.p2pcp.identity.Path to, Bar bar)
      throws IOException, DonorException, ItemException {
    if (file.equals(PIPE)) {
      byte[] read = System.in.readNBytes(MOST_PUBLIC + 1);
      putPlain(agent, to, read);
      return;
    }
    Path from = Path.of(file);
    long size = Files.size(from);
    if (isPublic || size <= PLAIN) {
      if (size > MOST_PUBLIC) {
        throw new DonorException(ExitCode.USAGE, "a public item has at most 64 MiB");
      }
      putPlain(agent, to, Files.readAllBytes(from));
      return;
    }
    FileInfo info =
        new FileInfo(
            size,
            Files.getLastModifiedTime(from).toMillis(),
            String.valueOf(from.getFileName()),
            Objects.requireNonNullElse(type(from), "application/octet-stream"));
    try (Source source = new Source(from, size)) {
      agent.node().files().put(to, source, info, new Watch(bar, size));
    }
  }

  private void putPlain(HeadlessAgent agent, dev.p2pcp.identity.Path to, byte[] value)
      throws ItemException, DonorException {
    if (value.length > MOST_PUBLIC) {
      throw new DonorException(ExitCode.USAGE, "more than 64 MiB; give it as a file");
    }
    agent.node().put(to, Bytes.wrap(value), isPublic, 0);
  }

  private static @Nullable String type(Path file) throws IOException {
    return Files.probeContentType(file);
  }

  private static boolean isPlaced(HeadlessAgent agent, dev.p2pcp.identity.Path path, Bar bar)
      throws DonorException {
    agent.agent().watch();
    Optional<ItemView> view = agent.node().view(path);
    view.ifPresent(
        v ->
            bar.copies(
                v.stored(),
                v.wanted(),
                v.why() == ItemView.Why.NOTHING ? "" : " (" + reason(v) + ")"));
    return view.filter(v -> v.placement() == ItemView.Placement.DONE).isPresent();
  }

  static String reason(ItemView view) {
    return view.why().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String line(ItemView view) {
    return view.path().text()
        + ": "
        + view.stored()
        + " of "
        + view.wanted()
        + " copies"
        + (view.why() == ItemView.Why.NOTHING ? "" : ", " + reason(view));
  }

  static Map<String, Object> told(ItemView view) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("path", view.path().text());
    told.put("public", view.isPublic());
    told.put("version", view.version());
    told.put("time", view.time());
    told.put("size", view.size());
    told.put("blocks", view.blocks());
    told.put("wanted", view.wanted());
    told.put("stored", view.stored());
    told.put("online", view.online());
    told.put("state", view.placement().name().toLowerCase(Locale.ROOT));
    told.put("why", reason(view));
    told.put("paidUntil", view.copies().paidUntil());
    return told;
  }

  private record Watch(Bar bar, long size) implements dev.p2pcp.node.Files.Watch {
    @Override
    public void done(long bytes) {
      bar.bytes("storing", bytes, size);
    }

    @Override
    public boolean isStopped() {
      return false;
    }
  }

  /** A file that must not change while it is stored. */
  private static final class Source implements FileSource, AutoCloseable {
    private final RandomAccessFile file;
    private final long size;

    Source(Path from, long size) throws IOException {
      this.file = new RandomAccessFile(from.toFile(), "r");
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public synchronized Bytes read(long from, int length) throws ItemException {
      byte[] bytes = new byte[length];
      try {
        if (file.length() != size) {
          throw new EOFException("the file was changed");
        }
        file.seek(from);
        file.readFully(bytes);
        return Bytes.wrap(bytes);
      } catch (IOException e) {
        throw new ItemException(ItemException.Reason.UNREADABLE, String.valueOf(e.getMessage()));
      }
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
