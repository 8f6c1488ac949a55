package dev.p2pcp.node;

import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.identity.AccountId;
import dev.p2pcp.identity.Path;
import dev.p2pcp.identity.PeerId;
import dev.p2pcp.quota.Ticket;
import dev.p2pcp.testing.Decoders;
import dev.p2pcp.testing.Seeded;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What an agent remembers on its disk, and what stands in items, is read canonically or refused.
 */
class RecordsTest {
  private final Seeded arbitrary = new Seeded(3);

  @Test
  void holdings_are_read_canonically() {
    Holding.Claim claim =
        new Holding.Claim(
            new AccountId(arbitrary.bytes(32)), arbitrary.bytes(Ticket.SERIAL_LENGTH), 1, 2, true);
    Decoders.check(
        bytes -> Holding.decode(bytes).encoded(),
        new Holding(true, false, 9, List.of()).encoded(),
        new Holding(false, true, 262_144, List.of(claim)).encoded());
  }

  @Test
  void own_blocks_are_read_canonically() {
    OwnBlock.Copy copy = new OwnBlock.Copy(new PeerId(arbitrary.bytes(32)), 4, 5);
    Decoders.check(
        bytes -> OwnBlock.decode(bytes).encoded(),
        new OwnBlock(1, 2, true, false, List.of()).encoded(),
        new OwnBlock(7, 0, false, true, List.of(copy, copy.asLeaving())).encoded());
  }

  @Test
  void item_states_are_read_canonically() {
    Decoders.check(
        bytes -> ItemState.decode(bytes).encoded(),
        new ItemState(
                new Path("/a"), true, true, 3, 4, 5, key(), hash(), hash(), List.of(key(), key()))
            .encoded());
  }

  @Test
  void item_bodies_are_read_canonically() {
    // An inline value reaches to the end: what is cut or appended no longer fits its size.
    Decoders.check(
        bytes -> ItemBody.decode(bytes).encoded(),
        ItemBody.inline(hash(), Bytes.utf8("value")).encoded(),
        ItemBody.chunked(hash(), ItemBody.CHUNK + 1, arbitrary.bytes(32), List.of(key(), key()))
            .encoded());
  }

  @Test
  void catalogues_are_read_canonically() {
    Catalogue catalogue = new Catalogue();
    catalogue.put(new Catalogue.Entry(new Path("/a"), true, false, 1, 2, 3, 4));
    catalogue.put(new Catalogue.Entry(new Path("/b"), false, true, 5, 6, 0, 0));
    Decoders.check(
        bytes -> {
          Catalogue again = new Catalogue();
          Catalogue.decode(bytes).forEach(again::put);
          return again.encoded();
        },
        new Catalogue().encoded(),
        catalogue.encoded());
  }

  @Test
  void settings_are_read_canonically() {
    Decoders.check(
        bytes -> Settings.decode(bytes).encoded(),
        new Settings(30, 3, List.of("https://a.example", "http://b.example:8080"), true, true)
            .encoded());
  }

  private StorageKey key() {
    return new StorageKey(arbitrary.bytes(32));
  }

  private Hash hash() {
    return new Hash(arbitrary.bytes(32));
  }
}
