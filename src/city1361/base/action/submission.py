"""One submission under one key: sent again it gets the earlier answer, another content under it is a conflict."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid

LONGEST_KEY = 64
HEADER = "Idempotency-Key"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Submission:
    """A client's key and the digest of what came with it."""

    key: str
    body_hash: str


def submission(client_key: str, told: Mapping[str, Any]) -> Submission:
    """What was sent under a key. Raises Invalid without a usable one."""
    key = client_key.strip()
    if not key or len(key) > LONGEST_KEY:
        raise Invalid("bad_key", "缺少幂等键或幂等键过长", where=HEADER, remedy="每次提交用一个新的UUID")
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return Submission(key, hashlib.sha256(text.encode()).hexdigest())


def earlier(rows: QuerySet[Row], by: By, sent: Submission) -> Row | None:
    """The row that this account made under this key, or None; waits for one that is being made.

    rows: of a table with account, client_key and body_hash; a row without a digest was made before digests were kept.
    Raises Conflict when something else was sent under the key.
    """
    with connection.cursor() as cursor:
        name = f"{rows.model._meta.db_table}:{by.account}:{sent.key}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    known = rows.filter(account=by.account, client_key=sent.key).first()
    if known is None or known.body_hash in ("", sent.body_hash):  # type: ignore[attr-defined]
        return known
    raise Conflict("key_with_another_body", "同一幂等键已用于另一份内容", where=HEADER, remedy="请换一个新的键")
