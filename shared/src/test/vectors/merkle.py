"""Merkle trees. The entries, roots and proofs named `ct` are the public ones of Certificate Transparency."""

from protocol import leaf, path, root, write

KINDS = ["merkle-root", "merkle-proof"]

# google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
ENTRIES = [
    bytes.fromhex(h)
    for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Index from 0, size, proof from the leaf up.
PROOFS = [
    (0, 1, []),
    (0, 8, ["96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"]),
    (5, 8, ["bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, ["6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"]),
]


def make(target):
    write(target, "merkle-root", "of-nothing", "the root of no entries is the hash of nothing", "accept", root=root([]))
    for size in range(1, 9):
        write(target, "merkle-root", "ct-%d" % size, "the public tree of %d entries" % size, "accept",
              entry=ENTRIES[:size], root=bytes.fromhex(ROOTS[size - 1]))
    write(target, "merkle-root", "other-order", "entries in another order have another root", "bad-proof",
          entry=[ENTRIES[1], ENTRIES[0]], root=bytes.fromhex(ROOTS[1]))
    for index, size, hashes in PROOFS:
        inclusion(target, "ct-%d-of-%d" % (index, size), "a public inclusion proof", "accept",
                  ENTRIES[index], index, size, [bytes.fromhex(h) for h in hashes], bytes.fromhex(ROOTS[size - 1]))
    tree = [bytes([i]) for i in range(100)]
    for index in (0, 63, 64, 95, 96, 99):
        inclusion(target, "%d-of-100" % index, "an inclusion proof in a ragged tree", "accept",
                  tree[index], index, 100, path(index, tree), root(tree))
    good = path(2, ENTRIES[:7])
    wrong = {
        "too-short": (2, 7, good[:-1]),
        "too-long": (2, 7, good + [leaf(b"more")]),
        "altered": (2, 7, [good[0], leaf(b"other"), good[2]]),
        "swapped": (2, 7, [good[1], good[0], good[2]]),
        "other-index": (3, 7, good),
        "other-size": (2, 3, good),
        "index-is-size": (7, 7, good),
        "of-nothing": (0, 0, []),
    }
    for name, (index, size, hashes) in wrong.items():
        inclusion(target, name, "a proof that does not lead to the root", "bad-proof",
                  ENTRIES[2], index, size, hashes, root(ENTRIES[:7]))


def inclusion(target, name, about, expect, entry, index, size, hashes, tree):
    write(target, "merkle-proof", name, about, expect, entry=entry, index=index, size=size, proof=hashes, root=tree)
