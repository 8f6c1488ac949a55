package dev.p2pcp.jvm;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.identity.Origin;
import dev.p2pcp.platform.Clock;
import dev.p2pcp.platform.Deadline;
import dev.p2pcp.transport.Followed;
import dev.p2pcp.transport.LinkException;
import dev.p2pcp.transport.Web;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks web servers by the JDK's client, which follows no redirects here. */
public final class HttpWeb implements Web {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Clock clock;
  private final HttpClient client;

  /** The clock is that of the deadlines. */
  public HttpWeb(Clock clock) {
    this.clock = clock;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  @Override
  public Answer ask(Request request, Deadline deadline) throws LinkException {
    long left = deadline.left(clock);
    if (left == 0) {
      throw new LinkException("no time left to ask");
    }
    CompletableFuture<Answer> asked = new CompletableFuture<>();
    Thread worker =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    asked.complete(answer(request, left));
                  } catch (IOException | InterruptedException | IllegalArgumentException e) {
                    asked.completeExceptionally(e);
                  }
                });
    try {
      return asked.get(left, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new LinkException("no answer in time");
    } catch (ExecutionException e) {
      // Its text may hold the URL, and who has that can read.
      throw new LinkException("no answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinkException("interrupted");
    } finally {
      worker.interrupt();
    }
  }

  private Answer answer(Request request, long millis) throws IOException, InterruptedException {
    URI url = URI.create(request.url());
    if (!request.anywhere()) {
      checkReachable(url);
    }
    HttpRequest.BodyPublisher body =
        request.body().isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofByteArray(request.body().unsafeArray());
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(url)
            .timeout(Duration.ofMillis(millis))
            .method(request.method(), body);
    for (String header : request.headers()) {
      int colon = header.indexOf(':');
      builder.header(header.substring(0, colon), header.substring(colon + 1));
    }
    HttpResponse<InputStream> response =
        client.send(builder.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      if (response.statusCode() >= 300 && response.statusCode() < 400) {
        throw new IOException("it leads elsewhere");
      }
      byte[] read = in.readNBytes(request.most() + 1);
      if (read.length > request.most()) {
        throw new IOException("too long");
      }
      return new Answer(response.statusCode(), Bytes.wrap(read));
    }
  }

  /**
   * A name may lead into this machine's own network. What is found here is remembered by the JDK
   * for the connection that follows ({@code networkaddress.cache.ttl}, 30 s unless it was set).
   */
  private static void checkReachable(URI url) throws UnknownHostException {
    if (!Followed.mayBe(url.toString(), List.of())) {
      throw new UnknownHostException("not to be followed");
    }
    for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
      String text = address.getHostAddress();
      int zone = text.indexOf('%');
      String plain = zone < 0 ? text : text.substring(0, zone);
      String host = plain.indexOf(':') < 0 ? plain : "[" + plain + "]";
      if (Origin.isLocal("http://" + host)
          || address.isLoopbackAddress()
          || address.isSiteLocalAddress()
          || address.isLinkLocalAddress()) {
        throw new UnknownHostException("it leads into a local network");
      }
    }
  }
}
