"""The Merkle tree of RFC 9162 section 2.1, kept as tiles: 256 hashes side by side of one level.

Level 0 holds leaf hashes, level 1 the roots of full tiles of level 0, and so on: every perfect subtree of 256^n leaves
is stored, any smaller one is folded from at most 128 pairs. An entry costs 64 bytes of tiles for both hashes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from city1361.base.evidence.verifier.evidence_verify import Digest

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT


class Tile(NamedTuple):
    """Up to 256 hashes, joined: those at `position` × 256 and following of `level`."""

    level: int
    position: int
    hashes: bytes


Load = Callable[[int, int], bytes]


def leaf(digest: Digest, data: bytes) -> bytes:
    """The hash of an entry's bytes."""
    return digest(b"\x00" + data)


def folded(digest: Digest, nodes: Sequence[bytes]) -> bytes:
    """The root over `nodes`, the last of which may stand for fewer leaves than the others."""
    row = list(nodes)
    while len(row) > 1:
        odd = [row[-1]] if len(row) & 1 else []
        row = [digest(b"\x01" + row[i] + row[i + 1]) for i in range(0, len(row) - 1, 2)] + odd
    return row[0]


def split(hashes: bytes) -> list[bytes]:
    """The hashes of a tile, one by one."""
    return [hashes[i : i + HASH] for i in range(0, len(hashes), HASH)]


class Edge:
    """The growing right edge of a tree: of each level the tile that is not full yet."""

    def __init__(self, digest: Digest, size: int = 0, load: Load | None = None) -> None:
        """Continue a tree of `size` leaves whose tiles `load(level, position)` brings."""
        self.digest, self.size = digest, size
        self.levels: list[list[bytes]] = []
        self.full: list[Tile] = []
        while load and size >> (HEIGHT * len(self.levels)):
            level = len(self.levels)
            position, count = divmod(size >> (HEIGHT * level), WIDTH)
            hashes = split(load(level, position)) if count else []
            if len(hashes) != count:
                raise ValueError(f"tile {level}/{position} holds {len(hashes)} hashes, a tree of {size} needs {count}")
            self.levels.append(hashes)

    def append(self, node: bytes) -> None:
        """Append one leaf hash; tiles that become full are put into `full`."""
        self.size += 1
        for level in range(self.size.bit_length() + 1):
            if level == len(self.levels):
                self.levels.append([])
            tile = self.levels[level]
            tile.append(node)
            if len(tile) < WIDTH:
                return
            self.full.append(Tile(level, (self.size >> HEIGHT * (level + 1)) - 1, b"".join(tile)))
            node = folded(self.digest, tile)
            tile.clear()

    def add(self, data: bytes) -> None:
        """Append one entry's bytes."""
        self.append(leaf(self.digest, data))

    def taken(self) -> list[Tile]:
        """The tiles that became full since the last call; they are forgotten here."""
        full, self.full = self.full, []
        return full

    def partial(self) -> list[Tile]:
        """The tiles at the edge."""
        return [
            Tile(level, self.size >> HEIGHT * (level + 1), b"".join(tile))
            for level, tile in enumerate(self.levels)
            if tile
        ]

    def root(self) -> bytes:
        """The root over all leaves; at least one is needed."""
        rest: list[bytes] = []
        for tile in self.levels:
            nodes = [*tile, *rest]
            rest = [folded(self.digest, nodes)] if nodes else []
        return rest[0]


class Proofs:
    """Proofs over a stored tree. `load(level, position)` brings the hashes of a tile, joined."""

    def __init__(self, digest: Digest, load: Load) -> None:
        self.digest = digest
        self._load = load
        self._tiles: dict[tuple[int, int], bytes] = {}

    def root(self, start: int, count: int) -> bytes:
        """The root over `count` leaves from `start` on, which must be a multiple of the power of two below count."""
        if count & (count - 1) == 0:
            return self._perfect(start, count.bit_length() - 1)
        left = _largest_power_below(count)
        return self.digest(b"\x01" + self.root(start, left) + self.root(start + left, count - left))

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """PATH of section 2.1.3.1: what proves the leaf at `index` in the tree of `size`."""
        if not 0 <= index < size:
            raise ValueError(f"there is no leaf {index} in a tree of size {size}")
        path: list[bytes] = []
        start = 0
        while size > 1:
            left = _largest_power_below(size)
            if index < left:
                path.append(self.root(start + left, size - left))
                size = left
            else:
                path.append(self.root(start, left))
                start, index, size = start + left, index - left, size - left
        return path[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """PROOF of section 2.1.4.1: what proves that the tree of `first` leaves is a beginning of that of `second`."""
        if not 1 <= first <= second:
            raise ValueError(f"sizes {first} and {second} cannot be compared")
        path: list[bytes] = []
        start, whole = 0, True
        while first != second:
            left = _largest_power_below(second)
            if first <= left:
                path.append(self.root(start + left, second - left))
                second = left
            else:
                path.append(self.root(start, left))
                start, first, second, whole = start + left, first - left, second - left, False
        return [*([] if whole else [self.root(start, first)]), *path[::-1]]

    def _perfect(self, start: int, height: int) -> bytes:
        level, rest = divmod(height, HEIGHT)
        position, offset = divmod(start >> HEIGHT * level, WIDTH)
        tile = self._tile(level, position)
        nodes = split(tile[offset * HASH : (offset + (1 << rest)) * HASH])
        if len(nodes) != 1 << rest:
            raise ValueError(f"tile {level}/{position} is too short for leaf {start}")
        return folded(self.digest, nodes)

    def _tile(self, level: int, position: int) -> bytes:
        if (level, position) not in self._tiles:
            self._tiles[level, position] = self._load(level, position)
        return self._tiles[level, position]


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
