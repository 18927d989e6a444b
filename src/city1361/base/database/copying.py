"""A verified copy of a running cluster: pg_basebackup, then every file checked against the manifest.

The check is ours, after the rules of pg_verifybackup: the bundled one of PostgreSQL 18 ends with a segmentation fault
whatever it is asked.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from city1361.base.database import programs
from city1361.base.database.cluster import SUPERUSER
from city1361.base.database.embedded import EmbeddedServer
from city1361.base.kernel.errors import Unavailable

CHECKSUM_LINE = b'"Manifest-Checksum"'
PERCENT = re.compile(r"\((\d+)%\)")


def copy_cluster(server: EmbeddedServer, copy: Path, heard: Callable[[int], None]) -> None:
    """Copy a running server's cluster with the WAL it needs into `copy`; `heard` gets the percentage now and then.

    `copy` must not exist, and its parent must belong to the account that runs the server.
    """

    def pass_on(line: str) -> None:
        found = PERCENT.search(line)
        if found:
            heard(int(found[1]))

    port = str(urlsplit(server.urls.superuser).port)
    passwords = server.place.lend("pgpass", f"*:*:*:{SUPERUSER}:{server.place.state.superuser}\n")
    try:
        programs.run(
            *(server.place.major or server.major, "pg_basebackup", "-D", copy, "--wal-method=stream"),
            *("--checkpoint=fast", "--manifest-checksums=SHA256", "--progress"),
            *("--host", server.sockets, "--port", port, "--username", SUPERUSER, "--no-password"),
            person=server.place.person,
            passwords=passwords,
            heard=pass_on,
        )
    finally:
        passwords.unlink()


def verify_copy(copy: Path, server: EmbeddedServer) -> None:
    """Check a copy: every file of the manifest is there, whole and alone, and the WAL it needs can be read.

    Raises Unavailable naming the first file that is missing, altered, or not in the manifest.
    """
    text = (copy / "backup_manifest").read_bytes()
    try:
        manifest = json.loads(text)
    except ValueError:
        raise _not_whole("backup_manifest") from None
    if hashlib.sha256(text[: text.rindex(CHECKSUM_LINE)]).hexdigest() != manifest["Manifest-Checksum"]:
        raise _not_whole("backup_manifest")
    listed = {file["Path"]: file for file in manifest["Files"]}
    for name, file in listed.items():
        path = copy / name
        if not path.is_file() or path.stat().st_size != file["Size"] or digest_of(path) != file["Checksum"]:
            raise _not_whole(name)
    present = {str(path.relative_to(copy)) for path in copy.rglob("*") if path.is_file()}
    for name in sorted(present - set(listed) - {"backup_manifest"}):
        if not name.startswith("pg_wal/"):
            raise _not_whole(name)
    for wal in manifest["WAL-Ranges"]:
        programs.run(
            *(server.major, "pg_waldump", "--quiet", f"--path={copy / 'pg_wal'}", f"--timeline={wal['Timeline']}"),
            *(f"--start={wal['Start-LSN']}", f"--end={wal['End-LSN']}"),
            person=server.place.person,
        )


def _not_whole(name: str) -> Unavailable:
    return Unavailable("backup_not_whole", "备份中的文件 {name} 不完整", params={"name": name})


def digest_of(path: Path) -> str:
    """SHA-256, hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
