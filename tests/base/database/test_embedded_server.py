"""The embedded PostgreSQL keeps what it acknowledged, lets only its two roles in, and says why it refuses."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from city1361.base.database import binaries, keeping, processes, upgrading
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Conflict, Invalid, Unavailable


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that an unprivileged server can reach, with a base of its own for root."""
    import shutil
    import tempfile

    base = binaries.root_base() if os.geteuid() == 0 else tmp_path_factory.getbasetemp()
    base.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=base))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=[16, 18])
def started(place: Path, request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(place / "server", major=request.param)
    server.start()
    with psycopg.connect(server.urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    yield server
    server.stop("immediate")


def count(server: EmbeddedServer) -> int:
    with psycopg.connect(server.urls.owner) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_it_is_safe_by_default_and_runs_as_nobody_special(started: EmbeddedServer) -> None:
    with psycopg.connect(started.urls.app) as connection:
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
            assert connection.execute("SELECT current_setting(%s)", [name]).fetchone() == ("on",)
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        assert row == (False, False, False)
    assert started.postmaster is not None
    assert Path(f"/proc/{started.postmaster}").stat().st_uid != 0


def test_a_wrong_password_is_refused_by_tcp_and_by_socket(started: EmbeddedServer) -> None:
    parts = urlsplit(started.urls.app)
    for host in ("127.0.0.1", str(started.sockets)):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(host=host, port=parts.port, user=parts.username, password="wrong", dbname="city1361")


def test_the_application_cannot_make_or_own_anything(started: EmbeddedServer) -> None:
    with (
        psycopg.connect(started.urls.app, autocommit=True) as app,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        app.execute("CREATE TABLE mine (x int)")


def test_a_killed_postmaster_is_recovered_with_every_row(started: EmbeddedServer) -> None:
    postmaster = started.postmaster
    assert postmaster is not None
    open_session = psycopg.connect(started.urls.superuser)
    os.kill(postmaster, signal.SIGKILL)
    started.start()
    assert count(started) == 1000
    with pytest.raises(psycopg.OperationalError):
        open_session.execute("SELECT 1")


def test_everything_killed_at_once_is_recovered_with_every_row(started: EmbeddedServer) -> None:
    postmaster = started.postmaster
    assert postmaster is not None
    processes.end([postmaster, *processes.members(postmaster)], signal.SIGKILL)
    started.start()
    assert count(started) == 1000


def test_a_second_user_of_the_folder_is_refused(started: EmbeddedServer) -> None:
    with pytest.raises(Conflict, match="正在被另一个进程使用"):
        EmbeddedServer(started.folder).start()


def test_stopping_leaves_no_process_and_a_second_start_keeps_the_address(started: EmbeddedServer) -> None:
    postmaster, urls = started.postmaster, started.urls
    assert postmaster is not None
    started.stop()
    assert not processes.members(postmaster)
    assert started.start() == urls
    assert count(started) == 1000


def test_a_folder_of_another_major_version_is_refused_and_told_how_to_upgrade(place: Path) -> None:
    old = EmbeddedServer(place / "server", major=16)
    old.start()
    old.stop()
    assert EmbeddedServer(place / "server").major == 16
    with pytest.raises(Conflict, match="PostgreSQL 16") as refused:
        EmbeddedServer(place / "server", major=18).start()
    assert "database upgrade" in refused.value.remedy


def test_an_upgrade_keeps_the_rows_and_the_old_folder(place: Path) -> None:
    old = EmbeddedServer(place / "server", major=16)
    old.start()
    with psycopg.connect(old.urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    with pytest.raises(Conflict, match="正在运行"):
        upgrading.upgrade(old, 18, tell=print)
    old.stop()
    kept = upgrading.upgrade(old, 18, tell=print)
    assert (kept / "PG_VERSION").read_text().strip() == "16"
    new = EmbeddedServer(place / "server")
    assert new.major == 18
    new.start()
    assert count(new) == 1000
    new.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")
def test_a_data_folder_that_the_account_cannot_enter_is_refused_with_the_reason(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Invalid, match=str(closed)):
        EmbeddedServer(closed / "server").start()
    assert closed.stat().st_mode & 0o777 == 0o700


def test_a_backup_comes_back_whole_and_a_damaged_or_locked_one_is_refused(place: Path) -> None:
    data = place / "data"
    data.mkdir(mode=0o711)
    (data / "files").mkdir()
    (data / "files" / "photo").write_bytes(b"\xff" * 1000)
    (place / "words").write_text("correct horse")
    (place / "other").write_text("wrong horse")
    server = EmbeddedServer(data / "server")
    server.start()
    with psycopg.connect(server.urls.owner, autocommit=True) as owner:
        owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
    keeping.backup(server, data, place / "backup", place / "words", tell=print)
    with pytest.raises(Conflict, match="不是空的"):
        keeping.backup(server, data, place / "backup", None, tell=print)
    server.stop()
    with pytest.raises(Invalid, match="口令不对"):
        keeping.restore(place / "backup", place / "first", place / "other", tell=print)
    keeping.restore(place / "backup", place / "again", place / "words", tell=print)
    assert (place / "again" / "files" / "photo").read_bytes() == b"\xff" * 1000
    again = EmbeddedServer(place / "again" / "server")
    again.start()
    assert count(again) == 1000
    again.stop()
    with (place / "backup" / "database.tar").open("r+b") as archive:
        archive.seek(100)
        archive.write(b"\0\0\0")
    with pytest.raises(Invalid, match="不完整或已改动"):
        keeping.restore(place / "backup", place / "third", place / "words", tell=print)


def test_a_copy_with_a_changed_a_lost_or_a_strange_file_is_not_whole(place: Path) -> None:
    server = EmbeddedServer(place / "server")
    server.start()
    data = place / "data"
    data.mkdir()
    copy = place / "copy"
    keeping.run(
        binaries.installation(server.major) / "bin" / "pg_basebackup",
        *("-d", server.urls.superuser.rpartition("/")[0], "-D", server.sockets / "copy", *keeping.COPY),
    )
    (server.sockets / "copy").rename(copy)
    server.stop()
    keeping.verify_copy(copy)
    (copy / "strange").touch()
    with pytest.raises(Unavailable, match="strange"):
        keeping.verify_copy(copy)
    (copy / "strange").unlink()
    with (copy / "global" / "pg_control").open("r+b") as file:
        file.write(b"\1")
    with pytest.raises(Unavailable, match="pg_control"):
        keeping.verify_copy(copy)
