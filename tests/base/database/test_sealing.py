"""Sealed files open with their key only, and only as they were written."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from typing import IO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as some

from city1361.base.database import sealing
from city1361.base.database.sealing import SealedReader, SealingWriter
from city1361.base.kernel.errors import Invalid

KEY = os.urandom(32)


@pytest.fixture(autouse=True, scope="module")
def small_blocks() -> Iterator[None]:
    """Blocks of 64 bytes, so that short texts have several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "BLOCK", 64)
        yield


def sealed(text: bytes) -> bytes:
    target = io.BytesIO()
    with SealingWriter(target, KEY) as writer:
        writer.write(text)
    return target.getvalue()


def opened(text: bytes, key: bytes = KEY) -> bytes:
    reader, parts = SealedReader(cast("IO[bytes]", io.BytesIO(text)), key), []
    while part := reader.read(17):
        parts.append(part)
    return b"".join(parts)


@given(some.binary(max_size=400))
def test_what_was_sealed_opens_as_it_was(text: bytes) -> None:
    assert opened(sealed(text)) == text


@given(some.binary(min_size=1, max_size=400), some.data())
def test_a_changed_byte_and_a_cut_are_refused(text: bytes, data: some.DataObject) -> None:
    whole = sealed(text)
    place = data.draw(some.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[place] ^= data.draw(some.integers(1, 255))
    for wrong in (bytes(changed), whole[:place]):
        with pytest.raises(Invalid) as refused:
            opened(wrong)
        assert refused.value.code == "wrong_passphrase"


def test_blocks_cannot_be_swapped_dropped_or_taken_for_the_last() -> None:
    size = sealing.HEAD + sealing.NONCE + sealing.TAG + 64
    whole = sealed(os.urandom(64 * 3))
    first, second, third = (whole[number * size : (number + 1) * size] for number in range(3))
    assert opened(first + second + third)
    for wrong in (second + first + third, first + third, first + second, third, b"", whole + b"x"):
        with pytest.raises(Invalid):
            opened(wrong)


def test_every_byte_counts() -> None:
    whole = sealed(os.urandom(100))
    for place in range(len(whole)):
        for bit in range(8):
            changed = bytearray(whole)
            changed[place] ^= 1 << bit
            with pytest.raises(Invalid):
                opened(bytes(changed))


def test_another_key_opens_nothing() -> None:
    with pytest.raises(Invalid):
        opened(sealed(b"words"), os.urandom(32))
