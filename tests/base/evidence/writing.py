"""Writing entries in tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from city1361.base.evidence import api as evidence
from city1361.base.kernel.by import By, Subject

OFFICER = By(account=UUID(int=7), label="值班员", channel="web", organisation=UUID(int=8), post="duty", trace="t")


def write(count: int, *, personal: dict[str, Any] | None = None, kind: str = "matter") -> list[UUID]:
    """Record `count` entries, each in a transaction of its own."""
    ids = []
    for number in range(count):
        with transaction.atomic():
            subject = Subject(kind, f"{kind}-{number}", f"第{number}件")
            ids.append(
                evidence.record(
                    by=OFFICER, action="execution.admit_matter", subject=subject, facts={"n": number}, personal=personal
                )
            )
    return ids


def write_log(parts: int = 4, each: int = 6) -> evidence.Head:
    """A log of several heads, with personal parts in it; returns the newest head."""
    for _ in range(parts):
        write(each - 1)
        write(1, personal={"name": "张某", "phone": "13800000000"})
        head = evidence.sequence_all()
    assert head is not None
    return head
