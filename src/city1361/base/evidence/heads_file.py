"""Heads outside the database: each is added as a line to a file that an operator copies or mounts elsewhere.

The file may be moved away at any time: the next head begins a new one. It is never shortened or rewritten.
"""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from city1361.base.evidence import queries
from city1361.base.evidence.verifier.evidence_verify import Head, Refused, head_digest, line_of, parsed_head

logger = logging.getLogger("city1361.evidence")
TAIL = 4096  # bytes; a line has about 600


def path() -> Path:
    return Path(settings.EVIDENCE_HEADS_FILE)


def last_head() -> Head | None:
    """The last whole line of the file as a head; None when there is no file or no whole line in it."""
    if not path().is_file():
        return None
    with path().open("rb") as file:
        file.seek(max(path().stat().st_size - TAIL, 0))
        lines = file.read().split(b"\n")[:-1]
    for line in reversed(lines):
        try:
            return parsed_head(line)
        except Refused:
            continue
    return None


def disagreement() -> str:
    """Why the last line of the file does not belong to the log in the database; empty when it does."""
    last = last_head()
    if last is None:
        return ""
    own = queries.head_of(last["size"])
    if own is None:
        return (
            f"the file ends with a head of size {last['size']} that the log does not have: the log was cut or restored"
        )
    if head_digest(own) != head_digest(last):
        return f"the head of size {last['size']} in the file is not the one in the log: the log was rewritten"
    return ""


def catch_up() -> None:
    """Add the heads that the file lacks. A file that contradicts the log is left alone: it is the witness."""
    newest = queries.latest_head()
    if newest is None:
        return
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        with path().open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            _add_missing(file, newest)
    except OSError as error:  # the log itself must go on: `status` and `doctor` tell how far the file is behind
        logger.error("%s cannot be written: %s", path(), error)


def _add_missing(file: BinaryIO, newest: Head) -> None:
    reason, last = disagreement(), last_head()
    if reason:
        logger.critical("%s: %s; run `city1361 evidence verify`", path(), reason)
        return
    missing = queries.heads(last["size"]) if last else iter([newest])
    lines = [line_of(head) + b"\n" for head in missing]
    if lines and file.seek(0, os.SEEK_END):
        file.seek(-1, os.SEEK_END)
        lines = lines if file.read(1) == b"\n" else [b"\n", *lines]  # a line cut off by a crash ends here
    file.write(b"".join(lines))
    file.flush()
    os.fsync(file.fileno())
