package dev.p2pcp.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.BitFlips;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Trees and their proofs against the plain recursion of RFC 9162 over lists. */
class TreeProofsTest {
  private static final int SIZES = 70;

  private final Hasher hasher = new JvmCrypto().hasher();
  private final ProofCheck check = new ProofCheck(hasher);

  @Test
  void roots_and_inclusion_proofs_are_those_of_the_plain_recursion() {
    WholeTree tree = new WholeTree();
    for (int size = 1; size <= SIZES; size++) {
      tree.append(hasher, List.of(entry(size - 1)));
      List<Hash> leaves = leaves(size);
      TreeProofs proofs = new TreeProofs(tree, hasher, size);
      assertThat(proofs.root()).isEqualTo(MerkleTree.root(leaves));
      for (int index = 0; index < size; index++) {
        assertThat(proofs.inclusion(index)).isEqualTo(MerkleTree.proof(leaves, index));
      }
    }
  }

  @Test
  void a_larger_tree_proves_what_it_was() {
    WholeTree tree = tree(SIZES);
    for (int size = 0; size <= SIZES; size++) {
      TreeProofs proofs = new TreeProofs(tree, hasher, size);
      assertThat(proofs.root()).isEqualTo(MerkleTree.root(leaves(size)));
      for (int index = 0; index < size; index += 7) {
        assertThat(proofs.inclusion(index)).isEqualTo(MerkleTree.proof(leaves(size), index));
      }
    }
  }

  @Test
  void consistency_proofs_are_those_of_the_plain_recursion_and_are_accepted() {
    WholeTree tree = tree(SIZES);
    for (int second = 0; second <= SIZES; second++) {
      List<Hash> leaves = leaves(second);
      TreeProofs proofs = new TreeProofs(tree, hasher, second);
      for (int first = 0; first <= second; first++) {
        List<Hash> proof = proofs.consistency(first);
        List<Hash> plain =
            first == 0 || first == second ? List.of() : subproof(first, leaves, true);
        assertThat(proof).isEqualTo(plain);
        Hash root1 = MerkleTree.root(leaves.subList(0, first));
        assertThat(check.isConsistent(first, root1, second, MerkleTree.root(leaves), proof))
            .isTrue();
      }
    }
  }

  @Test
  void every_single_bit_counts_in_a_consistency_proof_and_its_roots() {
    WholeTree tree = tree(13);
    for (int second = 2; second <= 13; second++) {
      TreeProofs proofs = new TreeProofs(tree, hasher, second);
      Hash root2 = proofs.root();
      for (int first = 1; first < second; first++) {
        Hash root1 = new TreeProofs(tree, hasher, first).root();
        List<Hash> proof = proofs.consistency(first);
        for (int at = 0; at < proof.size(); at++) {
          for (Bytes altered : new BitFlips(proof.get(at).bytes())) {
            List<Hash> wrong = new ArrayList<>(proof);
            wrong.set(at, new Hash(altered));
            assertThat(check.isConsistent(first, root1, second, root2, wrong)).isFalse();
          }
        }
        for (Bytes altered : new BitFlips(root1.bytes())) {
          assertThat(check.isConsistent(first, new Hash(altered), second, root2, proof)).isFalse();
        }
        for (Bytes altered : new BitFlips(root2.bytes())) {
          assertThat(check.isConsistent(first, root1, second, new Hash(altered), proof)).isFalse();
        }
      }
    }
  }

  @Test
  void any_choice_of_entries_is_proven_and_each_hash_is_needed() {
    Seeded.check(
        400,
        arbitrary -> {
          int size = 1 + arbitrary.below(200);
          WholeTree tree = tree(size);
          Runs runs = Runs.of(choice(arbitrary, size));
          TreeProofs proofs = new TreeProofs(tree, hasher, size);
          List<Hash> proof = proofs.of(runs);
          List<CompactRange> ranges = ranges(runs);
          assertThat(proof).hasSize(runs.proofLength(size)).doesNotHaveDuplicates();
          assertThat(check.rootOf(size, ranges, proof)).contains(proofs.root());
          List<Hash> longer = new ArrayList<>(proof);
          longer.add(proofs.root());
          assertThat(check.rootOf(size, ranges, longer)).isEmpty();
          if (!proof.isEmpty()) {
            assertThat(check.rootOf(size, ranges, proof.subList(1, proof.size()))).isEmpty();
            List<Hash> altered = new ArrayList<>(proof);
            int at = arbitrary.below(proof.size());
            altered.set(at, new Hash(arbitrary.flipped(proof.get(at).bytes())));
            assertThat(check.rootOf(size, ranges, altered))
                .isNotEqualTo(Optional.of(proofs.root()));
          }
        });
  }

  @Test
  void a_proof_of_one_entry_has_no_more_hashes_than_its_tree_has_levels() {
    for (int size = 1; size <= SIZES; size++) {
      for (int index = 0; index < size; index++) {
        assertThat(Runs.of(index, index + 1).proofLength(size))
            .isLessThanOrEqualTo(MerkleTree.longestProof(size));
      }
    }
  }

  @Test
  void ranges_joined_anywhere_are_the_range_over_all() {
    Seeded.check(
        300,
        arbitrary -> {
          int from = arbitrary.below(100);
          int middle = from + arbitrary.below(100);
          int end = middle + arbitrary.below(100);
          CompactRange joined = range(from, middle);
          joined.append(hasher, range(middle, end));
          CompactRange whole = range(from, end);
          assertThat(joined.peaks()).isEqualTo(whole.peaks());
          assertThat(whole.peaks()).hasSize(CompactRange.peaks(from, end));
          assertThat(CompactRange.of(from, end, whole.peaks()).peaks()).isEqualTo(whole.peaks());
          CompactRange leafByLeaf = new CompactRange(from);
          for (int i = from; i < end; i++) {
            leafByLeaf.addLeaf(hasher, MerkleTree.leaf(entry(i)));
          }
          assertThat(leafByLeaf.peaks()).isEqualTo(whole.peaks());
        });
  }

  @Test
  void a_range_far_beyond_what_an_int_counts_joins_the_same_levels() {
    long far = (1L << 40) - 3;
    CompactRange range = new CompactRange(far);
    CompactRange leafByLeaf = new CompactRange(far);
    for (int i = 0; i < 40; i++) {
      range.add(hasher, entry(i));
      leafByLeaf.addLeaf(hasher, MerkleTree.leaf(entry(i)));
      assertThat(range.peaks()).isEqualTo(leafByLeaf.peaks());
    }
    assertThat(range.peaks()).hasSize(CompactRange.peaks(far, far + 40));
  }

  @Test
  void what_is_cut_off_and_appended_anew_is_another_tree() {
    WholeTree tree = tree(50);
    tree.truncate(20);
    assertThat(new TreeProofs(tree, hasher, 20).root()).isEqualTo(MerkleTree.root(leaves(20)));
    tree.append(hasher, List.of(Bytes.utf8("other")));
    List<Hash> leaves = new ArrayList<>(leaves(20));
    leaves.add(MerkleTree.leaf(Bytes.utf8("other")));
    assertThat(new TreeProofs(tree, hasher, 21).root()).isEqualTo(MerkleTree.root(leaves));
    assertThat(new TreeProofs(tree, hasher, 21).inclusion(3))
        .isEqualTo(MerkleTree.proof(leaves, 3));
  }

  private static List<Long> choice(Seeded arbitrary, int size) {
    TreeSet<Long> chosen = new TreeSet<>();
    for (int i = arbitrary.below(8); i >= 0; i--) {
      long from = arbitrary.below(size);
      long end = Math.min(size, from + 1 + arbitrary.below(9));
      for (long entry = from; entry < end; entry++) {
        chosen.add(entry);
      }
    }
    return List.copyOf(chosen);
  }

  private List<CompactRange> ranges(Runs runs) {
    return runs.list().stream().map(run -> range((int) run.from(), (int) run.end())).toList();
  }

  private CompactRange range(int from, int end) {
    CompactRange range = new CompactRange(from);
    for (int i = from; i < end; i++) {
      range.add(hasher, entry(i));
    }
    return range;
  }

  private WholeTree tree(int size) {
    WholeTree tree = new WholeTree();
    List<Bytes> entries = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      entries.add(entry(i));
    }
    tree.append(hasher, entries);
    return tree;
  }

  private static List<Hash> leaves(int size) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      leaves.add(MerkleTree.leaf(entry(i)));
    }
    return leaves;
  }

  private static Bytes entry(int index) {
    return Bytes.utf8("entry " + index);
  }

  /** RFC 9162, 2.1.4.1, word for word. */
  private static List<Hash> subproof(int first, List<Hash> leaves, boolean whole) {
    if (first == leaves.size()) {
      return whole ? List.of() : List.of(MerkleTree.root(leaves));
    }
    int split = Integer.highestOneBit(leaves.size() - 1);
    List<Hash> left = leaves.subList(0, split);
    List<Hash> right = leaves.subList(split, leaves.size());
    List<Hash> proof = new ArrayList<>();
    if (first <= split) {
      proof.addAll(subproof(first, left, whole));
      proof.add(MerkleTree.root(right));
    } else {
      proof.addAll(subproof(first - split, right, false));
      proof.add(MerkleTree.root(left));
    }
    return proof;
  }
}
