"""What the archive speaks of: months, their parts, and what a manifest says of them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from city1361.base.kernel.errors import Invalid

FORMAT = 1
MANIFEST = "manifest.json"
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


class Permission(StrEnum):
    """Acts of the operator at the machine; no role of people has them."""

    WRITE_MONTH = "archive.write_month"
    CLEAR_MONTH = "archive.clear_month"
    RESTORE_MONTH = "archive.restore_month"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of ids, in UTC as the partitions are."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Month:
        """From `YYYY-MM`. Raises Invalid."""
        if not _MONTH.fullmatch(text):
            raise Invalid("month_malformed", "月份 {text} 应写成 2026-01 的样子", where="MONTH", params={"text": text})
        return cls(text)

    @classmethod
    def of(cls, moment: datetime) -> Month:
        return cls(f"{moment.astimezone(UTC):%Y-%m}")

    @property
    def begins(self) -> datetime:
        year, month = map(int, self.text.split("-"))
        return datetime(year, month, 1, tzinfo=UTC)

    @property
    def ends(self) -> datetime:
        return self.plus(1).begins

    def plus(self, months: int) -> Month:
        year, month = map(int, self.text.split("-"))
        count = year * 12 + month - 1 + months
        return Month(f"{count // 12:04}-{count % 12 + 1:02}")


@dataclass(frozen=True, slots=True)
class Column:
    """name and PostgreSQL type of a column, and its class of data."""

    name: str
    type: str
    data: str


@dataclass(frozen=True, slots=True)
class TableOfMonth:
    """What went of one table. digest: SHA-256 over the rows (see `digesting`); sha256: of the file, empty without rows."""

    table: str
    rows: int
    digest: str
    file: str
    sha256: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a part of a month holds. before: nothing has happened to these rows since then."""

    month: str
    part: int
    before: datetime
    written_at: datetime
    instance: str
    version: str
    tables: tuple[TableOfMonth, ...]

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.tables)

    def text(self) -> bytes:
        told = {"format": FORMAT, "product": "city1361", **asdict(self)}
        return json.dumps(told, default=datetime.isoformat, ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, text: bytes) -> Manifest:
        """Raises ValueError, KeyError or TypeError for anything else than what `text` makes."""
        told: dict[str, Any] = json.loads(text)
        if told.pop("format") != FORMAT or told.pop("product") != "city1361":
            raise ValueError("another format")
        tables = tuple(
            TableOfMonth(**{**one, "columns": tuple(Column(**column) for column in one["columns"])})
            for one in told.pop("tables")
        )
        told |= {name: datetime.fromisoformat(told[name]) for name in ("before", "written_at")}
        return cls(**told, tables=tables)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a month, as the data base remembers it. manifest: SHA-256 of the manifest, as in the evidence."""

    month: Month
    part: int
    rows: int
    bytes: int
    manifest: str
    written_at: datetime
    cleared_at: datetime | None
    restored_at: datetime | None

    @property
    def name(self) -> str:
        return f"{self.month.text}-{self.part}"

    @property
    def stands(self) -> str:
        """written: also in the data base; cleared: only here; restored: in the data base again."""
        return "cleared" if self.cleared_at else "restored" if self.restored_at else "written"
