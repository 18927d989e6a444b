"""What a step was told, checked field by field: what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from city1361.base.kernel.errors import Invalid

Words = TypeVar("Words", bound=StrEnum)
LONGEST_TEXT = 2000
LONGEST_REASON = 500
LONGEST_ADDRESS = 256
LONGEST_KEY = 64
MOST_PHOTOS = 6
AHEAD = timedelta(minutes=5)  # a phone's clock may be a little fast
OLDEST = timedelta(days=366)


def text(given: str, *, where: str = "text", needed: bool = False, longest: int = LONGEST_TEXT) -> str:
    """Trimmed text within its length."""
    cleaned = given.strip().replace("\x00", "")
    if needed and not cleaned:
        raise Invalid("text_needed", "请填写说明", where=where, remedy="用一句话说明情况即可")
    if len(cleaned) > longest:
        raise Invalid(
            "text_too_long", "文字过长：{length}字", where=where, remedy="最多{longest}字",
            params={"length": len(cleaned), "longest": longest},
        )  # fmt: skip
    return cleaned


def photos(given: Iterable[UUID]) -> tuple[UUID, ...]:
    """The ids, once each, not too many."""
    ids = tuple(dict.fromkeys(given))
    if len(ids) > MOST_PHOTOS:
        raise Invalid(
            "too_many_photos", "照片过多：{count}张", where="photos", remedy="最多{most}张",
            params={"count": len(ids), "most": MOST_PHOTOS},
        )  # fmt: skip
    return ids


def choice(kind: type[Words], given: str, where: str) -> Words:
    """A member of an enumeration."""
    try:
        return kind(given)
    except ValueError as error:
        raise Invalid(
            f"unknown_{where}", "没有“{given}”这个选项", where=where, remedy="可用的选项：{known}",
            params={"given": str(given)[:40], "known": "、".join(kind)},
        ) from error  # fmt: skip


def level(given: int | None) -> int | None:
    """事件等级, 1 to 5, or none."""
    if given is not None and given not in range(1, 6):
        raise Invalid(
            "unknown_level",
            "没有“{given}”这个事件等级",
            where="level",
            remedy="请选择一级至五级",
            params={"given": given},
        )
    return given


def moment(given: datetime, now: datetime, where: str) -> datetime:
    """A moment that is past and not too long so."""
    if given.tzinfo is None:
        raise Invalid(
            "moment_without_zone", "时间缺少时区", where=where, remedy="请带上时区，如2026-11-23T10:08:00+08:00"
        )
    if given > now + AHEAD:
        raise Invalid("moment_ahead", "时间晚于现在", where=where, remedy="请核对日期和时间")
    if given < now - OLDEST:
        raise Invalid(
            "moment_too_old", "时间早于一年之前", where=where, remedy="请核对日期；更早的事请按新发生的时间上报"
        )
    return min(given, now)


def key(given: str) -> str:
    """A client's key for one report or one step."""
    cleaned = given.strip()
    if not cleaned or len(cleaned) > LONGEST_KEY:
        raise Invalid("bad_key", "缺少幂等键或幂等键过长", where="Idempotency-Key", remedy="每次提交用一个新的UUID")
    return cleaned
