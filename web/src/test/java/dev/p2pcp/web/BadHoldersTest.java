package dev.p2pcp.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.web.harness.Person;
import dev.p2pcp.web.harness.World;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A download is whole and nearly as fast as ever, though some who keep the file are no help. */
class BadHoldersTest {
  @RegisterExtension static final World world = new World();

  private static final double AT_MOST = 1.3;

  /**
   * What it costs to find out who is no help, once, in milliseconds: much beside so short a
   * download.
   */
  private static final int LEARNING = 1_500;

  private static final int CHUNKS = 50;

  /** Flips a bit in all blocks that this browser keeps. */
  private static final String CORRUPT =
      """
      const database = await new Promise((resolve, reject) => {
        const request = indexedDB.open('p2pcp');
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const change = database.transaction('blocks', 'readwrite');
      change.objectStore('blocks').openCursor().onsuccess = ({ target: { result: cursor } }) => {
        if (!cursor) return;
        const bytes = cursor.value.slice();
        bytes[bytes.length - 1] ^= 1;
        cursor.update(bytes);
        cursor.continue();
      };
      await new Promise(resolve => { change.oncomplete = resolve; });
      database.close();
      """;

  private static final String SILENT = "WebSocket.prototype.send = () => {};";

  private static final String LATE =
      """
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function(bytes) {
        const copy = bytes.slice();
        setTimeout(() => send.call(this, copy), 20_000);
      };
      """;

  /** Stores a file of noise and gives its link and its hash. */
  private static final String STORE =
      """
      const bytes = new Uint8Array(argument * 262_111);
      for (let at = 0; at < bytes.length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(bytes.length, at + 65_536)));
      await agent.files.put('/files/noise', new Blob([bytes]));
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
      return [await agent.files.share('/files/noise'), digest];
      """;

  /** Reads all of it and tells its hash and how long it took, in milliseconds. */
  private static final String READ =
      """
      await agent.files.stat(argument);
      const begun = performance.now();
      const bytes = await new Response(agent.files.read(argument)).arrayBuffer();
      const taken = Math.round(performance.now() - begun);
      return [new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex(), String(taken)];
      """;

  @Test
  void with_three_bad_ones_of_five_it_is_whole_and_hardly_slower() throws IOException {
    List<Person> holders = world.holders(5);
    Person author = world.visitor(world.profile(world.directory()));
    author.begin();
    author.connected();
    author.lend(6 * (CHUNKS + 10));
    author.ask("await agent.wantCopies(6)", null);
    String[] stored = author.ask(STORE, CHUNKS, String[].class);
    author.allPlaced(1);
    world.leaves(author);

    holders.get(0).ask(CORRUPT, null);
    holders.get(1).ask(SILENT, null);
    holders.get(2).ask(LATE, null);
    String[] together = world.visitor().ask(READ, stored[0], String[].class);
    holders.subList(0, 3).forEach(world::leaves);
    String[] alone = world.visitor().ask(READ, stored[0], String[].class);

    System.out.println(
        "two good holders " + alone[1] + " ms, with three bad ones " + together[1] + " ms");
    assertThat(together[0]).isEqualTo(stored[1]);
    assertThat(alone[0]).isEqualTo(stored[1]);
    assertThat(Double.parseDouble(together[1]))
        .isLessThan(Double.parseDouble(alone[1]) * AT_MOST + LEARNING);
  }
}
