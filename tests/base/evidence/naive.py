"""The definitions of RFC 9162 section 2.1 word for word, slow and independent of the product: the oracle of the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

Digest = Callable[[bytes], bytes]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def root(leaves: list[bytes], digest: Digest = sha256) -> bytes:
    """MTH(D[n]) of 2.1.1."""
    if len(leaves) == 1:
        return digest(b"\x00" + leaves[0])
    k = power_below(len(leaves))
    return digest(b"\x01" + root(leaves[:k], digest) + root(leaves[k:], digest))


def path(m: int, leaves: list[bytes], digest: Digest = sha256) -> list[bytes]:
    """PATH(m, D[n]) of 2.1.3.1."""
    if len(leaves) == 1:
        return []
    k = power_below(len(leaves))
    if m < k:
        return [*path(m, leaves[:k], digest), root(leaves[k:], digest)]
    return [*path(m - k, leaves[k:], digest), root(leaves[:k], digest)]


def proof(m: int, leaves: list[bytes], digest: Digest = sha256) -> list[bytes]:
    """PROOF(m, D[n]) of 2.1.4.1."""
    return _subproof(m, leaves, True, digest)


def _subproof(m: int, leaves: list[bytes], whole: bool, digest: Digest) -> list[bytes]:
    if m == len(leaves):
        return [] if whole else [root(leaves, digest)]
    k = power_below(len(leaves))
    if m <= k:
        return [*_subproof(m, leaves[:k], whole, digest), root(leaves[k:], digest)]
    return [*_subproof(m - k, leaves[k:], False, digest), root(leaves[:k], digest)]
