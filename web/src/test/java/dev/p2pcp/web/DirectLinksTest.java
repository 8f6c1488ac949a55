package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.Site;
import dev.p2pcp.web.harness.Streets;
import dev.p2pcp.web.harness.TurnServer;
import dev.p2pcp.web.harness.World;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Blocks go from browser to browser, over whatever way there is. */
class DirectLinksTest {
  @RegisterExtension static final World world = new World();

  private static final String TUNNEL = "p2pcp_tunnel_bytes_total";
  private static final int MEGABYTE = 1_000_000;

  /** Of an agent, at a time: docs/protocol.md. */
  private static final int MOST_CONNECTIONS = 32;

  /** Publishes so many pieces of so many bytes, each another, and answers with the did. */
  private static final String PUBLISH =
      """
      await agent.wantCopies(1);
      await agent.lend(argument.slots);
      for (let i = 0; i < argument.pieces; i++) {
        const bytes = new Uint8Array(argument.size);
        for (let at = 0; at < bytes.length; at += 65536)
          crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, bytes.length)));
        await agent.put('/piece/' + i, bytes, { public: true });
        trial.hashes ??= [];
        trial.hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toBase64());
      }
      """;

  /** Fetches those pieces of somebody and answers with their hashes. */
  private static final String FETCH =
      """
      const hashes = [];
      for (let i = argument.from; i < argument.to; i++) {
        let content = null;
        for (let tries = 0; !content && tries < 50; tries++) {
          content = await agent.get('/piece/' + i, { of: argument.did });
          if (!content) await new Promise(resolve => setTimeout(resolve, 100));
        }
        hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', content.bytes)).toBase64());
      }
      return hashes;
      """;

  /**
   * Looks at what leaves the page: connections that are made, blocks that are asked for, and all
   * that is said before it is sealed.
   */
  private static final String WATCH =
      """
      trial.connections = [];
      trial.asked = {};
      trial.said = [];
      const hex = bytes => Array.from(bytes, b => b.toString(16).padStart(2, '0')).join('');
      const make = RTCPeerConnection.prototype.createDataChannel;
      RTCPeerConnection.prototype.createDataChannel = function(...given) {
        const channel = make.apply(this, given);
        trial.connections.push({ connection: this, channel });
        return channel;
      };
      // Data of a stream, whole, with a Get in it: a type, a stream, a flag; a type, a storage key.
      const look = bytes => {
        if (trial.counting && bytes.length === 39 && bytes[0] === 0x31 && bytes[5] === 1 && bytes[6] === 0x40) {
          const key = hex(bytes.subarray(7));
          trial.asked[key] = (trial.asked[key] ?? 0) + 1;
        }
      };
      for (const kind of [WebSocket, RTCDataChannel]) {
        const send = kind.prototype.send;
        kind.prototype.send = function(bytes) {
          look(new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset, bytes.byteLength));
          return send.call(this, bytes);
        };
      }
      const encrypt = crypto.subtle.encrypt;
      crypto.subtle.encrypt = function(how, key, plain) {
        trial.said.push(new TextDecoder('latin1').decode(plain));
        return encrypt.call(crypto.subtle, how, key, plain);
      };
      """;

  /** Fetches pieces, and closes the channel in the middle of each of the first so many. */
  private static final String FETCH_AND_CUT =
      """
      const { did, pieces, cuts } = argument;
      const hashes = [];
      let cut = 0;
      for (let i = 0; i < pieces; i++) {
        if (cut < cuts) {
          // What is fetched meanwhile is another item, so that it counts for no piece.
          while ((await agent.status()).links.direct === 0) {
            await agent.get('/knock', { of: did });
            await new Promise(resolve => setTimeout(resolve, 50));
          }
          const { connection, channel } = trial.connections.at(-1);
          let heard = 0;
          channel.addEventListener('message', () => {
            if (++heard === 24) {
              cut++;
              connection.close();
            }
          });
        }
        trial.counting = true;
        const content = await agent.get('/piece/' + i, { of: did });
        trial.counting = false;
        hashes.push(new Uint8Array(await crypto.subtle.digest('SHA-256', content.bytes)).toBase64());
      }
      return { hashes, cut, most: Math.max(...Object.values(trial.asked)) };
      """;

  /** Counts the connections that are open at a time. */
  private static final String COUNT_OPEN =
      """
      trial.most = 0;
      const open = new Set();
      const make = RTCPeerConnection.prototype.createDataChannel;
      RTCPeerConnection.prototype.createDataChannel = function(...given) {
        open.add(this);
        trial.most = Math.max(trial.most, open.size);
        return make.apply(this, given);
      };
      const close = RTCPeerConnection.prototype.close;
      RTCPeerConnection.prototype.close = function() {
        open.delete(this);
        close.call(this);
      };
      """;

  private static final String SAID =
      "return trial.said.filter(text => /v=0|candidate/.test(text)).join('\\n')";

  private record Cutting(String did, int pieces, int cuts) {}

  private record Cut(String[] hashes, int cut, int most) {}

  private record Publishing(int slots, int pieces, int size) {}

  private record Fetching(String did, int from, int to) {}

  @Test
  void two_browsers_exchange_200_megabytes_and_the_server_carries_next_to_nothing() {
    int pieces = 10;
    Person one = publisher(world.newcomer(), pieces, 10 * MEGABYTE);
    Person other = publisher(world.newcomer(), pieces, 10 * MEGABYTE);
    double before = world.site().counter(TUNNEL);

    assertThat(fetched(other, one, 0, pieces)).isEqualTo(hashes(one));
    assertThat(fetched(one, other, 0, pieces)).isEqualTo(hashes(other));

    assertThat(links(one)).isEqualTo("1/0");
    double carried = world.site().counter(TUNNEL) - before;
    assertThat(carried).isPositive().isLessThan(0.01 * 2 * pieces * 10 * MEGABYTE);
  }

  @Test
  void a_way_is_found_without_datagrams_and_at_last_without_a_relay() {
    assumeTrue(Streets.arePossible(), "this machine does not let us make networks of our own");
    assumeTrue(TurnServer.program().isPresent(), "coturn is not installed");
    int pieces = 3;
    try (Streets streets = Streets.of(2);
        TurnServer turn = TurnServer.start(streets.address())) {
      Site site = world.site(0, with(turn.settings(), "--server.address=0.0.0.0"));
      Person one = publisher(begun(world.visitorIn(streets, 0, site)), pieces, 10 * MEGABYTE);

      Person direct = begun(world.visitorIn(streets, 1, site));
      assertThat(fetched(direct, one, 0, pieces)).isEqualTo(hashes(one));
      assertThat(links(direct)).isEqualTo("1/0");

      streets.swallowDatagrams(0, true);
      streets.swallowDatagrams(1, true);
      Person relayed = begun(world.visitorIn(streets, 1, site));
      fetched(relayed, one, 0, 1);
      relayed.until("(await agent.status()).links.relayed === 1");
      double before = site.counter(TUNNEL);
      assertThat(fetched(relayed, one, 0, pieces)).isEqualTo(hashes(one));
      assertThat(links(relayed)).isEqualTo("0/1");
      assertThat(site.counter(TUNNEL) - before).isLessThan(0.01 * pieces * 10 * MEGABYTE);

      turn.close();
      assertThat(fetched(relayed, one, 0, pieces)).isEqualTo(hashes(one));
      Person alone = begun(world.visitorIn(streets, 1, site));
      before = site.counter(TUNNEL);
      assertThat(fetched(alone, one, 0, pieces)).isEqualTo(hashes(one));
      assertThat(links(alone)).isEqualTo("0/0");
      assertThat(site.counter(TUNNEL) - before).isGreaterThan(pieces * 10.0 * MEGABYTE);
    }
  }

  @Test
  void a_download_is_whole_though_its_channel_is_cut_ten_times() {
    int pieces = 16;
    Person author = publisher(world.newcomer(), pieces, 4 * MEGABYTE);
    author.ask("await agent.put('/knock', new Uint8Array(100000), { public: true })", null);
    Person reader = world.newcomer();
    reader.ask(WATCH, null);
    reader.until("(await agent.get('/knock', { of: '" + author.me().did() + "' })) !== null");

    Cut cut = reader.ask(FETCH_AND_CUT, new Cutting(author.me().did(), pieces, 10), Cut.class);

    assertThat(cut.hashes()).isEqualTo(hashes(author));
    assertThat(cut.cut()).isEqualTo(10);
    assertThat(cut.most()).isLessThanOrEqualTo(2);
  }

  @Test
  void forty_who_all_want_one_are_served_and_it_keeps_to_its_limit() {
    int pieces = 4;
    Person author = world.newcomer();
    author.ask(COUNT_OPEN, null);
    publisher(author, pieces, MEGABYTE / 5);
    List<Person> readers = world.holders(40);

    for (Person reader : readers) {
      reader.ask(
          "trial.fetching = (async () => {" + FETCH + "})()",
          new Fetching(author.me().did(), 0, pieces));
    }

    for (Person reader : readers) {
      assertThat(reader.ask("return trial.fetching", null, String[].class))
          .isEqualTo(hashes(author));
    }
    int most = author.ask("return trial.most", null, Integer.class);
    assertThat(most).isBetween(2, MOST_CONNECTIONS);
  }

  @Test
  void who_hides_the_address_tells_nobody_of_it() {
    assumeTrue(Streets.arePossible(), "this machine does not let us make networks of our own");
    assumeTrue(TurnServer.program().isPresent(), "coturn is not installed");
    try (Streets streets = Streets.of(2);
        TurnServer turn = TurnServer.start(streets.address())) {
      Site site = world.site(0, with(turn.settings(), "--server.address=0.0.0.0"));
      Person hidden = world.visitorIn(streets, 0, site);
      Person other = world.visitorIn(streets, 1, site);
      for (Person person : new Person[] {hidden, other}) {
        person.ask(WATCH, null);
      }
      hidden.ask("await agent.identity.create({ relaysOnly: true })", null);
      publisher(hidden.connected(), 2, 2 * MEGABYTE);
      begun(other);
      assertThat(fetched(other, hidden, 0, 2)).isEqualTo(hashes(hidden));
      hidden.until("(await agent.status()).links.relayed === 1");
      assertThat(fetched(other, hidden, 0, 2)).isEqualTo(hashes(hidden));

      String said = hidden.ask(SAID, null, String.class);
      assertThat(said).contains("v=0").contains("typ relay");
      assertThat(said).doesNotContain("typ host", "typ srflx", "typ prflx", ".local");
      assertThat(said).doesNotContain(streets.addressOf(0));
      // The other does not hide: the look at it shows that the look finds something.
      assertThat(other.ask(SAID, null, String.class)).contains("typ host", streets.addressOf(1));
    }
  }

  private static Person begun(Person person) {
    person.begin();
    return person.connected();
  }

  private static Person publisher(Person person, int pieces, int size) {
    person.ask(PUBLISH, new Publishing(600, pieces, size));
    return person;
  }

  private static String[] fetched(Person reader, Person author, int from, int to) {
    return reader.ask(FETCH, new Fetching(author.me().did(), from, to), String[].class);
  }

  private static String[] hashes(Person author) {
    return author.ask("return trial.hashes", null, String[].class);
  }

  private static String links(Person person) {
    return person.ask(
        "const { links } = await agent.status(); return links.direct + '/' + links.relayed",
        null,
        String.class);
  }

  private static String[] with(String[] some, String more) {
    String[] all = Arrays.copyOf(some, some.length + 1);
    all[some.length] = more;
    return all;
  }
}
