package dev.p2pcp.browser.harness;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Calls from many threads of a test into one page, so that a contract suite on the JVM can check an
 * adapter in the browser. Playwright wants one thread; it gets one that sends calls and takes in
 * answers in turn. Arguments and answers are lists of text.
 */
public final class Bridge implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final LoopbackSite site;
  private final ConcurrentLinkedQueue<List<String>> calls = new ConcurrentLinkedQueue<>();
  private final Map<String, CompletableFuture<List<String>>> open = new ConcurrentHashMap<>();
  private final Map<String, Consumer<List<String>>> listeners = new ConcurrentHashMap<>();
  private final AtomicInteger lastCall = new AtomicInteger();
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final Thread pump;
  private volatile boolean closed;

  /** Opens the page with the module, which must export {@code call(id, method, arguments)}. */
  public Bridge(Path module) {
    site = new LoopbackSite(Map.of("/remote.js", module));
    pump = Thread.ofPlatform().name("bridge").start(this::run);
    await(ready);
  }

  /** The call failed in the browser; its text begins with what was thrown. */
  public static final class RemoteException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RemoteException(String message) {
      super(message);
    }
  }

  /** Waits for the answer. */
  public List<String> call(String method, String... arguments) {
    String id = "c" + lastCall.incrementAndGet();
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    open.put(id, answer);
    List<String> call = new ArrayList<>(List.of(id, method));
    call.addAll(List.of(arguments));
    calls.add(call);
    List<String> result = await(answer);
    if (result.get(0).equals("failed")) {
      throw new RemoteException(result.get(1));
    }
    return result.subList(1, result.size());
  }

  /** What the page tells under that name, outside any call. */
  public void listen(String name, Consumer<List<String>> listener) {
    listeners.put(name, listener);
  }

  @Override
  public void close() {
    closed = true;
    try {
      pump.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    site.close();
  }

  private void run() {
    try (Chromium chromium = new Chromium()) {
      Page page = chromium.launch().newPage();
      page.exposeFunction("tell", this::told);
      page.navigate(site.origin());
      page.evaluate("async () => { window.remote = await import('/remote.js'); }");
      ready.complete(true);
      while (!closed) {
        List<String> call = calls.poll();
        if (call == null) {
          // Takes in what the page told meanwhile.
          page.waitForTimeout(1);
        } else {
          page.evaluate("call => { remote.call(call[0], call[1], call.slice(2)); }", call);
        }
      }
    } catch (PlaywrightException e) {
      ready.completeExceptionally(e);
      open.values().forEach(answer -> answer.completeExceptionally(e));
    }
  }

  private Object told(Object... arguments) {
    List<String> words = new ArrayList<>();
    ((List<?>) arguments[1]).forEach(word -> words.add((String) word));
    String name = (String) arguments[0];
    CompletableFuture<List<String>> answer = open.remove(name);
    if (answer != null) {
      answer.complete(words);
    } else {
      Consumer<List<String>> listener = listeners.get(name);
      if (listener != null) {
        listener.accept(words);
      }
    }
    return true;
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
