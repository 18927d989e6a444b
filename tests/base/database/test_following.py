"""Every change is beside the backups within seconds, and a restore goes to any second of them, or says why not."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import following, keeping
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Invalid
from tests.base.database.conftest import Copied


def quiet(_step: str, _percent: int | None = None) -> None:
    """Steps of tests are nobody's business."""


@pytest.fixture
def installation(place: Path, copied: Copied) -> Iterator[EmbeddedServer]:
    data = place / "data"
    data.mkdir(mode=0o711)
    server = copied(18, data / "server")
    server.start()
    (place / "words").write_text("correct horse\n")
    (place / "other").write_text("wrong horse\n")
    yield server
    server.stop("immediate")


def follow(server: EmbeddedServer, place: Path, work: threading.Event) -> threading.Thread:
    one = following.Following(
        server.urls.superuser, server.major, place / "data" / following.SPOOL, place / "changes", place / "words", 2.0
    )
    thread = threading.Thread(target=one.run, args=(work.is_set, lambda _name: None))
    thread.start()
    return thread


def add(server: EmbeddedServer, number: int) -> datetime:
    """Commit one row; the moment after it by the server's clock."""
    with psycopg.connect(server.urls.owner, autocommit=True) as owner:
        owner.execute("INSERT INTO kept VALUES (%s)", [number])
        moment = (owner.execute("SELECT clock_timestamp()").fetchone() or (None,))[0]
        owner.execute("SELECT pg_sleep(0.05)")
    assert isinstance(moment, datetime)
    return moment


def numbers(server: EmbeddedServer) -> set[int]:
    with psycopg.connect(server.urls.owner) as owner:
        return {number for (number,) in owner.execute("SELECT number FROM kept WHERE number > 1000")}


def restored(place: Path, name: str, to: datetime | None) -> set[int]:
    last = keeping.restore(place / "backup", place / name, place / "words", quiet, changes=place / "changes", to=to)
    assert last is not None
    again = EmbeddedServer.of_folder(place / name / "server")
    again.start()
    try:
        return numbers(again)
    finally:
        again.stop()


def test_a_restore_goes_to_a_moment_or_to_the_last_change_and_nothing_stands_open(
    installation: EmbeddedServer, place: Path
) -> None:
    ended = threading.Event()
    thread = follow(installation, place, ended)
    try:
        keeping.backup(installation, place / "data", place / "backup", place / "words", tell=quiet)
        first = add(installation, 2001)
        add(installation, 2002)
    finally:
        ended.set()
        thread.join(30)
    assert not thread.is_alive()
    add(installation, 2003)  # nobody follows any more: this one is lost, and nothing pretends otherwise
    segments = sorted((place / "changes").glob("*.gz"))
    assert segments
    assert all(path.read_bytes()[:2] != b"\x1f\x8b" and path.stat().st_mode & 0o077 == 0 for path in segments)
    assert restored(place, "at the moment", first) == {2001}
    assert restored(place, "at the end", None) == {2001, 2002}

    with pytest.raises(Invalid) as beyond:
        restored(place, "beyond", datetime.now(UTC) + timedelta(hours=1))
    assert beyond.value.code == "moment_not_covered"
    assert not list((place / "beyond").iterdir())
    with pytest.raises(Invalid) as wrong:
        following.opened(place / "changes", None)
    assert wrong.value.code == "passphrase_needed"


def test_a_missing_an_altered_and_a_foreign_segment_are_refused(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("correct horse")
    (tmp_path / "other").write_text("wrong horse")
    changes, spool, target = tmp_path / "changes", tmp_path / "spool", tmp_path / "target"
    spool.mkdir()
    key = following.opened(changes, tmp_path / "words", make=True)
    names = ["0000000100000000000000FE", "0000000100000000000000FF", "000000010000000100000000"]
    for number, name in enumerate(names):
        (spool / name).write_bytes(bytes([number]) * 100_000)
        following._keep(spool / name, changes / f"{name}.gz", key)
    assert not list(spool.iterdir())

    def unpacked(passphrase: str = "words") -> str:  # noqa: S107 - the name of a file
        for left in target.iterdir() if target.exists() else ():
            left.unlink()
        target.mkdir(exist_ok=True)
        try:
            count = following.unpack(changes, tmp_path / passphrase, target, names[0])
        except Invalid as refused:
            return refused.code
        assert [(target / name).read_bytes()[0] for name in names] == [0, 1, 2]
        return str(count)

    assert unpacked() == "3"
    assert unpacked("other") == "wrong_passphrase"
    middle = changes / f"{names[1]}.gz"
    whole = middle.read_bytes()
    middle.write_bytes(whole[:60] + bytes([whole[60] ^ 1]) + whole[61:])
    assert unpacked() == "wrong_passphrase"
    middle.write_bytes(whole[:-3])
    assert unpacked() == "wrong_passphrase"
    middle.unlink()
    assert unpacked() == "changes_missing"
