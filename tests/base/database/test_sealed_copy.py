"""What a program writes is sealed whole or not at all, and opens only with its words."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from city1361.base.database import sealed_copy
from city1361.base.kernel.errors import Invalid, Unavailable

SAYS = "import sys; sys.stdout.buffer.write(bytes(range(256)) * 9000)"


@pytest.fixture
def words(tmp_path: Path) -> Path:
    (tmp_path / "words").write_text("correct horse\n")
    (tmp_path / "other").write_text("wrong horse\n")
    return tmp_path / "words"


def opened(path: Path, words: Path) -> bytes:
    out = io.BytesIO()
    sealed_copy.unseal(path, words, out)
    return out.getvalue()


def test_what_was_written_comes_back_and_nothing_altered_cut_or_opened_otherwise(tmp_path: Path, words: Path) -> None:
    made = sealed_copy.seal(tmp_path / "copies", words, [sys.executable, "-c", SAYS])
    assert opened(made, words) == bytes(range(256)) * 9000
    assert made.stat().st_mode & 0o777 == 0o600
    whole = made.read_bytes()
    wrong = {
        "altered": (bytes([*whole[:-9], whole[-9] ^ 1, *whole[-8:]]), words),
        "cut": (whole[:-20], words),
        "longer": (whole + b"x", words),
        "other words": (whole, words.with_name("other")),
        "something else": (b"hello", words),
    }
    for name, (content, tried) in wrong.items():
        made.write_bytes(content)
        with pytest.raises(Invalid):
            opened(made, tried)
            pytest.fail(name)


def test_a_program_that_fails_leaves_nothing(tmp_path: Path, words: Path) -> None:
    with pytest.raises(Unavailable):
        sealed_copy.seal(tmp_path / "copies", words, [sys.executable, "-c", SAYS + "; sys.exit(3)"])
    assert list((tmp_path / "copies").iterdir()) == []
