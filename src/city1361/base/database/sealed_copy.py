"""What a program writes (a base copy, an archive of files), sealed into one file: for a server of one's own.

Form: a line that names it and its salt, then the blocks of `sealing` around gzip. A program that fails leaves no file.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import IO, cast

from city1361.base.database.place import flush_folder
from city1361.base.database.sealing import SealedReader, SealingWriter, key_of
from city1361.base.kernel import clock
from city1361.base.kernel.errors import Invalid, Unavailable

MARK, SALT, SUFFIX = b"city1361 sealed ", 16, ".sealed"


def seal(folder: Path, passphrase_file: Path, command: Sequence[str]) -> Path:
    """Run `command` and seal what it writes into a new file of `folder`, named by the moment. Raises Unavailable."""
    salt = os.urandom(SALT)
    key = key_of(passphrase_file, salt)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"{clock.now():%Y-%m-%dT%H%M%SZ}{SUFFIX}"
    draft = target.with_name(f".{target.name}.draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(MARK + salt.hex().encode() + b"\n")
            _fill(file, key, command)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    flush_folder(folder)
    return target


def _fill(file: IO[bytes], key: bytes, command: Sequence[str]) -> None:
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as child:
        stream = SealingWriter(file, key)
        with gzip.GzipFile(fileobj=cast("IO[bytes]", stream), mode="wb", compresslevel=1) as packed:
            shutil.copyfileobj(cast("IO[bytes]", child.stdout), packed, 1 << 20)
        stream.close()
    if child.returncode:
        raise Unavailable(
            "database_program_failed",
            "{program} 失败（{status}）：{error}",
            params={"program": command[0], "status": child.returncode, "error": ""},
        )


def unseal(path: Path, passphrase_file: Path, out: IO[bytes]) -> None:
    """Write what is sealed in `path`. Raises Invalid when it is altered, cut off or opened with other words."""
    with path.open("rb") as file:
        head = file.readline(len(MARK) + 2 * SALT + 1)
        try:
            if not head.startswith(MARK):
                raise ValueError
            salt = bytes.fromhex(head.removeprefix(MARK).decode())
        except ValueError:
            raise Invalid(
                "backup_damaged", "备份 {folder} 不完整或已改动", remedy="请换一份备份", params={"folder": path}
            ) from None
        sealed = cast("IO[bytes]", SealedReader(file, key_of(passphrase_file, salt)))
        with gzip.GzipFile(fileobj=sealed, mode="rb") as packed:
            shutil.copyfileobj(packed, out, 1 << 20)
        while sealed.read(1 << 20):  # up to the authenticated end
            pass
