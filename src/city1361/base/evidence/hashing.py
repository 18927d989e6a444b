"""The two hashes of the log. SM3 comes from the OpenSSL of Python, or else from the one of `cryptography`."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives import hashes

from city1361.base.evidence.verifier.evidence_verify import Digest


def sha256(data: bytes) -> bytes:
    """SHA-256 of bytes: 32 bytes."""
    return hashlib.sha256(data).digest()


def sm3_of_hashlib(data: bytes) -> bytes:
    """SM3 by Python's own OpenSSL; raises ValueError where that was built without it."""
    return hashlib.new("sm3", data).digest()


def sm3_of_cryptography(data: bytes) -> bytes:
    """SM3 by the OpenSSL inside the `cryptography` wheel, which always has it."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


sm3: Digest = sm3_of_hashlib if "sm3" in hashlib.algorithms_available else sm3_of_cryptography
ALGORITHMS: dict[str, Digest] = {"sha256": sha256, "sm3": sm3}
