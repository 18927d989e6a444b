"""Backup and restore of an installation with the embedded server: data base, files, keys and settings together.

A backup is a folder: `database.tar` (pg_basebackup, each file checked against its manifest), `installation.tar` (files, keys,
settings) and `backup.json` (what it is, with the SHA-256 of both). With a passphrase both archives are sealed in
blocks with AES-256-GCM (key by scrypt); a wrong passphrase or an altered byte is refused before anything is written.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from city1361 import __version__
from city1361.base.database import binaries, processes
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Conflict, Invalid, Unavailable

Tell = Callable[[str], None]
BLOCK = 4 * 1024 * 1024
COPY = ("-X", "stream", "-c", "fast", "--manifest-checksums=SHA256")
LEFT_OUT = {"server", "logs", "run.lock", "done.json"}


def run(program: Path, *words: str | Path) -> None:
    done = subprocess.run([program, *words], text=True, capture_output=True, cwd="/", check=False, **processes.run_as())
    if done.returncode:
        error = (done.stderr or done.stdout).strip()[-2000:]
        raise Unavailable("backup_failed", "{program}：{error}", params={"program": program.name, "error": error})


def _empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(
            "folder_not_empty", "目录 {folder} 不是空的", remedy="请指定一个空目录", params={"folder": folder}
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def _workplace() -> Iterator[Path]:
    """A folder that both we and the account that runs PostgreSQL can use."""
    base = binaries.root_base() if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="backup-", dir=base) as name:
        place = Path(name)
        person = processes.account()
        if person is not None:
            os.chown(place, person.pw_uid, person.pw_gid)
        yield place


def backup(server: EmbeddedServer, data: Path, folder: Path, passphrase_file: Path | None, tell: Tell) -> None:
    """Write a verified backup of a running installation into an empty folder."""
    if server.postmaster is None:
        raise Unavailable("database_stopped", "数据库没有运行", remedy="请先启动，再备份")
    _empty(folder)
    tools = binaries.installation(server.major) / "bin"
    with _workplace() as place:
        copy = place / "base"
        tell("▸ pg_basebackup")
        run(tools / "pg_basebackup", "-d", server.urls.superuser.rpartition("/")[0], "-D", copy, *COPY)
        tell("▸ verify")
        verify_copy(copy)
        with tarfile.open(place / "database.tar", "w") as archive:
            archive.add(copy, "cluster")
        with tarfile.open(place / "installation.tar", "w") as archive:
            archive.add(server.folder / "server.json", "server/server.json")
            for item in sorted(data.iterdir()):
                if item.name not in LEFT_OUT:
                    archive.add(item, item.name)
        description = {"version": __version__, "postgresql": server.major, "made_at": clock.now().isoformat()}
        tell("▸ archive")
        _write_archives(place, folder, passphrase_file, description)


def verify_copy(copy: Path) -> None:
    """Check every file of a base backup against its manifest, as pg_verifybackup does (the bundled one crashes).

    Raises Unavailable naming the first file that is missing, changed or not in the manifest.
    """
    text = (copy / "backup_manifest").read_bytes()
    body, _, _ = text.rpartition(b'"Manifest-Checksum"')
    manifest = json.loads(text)
    wrong = [] if hashlib.sha256(body).hexdigest() == manifest["Manifest-Checksum"] else ["backup_manifest"]
    listed = {file["Path"]: file for file in manifest["Files"]}
    for name, file in listed.items():
        path = copy / name
        whole = path.is_file() and path.stat().st_size == file["Size"] and _digest(path) == file["Checksum"]
        wrong += [] if whole else [name]
    present = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    wrong += [name for name in present - set(listed) - {"backup_manifest"} if not name.startswith("pg_wal/")]
    if wrong:
        raise Unavailable("backup_not_whole", "备份中的文件 {name} 不完整", params={"name": wrong[0]})


def _write_archives(place: Path, folder: Path, passphrase_file: Path | None, description: dict[str, object]) -> None:
    salt = os.urandom(16)
    key = _key(passphrase_file, salt) if passphrase_file else None
    for name in ("database.tar", "installation.tar"):
        target = folder / name
        if key is None:
            shutil.copyfile(place / name, target)
        else:
            _seal(place / name, target, key)
        target.chmod(0o600)
        description[name] = _digest(target)
    description["salt"] = salt.hex() if key else ""
    (folder / "backup.json").write_text(json.dumps(description, indent=1))


def restore(folder: Path, data: Path, passphrase_file: Path | None, tell: Tell) -> None:
    """Verify a backup and lay it into an empty data folder."""
    description = _verified_description(folder)
    if description["salt"] and passphrase_file is None:
        raise Invalid("passphrase_needed", "备份已加密", remedy="请用 --passphrase-file 给出口令文件")
    key = _key(passphrase_file, bytes.fromhex(description["salt"])) if description["salt"] and passphrase_file else None
    _empty(data)
    server = EmbeddedServer(data / "server", major=int(description["postgresql"]))
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=data.parent) as name:
        draft = Path(name)
        for archive in ("installation.tar", "database.tar"):
            tell(f"▸ {archive}")
            source = folder / archive
            if key is not None:
                source = draft / archive
                _open(folder / archive, source, key)
            with tarfile.open(source) as contents:
                contents.extractall(draft / archive.removesuffix(".tar"), filter="data")
        _place(draft, data, server)
    tell("▸ recovery")
    server.start()
    server.stop()


def _place(draft: Path, data: Path, server: EmbeddedServer) -> None:
    for item in (draft / "installation").iterdir():
        shutil.move(item, data / item.name)
    cluster = draft / "database" / "cluster"
    person = processes.account()
    for item in [cluster, *cluster.rglob("*")]:
        item.chmod(0o700 if item.is_dir() else 0o600)
        if person is not None:
            os.chown(item, person.pw_uid, person.pw_gid)
    shutil.move(cluster, server.cluster)
    if person is not None:
        data.chmod(0o711)


def _verified_description(folder: Path) -> dict[str, str]:
    try:
        description: dict[str, str] = json.loads((folder / "backup.json").read_text())
        whole = all(_digest(folder / name) == description[name] for name in ("database.tar", "installation.tar"))
    except (OSError, ValueError, KeyError):
        whole = False
    if not whole:
        raise Invalid(
            "backup_damaged", "备份 {folder} 不完整或已改动", remedy="请换一份备份", params={"folder": folder}
        )
    return description


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _key(passphrase_file: Path, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(passphrase_file.read_bytes().strip())


def _seal(source: Path, target: Path, key: bytes) -> None:
    """Blocks of AES-256-GCM; the number of a block, and whether it is the last, are authenticated."""
    cipher = AESGCM(key)
    with source.open("rb") as plain, target.open("wb") as sealed:
        number, block, following = 0, plain.read(BLOCK), plain.read(BLOCK)
        while True:
            last = not following
            sealed.write(_sealed_block(cipher, number, last, block))
            if last:
                return
            number, block, following = number + 1, following, plain.read(BLOCK)


def _sealed_block(cipher: AESGCM, number: int, last: bool, block: bytes) -> bytes:
    nonce = os.urandom(12)
    body = cipher.encrypt(nonce, block, b"%d %d" % (number, last))
    return len(body).to_bytes(4, "big") + bytes([last]) + nonce + body


def _open(source: Path, target: Path, key: bytes) -> None:
    cipher, number, last = AESGCM(key), 0, 0
    try:
        with source.open("rb") as sealed, target.open("wb") as plain:
            while not last:
                head = sealed.read(17)
                length, last, nonce = int.from_bytes(head[:4], "big"), head[4], head[5:]
                plain.write(cipher.decrypt(nonce, sealed.read(length), b"%d %d" % (number, last)))
                number += 1
    except (InvalidTag, IndexError) as error:
        raise Invalid("wrong_passphrase", "口令不对，或备份已损坏", remedy="请核对口令文件") from error
