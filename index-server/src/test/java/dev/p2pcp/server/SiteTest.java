package dev.p2pcp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

/** How the site is served; the files are those under {@code src/test/resources/site}. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class SiteTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern VERSIONED =
      Pattern.compile("src=\"(/assets/app\\.js\\?v=[0-9a-f]{12})\"");

  @LocalServerPort private int port;

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/notes", "/notes/new", "/profile", "/blocks", "/settings", "/u/did:key:abc"})
  void every_address_that_a_person_may_open_gets_the_page(String path) throws Exception {
    HttpResponse<String> page = get(path, "Accept", "text/html");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("A site for tests");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
  }

  @Test
  void an_unknown_address_shows_a_person_the_page_and_a_script_a_problem() throws Exception {
    HttpResponse<String> person = get("/nowhere", "Accept", "text/html");
    assertThat(person.statusCode()).isEqualTo(404);
    assertThat(person.body()).contains("A site for tests");
    HttpResponse<String> script = get("/nowhere.js", "Accept", "*/*");
    assertThat(script.statusCode()).isEqualTo(404);
    assertThat(header(script, "Content-Type")).isEqualTo("application/problem+json");
  }

  @Test
  void the_policy_allows_exactly_the_import_map_that_is_sent() throws Exception {
    HttpResponse<String> page = get("/", "Accept", "text/html");
    Matcher map =
        Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL)
            .matcher(page.body());
    assertThat(map.find()).isTrue();
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(map.group(1).getBytes(StandardCharsets.UTF_8));
    assertThat(header(page, "Content-Security-Policy"))
        .isEqualTo(
            "default-src 'self'; script-src 'self' 'sha256-"
                + Base64.getEncoder().encodeToString(hash)
                + "'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-src 'self' blob:; connect-src 'self' http: https: ws: wss:;"
                + " worker-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none';"
                + " form-action 'none'");
    assertThat(header(page, "Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(header(page, "X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(header(page, "Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
  }

  @Test
  void a_file_is_kept_for_ever_under_its_version_and_asked_for_again_otherwise() throws Exception {
    String page = get("/", "Accept", "text/html").body();
    Matcher address = VERSIONED.matcher(page);
    assertThat(address.find()).isTrue();
    assertThat(page)
        .contains("\"app\": \"" + address.group(1) + "\"")
        .contains("\"/assets/absent.js\"");
    assertThat(page).contains("href=\"/profile\"");
    HttpResponse<String> versioned = get(address.group(1), "Accept", "*/*");
    assertThat(header(versioned, "Cache-Control"))
        .contains("immutable")
        .contains("max-age=31536000");
    HttpResponse<String> plain = get("/assets/app.js", "Accept", "*/*");
    assertThat(header(plain, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<String> wrong = get("/assets/app.js?v=000000000000", "Accept", "*/*");
    assertThat(header(wrong, "Cache-Control")).isEqualTo("no-cache");
    HttpResponse<String> again = get("/assets/app.js", "If-None-Match", header(plain, "ETag"));
    assertThat(again.statusCode()).isEqualTo(304);
  }

  @Test
  void files_are_compressed_for_who_can_read_that() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/assets/app.js")).header("Accept-Encoding", "br, gzip").build();
    HttpResponse<byte[]> zipped = HTTP.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
    assertThat(header(zipped, "Vary")).isEqualTo("Accept-Encoding");
    byte[] plain = new GZIPInputStream(new ByteArrayInputStream(zipped.body())).readAllBytes();
    assertThat(new String(plain, StandardCharsets.UTF_8))
        .isEqualTo(get("/assets/app.js", "Accept", "*/*").body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/%2e%2e/%2e%2e/application.yaml",
        "/../application.yaml",
        "/assets/..%2findex.html",
        "/dev/p2pcp/server/IndexServer.class",
        "/application.yaml",
        "/META-INF/MANIFEST.MF",
        "/assets/"
      })
  void nothing_else_of_the_classpath_can_be_had(String path) throws Exception {
    assertThat(get(path, "Accept", "*/*").statusCode()).isIn(400, 404);
  }

  @Test
  void only_reading_is_possible() throws Exception {
    HttpRequest post =
        HttpRequest.newBuilder(uri("/assets/app.js"))
            .POST(HttpRequest.BodyPublishers.ofString("x"))
            .build();
    assertThat(HTTP.send(post, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(405);
  }

  private HttpResponse<String> get(String path, String header, String value)
      throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri(path)).header(header, value).build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
