"""The store: all of a file or none of it."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from city1361.base.files.store import FolderStore
from city1361.base.kernel.errors import Unavailable

CONTENT = b"a photo of a manhole cover"
ADDRESS = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "files")


def test_what_is_put_is_found_by_its_content(store: FolderStore) -> None:
    assert store.put(CONTENT) == ADDRESS
    assert store.get(ADDRESS) == CONTENT
    assert [path.name for path in store.root.rglob("*") if path.is_file()] == [ADDRESS]


def test_the_same_content_is_kept_once_and_becomes_young_again(store: FolderStore) -> None:
    store.put(CONTENT)
    old = datetime(2020, 1, 1, tzinfo=UTC).timestamp()
    os.utime(store.path(ADDRESS), (old, old))
    cut_off = datetime(2021, 1, 1, tzinfo=UTC)
    assert list(store.addresses(cut_off)) == [ADDRESS]
    store.put(CONTENT)
    assert list(store.addresses(cut_off)) == []


def test_a_lost_file_is_told_clearly(store: FolderStore) -> None:
    store.put(CONTENT)
    store.remove(ADDRESS)
    with pytest.raises(Unavailable, match="找不到内容") as caught:
        store.get(ADDRESS)
    assert "备份" in caught.value.remedy
    store.remove(ADDRESS)


def test_an_altered_file_is_never_served_and_healed_by_the_next_upload(store: FolderStore) -> None:
    store.put(CONTENT)
    store.path(ADDRESS).write_bytes(CONTENT[::-1])
    with pytest.raises(Unavailable, match="校验值不符"):
        store.get(ADDRESS)
    store.put(CONTENT)
    assert store.get(ADDRESS) == CONTENT


def test_a_full_disk_leaves_nothing_half_written(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable, match="No space left"):
        store.put(CONTENT)
    assert [path for path in store.root.rglob("*") if path.is_file()] == []


def test_a_piece_left_by_a_dead_process_is_tidied_away(store: FolderStore) -> None:
    store.put(CONTENT)
    piece = store.path(ADDRESS).with_name(f".{ADDRESS}.0a1b2c3d")
    piece.write_bytes(b"half")
    assert list(store.addresses(datetime.now(UTC) + timedelta(hours=1))) == [ADDRESS]
    assert not piece.exists()


@given(st.text(max_size=80).filter(lambda text: text != ADDRESS))
def test_nothing_but_an_address_names_a_file(address: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        FolderStore(Path("/nonexistent")).path(address)
