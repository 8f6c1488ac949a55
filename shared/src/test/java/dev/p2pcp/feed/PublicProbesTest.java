package dev.p2pcp.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.p2pcp.bytes.Bytes;
import dev.p2pcp.crypto.Hash;
import dev.p2pcp.crypto.Hasher;
import dev.p2pcp.crypto.MerkleTree;
import dev.p2pcp.jvm.JvmCrypto;
import dev.p2pcp.testing.ProtocolVectors;
import dev.p2pcp.testing.Vector;
import dev.p2pcp.testing.VectorFiles;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The probes with which the public verifier of Certificate Transparency is tested
 * (transparency-dev/merkle, proof/verify_test.go and testdata/): each public proof is right, and
 * each way in which that test corrupts it is refused. What cannot be said here, such as a hash of
 * another length, the types refuse already.
 */
class PublicProbesTest {
  private static final Hash SOME =
      hash("abacaba000000000000000000000000000000000000000000060061e00123456");
  private static final Hash EMPTY =
      hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

  private final Hasher hasher = new JvmCrypto().hasher();
  private final ProofCheck check = new ProofCheck(hasher);

  private record Inclusion(long index, long size, Hash root, Hash leaf, List<Hash> proof) {
    boolean isRight() {
      return MerkleTree.rootOf(size, index, leaf, proof).filter(root::equals).isPresent();
    }
  }

  private record Consistency(long first, long second, Hash root1, Hash root2, List<Hash> proof) {}

  @Test
  void the_hash_of_a_node_is_the_public_one() {
    byte[] node = new byte[Hash.LENGTH];
    hasher.add(1).add(Bytes.utf8("N123")).add(Bytes.utf8("N456")).into(node, 0);
    assertThat(Bytes.wrap(node).hex())
        .isEqualTo("aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb");
  }

  @Test
  void corrupt_inclusion_proofs_are_refused() {
    int proofs = 0;
    for (Map.Entry<String, String> file : VectorFiles.texts("merkle-proof").entrySet()) {
      if (!file.getKey().startsWith("ct-")) {
        continue;
      }
      Vector vector = Vector.parse(file.getValue());
      Inclusion right =
          new Inclusion(
              vector.number("index"),
              vector.number("size"),
              new Hash(ProtocolVectors.bytes(vector, "root")),
              MerkleTree.leaf(ProtocolVectors.bytes(vector, "entry")),
              hashes(vector));
      assertThat(right.isRight()).isTrue();
      corrupt(right)
          .forEach((name, probe) -> assertThat(probe.isRight()).as(file.getKey() + name).isFalse());
      proofs++;
    }
    assertThat(proofs).isEqualTo(5);
  }

  private static Map<String, Inclusion> corrupt(Inclusion p) {
    Map<String, Inclusion> probes = new LinkedHashMap<>();
    probes.put("index - 1", new Inclusion(p.index - 1, p.size, p.root, p.leaf, p.proof));
    probes.put("index + 1", new Inclusion(p.index + 1, p.size, p.root, p.leaf, p.proof));
    probes.put("index ^ 2", new Inclusion(p.index ^ 2, p.size, p.root, p.leaf, p.proof));
    probes.put("size * 2", new Inclusion(p.index, p.size * 2, p.root, p.leaf, p.proof));
    probes.put("size / 2", new Inclusion(p.index, p.size / 2, p.root, p.leaf, p.proof));
    probes.put("wrong leaf", new Inclusion(p.index, p.size, p.root, SOME, p.proof));
    probes.put("empty root", new Inclusion(p.index, p.size, EMPTY, p.leaf, p.proof));
    probes.put("random root", new Inclusion(p.index, p.size, SOME, p.leaf, p.proof));
    lists(p.proof, List.of(p.root))
        .forEach((name, l) -> probes.put(name, new Inclusion(p.index, p.size, p.root, p.leaf, l)));
    if (p.proof.size() > 1) {
      List<Hash> inserted = new ArrayList<>(p.proof);
      inserted.add(1, SOME);
      probes.put("inserted", new Inclusion(p.index, p.size, p.root, p.leaf, inserted));
    }
    return probes;
  }

  @Test
  void corrupt_consistency_proofs_are_refused() {
    int proofs = 0;
    for (Map.Entry<String, String> file : VectorFiles.texts("consistency-proof").entrySet()) {
      Vector vector = Vector.parse(file.getValue());
      Consistency right =
          new Consistency(
              vector.number("first"),
              vector.number("second"),
              new Hash(ProtocolVectors.bytes(vector, "root-1")),
              new Hash(ProtocolVectors.bytes(vector, "root-2")),
              hashes(vector));
      assertThat(isRight(right)).isTrue();
      if (!right.proof.isEmpty()) {
        corrupt(right)
            .forEach((name, p) -> assertThat(isRight(p)).as(file.getKey() + name).isFalse());
        proofs++;
      }
    }
    assertThat(proofs).isGreaterThanOrEqualTo(4);
  }

  private static Map<String, Consistency> corrupt(Consistency p) {
    Map<String, Consistency> probes = new LinkedHashMap<>();
    probes.put("first - 1", new Consistency(p.first - 1, p.second, p.root1, p.root2, p.proof));
    probes.put("first + 1", new Consistency(p.first + 1, p.second, p.root1, p.root2, p.proof));
    probes.put("first ^ 2", new Consistency(p.first ^ 2, p.second, p.root1, p.root2, p.proof));
    probes.put("second * 2", new Consistency(p.first, p.second * 2, p.root1, p.root2, p.proof));
    probes.put("second / 2", new Consistency(p.first, p.second / 2, p.root1, p.root2, p.proof));
    probes.put("wrong root 1", new Consistency(p.first, p.second, SOME, p.root2, p.proof));
    probes.put("wrong root 2", new Consistency(p.first, p.second, p.root1, SOME, p.proof));
    probes.put("swapped roots", new Consistency(p.first, p.second, p.root2, p.root1, p.proof));
    probes.put("empty", new Consistency(p.first, p.second, p.root1, p.root2, List.of()));
    lists(p.proof, List.of(p.root1, p.root2, p.proof.get(0)))
        .forEach(
            (name, l) -> probes.put(name, new Consistency(p.first, p.second, p.root1, p.root2, l)));
    return probes;
  }

  @Test
  void sizes_that_need_no_proof_take_none() {
    assertThat(check.isConsistent(0, SOME, 0, SOME, List.of())).isTrue();
    assertThat(check.isConsistent(0, SOME, 1, EMPTY, List.of())).isTrue();
    assertThat(check.isConsistent(1, SOME, 1, SOME, List.of())).isTrue();
    assertThat(check.isConsistent(1, SOME, 1, EMPTY, List.of())).isFalse();
    assertThat(check.isConsistent(1, SOME, 0, SOME, List.of())).isFalse();
    assertThat(check.isConsistent(2, SOME, 1, SOME, List.of())).isFalse();
    assertThat(check.isConsistent(1, SOME, 2, SOME, List.of())).isFalse();
    assertThat(check.isConsistent(0, EMPTY, 1, EMPTY, List.of(EMPTY))).isFalse();
    assertThat(check.isConsistent(1, EMPTY, 1, EMPTY, List.of(EMPTY))).isFalse();
    for (long[] probe : new long[][] {{0, 0}, {0, 1}, {1, 0}, {2, 1}}) {
      Inclusion nothing = new Inclusion(probe[0], probe[1], EMPTY, SOME, List.of());
      assertThat(nothing.isRight()).isFalse();
    }
  }

  /** A proof with more before or behind, less, or one bit of one hash changed. */
  private static Map<String, List<Hash>> lists(List<Hash> proof, List<Hash> garbage) {
    Map<String, List<Hash>> lists = new LinkedHashMap<>();
    for (int i = 0; i < garbage.size(); i++) {
      List<Hash> trailing = new ArrayList<>(proof);
      trailing.add(garbage.get(i));
      lists.put("trailing " + i, trailing);
      List<Hash> preceding = new ArrayList<>(proof);
      preceding.add(0, garbage.get(i));
      lists.put("preceding " + i, preceding);
    }
    for (int i = 0; i < proof.size(); i++) {
      byte[] bytes = proof.get(i).bytes().toArray();
      bytes[0] ^= 16;
      List<Hash> modified = new ArrayList<>(proof);
      modified.set(i, new Hash(Bytes.wrap(bytes)));
      lists.put("modified " + i, modified);
    }
    if (!proof.isEmpty()) {
      lists.put("truncated", proof.subList(0, proof.size() - 1));
    }
    return lists;
  }

  private boolean isRight(Consistency p) {
    return check.isConsistent(p.first, p.root1, p.second, p.root2, p.proof);
  }

  private static List<Hash> hashes(Vector vector) {
    List<Hash> hashes = new ArrayList<>();
    for (int i = 0; vector.has("proof-" + i); i++) {
      hashes.add(new Hash(ProtocolVectors.bytes(vector, "proof-" + i)));
    }
    return hashes;
  }

  private static Hash hash(String hex) {
    try {
      return new Hash(Bytes.fromHex(hex));
    } catch (dev.p2pcp.bytes.MalformedFrameException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
