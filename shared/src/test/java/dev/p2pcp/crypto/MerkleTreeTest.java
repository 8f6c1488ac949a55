package dev.p2pcp.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.testing.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Beside the vectors, among which are the public ones of Certificate Transparency. */
class MerkleTreeTest {
  private static final int SIZES = 70;

  @Test
  void each_leaf_of_each_tree_is_proven_with_few_hashes() {
    for (int size = 1; size <= SIZES; size++) {
      List<Hash> leaves = leaves(size);
      Hash root = MerkleTree.root(leaves);
      List<List<Hash>> proofs = MerkleTree.proofs(leaves);
      for (int index = 0; index < size; index++) {
        List<Hash> proof = proofs.get(index);
        assertThat(proof).isEqualTo(MerkleTree.proof(leaves, index));
        assertThat(proof).hasSizeLessThanOrEqualTo(MerkleTree.longestProof(size));
        assertThat(MerkleTree.rootOf(size, index, leaves.get(index), proof)).contains(root);
      }
      assertThat(proofs.get(0)).hasSize(MerkleTree.longestProof(size));
    }
  }

  @Test
  void a_proof_is_for_its_place_only() {
    for (int size = 2; size <= 20; size++) {
      List<Hash> leaves = leaves(size);
      Hash root = MerkleTree.root(leaves);
      for (int index = 0; index < size; index++) {
        List<Hash> proof = MerkleTree.proof(leaves, index);
        for (int other = -1; other <= size; other++) {
          if (other != index) {
            assertThat(MerkleTree.rootOf(size, other, leaves.get(index), proof))
                .isNotEqualTo(Optional.of(root));
          }
        }
      }
    }
  }

  @Test
  void an_altered_leaf_or_proof_leads_to_another_root() {
    Seeded.check(
        200,
        arbitrary -> {
          int size = 2 + arbitrary.below(SIZES);
          int index = arbitrary.below(size);
          List<Hash> leaves = leaves(size);
          Hash root = MerkleTree.root(leaves);
          List<Hash> proof = new ArrayList<>(MerkleTree.proof(leaves, index));
          Hash leaf = leaves.get(index);
          Hash altered = new Hash(arbitrary.flipped(leaf.bytes()));
          assertThat(MerkleTree.rootOf(size, index, altered, proof))
              .isPresent()
              .get()
              .isNotEqualTo(root);
          int at = arbitrary.below(proof.size());
          proof.set(at, new Hash(arbitrary.flipped(proof.get(at).bytes())));
          assertThat(MerkleTree.rootOf(size, index, leaf, proof))
              .isPresent()
              .get()
              .isNotEqualTo(root);
        });
  }

  @Test
  void a_proof_of_another_length_fits_no_tree_of_that_size() {
    Seeded.check(
        200,
        arbitrary -> {
          int size = 2 + arbitrary.below(SIZES);
          int index = arbitrary.below(size);
          List<Hash> proof = MerkleTree.proof(leaves(size), index);
          Hash leaf = leaves(size).get(index);
          List<Hash> longer = new ArrayList<>(proof);
          longer.add(leaf);
          assertThat(MerkleTree.rootOf(size, index, leaf, longer)).isEmpty();
          assertThat(MerkleTree.rootOf(size, index, leaf, proof.subList(1, proof.size())))
              .isEmpty();
        });
  }

  @Test
  void a_leaf_that_is_not_there_has_no_proof() {
    for (int index : new int[] {-1, 3}) {
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> MerkleTree.proof(leaves(3), index));
    }
    assertThat(MerkleTree.proofs(List.of())).isEmpty();
  }

  private static List<Hash> leaves(int count) {
    List<Hash> leaves = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      leaves.add(MerkleTree.leaf(Bytes.utf8("entry " + i)));
    }
    return leaves;
  }
}
