"""A backup comes back whole, or is refused before anything is written."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from city1361.base.database import keeping
from city1361.base.database.copying import copy_cluster, verify_copy
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Conflict, Invalid, Problem, Unavailable

Copied = Callable[[int, Path], EmbeddedServer]


def quiet(_step: str, _percent: int | None = None) -> None:
    """Steps of tests are nobody's business."""


@pytest.fixture(params=[16, 18])
def installation(place: Path, copied: Copied, request: pytest.FixtureRequest) -> Iterator[EmbeddedServer]:
    """An installation in `place/data`: a running server, a file, a secret and the settings that name the server."""
    data = place / "data"
    (data / "files").mkdir(parents=True)
    data.chmod(0o711)
    (data / "logs").mkdir()
    (data / "files" / "photo").write_bytes(b"\xff" * 1000)
    server = copied(request.param, data / "server")
    urls = server.start()
    (data / "city1361.env").write_text(f"SECRET_KEY=abc\nDATABASE_URL={urls.app}\nDATABASE_OWNER_URL={urls.owner}\n")
    (place / "words").write_text("correct horse\n")
    (place / "other").write_text("wrong horse")
    yield server
    server.stop("immediate")


def rows(url: str) -> int:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def test_a_sealed_backup_tells_nothing_and_comes_back_whole_beside_the_running_original(
    installation: EmbeddedServer, place: Path
) -> None:
    steps: list[str] = []
    keeping.backup(
        installation, place / "data", place / "backup", place / "words", tell=lambda step, _percent: steps.append(step)
    )
    assert list(dict.fromkeys(steps)) == ["复制数据库", "核对副本", "写入归档"]
    assert sorted(path.name for path in (place / "backup").iterdir()) == sorted([*keeping.ARCHIVES, "backup.json"])
    for path in (place / "backup").iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert b"SECRET_KEY" not in path.read_bytes()
        assert b"\xff" * 100 not in path.read_bytes()
    with psycopg.connect(installation.urls.owner, autocommit=True) as owner:
        owner.execute("DELETE FROM kept")
    keeping.restore(place / "backup", place / "again", place / "words", tell=quiet)

    assert (place / "again" / "files" / "photo").read_bytes() == b"\xff" * 1000
    assert not (place / "again" / "logs").exists()
    again = EmbeddedServer.of_folder(place / "again" / "server")
    urls = again.start()
    assert rows(urls.owner) == 1000
    assert rows(installation.urls.owner) == 0
    # Whoever works on the copy must not reach the original.
    settings = dict(line.split("=", 1) for line in (place / "again" / "city1361.env").read_text().splitlines())
    assert settings == {"SECRET_KEY": "abc", "DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner}
    assert urls.app != installation.urls.app
    again.stop()


newest = pytest.mark.parametrize("installation", [18], indirect=True)


@newest
def test_a_backup_without_a_passphrase_comes_back_too(installation: EmbeddedServer, place: Path) -> None:
    keeping.backup(installation, place / "data", place / "backup", None, tell=quiet)
    installation.stop()
    keeping.restore(place / "backup", place / "again", None, tell=quiet)
    again = EmbeddedServer.of_folder(place / "again" / "server")
    assert rows(again.start().owner) == 1000
    again.stop()


@newest
def test_files_that_lie_on_another_disk_or_have_two_names_are_in_the_backup(
    installation: EmbeddedServer, place: Path
) -> None:
    files = place / "data" / "files"
    files.rename(place / "large disk")
    files.symlink_to(place / "large disk")
    (files / "twice").hardlink_to(files / "photo")
    keeping.backup(installation, place / "data", place / "backup", None, tell=quiet)
    shutil.rmtree(place / "large disk")
    keeping.restore(place / "backup", place / "again", None, tell=quiet)
    assert [(place / "again" / "files" / name).read_bytes() for name in ("photo", "twice")] == [b"\xff" * 1000] * 2


@newest
def test_a_file_that_goes_while_it_is_being_copied_does_not_end_the_backup(
    installation: EmbeddedServer, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload's draft gets its name, an old export goes: the folder lives while it is read."""
    draft = place / "data" / "files" / ".photo.draft"
    draft.write_bytes(b"half")
    added = tarfile.TarFile.gettarinfo

    def passing(
        archive: tarfile.TarFile, name: object = None, arcname: object = None, fileobj: object = None
    ) -> object:
        if str(name).endswith(".photo.draft"):
            draft.unlink(missing_ok=True)
        return added(archive, name, arcname, fileobj)  # type: ignore[arg-type]

    monkeypatch.setattr(tarfile.TarFile, "gettarinfo", passing)
    keeping.backup(installation, place / "data", place / "backup", None, tell=quiet)
    keeping.restore(place / "backup", place / "again", None, tell=quiet)
    assert [path.name for path in (place / "again" / "files").iterdir()] == ["photo"]


@newest
def test_a_backup_is_refused_where_it_cannot_be_whole(installation: EmbeddedServer, place: Path) -> None:
    (place / "filled").mkdir()
    (place / "filled" / "something").touch()
    with pytest.raises(Conflict) as refused:
        keeping.backup(installation, place / "data", place / "filled", None, tell=quiet)
    assert refused.value.code == "folder_not_empty"
    (place / "nothing").touch()
    with pytest.raises(Invalid) as empty:
        keeping.backup(installation, place / "data", place / "backup", place / "nothing", tell=quiet)
    assert empty.value.code == "passphrase_empty"
    installation.stop()
    with pytest.raises(Unavailable) as stopped:
        keeping.backup(installation, place / "data", place / "backup", None, tell=quiet)
    assert stopped.value.code == "database_stopped"
    assert not (place / "backup").exists()


@newest
def test_a_backup_that_is_damaged_locked_or_cut_short_is_refused_and_writes_nothing(
    installation: EmbeddedServer, place: Path
) -> None:
    keeping.backup(installation, place / "data", place / "backup", place / "words", tell=quiet)

    def refused(passphrase: Path | None) -> str:
        with pytest.raises(Problem) as problem:
            keeping.restore(place / "backup", place / "new", passphrase, tell=quiet)
        assert not (place / "new").exists() or not list((place / "new").iterdir())
        return problem.value.code

    assert refused(None) == "passphrase_needed"
    assert refused(place / "other") == "wrong_passphrase"
    archive, description = place / "backup" / "database.tar", place / "backup" / "backup.json"
    whole, said = archive.read_bytes(), description.read_text()
    archive.write_bytes(whole[:100] + bytes([whole[100] ^ 1]) + whole[101:])
    assert refused(place / "words") == "backup_damaged"
    # Somebody who also corrects the digest does not have the key.
    description.write_text(
        json.dumps(json.loads(said) | {"database.tar": hashlib.sha256(archive.read_bytes()).hexdigest()})
    )
    assert refused(place / "words") == "wrong_passphrase"
    archive.write_bytes(whole)
    description.unlink()
    assert refused(place / "words") == "backup_damaged"
    description.write_text(said)
    (place / "full").mkdir()
    (place / "full" / "something").touch()
    with pytest.raises(Conflict):
        keeping.restore(place / "backup", place / "full", place / "words", tell=quiet)


@pytest.mark.parametrize("name", ["../outside", "/outside", "link"])
def test_an_archive_that_reaches_outside_its_folder_is_refused(place: Path, name: str) -> None:
    backup = place / "backup"
    backup.mkdir()
    for archive in keeping.ARCHIVES:
        with tarfile.open(backup / archive, "w") as tar:
            member = tarfile.TarInfo(name)
            if name == "link":
                member.type, member.linkname = tarfile.SYMTYPE, "/etc"
            tar.addfile(member, io.BytesIO())
    digests = {archive: hashlib.sha256((backup / archive).read_bytes()).hexdigest() for archive in keeping.ARCHIVES}
    (backup / "backup.json").write_text(json.dumps({"version": "1", "postgresql": 18, "salt": "", **digests}))
    with pytest.raises(Invalid) as refused:
        keeping.restore(backup, place / "new", None, tell=quiet)
    assert refused.value.code == "backup_damaged"
    assert not (place / "outside").exists()


def test_a_copy_with_a_changed_a_lost_or_a_strange_file_is_not_whole(installation: EmbeddedServer, place: Path) -> None:
    copy = installation.sockets / "copy"
    heard: list[int] = []
    copy_cluster(installation, copy, heard.append)
    assert heard[-1] == 100
    verify_copy(copy, installation)

    def named(damage: Callable[[Path], object], name: str) -> bool:
        damaged = place / "damaged"
        shutil.copytree(copy, damaged)
        damage(damaged / name)
        with pytest.raises(Unavailable) as refused:
            verify_copy(damaged, installation)
        shutil.rmtree(damaged)
        return refused.value.code == "backup_not_whole" and refused.value.params["name"] == name

    def flip(path: Path) -> None:
        body = bytearray(path.read_bytes())
        body[len(body) // 2] ^= 1
        path.write_bytes(body)

    assert named(Path.touch, "strange")
    assert named(Path.unlink, "PG_VERSION")
    assert named(flip, "global/pg_control")
    assert named(flip, "backup_manifest")
    for wal in (copy / "pg_wal").glob("0*"):
        wal.write_bytes(bytes(wal.stat().st_size))
    with pytest.raises(Unavailable) as refused:
        verify_copy(copy, installation)
    assert refused.value.params["program"] == "pg_waldump"
