package dev.p2pcp.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Does the same for each of many at the same time. */
final class Together {
  /** Nothing that is measured takes so long; it hangs. */
  private static final long PATIENCE_SECONDS = 300;

  private Together() {}

  /** What is done for one of them. */
  @FunctionalInterface
  interface Task<T> {
    void run(T one) throws Exception;
  }

  /** Returns when all are done; fails with the first that failed. */
  static <T> void each(List<T> all, Task<T> task) throws IOException {
    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    try {
      List<Future<?>> results = new ArrayList<>();
      for (T one : all) {
        results.add(
            threads.submit(
                () -> {
                  task.run(one);
                  return null;
                }));
      }
      for (Future<?> result : results) {
        result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
