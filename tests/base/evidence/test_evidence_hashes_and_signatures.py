"""SM3 by GB/T 32905 and Ed25519 by RFC 8032, in plain Python, beside OpenSSL."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from city1361.base.evidence.hashing import ALGORITHMS, sm3_of_cryptography, sm3_of_hashlib
from city1361.base.evidence.verifier.evidence_verify import Refused, sm3_slow, verify_ed25519

ORDER = 2**252 + 27742317777372353535851937790883648493

SM3_VECTORS = {  # GB/T 32905-2016, annex A
    b"abc": "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
    b"abcd" * 16: "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732",
}
ED25519_VECTORS = [  # RFC 8032 section 7.1: secret, public, message, signature
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        b"",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        b"\x72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aee"
        "b00d291612bb0c00",
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        b"\xaf\x82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28d"
        "c027beceea1ec40a",
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        hashlib.sha512(b"abc").digest(),
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17a"
        "d9bef1177331a704",
    ),
]


@pytest.mark.parametrize("digest", [sm3_slow, sm3_of_hashlib, sm3_of_cryptography])
def test_sm3_gives_the_published_values(digest: object) -> None:
    if digest is sm3_of_hashlib and "sm3" not in hashlib.algorithms_available:
        pytest.skip("the OpenSSL of this Python has no SM3")
    for data, expected in SM3_VECTORS.items():
        assert digest(data).hex() == expected  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_sm3_in_plain_python_agrees_with_openssl(data: bytes) -> None:
    assert sm3_slow(data) == sm3_of_cryptography(data) == ALGORITHMS["sm3"](data)


@pytest.mark.parametrize(("secret", "public", "message", "signature"), ED25519_VECTORS)
def test_signatures_are_those_of_rfc_8032(secret: str, public: str, message: bytes, signature: str) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    assert key.public_key().public_bytes_raw().hex() == public
    assert key.sign(message).hex() == signature
    verify_ed25519(bytes.fromhex(public), message, bytes.fromhex(signature))


@pytest.mark.parametrize(("_secret", "public", "message", "signature"), ED25519_VECTORS)
def test_any_altered_bit_of_a_signature_is_refused(_secret: str, public: str, message: bytes, signature: str) -> None:
    signed = bytes.fromhex(signature)
    for bit in range(0, 512, 7):
        altered = bytearray(signed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Refused):
            verify_ed25519(bytes.fromhex(public), message, bytes(altered))
    with pytest.raises(Refused, match="wrong"):
        verify_ed25519(bytes.fromhex(public), message + b"\x00", signed)


@settings(max_examples=25, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=200))
def test_signatures_made_by_openssl_hold(secret: bytes, message: bytes) -> None:
    key = Ed25519PrivateKey.from_private_bytes(secret)
    public = key.public_key().public_bytes_raw()
    verify_ed25519(public, message, key.sign(message))
    with pytest.raises(Refused):
        verify_ed25519(public, message + b"!", key.sign(message))


def test_a_second_form_of_the_same_signature_is_refused() -> None:
    """S and S + L satisfy the same equation; RFC 8032 section 5.1.7 admits only the smaller."""
    _secret, public, message, text = ED25519_VECTORS[1]
    signature = bytes.fromhex(text)
    larger = int.from_bytes(signature[32:], "little") + ORDER
    with pytest.raises(Refused, match="one form"):
        verify_ed25519(bytes.fromhex(public), message, signature[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "key",
    [
        (1).to_bytes(32, "little"),  # the neutral element: with it, R = S·B is a signature of everything
        (2**255 - 20).to_bytes(32, "little"),  # order 2
        (0).to_bytes(32, "little"),  # order 4
        bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),  # order 8
    ],
)
def test_a_key_of_small_order_is_refused(key: bytes) -> None:
    with pytest.raises(Refused, match="small order"):
        verify_ed25519(key, b"anything", (1).to_bytes(32, "little") + bytes(32))


@pytest.mark.parametrize(
    "key",
    [
        (2**255 - 19).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        b"\xff" * 32,
        (1 | 1 << 255).to_bytes(32, "little"),
    ],
)
def test_what_is_no_point_of_the_curve_is_refused(key: bytes) -> None:
    with pytest.raises(Refused, match="not a point"):
        verify_ed25519(key, b"", bytes(64))


@pytest.mark.parametrize(("key", "signature"), [(31, 64), (33, 64), (0, 64), (32, 63), (32, 65), (32, 0)])
def test_keys_and_signatures_of_another_length_are_refused(key: int, signature: int) -> None:
    with pytest.raises(Refused, match="32 bytes long"):
        verify_ed25519(bytes(key), b"", bytes(signature))
