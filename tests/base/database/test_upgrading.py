"""An upgrade keeps every row and the old folder, and is undone when anything fails."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import processes, upgrading
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Conflict, Unavailable

Copied = Callable[[int, Path], EmbeddedServer]


@pytest.fixture
def old(place: Path, copied: Copied) -> EmbeddedServer:
    return copied(16, place / "server")


def silent(_line: str) -> None:
    """What pg_upgrade says is nobody's business here."""


def rows_in(server: EmbeddedServer) -> object:
    server.start()
    with psycopg.connect(server.urls.owner) as owner:
        found = owner.execute("SELECT count(*) FROM kept").fetchone()
    server.stop()
    return found


def test_an_upgrade_keeps_rows_roles_passwords_and_the_old_folder(old: EmbeddedServer) -> None:
    old.start()
    before = old.urls
    # What was killed and not stopped is recovered first: pg_upgrade takes nothing else.
    processes.end(processes.of_cluster(old.cluster), signal.SIGKILL)
    old.place.release_lock()
    said: list[str] = []
    assert processes.wait_until(lambda: old.postmaster is None, 10)
    kept = upgrading.upgrade(old, 18, tell=said.append)
    assert (kept / "PG_VERSION").read_text().strip() == "16"
    assert "▸ pg_upgrade 16 → 18" in said
    new = EmbeddedServer(old.folder)
    assert rows_in(new) == (1000,)
    new.start()
    assert new.urls == before
    with psycopg.connect(new.urls.app) as app:
        assert app.execute("SELECT current_setting('data_checksums')").fetchone() == ("on",)
    new.stop()


def test_an_upgrade_is_refused_while_it_runs_and_when_there_is_nothing_to_do(old: EmbeddedServer) -> None:
    old.start()
    with pytest.raises(Conflict) as in_use:
        upgrading.upgrade(EmbeddedServer.of_folder(old.folder), None, tell=silent)
    assert in_use.value.code == "database_in_use"
    with pytest.raises(Conflict) as running:
        upgrading.upgrade(old, None, tell=silent)
    assert running.value.code == "database_running"
    old.stop()
    with pytest.raises(Conflict) as nothing:
        upgrading.upgrade(old, 16, tell=silent)
    assert nothing.value.code == "already_upgraded"
    (old.folder / "cluster-16").mkdir()
    with pytest.raises(Conflict) as kept:
        upgrading.upgrade(old, 18, tell=silent)
    assert kept.value.code == "old_cluster_kept"


def test_an_upgrade_that_fails_leaves_the_old_cluster_at_work(
    old: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A new cluster without the superuser of the old one is refused by pg_upgrade itself.
    monkeypatch.setattr(upgrading, "SUPERUSER", "somebody_else")
    with pytest.raises(Unavailable) as failed:
        upgrading.upgrade(old, 18, tell=silent)
    assert failed.value.code == "upgrade_failed"
    assert old.place.major == 16
    assert rows_in(old) == (1000,)


def test_a_new_cluster_that_does_not_start_gives_way_to_the_old_one(
    old: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = upgrading._pg_upgrade

    def and_break_it(server: EmbeddedServer, draft: Path, *rest: object) -> None:
        original(server, draft, *rest)  # type: ignore[arg-type]
        (draft / "global" / "pg_control").write_bytes(b"broken")

    monkeypatch.setattr(upgrading, "_pg_upgrade", and_break_it)
    with pytest.raises(Unavailable):
        upgrading.upgrade(old, 18, tell=silent)
    assert old.place.major == 16
    assert rows_in(old) == (1000,)


def test_an_upgrade_cut_short_between_its_renames_loses_nothing(old: EmbeddedServer) -> None:
    old.cluster.rename(old.folder / "cluster-16")
    again = EmbeddedServer(old.folder, major=16)
    assert rows_in(again) == (1000,)
