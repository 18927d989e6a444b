"""A server's folder belongs to one supervisor, one major version, and somebody who can reach it."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import binaries, processes, programs
from city1361.base.database import place as places
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.database.place import Place
from city1361.base.kernel.errors import Conflict, Invalid

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's server runs as somebody else")


def test_a_second_user_of_the_folder_is_refused(started: EmbeddedServer) -> None:
    with pytest.raises(Conflict) as refused:
        EmbeddedServer(started.folder, major=started.major).start()
    assert refused.value.code == "database_in_use"


def test_a_folder_of_another_major_version_is_refused_and_told_how_to_upgrade(place: Path) -> None:
    old = EmbeddedServer(place / "server", major=16)
    old.start()
    old.stop()
    assert EmbeddedServer.of_folder(place / "server").major == 16
    newer = EmbeddedServer(place / "server")
    assert newer.major == binaries.NEWEST
    with pytest.raises(Conflict) as refused:
        newer.start()
    assert refused.value.params == {"marked": 16, "major": 18}
    assert "database upgrade" in refused.value.remedy
    newer.stop()


def test_a_start_cut_short_before_the_roles_is_finished_by_the_next(started: EmbeddedServer) -> None:
    with psycopg.connect(started.urls.superuser, dbname="postgres", autocommit=True) as superuser:
        superuser.execute("DROP DATABASE city1361")
        superuser.execute("DROP ROLE city1361_app")
    started.start()
    psycopg.connect(started.urls.app).close()


def test_a_draft_of_an_initdb_cut_short_is_thrown_away(place: Path) -> None:
    server = EmbeddedServer(place / "server")
    (place / "server" / "cluster.draft").mkdir(parents=True)
    (place / "server" / "cluster.draft" / "PG_VERSION").write_text("18\n")
    server.start()
    server.stop()
    assert not (place / "server" / "cluster.draft").exists()


def test_a_path_too_long_for_a_socket_still_serves(place: Path) -> None:
    server = EmbeddedServer(place / ("long" * 25) / "server")
    assert server.folder not in server.sockets.parents
    server.start()
    assert len(os.fsencode(server.sockets / ".s.PGSQL.65535")) <= 107
    assert list(server.sockets.glob(".s.PGSQL.*"))
    server.stop()
    server.sockets.rmdir()


def test_a_link_in_place_of_the_socket_folder_is_refused_and_not_followed(place: Path) -> None:
    victim = place / "victim"
    victim.mkdir()
    before = victim.stat()
    (place / "server").mkdir(mode=0o711)
    (place / "server" / "socket").symlink_to(victim)
    with pytest.raises(Invalid) as refused:
        EmbeddedServer(place / "server").start()
    assert refused.value.code == "folder_not_ours"
    assert (victim.stat().st_uid, victim.stat().st_mode) == (before.st_uid, before.st_mode)


def test_a_fixed_port_that_is_taken_is_refused_and_a_chosen_one_gives_way(place: Path) -> None:
    server = EmbeddedServer(place / "server")
    first = server.start()
    server.stop()
    port = server.place.state.port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(Conflict) as refused:
            EmbeddedServer(place / "server", port=port).start()
        assert refused.value.code == "port_in_use"
        assert server.start() != first
    psycopg.connect(server.urls.app).close()
    server.stop()


def test_stopping_what_never_started_does_nothing(place: Path) -> None:
    EmbeddedServer(place / "server").stop("immediate")
    assert not (place / "server").exists()


@as_root
def test_a_folder_that_the_account_cannot_enter_is_refused_with_the_reason_and_left_alone(place: Path) -> None:
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(Invalid) as refused:
        EmbeddedServer(closed / "deeper" / "server").start()
    assert refused.value.code == "data_folder_unreachable"
    assert refused.value.params["folder"] == closed
    assert closed.stat().st_mode & 0o777 == 0o700
    assert not list(closed.iterdir())


@as_root
def test_roots_files_stay_roots_and_only_the_cluster_is_given_away(place: Path) -> None:
    server = EmbeddedServer(place / "server")
    server.start()
    given = {path.name for path in server.folder.iterdir() if path.stat().st_uid}
    server.stop()
    assert given == {"cluster", "socket"}


@as_root
def test_a_cluster_keeps_its_account_when_the_machine_gets_another(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "UNPRIVILEGED", ("nobody",))
    server = EmbeddedServer(place / "server")
    server.start()
    server.stop()
    monkeypatch.setattr(processes, "UNPRIVILEGED", ("daemon", "nobody"))
    server.start()
    assert server.place.person is not None
    assert server.place.person.pw_name == "nobody"
    server.stop()


@as_root
def test_binaries_are_copied_with_their_libraries_for_everybody_to_read(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    base = Path(tempfile.mkdtemp(dir=binaries.root_base())) / "base"  # memory may be mounted without execution
    request.addfinalizer(lambda: shutil.rmtree(base.parent))
    base.parent.chmod(0o711)
    monkeypatch.setenv("CITY1361_ROOT_BASE", str(base))
    before = os.umask(0o077)
    try:
        installed = binaries.installation(18)
    finally:
        os.umask(before)
    assert installed.is_relative_to(base)
    assert list(base.rglob("*.libs"))
    for path in (base, *base.rglob("*")):
        if not path.is_symlink():
            assert path.stat().st_mode & (0o005 if path.is_dir() else 0o004), path
    assert "18." in programs.run(18, "psql", "--version", person=processes.account())


def test_a_large_log_is_set_aside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "LOG_BYTES", 10)
    here = Place(place)
    here.open_log().close()
    here.log.write_text("x" * 11)
    here.open_log().close()
    assert (here.log.stat().st_size, here.log.with_name("log.1").stat().st_size) == (0, 11)
