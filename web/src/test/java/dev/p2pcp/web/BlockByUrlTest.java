package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.block.Block;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.identity.KeyRing;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.Place;
import dev.p2pcp.identity.SeedPhrase;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Shelf;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.Told;
import dev.p2pcp.web.harness.World;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A block in a tab has URLs that any program can read, and its owner's key alone can write. */
class BlockByUrlTest {
  @RegisterExtension static final World world = new World();

  private static final Crypto CRYPTO = new JvmCrypto();
  private static final String PATH = "/profile";

  private Person author;
  private Person holder;
  private Map<String, Person> everybody;
  private Told.BlockUrls block;

  @BeforeEach
  void an_item_with_three_copies() {
    List<Person> holders = world.holders(2);
    author = world.newcomer();
    author.put(PATH, "{\"name\":\"Ada\"}".getBytes(StandardCharsets.UTF_8), Map.of("public", true));
    author.placed(PATH);
    everybody = new HashMap<>();
    everybody.put(author.me().peer(), author);
    holders.forEach(each -> everybody.put(each.me().peer(), each));
    holder = holders.getFirst();
    block = author.urls(PATH).getFirst();
  }

  @Test
  void each_url_answers_with_the_bytes_that_lie_in_that_tab() {
    assertThat(block.urls()).hasSize(3);
    for (String url : block.urls()) {
      HttpResponse<byte[]> answer = get(url);

      assertThat(answer.statusCode()).isEqualTo(200);
      Person keeper = everybody.get(peerOf(url));
      assertThat(Shelf.of(keeper).block(block.storageKey())).contains(answer.body());
      assertThat(Shelf.isGenuine(block.storageKey(), Bytes.wrap(answer.body()))).isTrue();
    }
  }

  @Test
  void a_holder_refuses_a_forged_version() throws MalformedFrameException {
    Block.Signed before = read();
    Place stranger = keysOf(holder).publicAt(new Path(PATH));
    byte[] altered = before.encoded().toArray();
    altered[altered.length - 100] ^= 1;

    HttpResponse<byte[]> forSignature = put(altered);
    HttpResponse<byte[]> forKey = put(next(stranger, before, 1).encoded().toArray());

    assertRefused(forSignature, 403, "bad-signature");
    assertRefused(forKey, 403, "bad-signature");
    assertThat(read().encoded()).isEqualTo(before.encoded());
  }

  @Test
  void a_holder_takes_a_newer_version_and_refuses_an_older_one() throws MalformedFrameException {
    Block.Signed before = read();
    Block.Signed newer = next(keysOf(author).publicAt(new Path(PATH)), before, 7);

    assertThat(put(newer.encoded().toArray()).statusCode()).isEqualTo(204);

    assertThat(read().encoded()).isEqualTo(newer.encoded());
    assertThat(Shelf.of(holder).block(block.storageKey())).contains(newer.encoded().toArray());
    assertRefused(put(before.encoded().toArray()), 409, "stale-version");
    assertThat(read().encoded()).isEqualTo(newer.encoded());
  }

  private static void assertRefused(HttpResponse<byte[]> answer, int status, String code) {
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("\"" + code + "\"");
  }

  private static Block.Signed next(Place place, Block.Signed before, int ahead) {
    return Block.Signed.sign(
        place.writeKey(),
        place.pathHash(),
        before.version() + ahead,
        before.time() + 1,
        before.payload());
  }

  private static KeyRing keysOf(Person person) {
    if (SeedPhrase.parse(person.words()) instanceof SeedPhrase.Valid valid) {
      return KeyRing.of(CRYPTO, valid.phrase().seed(CRYPTO));
    }
    throw new AssertionError("the agent's own words are no phrase");
  }

  private Block.Signed read() throws MalformedFrameException {
    return (Block.Signed) Block.decode(Bytes.wrap(get(holdersUrl()).body()));
  }

  private HttpResponse<byte[]> put(byte[] body) {
    return Site.send(
        HttpRequest.newBuilder(URI.create(holdersUrl()))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(body))
            .build());
  }

  private static HttpResponse<byte[]> get(String url) {
    return Site.send(HttpRequest.newBuilder(URI.create(url)).build());
  }

  private String holdersUrl() {
    return block.urls().stream()
        .filter(url -> peerOf(url).equals(holder.me().peer()))
        .findFirst()
        .orElseThrow();
  }

  private static String peerOf(String url) {
    return URI.create(url).getPath().split("/")[2];
  }
}
