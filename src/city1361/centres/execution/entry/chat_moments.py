"""Moments that people write in chats: 2026-11-23 10:08, 11月22日下午3点半, 昨晚8点, 刚才. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

_DIGITS = {"零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_NUMBER = r"(?:\d{1,2}|[零一二两三四五六七八九十]{1,3})"
_PART = "凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|晚|早"
_DAY = r"(?:(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?|(?P<month2>\d{1,2})[/月](?P<day2>\d{1,2})日?|(?P<word>今天|今日|今|昨天|昨日|昨|前天))"
_CLOCK = rf"(?P<part>{_PART})?\s*(?:(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?:[:：]\d{{2}})?|(?P<hour2>{_NUMBER})[点时](?:(?P<half>半)|(?P<minute2>{_NUMBER})分?)?)"
_MOMENT = re.compile(rf"(?<!\d)(?:{_DAY}\s*(?:的)?\s*)?{_CLOCK}(?!\d)")
_AGO = re.compile(rf"(?P<amount>{_NUMBER}|半)个?(?P<unit>分钟|小时|天)(?:以)?前")
_JUST_NOW = re.compile(r"刚才|刚刚")
_AFTERNOON = ("下午", "傍晚", "晚上", "夜里", "晚")


def moments_in(text: str, now: datetime) -> list[tuple[datetime, str]]:
    """Every moment of `text` and how it was said, in its order. A day that is not said is today's; an hour of today
    that is still to come was yesterday's when the text says nothing of the day."""
    found = [*_clocks(text, now), *_spans(text, now)]
    return [(at, said) for _, at, said in sorted(found, key=lambda one: one[0])]


def _clocks(text: str, now: datetime) -> Iterator[tuple[int, datetime, str]]:
    for match in _MOMENT.finditer(text):
        at = _moment(match, now)
        if at is not None:
            yield match.start(), at, match.group().strip()


def _spans(text: str, now: datetime) -> Iterator[tuple[int, datetime, str]]:
    for match in _AGO.finditer(text):
        amount = 0.5 if match["amount"] == "半" else float(number(match["amount"]))
        unit = {"分钟": timedelta(minutes=1), "小时": timedelta(hours=1), "天": timedelta(days=1)}[match["unit"]]
        yield match.start(), now - unit * amount, match.group()
    for match in _JUST_NOW.finditer(text):
        yield match.start(), now, match.group()


def _moment(match: re.Match[str], now: datetime) -> datetime | None:
    minute = 30 if match["half"] else number(match["minute"] or match["minute2"] or "0")
    hour = number(match["hour"] or match["hour2"])
    part = match["part"] or ""
    if part in _AFTERNOON and hour < 12:
        hour += 12
    if part == "中午" and hour < 11:
        hour += 12
    try:
        day = _day(match, now)
        at = day.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        return None
    said_day = match["year"] or match["month2"] or match["word"]
    if at > now and not said_day:
        return at - timedelta(days=1)
    if at > now and match["month2"]:
        return at.replace(year=at.year - 1)
    return at


def _day(match: re.Match[str], now: datetime) -> datetime:
    if match["year"]:
        return now.replace(year=int(match["year"]), month=int(match["month"]), day=int(match["day"]))
    if match["month2"]:
        return now.replace(month=int(match["month2"]), day=int(match["day2"]))
    back = {"昨天": 1, "昨日": 1, "昨": 1, "前天": 2}.get(match["word"] or "", 0)
    return now - timedelta(days=back)


def number(text: str) -> int:
    """Digits or Chinese numerals below a hundred."""
    if text.isascii():
        return int(text)
    tens, cross, ones = text.rpartition("十")
    if not cross:
        return _DIGITS.get(text[-1], 0)
    return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
