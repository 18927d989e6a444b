"""The tree of RFC 9162: published vectors, every small size against the definition, and proofs that must not pass."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.evidence.hashing import sha256, sm3
from city1361.base.evidence.tree import WIDTH, Edge, Proofs, folded, leaf
from city1361.base.evidence.verifier.evidence_verify import Frontier, Refused, verify_consistency, verify_inclusion
from tests.base.evidence import naive

# The leaves, roots and proofs that the implementations of Certificate Transparency test with.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
)]  # fmt: skip
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
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [  # index, size, path
    (0, 1, []),
    (0, 8, [A, B, C]),
    (5, 8, [D, E, ROOTS[3]]),
    (2, 3, [ROOTS[1]]),
    (1, 5, [ROOTS[0], B, D]),
]
CONSISTENCY = [  # first, second, proof
    (1, 1, []),
    (1, 8, [A, B, C]),
    (6, 8, [F, E, ROOTS[3]]),
    (2, 5, [B, D]),
]


def unhex(hashes: list[str]) -> list[bytes]:
    return [bytes.fromhex(text) for text in hashes]


class Shelf:
    """Tiles in memory, filled by an Edge as the sequencer fills the table."""

    def __init__(self, leaves: list[bytes], digest: naive.Digest = sha256, batch: int = 7) -> None:
        self.tiles: dict[tuple[int, int], bytes] = {}
        self.digest = digest
        for start in range(0, len(leaves), batch):
            edge = Edge(digest, start, self.load)
            for data in leaves[start : start + batch]:
                edge.add(data)
            for tile in edge.taken() + edge.partial():
                self.tiles[tile.level, tile.position] = tile.hashes
            self.root = edge.root()

    def load(self, level: int, position: int) -> bytes:
        return self.tiles[level, position]

    def proofs(self) -> Proofs:
        return Proofs(self.digest, self.load)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    leaves, expected = LEAVES[:size], bytes.fromhex(ROOTS[size - 1])
    frontier = Frontier(sha256)
    for data in leaves:
        frontier.add(data)
    assert naive.root(leaves) == expected
    assert frontier.root() == expected
    assert Shelf(leaves, batch=3).root == expected


@pytest.mark.parametrize(("index", "size", "path"), INCLUSION)
def test_inclusion_proofs_are_the_published_ones(index: int, size: int, path: list[str]) -> None:
    assert naive.path(index, LEAVES[:size]) == unhex(path)
    assert Shelf(LEAVES[:size]).proofs().inclusion(index, size) == unhex(path)
    verify_inclusion(sha256, leaf(sha256, LEAVES[index]), (index, size), unhex(path), bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second", "proof"), CONSISTENCY)
def test_consistency_proofs_are_the_published_ones(first: int, second: int, proof: list[str]) -> None:
    assert naive.proof(first, LEAVES[:second]) == unhex(proof)
    assert Shelf(LEAVES[:second]).proofs().consistency(first, second) == unhex(proof)
    roots = bytes.fromhex(ROOTS[first - 1]), bytes.fromhex(ROOTS[second - 1])
    verify_consistency(sha256, (first, second), unhex(proof), roots)


@pytest.mark.parametrize("digest", [sha256, sm3], ids=["sha256", "sm3"])
def test_every_tree_up_to_64_leaves_is_that_of_the_definition(digest: naive.Digest) -> None:
    leaves = [bytes([number]) for number in range(64)]
    roots = {size: naive.root(leaves[:size], digest) for size in range(1, 65)}
    proofs = Shelf(leaves, digest).proofs()
    for size, root in roots.items():
        assert Shelf(leaves[:size], digest).root == root
        for index in range(size):
            path = naive.path(index, leaves[:size], digest)
            assert proofs.inclusion(index, size) == path
            verify_inclusion(digest, leaf(digest, leaves[index]), (index, size), path, root)
        for first in range(1, size + 1):
            proof = naive.proof(first, leaves[:size], digest)
            assert proofs.consistency(first, size) == proof
            verify_consistency(digest, (first, size), proof, (roots[first], root))


@pytest.mark.parametrize("size", [WIDTH - 1, WIDTH, WIDTH + 1, 2 * WIDTH, 3 * WIDTH + 5, 4097])
def test_trees_of_several_tiles_are_those_of_the_definition(size: int) -> None:
    leaves = [number.to_bytes(4, "big") for number in range(size)]
    shelf = Shelf(leaves, batch=100)
    assert shelf.root == naive.root(leaves)
    dice, proofs = random.Random(size), shelf.proofs()
    for _ in range(5):
        index, first = dice.randrange(size), dice.randrange(1, size + 1)
        assert proofs.inclusion(index, size) == naive.path(index, leaves)
        assert proofs.consistency(first, size) == naive.proof(first, leaves)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 700), st.integers(1, 300))
def test_the_size_of_batches_leaves_no_trace(size: int, batch: int) -> None:
    leaves = [number.to_bytes(4, "big") for number in range(size)]
    assert Shelf(leaves, batch=batch).root == naive.root(leaves)


def test_a_tile_shorter_than_the_tree_says_is_refused() -> None:
    shelf = Shelf(LEAVES)
    shelf.tiles[0, 0] = shelf.tiles[0, 0][:-32]
    with pytest.raises(ValueError, match="tile 0/0 holds 7 hashes, a tree of 8 needs 8"):
        Edge(sha256, 8, shelf.load)
    with pytest.raises(ValueError, match="too short"):
        shelf.proofs().inclusion(0, 8)


def test_folding_one_hash_gives_it_back() -> None:
    assert folded(sha256, [b"x" * 32]) == b"x" * 32


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_an_altered_inclusion_proof_is_refused() -> None:
    """For each leaf of each size: every altered part, every longer or shorter path, every other index."""
    for size in range(1, 9):
        root = naive.root(LEAVES[:size])
        for index in range(size):
            node, path = leaf(sha256, LEAVES[index]), naive.path(index, LEAVES[:size])
            wrong: list[tuple[bytes, tuple[int, int], list[bytes], bytes]] = [
                (flipped(node, 4), (index, size), path, root),
                (node, (index, size), path, flipped(root, 4)),
                (node, (index, size), [*path, root], root),
                (node, (index, size), [node, *path], root),
                (node, (index, size), [*path, b"\x00" * 32], root),
                *(
                    (node, (index, size), [*path[:i], flipped(path[i], 9), *path[i + 1 :]], root)
                    for i in range(len(path))
                ),
                *((node, (index, size), path[:cut], root) for cut in range(len(path))),
                *((node, (other, size), path, root) for other in range(size) if other != index),
                (node, (index, size * 2 + 1), path, root),
                (node, (-1, size), path, root),
                (node, (size, size), path, root),
                (node, (index ^ 2**40, size), path, root),
            ]
            for number, (a, at, steps, c) in enumerate(wrong):
                with pytest.raises(Refused):
                    verify_inclusion(sha256, a, at, steps, c)
                    pytest.fail(f"alteration {number} of leaf {index} in {size} passed")


def test_an_altered_consistency_proof_is_refused() -> None:
    for second in range(1, 9):
        for first in range(1, second + 1):
            one, two = naive.root(LEAVES[:first]), naive.root(LEAVES[:second])
            proof = naive.proof(first, LEAVES[:second])
            wrong: list[tuple[tuple[int, int], list[bytes], tuple[bytes, bytes]]] = [
                ((first, second), proof, (flipped(one, 7), two)),
                ((first, second), proof, (one, flipped(two, 7))),
                ((first, second), [*proof, one], (one, two)),
                ((first, second), [two, *proof], (one, two)),
                ((first, second), [b"\x00" * 32, *proof], (one, two)),
                *(((first, second), [*proof[:i], flipped(proof[i], 3), *proof[i + 1:]], (one, two)) for i in range(len(proof))),
                *(((first, second), proof[:cut], (one, two)) for cut in range(len(proof))),
                ((0, second), proof, (one, two)),
                ((second + 1, second), proof, (one, two)),
                ((-first, second), proof, (one, two)),
            ]  # fmt: skip
            if first != second:
                wrong += [((first, second), proof, (two, one)), ((first, second), [], (one, two))]
                wrong += [((first, first), proof, (one, two)), ((second, second), [], (one, two))]
            for number, (sizes, steps, roots) in enumerate(wrong):
                with pytest.raises(Refused):
                    verify_consistency(sha256, sizes, steps, roots)
                    pytest.fail(f"alteration {number} of {first} → {second} passed")


def test_nothing_is_proved_about_an_empty_tree() -> None:
    empty = sha256(b"")
    for sizes in ((0, 0), (0, 1), (0, 8)):
        with pytest.raises(Refused, match="cannot be compared"):
            verify_consistency(sha256, sizes, [], (empty, bytes.fromhex(ROOTS[0])))
    with pytest.raises(Refused, match="no leaf 0 in a tree of size 0"):
        verify_inclusion(sha256, empty, (0, 0), [], empty)
    with pytest.raises(ValueError, match="no leaf"):
        Shelf(LEAVES).proofs().inclusion(0, 0)
    with pytest.raises(ValueError, match="cannot be compared"):
        Shelf(LEAVES).proofs().consistency(0, 8)


@pytest.mark.parametrize("wrong", [b"", b"\x00" * 31, b"\x00" * 33, "0" * 32])
def test_a_hash_of_another_length_is_refused(wrong: bytes) -> None:
    node, root = leaf(sha256, LEAVES[0]), bytes.fromhex(ROOTS[7])
    path = unhex([A, B, C])
    for a, steps, c in ((wrong, path, root), (node, [wrong, *path[1:]], root), (node, path, wrong)):
        with pytest.raises(Refused, match="32 bytes"):
            verify_inclusion(sha256, a, (0, 8), steps, c)
    with pytest.raises(Refused, match="32 bytes"):
        verify_inclusion(sha256, wrong, (0, 1), [], wrong)
    with pytest.raises(Refused, match="32 bytes"):
        verify_consistency(sha256, (1, 1), [], (wrong, wrong))
    with pytest.raises(Refused, match="32 bytes"):
        verify_consistency(sha256, (1, 8), [wrong, *path[1:]], (leaf(sha256, LEAVES[0]), root))


def test_a_leaf_cannot_pass_for_an_inner_node() -> None:
    """Without the two prefixes the bytes of an inner node, taken as an entry, would have its hash."""
    inner = leaf(sha256, LEAVES[0]) + leaf(sha256, LEAVES[1])
    assert leaf(sha256, inner) != naive.root(LEAVES[:2])
