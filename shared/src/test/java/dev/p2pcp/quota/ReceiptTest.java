package dev.p2pcp.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.p2pcp.block.Block;
import dev.p2pcp.block.Leaves;
import dev.p2pcp.block.StorageKey;
import dev.p2pcp.bytes.ByteReader;
import dev.p2pcp.bytes.ByteWriter;
import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.bytes.MalformedFrameException;
import dev.p2pcp.crypto.Crypto;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Parties;
import dev.p2pcp.testing.Seeded;
import dev.p2pcp.wire.FrameCodec;
import dev.p2pcp.wire.PeerFrame;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReceiptTest {
  private final Crypto crypto = new JvmCrypto();
  private final Seeded arbitrary = new Seeded(1);
  private final Parties parties = Parties.of(crypto, arbitrary);

  @Test
  void what_both_signed_is_genuine_and_reads_as_it_was_written() throws MalformedFrameException {
    for (int count : new int[] {1, 2, 5, 100, ReceiptHeader.MAX_COUNT}) {
      ReceiptOffer offer = parties.offer(arbitrary, count);
      assertThat(offer.isGenuine(crypto)).isTrue();
      ReceiptBatch batch = batch(offer);
      assertThat(batch.isGenuine(crypto)).isTrue();
      assertThat(read(batch.encoded())).isEqualTo(batch);
    }
  }

  @Test
  void any_part_of_a_batch_stays_genuine() throws MalformedFrameException {
    ReceiptBatch batch = batch(parties.offer(arbitrary, 6));
    for (int subset = 1; subset < 1 << 6; subset++) {
      Set<ReceiptTerms> wanted = new HashSet<>();
      for (int i = 0; i < 6; i++) {
        if ((subset >> i & 1) == 1) {
          wanted.add(batch.entries().get(i).terms());
        }
      }
      ReceiptBatch part = batch.only(wanted::contains);
      assertThat(part.entries()).hasSize(wanted.size());
      assertThat(part.isGenuine(crypto)).isTrue();
      assertThat(read(part.encoded())).isEqualTo(part);
    }
  }

  @Test
  void a_part_of_a_part_is_what_it_would_be_of_the_whole() {
    Seeded.check(
        30,
        seeded -> {
          ReceiptBatch batch = batch(parties.offer(seeded, 2 + seeded.below(60)));
          Set<ReceiptTerms> many = some(seeded, batch);
          Set<ReceiptTerms> few = new HashSet<>(many);
          few.retainAll(some(seeded, batch));
          ReceiptBatch direct = batch.only(few::contains);
          assertThat(batch.only(many::contains).only(few::contains)).isEqualTo(direct);
          assertThat(direct.isGenuine(crypto)).isTrue();
        });
  }

  @Test
  void all_of_a_batch_is_the_batch_and_none_of_it_has_no_entries() {
    ReceiptBatch batch = batch(parties.offer(arbitrary, 3));
    assertThat(batch.only(terms -> true)).isEqualTo(batch);
    assertThat(batch.only(terms -> false).entries()).isEmpty();
  }

  @Test
  void the_longest_batch_is_as_long_as_its_limit_says() {
    ReceiptBatch whole = batch(parties.offer(arbitrary, ReceiptHeader.MAX_COUNT));
    ReceiptTerms first = whole.entries().get(0).terms();
    assertThat(whole.only(terms -> !terms.equals(first)).encoded().length())
        .isEqualTo(ReceiptBatch.MAX_LENGTH);
  }

  @Test
  void every_single_bit_of_a_batch_counts() {
    ReceiptBatch whole = batch(parties.offer(arbitrary, 3));
    ReceiptTerms last = whole.entries().get(2).terms();
    for (ReceiptBatch batch : List.of(whole, whole.only(last::equals))) {
      for (Bytes altered : new BitFlips(batch.encoded())) {
        assertThat(isGenuine(altered)).isFalse();
      }
    }
  }

  @Test
  void every_single_bit_of_an_offer_counts() {
    ByteWriter writer = new ByteWriter();
    parties.offer(arbitrary, 2).write(writer);
    for (Bytes altered : new BitFlips(writer.toBytes())) {
      assertThat(isGenuineOffer(altered)).isFalse();
    }
  }

  @Test
  void every_single_bit_of_a_release_counts() {
    StorageKey key = new StorageKey(arbitrary.bytes(StorageKey.LENGTH));
    var release = parties.release(List.of(key));
    assertThat(release.isGenuine(crypto, parties.now())).isTrue();
    Bytes message = FrameCodec.encode(release);
    // All but the first byte, which says that it is a release.
    for (Bytes altered : new BitFlips(message.from(1))) {
      Bytes whole = Bytes.concat(message.slice(0, 1), altered);
      assertThat(isGenuineRelease(whole)).isFalse();
    }
  }

  @Test
  void nobody_signs_for_no_block_or_for_too_many() {
    ReceiptTerms terms = parties.offer(arbitrary, 1).terms().get(0);
    for (int count : new int[] {0, ReceiptHeader.MAX_COUNT + 1}) {
      List<ReceiptTerms> wrong = Collections.nCopies(count, terms);
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  ReceiptOffer.sign(
                      parties.holderDevice(),
                      parties.holder(),
                      parties.owner().account(),
                      parties.now(),
                      wrong));
    }
  }

  @Test
  void a_receipt_counts_from_when_it_was_made_until_it_expires() {
    ReceiptHeader header = parties.offer(arbitrary, 1).header();
    assertThat(header.isCurrent(header.stored() - Ticket.CLOCK_SKEW)).isTrue();
    assertThat(header.isCurrent(header.stored() - Ticket.CLOCK_SKEW - 1)).isFalse();
    assertThat(header.isCurrent(header.expires())).isTrue();
    assertThat(header.isCurrent(header.expires() + 1)).isFalse();
  }

  @Test
  void the_audit_root_lets_any_leaf_of_a_block_be_checked() {
    Bytes block = Block.Content.of(arbitrary.bytes(10_000)).encoded();
    List<Hash> leaves = new ArrayList<>();
    for (int at = 0; at < block.length(); at += 256) {
      leaves.add(MerkleTree.leaf(block.slice(at, Math.min(256, block.length() - at))));
    }
    for (int i = 0; i < leaves.size(); i++) {
      List<Hash> proof = MerkleTree.proof(leaves, i);
      assertThat(MerkleTree.rootOf(leaves.size(), i, leaves.get(i), proof))
          .contains(Leaves.root(block));
    }
  }

  private ReceiptBatch batch(ReceiptOffer offer) {
    return offer.countersign(parties.ownerDevice(), parties.owner());
  }

  private static Set<ReceiptTerms> some(Seeded seeded, ReceiptBatch batch) {
    Set<ReceiptTerms> some = new HashSet<>();
    for (ReceiptBatch.Entry entry : batch.entries()) {
      if (seeded.below(3) > 0) {
        some.add(entry.terms());
      }
    }
    some.add(batch.entries().get(0).terms());
    return some;
  }

  private static ReceiptBatch read(Bytes encoded) throws MalformedFrameException {
    ByteReader reader = new ByteReader(encoded);
    ReceiptBatch batch = ReceiptBatch.read(reader);
    reader.end();
    return batch;
  }

  private boolean isGenuine(Bytes encoded) {
    try {
      return read(encoded).isGenuine(crypto);
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  private boolean isGenuineOffer(Bytes encoded) {
    try {
      ByteReader reader = new ByteReader(encoded);
      ReceiptOffer offer = ReceiptOffer.read(reader);
      reader.end();
      return offer.isGenuine(crypto);
    } catch (MalformedFrameException e) {
      return false;
    }
  }

  private boolean isGenuineRelease(Bytes message) {
    try {
      return FrameCodec.decodePeer(message) instanceof PeerFrame.Release release
          && release.isGenuine(crypto, parties.now());
    } catch (MalformedFrameException e) {
      return false;
    }
  }
}
