"""The log as a folder that anybody can verify offline. It holds no personal part: those never leave their table."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction

from city1361.base.evidence import queries, signing
from city1361.base.evidence.verifier import evidence_verify
from city1361.base.kernel.errors import Invalid

PORTION = 5000
README = """This folder holds a log of evidence. Verify it with Python alone, on any machine, without a network:

    python -I -S evidence_verify.py . --head HEADS-KEPT-ELSEWHERE

entries.jsonl      one entry a line, in the order of the tree, exactly the bytes that were hashed
heads.jsonl        the signed heads, one a line
public-keys.txt    the keys the installation has signed with, by its own account

本目录为存证日志导出件，仅需 Python 即可离线核验，命令同上。--head 请使用保存在本系统之外的树头。
"""


def export(folder: Path, limit: int | None = None, progress: Callable[[int, int], None] | None = None) -> int:
    """Write the log, or its first `limit` entries, into a new or empty folder; returns the number of entries.

    Raises Invalid when something stands in the folder already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Invalid(
            "folder_not_empty", "导出目录不是空目录", where=str(folder), remedy="请指定一个不存在的目录或空目录"
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        newest = queries.latest_head()
        total = min(newest["size"] if newest else 0, limit or 2**62)
        with (folder / "entries.jsonl").open("wb") as file:
            for done, lines in _portions(total):
                file.writelines(lines)
                if progress:
                    progress(done, total)
        with (folder / "heads.jsonl").open("wb") as file:
            file.writelines(evidence_verify.line_of(head) + b"\n" for head in queries.heads() if head["size"] <= total)
    (folder / "public-keys.txt").write_text("".join(f"{key}\n" for key in sorted(signing.known_keys())), "utf-8")
    (folder / "README.txt").write_text(README, "utf-8")
    shutil.copyfile(evidence_verify.__file__, folder / "evidence_verify.py")
    return total


def _portions(total: int) -> Iterator[tuple[int, list[bytes]]]:
    """Lines of the places below `total`, and how many places are done."""
    done = 0
    while done < total:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT seq, entry_id FROM base_evidence_sequence WHERE seq >= %s AND seq < %s ORDER BY seq LIMIT %s",
                [done, total, PORTION],
            )
            places = cursor.fetchall()
            if not places:
                return  # places are missing at the end: the verifier says so, because heads reach further
            done = places[-1][0] + 1
            ids = [entry_id for _seq, entry_id in places]
            cursor.execute("SELECT id, canon FROM base_evidence_entry WHERE id = ANY(%s)", [ids])
            canons = {identifier: bytes(canon) for identifier, canon in cursor.fetchall()}
        # A missing entry leaves its line empty: the verifier then says where.
        yield done, [canons.get(identifier, b"") + b"\n" for identifier in ids]
