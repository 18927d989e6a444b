"""What a list is narrowed to: read from an address or the API, checked, written back into an address. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from city1361.base.kernel.errors import Invalid
from city1361.centres.execution.entry.intake_terms import Flag
from city1361.centres.execution.listings.counting_terms import Counted
from city1361.centres.execution.listings.periods import period_from
from city1361.centres.execution.terms import Channel, Due, MatterState, Urgency

LONGEST_WORDS = 100
LONGEST_CODE = 32
EARLIEST, LATEST = 2000, 2199  # years
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of a list; what is empty narrows nothing. since and until are days of the city, both included.

    counted: the matters behind a figure; period: those of one day, week or month only.
    """

    q: str = ""
    state: MatterState | None = None
    matter_type: str = ""
    category: str = ""
    urgency: Urgency | None = None
    channel: Channel | None = None
    area: UUID | None = None
    lead: UUID | None = None
    due: Due | None = None
    since: date | None = None
    until: date | None = None
    counted: Counted | None = None
    period: str = ""
    flags: tuple[Flag, ...] = ()

    @property
    def anything(self) -> bool:
        """Whether the list is narrowed at all."""
        return self != Wanted()

    def without(self, name: str) -> Wanted:
        """The same without one filter."""
        return replace(self, **{name: _EMPTY[name]})

    def values(self) -> dict[str, Any]:
        """What is set, as JSON values: for an address, for evidence, for a job."""
        made: dict[str, Any] = {}
        for name, nothing in _EMPTY.items():
            value = getattr(self, name)
            if value == nothing:
                continue
            made[name] = [one.value for one in value] if name == "flags" else str(value)
        return made

    def query(self, **more: str) -> str:
        """As the query of an address; `more` (the page, the tab) comes after it where it is not empty."""
        return urlencode({**self.values(), **{name: value for name, value in more.items() if value}}, doseq=True)


_EMPTY: dict[str, Any] = {field.name: field.default for field in fields(Wanted)}


def wanted_from(given: Mapping[str, Any]) -> Wanted:
    """Checked filters. Raises Invalid naming the field; unknown names are not looked at."""
    since, until = _day(given, "since"), _day(given, "until")
    if since and until and until < since:
        raise Invalid("bad_until", "结束日期早于开始日期", where="until", remedy="请改正日期")
    return Wanted(
        q=_text(given, "q", LONGEST_WORDS),
        state=_word(MatterState, given, "state", "没有这个状态"),
        matter_type=_text(given, "matter_type", LONGEST_CODE),
        category=_text(given, "category", LONGEST_CODE),
        urgency=_word(Urgency, given, "urgency", "没有这个紧急程度"),
        channel=_word(Channel, given, "channel", "没有这个来源"),
        area=_id(given, "area", "区域编号无法识别"),
        lead=_id(given, "lead", "机构编号无法识别"),
        due=_word(Due, given, "due", "没有这个期限筛选"),
        since=since,
        until=until,
        counted=_word(Counted, given, "counted", "没有这个统计口径"),
        period=_period(given),
        flags=_flags(given.get("flags") or ()),
    )


def known_only(given: Mapping[str, Any]) -> Wanted:
    """The same for a page: an old or broken link still opens, without the filter that nobody knows any more."""
    kept: dict[str, Any] = {}
    for name in _EMPTY:
        if name == "flags":
            words = given.get("flags") or ()
            kept["flags"] = [one for one in ([words] if isinstance(words, str) else words) if one in set(Flag)]
            continue
        try:
            wanted_from({name: given.get(name)})
        except Invalid:
            continue
        kept[name] = given.get(name)
    try:
        return wanted_from(kept)
    except Invalid:
        return wanted_from({**kept, "until": None})


def _text(given: Mapping[str, Any], name: str, longest: int) -> str:
    text = str(given.get(name) or "").replace("\x00", "\ufffd").strip()
    if len(text) > longest:
        raise Invalid(f"bad_{name}", "筛选内容过长", where=name, remedy="最多{longest}字", params={"longest": longest})
    return text


def _word(kind: type[Word], given: Mapping[str, Any], name: str, message: str) -> Word | None:
    value = given.get(name)
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        known = "、".join(kind)
        raise Invalid(f"bad_{name}", message, where=name, remedy="可用：{known}", params={"known": known}) from error


def _id(given: Mapping[str, Any], name: str, message: str) -> UUID | None:
    value = given.get(name)
    if not value:
        return None
    try:
        return value if isinstance(value, UUID) else UUID(str(value))
    except ValueError as error:
        raise Invalid(f"bad_{name}", message, where=name, remedy="请从列表中选择") from error


def _day(given: Mapping[str, Any], name: str) -> date | None:
    value = given.get(name)
    if not value:
        return None
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError as error:
        raise Invalid(f"bad_{name}", "日期无法识别", where=name, remedy="格式如2026-11-23") from error
    if not EARLIEST <= day.year <= LATEST:
        raise Invalid(f"bad_{name}", "日期无法识别", where=name, remedy="格式如2026-11-23")
    return day


def _period(given: Mapping[str, Any]) -> str:
    text = str(given.get("period") or "")
    return period_from(text).text if text else ""


def _flags(given: Iterable[str] | str) -> tuple[Flag, ...]:
    words = [given] if isinstance(given, str) else list(given)
    try:
        return tuple(sorted({Flag(one) for one in words}))
    except ValueError as error:
        known = "、".join(Flag)
        raise Invalid("bad_flags", "没有这个标记", where="flags", remedy="可用：{known}", params={"known": known}) from error  # fmt: skip
