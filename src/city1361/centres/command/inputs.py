"""What a step was told, checked field by field: what is wrong, where, and what to do."""

from __future__ import annotations

from datetime import datetime, timedelta

from city1361.base.calendar.api import Unit
from city1361.base.kernel.errors import Invalid
from city1361.centres.command.limits import Limit
from city1361.centres.command.terms import Grade

LONGEST_TEXT = 2000
LONGEST_REASON = 500
LONGEST_TITLE = 60
LONGEST_CLAUSE = 200
MOST_AMOUNT = 1000
FARTHEST = timedelta(days=30)


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


def grade(given: str) -> Grade:
    """One of the three grades."""
    try:
        return Grade(given)
    except ValueError as error:
        raise Invalid(
            "unknown_grade", "没有“{given}”这个选项", where="grade", remedy="可用的选项：{known}",
            params={"given": str(given)[:40], "known": "、".join(Grade)},
        ) from error  # fmt: skip


def arrival(given: datetime | None, now: datetime) -> datetime:
    """When somebody arrives: a moment to come, not too far."""
    if given is None:
        raise Invalid("arrival_needed", "请填写预计到场时间", where="arrive_by", remedy="填写到场的日期和时间")
    if given.tzinfo is None:
        raise Invalid(
            "moment_without_zone", "时间缺少时区", where="arrive_by", remedy="请带上时区，如2026-11-23T10:08:00+08:00"
        )
    if not now - timedelta(minutes=5) <= given <= now + FARTHEST:
        raise Invalid(
            "bad_arrival", "预计到场时间应在现在之后、三十天之内", where="arrive_by", remedy="请核对日期和时间"
        )
    return given


def limit(amount: int | None, unit: str, standard: Limit) -> Limit:
    """The limit somebody chose, or the standard one of the rules."""
    if amount is None:
        return standard
    if unit not in set(Unit) or not 0 < amount <= MOST_AMOUNT:
        raise Invalid("bad_limit", "时限无法识别", where="amount", remedy="数量为1至1000，单位可用：{known}", params={"known": "、".join(Unit)})  # fmt: skip
    return Limit(amount, unit, example=False)
