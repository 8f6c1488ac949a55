package dev.p2pcp.node;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StoreException;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.SealBrokenException;
import dev.p2pcp.identity.Path;
import dev.p2pcp.quota.Allowance;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Files of any size up to {@link FileRoot#MAX_SIZE}: items whose bytes are stored as they are read,
 * and read in parts. Methods suspend; any number of tasks may call.
 */
public final class Files implements FileAccess {
  /** Parts that begin at a multiple of so many bytes, and are as long, are read best. */
  public static final int PART = FileRoot.CHUNK;

  private final Items items;
  private final Values values;
  private final Reader reader;
  private final Places places;
  private final Uploads uploads;
  private final FileReading reading;
  private final Function<Integer, Allowance> allowed;

  Files(
      Items items,
      Values values,
      Reader reader,
      Places places,
      Uploads uploads,
      FileReading reading,
      Function<Integer, Allowance> allowed) {
    this.items = items;
    this.values = values;
    this.reader = reader;
    this.places = places;
    this.uploads = uploads;
    this.reading = reading;
    this.allowed = allowed;
  }

  /** Hears how much is stored, and says whether to go on. Must not suspend. */
  public interface Watch {
    void done(long bytes);

    boolean isStopped();
  }

  /** A file of which only so many bytes are stored. */
  public record Unfinished(Path path, FileInfo info, long done) {}

  /**
   * Stores a file under a path; returns when all of it is durable here. If a part of the same file
   * is stored there already, it goes on from there.
   *
   * @throws ItemException if it can't be stored, or was stopped: what is stored of it stays
   */
  public void put(Path path, FileSource source, FileInfo info, Watch watch) throws ItemException {
    uploads.put(path, source, info, allowed, watch);
  }

  /** Lets go of what is stored of an unfinished file. */
  public void cancel(Path path) throws ItemException {
    uploads.cancel(path);
  }

  /** Files that are not stored whole. */
  public List<Unfinished> unfinished() throws ItemException {
    try {
      return uploads.unfinished();
    } catch (StoreException e) {
      throw Items.failed(e);
    }
  }

  /**
   * What leads to the file at an own path, in its present version; empty if there is no file or
   * nobody who is online knows.
   */
  public Optional<FileLink> link(Path path) throws ItemException {
    Optional<Catalogue.Entry> entry = items.entry(path).filter(e -> !e.removed());
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<ItemState> state = items.state(path);
      Optional<ItemBody> body =
          state.isPresent() ? values.body(state.get()) : remoteBody(entry.get());
      return body.filter(ItemBody::isFile).map(ItemBody::link);
    } catch (StoreException e) {
      throw Items.failed(e);
    }
  }

  private Optional<ItemBody> remoteBody(Catalogue.Entry entry)
      throws StoreException, ItemException {
    Optional<Block.Signed> head =
        reader.newestAnywhere(places.of(entry.path(), entry.isPublic()).key());
    try {
      return head.isEmpty()
          ? Optional.empty()
          : Optional.of(ItemBlocks.open(places.sealOf(entry.path(), entry.isPublic()), head.get()));
    } catch (SealBrokenException | MalformedFrameException e) {
      throw new ItemException(ItemException.Reason.NOT_VERIFIED, "the item can't be opened");
    }
  }

  @Override
  public FileInfo info(FileLink link) throws ItemException {
    return reading.info(link);
  }

  @Override
  public Bytes part(FileLink link, long from, int length) throws ItemException {
    return reading.part(link, from, length);
  }
}
