package dev.p2pcp.donor.bucket;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bucket.Trouble;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.jvm.Shelf;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Blocks as objects of a {@link Bucket}; several are written at once, as each takes a while. */
public final class BucketShelf implements Shelf {
  /** Uploads under way: each holds a block in memory and a connection. */
  private static final int AT_ONCE = 16;

  /** Removals that wait; those beyond are left to the sweep after the next start. */
  private static final int REMOVALS = 100_000;

  /** Between two looks whether the shelf is closed, in milliseconds. */
  private static final long LOOK = 200;

  private final Bucket bucket;
  private final Budget budget;
  private final Recent recent = new Recent();
  private final Semaphore uploads = new Semaphore(AT_ONCE);
  private final LinkedBlockingQueue<Placed> removals = new LinkedBlockingQueue<>(REMOVALS);
  private final AtomicLong next = new AtomicLong();
  private volatile boolean closed;
  private @Nullable Thread remover;

  /** A shelf in a bucket that asks for no more than the budget allows. */
  public BucketShelf(Bucket bucket, Budget budget) {
    this.bucket = bucket;
    this.budget = budget;
  }

  /** The name of the object of a place. */
  static String name(Placed at) {
    return at.key() + "." + at.place();
  }

  /** The place that an object is of; empty if it is none of ours. */
  static Optional<Placed> placeOf(String name) {
    int dot = name.lastIndexOf('.');
    try {
      StorageKey key = StorageKey.parse(name.substring(0, Math.max(0, dot)));
      long place = Long.parseLong(name.substring(dot + 1));
      Placed placed = new Placed(place, key);
      return name.equals(name(placed)) ? Optional.of(placed) : Optional.empty();
    } catch (MalformedFrameException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public long take() {
    return next.getAndIncrement();
  }

  @Override
  public void begin(Iterable<Placed> taken) {
    Set<Long> places = new HashSet<>();
    long highest = -1;
    for (Placed placed : taken) {
      places.add(placed.place());
      highest = Math.max(highest, placed.place());
    }
    // A crash may have left objects beyond the highest that counts. Time leads on from there.
    long first = Math.max(highest + 1, System.currentTimeMillis());
    next.set(first);
    remover = Thread.ofVirtual().name("bucket-remover").start(() -> remove(places, first));
  }

  @Override
  public Writing write(Placed at, Bytes encoded) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("bucket-upload")
        .start(
            () -> {
              uploads.acquireUninterruptibly();
              try {
                budget.spend(encoded.length());
                bucket.put(name(at), encoded);
                recent.add(at, encoded);
                done.complete(true);
              } catch (IOException | RuntimeException e) {
                done.completeExceptionally(e);
              } finally {
                uploads.release();
              }
            });
    return () -> await(done);
  }

  private static void await(CompletableFuture<Boolean> done) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          boolean _ = done.get();
          return;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw failure(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof BucketException bucket) {
      return bucket.trouble() == Trouble.FULL
          ? new FullException(String.valueOf(bucket.getMessage()))
          : bucket;
    }
    return cause instanceof IOException io ? io : new IOException(String.valueOf(cause));
  }

  /** It costs as much as if it was read here; who is given one may use it or not. */
  @Override
  public Optional<String> link(Placed at) {
    Optional<String> url = bucket.link(name(at));
    if (url.isEmpty()) {
      return url;
    }
    try {
      budget.spend(Block.MAX_LENGTH);
      return url;
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** An object lasts once its upload has ended. */
  @Override
  public void sync(Collection<Placed> written) {}

  @Override
  public Bytes read(Placed at, int length) throws IOException {
    Optional<Bytes> stored = recent.take(at);
    if (stored.isPresent()) {
      return stored.get();
    }
    budget.spend(length);
    Bytes content;
    try {
      content = bucket.get(name(at), length);
    } catch (BucketException e) {
      if (e.trouble() == Trouble.NOT_THERE) {
        throw new NoSuchFileException(name(at));
      }
      throw e;
    }
    if (content.length() != length) {
      throw new EOFException("the object has another length");
    }
    return content;
  }

  @Override
  public void free(Placed at) {
    Optional<Bytes> _ = recent.take(at);
    // Where too many wait, the sweep after the next start removes it.
    boolean _ = removals.offer(at);
  }

  @Override
  public long room() {
    return Long.MAX_VALUE;
  }

  @Override
  public void close() {
    closed = true;
    Thread running = remover;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    bucket.close();
  }

  /** Removes strays, then what is freed, until the shelf is closed. */
  private void remove(Set<Long> taken, long first) {
    sweep(taken, first);
    try {
      while (!closed) {
        Placed freed = removals.poll(LOOK, TimeUnit.MILLISECONDS);
        if (freed != null) {
          remove(freed);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing that was written since the start is looked at: it counts, or is freed. */
  private void sweep(Set<Long> taken, long first) {
    String page = null;
    try {
      do {
        Bucket.Page listed = bucket.list(page);
        for (Bucket.Found object : listed.objects()) {
          Optional<Placed> placed = placeOf(object.name());
          if (placed.isPresent()
              && placed.get().place() < first
              && !taken.contains(placed.get().place())) {
            remove(placed.get());
          }
        }
        page = listed.next();
      } while (page != null && !closed);
    } catch (BucketException e) {
      // The next start looks again; until then strays only cost room.
      budget.missed();
    }
  }

  private void remove(Placed placed) {
    try {
      bucket.delete(name(placed));
    } catch (BucketException e) {
      budget.missed();
    }
  }
}
