"""Backup and restore of an installation with the embedded server: data base, files, keys and settings together.

A backup is a folder: `database.tar` (the verified copy of the cluster), `installation.tar` (files, keys, settings), and
`backup.json` (what it is, with the SHA-256 of both). With a passphrase both archives are sealed (see `sealing`).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, cast

from city1361 import __version__
from city1361.base.database import binaries, programs
from city1361.base.database.copying import copy_cluster, digest_of, verify_copy
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.database.following import SPOOL
from city1361.base.database.place import write_whole
from city1361.base.database.recovering import replay
from city1361.base.database.sealing import SealedReader, SealingWriter, key_of
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Unavailable

# tell(step, percent): a new step begins (percent None), or it has come so far.
Tell = Callable[[str, int | None], None]
ARCHIVES = ("database.tar", "installation.tar")
SERVER = "server"
LEFT_OUT = {SERVER, SPOOL, "logs", "counts", "run.lock", "done.json"}
ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL")


def refuse_filled(folder: Path) -> None:
    """Raise Conflict unless the folder is empty or missing."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Conflict(
            "folder_not_empty", "目录 {folder} 不是空的", remedy="请指定一个空目录", params={"folder": folder}
        )


# -- backup ------------------------------------------------------------------------------------------------------------


def backup(server: EmbeddedServer, data: Path, folder: Path, passphrase_file: Path | None, tell: Tell) -> None:
    """Write a verified backup of a running installation into an empty folder.

    The data base is copied before the files, so that every file it knows is in the backup.
    """
    if server.postmaster is None:
        raise Unavailable("database_stopped", "数据库没有运行", remedy="请先启动，再备份")
    refuse_filled(folder)
    salt = os.urandom(16)
    key = key_of(passphrase_file, salt) if passphrase_file else None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _workplace(server, folder) as place:
        copy = place / "cluster"
        tell("复制数据库", None)
        copy_cluster(server, copy, lambda percent: tell("复制数据库", percent))
        tell("核对副本", None)
        verify_copy(copy, server)
        tell("写入归档", None)
        with _writing(folder / "database.tar", key) as archive:
            archive.add(copy, "cluster")
    with _writing(folder / "installation.tar", key) as archive:
        archive.add(server.place.state_file, f"{SERVER}/server.json")
        for item in sorted(data.iterdir()):
            if item.name not in LEFT_OUT:
                _add(archive, item, item.name)
    description = {
        **{"version": __version__, "postgresql": server.major, "made_at": clock.now().isoformat()},
        **{"salt": salt.hex() if key else "", **{name: digest_of(folder / name) for name in ARCHIVES}},
    }
    # Last of all: a folder without it is not a backup.
    write_whole(folder / "backup.json", json.dumps(description, indent=1), 0o600)


@contextmanager
def _workplace(server: EmbeddedServer, folder: Path) -> Iterator[Path]:
    """A folder that both we and the account that runs PostgreSQL can use; for root it cannot be the target itself."""
    person = server.place.person
    with tempfile.TemporaryDirectory(prefix=".copy-", dir=folder if person is None else binaries.root_base()) as name:
        place = Path(name)
        if person is not None:
            os.chown(place, person.pw_uid, person.pw_gid)
        yield place


def _add(archive: tarfile.TarFile, item: Path, name: str) -> None:
    """A file, or a folder with everything in it. The folder lives on: what goes before it is read is left out."""
    with suppress(FileNotFoundError):
        archive.add(item, name, recursive=False)
        for below in sorted(item.iterdir()) if item.is_dir() else ():
            _add(archive, below, f"{name}/{below.name}")


@contextmanager
def _writing(path: Path, key: bytes | None) -> Iterator[tarfile.TarFile]:
    with ExitStack() as stack:
        file = stack.enter_context(os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"))
        stream: IO[bytes] = file
        if key is not None:
            stream = cast("IO[bytes]", stack.enter_context(SealingWriter(file, key)))
        # Links are followed: the files may lie on another disk, and a restore takes folders and plain files only.
        with tarfile.open(fileobj=stream, mode="w|", dereference=True) as archive:
            yield archive
        if key is not None:
            stream.close()
        file.flush()
        os.fsync(file.fileno())


# -- restore -----------------------------------------------------------------------------------------------------------


def restore(
    folder: Path,
    data: Path,
    passphrase_file: Path | None,
    tell: Tell,
    *,
    changes: Path | None = None,
    to: datetime | None = None,
) -> datetime | None:
    """Verify a backup and lay it into an empty or missing data folder, which stays empty when anything is wrong.

    changes: the folder of followed changes, which are replayed to their end, or to the moment `to`. Returns the time of
    the last change that was replayed.
    """
    last = None
    refuse_filled(data)
    tell("核对备份", None)
    description = _verified_description(folder)
    key = None
    if description["salt"]:
        if passphrase_file is None:
            raise Invalid("passphrase_needed", "备份已加密", remedy="请用 --passphrase-file 给出口令文件")
        key = key_of(passphrase_file, bytes.fromhex(description["salt"]))
    _open(data)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as name:
        draft = Path(name)
        _open(draft)
        server = EmbeddedServer(draft / SERVER, major=int(description["postgresql"]))
        server.place.make()
        tell("展开归档", None)
        _unpack(folder / "installation.tar", key, draft)
        _unpack(folder / "database.tar", key, draft / SERVER)
        tell("核对副本", None)
        _hand_over(server)
        verify_copy(server.cluster, server)
        tell("恢复", None)
        if changes is not None:
            last = replay(server, changes, passphrase_file, to)
        _recover(server, draft / "city1361.env")
        for item in draft.iterdir():
            item.rename(data / item.name)
    return last


def _open(folder: Path) -> None:
    """A folder of ours; as root the server's account may pass through it, without seeing what is in it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700 if os.geteuid() else 0o711)


def _verified_description(folder: Path) -> dict[str, str]:
    try:
        description: dict[str, str] = json.loads((folder / "backup.json").read_text())
        whole = all(digest_of(folder / name) == description[name] for name in ARCHIVES) and "salt" in description
        int(description["postgresql"])
    except (OSError, ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise Invalid(
            "backup_damaged", "备份 {folder} 不完整或已改动", remedy="请换一份备份", params={"folder": folder}
        )
    binaries.installation(int(description["postgresql"]))
    return description


def _unpack(path: Path, key: bytes | None, target: Path) -> None:
    """Unpack folders and plain files, nothing else, below `target` only, readable by us only."""
    with path.open("rb") as file:
        stream = cast("IO[bytes]", SealedReader(file, key) if key is not None else file)
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for member in archive:
                parts = Path(member.name).parts
                place = target.joinpath(*parts)
                if ".." in parts or Path(member.name).is_absolute() or not (member.isdir() or member.isreg()):
                    raise Invalid("backup_damaged", "备份 {folder} 不完整或已改动", params={"folder": path})
                if member.isdir():
                    place.mkdir(mode=0o700, parents=True, exist_ok=True)
                else:
                    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    _write(archive.extractfile(member) or io.BytesIO(), place)
        while stream.read(1 << 20):  # up to the authenticated end
            pass


def _write(source: IO[bytes], place: Path) -> None:
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as target:
        shutil.copyfileobj(source, target)


def _hand_over(server: EmbeddedServer) -> None:
    """Give the cluster to the account that runs the server, and have it all on disk."""
    person = server.place.person
    for item in [server.cluster, *server.cluster.rglob("*")]:
        if person is not None:
            os.chown(item, person.pw_uid, person.pw_gid, follow_symlinks=False)
    programs.run(server.major, "initdb", "--sync-only", "-D", server.cluster, person=person)


def _recover(server: EmbeddedServer, settings: Path) -> None:
    """Start once, so that the copy is a cluster again, and let the settings name it instead of the original."""
    (server.cluster / "backup_manifest").unlink()
    urls = server.start()
    server.stop()
    shutil.rmtree(server.sockets)
    if settings.exists():
        addresses = dict(zip(ADDRESSES, (urls.app, urls.owner), strict=True))
        lines = [line for line in settings.read_text().splitlines() if line.partition("=")[0] not in ADDRESSES]
        lines += [f"{name}={url}" for name, url in addresses.items()]
        write_whole(settings, "\n".join(lines) + "\n", 0o600)
