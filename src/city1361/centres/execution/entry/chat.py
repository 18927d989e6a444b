"""Pasted chat text, read: who said what and when, and what in it may be place, telephone, time, urgency and kind.

Pure, and never a silent guess: every finding carries the piece of text it was found in, several stand side by side, and a
person decides. Nothing is kept and nothing is logged here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from city1361.base.search.api import bigrams
from city1361.centres.execution.entry.chat_moments import moments_in
from city1361.centres.execution.terms import Urgency

LONGEST = 20_000
MOST_MESSAGES = 200
MOST_FOUND = 5

_DATE = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{1,2}[-/月]\d{1,2}日?|昨天|今天|前天|星期[一二三四五六日天])"
_TIME = r"(?:上午|下午|晚上|凌晨|早上|中午)?\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?"
_STAMP = rf"(?:{_DATE}\s*{_TIME}|{_TIME}|{_DATE})"
# 张三 2026/11/23 10:08 · 2026-11-23 10:08:05 张三 · [10:08] 张三：… · 张三：…
_HEADERS = (
    re.compile(
        rf"^(?P<who>[^\s:：\[\]]{{1,20}}(?:\s(?!\d|昨天|今天|前天|星期)[^\s:：\[\]]{{1,12}})?)[\s(（]+(?P<at>{_STAMP})[)）]?\s*[:：]?$"
    ),
    re.compile(rf"^\[?(?P<at>{_STAMP})\]?\s+(?P<who>[^\s:：]{{1,20}})\s*[:：]?$"),
    re.compile(rf"^\[?(?P<at>{_STAMP})\]?\s+(?P<who>[^\s:：]{{1,20}})\s*[:：]\s*(?P<said>.+)$"),
    re.compile(r"^(?P<who>[\u4e00-\u9fffA-Za-z][^\s:：，。,.;；!！?？]{0,11})[:：]\s*(?P<said>.+)$"),
)
_STAMP_ALONE = re.compile(rf"^[—\-\s]*(?P<at>{_STAMP})[—\-\s]*$")
_NOISE = re.compile(
    r"\[(?:图片|视频|语音|表情|动画表情|位置|文件|链接|Photo|Video|Voice)[^\]]*\]|^以上是.{0,12}聊天记录$|撤回了一条消息"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4})(?!\d)|(?<!\d)(0\d{2,3}[- ]\d{7,8})(?!\d)")
_NUMBERED = r"[A-Za-z0-9一二三四五六七八九十百]{1,6}"
_ADDRESS = re.compile(
    rf"[\u4e00-\u9fff]{{2,8}}?(?:大道|路|街|巷|里弄|小区|花园|苑|广场|公园|市场|医院|学校|小学|中学|大桥|桥|站)"
    rf"(?:{_NUMBERED}(?:号|栋|幢|单元|楼|室|段)(?:附\d+号)?)*(?:门前|门口|对面|路口|旁边?|附近|桥头|楼下|后门)?"
)
_AREA = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:街道|社区|镇|乡|村)|第?[0-9一二三四五六七八九十]{1,3}(?:号)?网格")
_LEADING = re.compile(
    r"^(?:我们?|在|是|就在|位于|这个|那个|咱们?|请问|麻烦|到|去|从|的|了|有|和|与|今天|昨天|刚才|现在|旁边|地址)+"
)
_LABEL = re.compile(r"(?:联系)?(?:电话|手机|方式|号码)+[:：]?")
_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
URGENT = (
    "燃气泄漏",
    "漏气",
    "起火",
    "着火",
    "冒烟",
    "爆炸",
    "触电",
    "坍塌",
    "垮塌",
    "被困",
    "伤人",
    "喷涌",
    "爆管",
    "出人命",
)
PRESSING = ("紧急", "赶紧", "尽快", "马上", "危险", "急", "快点", "严重")


@dataclass(frozen=True, slots=True)
class Message:
    """One message: who (as the chat calls him), when as it was written, what."""

    who: str
    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """A proposal for a field and the piece of text it was found in."""

    value: str
    said: str


@dataclass(frozen=True, slots=True)
class FoundKind:
    """A type that may be meant. words: what of its name, or of what belongs to it, was said."""

    code: str
    name: str
    category: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type as the parser knows it."""

    code: str
    name: str
    category: str
    class_name: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Everything that was found. description: the sentences, without names, telephones and times of the chat."""

    messages: tuple[Message, ...]
    sentences: tuple[str, ...]
    kinds: tuple[FoundKind, ...]
    areas: tuple[Found, ...]
    addresses: tuple[Found, ...]
    phones: tuple[Found, ...]
    moments: tuple[tuple[datetime, str], ...]
    urgency: tuple[Urgency, str] | None
    cut: bool = False

    @property
    def description(self) -> str:
        return "".join(self.sentences)


def proposal(text: str, now: datetime, kinds: Iterable[Kind]) -> Proposal:
    """Read pasted text. now: the moment of pasting, in the city's zone; what lies ahead of it is not proposed."""
    cut = len(text) > LONGEST
    messages = messages_in(text[:LONGEST])
    whole = "\n".join(message.text for message in messages)
    stamps = [message.at for message in messages if message.at]
    return Proposal(
        messages=messages,
        sentences=_sentences(messages),
        kinds=_kinds(whole, kinds),
        areas=_once(Found(_trimmed(found.group()), found.group()) for found in _AREA.finditer(whole)),
        addresses=_once(Found(_trimmed(found.group()), found.group()) for found in _ADDRESS.finditer(whole)),
        phones=_once(_phone(found) for found in _PHONE.finditer(whole)),
        moments=_moments(whole, stamps, now),
        urgency=_urgency(whole),
        cut=cut,
    )


def area_name(said: str) -> str:
    """How an area that was named is looked for: 第3网格 by its number."""
    return said.removesuffix("网格").removeprefix("第") if "网格" in said else said


def messages_in(text: str) -> tuple[Message, ...]:
    """The messages of an export or of lines that were copied; text without any header is one message of nobody."""
    messages: list[Message] = []
    who, at, lines = "", "", []
    for raw in text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").split("\n"):
        line = _clean(raw)
        if not line:
            continue
        header = _header(line, named=bool(who))
        if header is None:
            lines.append(line)
            continue
        if lines:
            messages.append(Message(who, at, "\n".join(lines)))
        who, at, said = header[0] or who, header[1] or at, header[2]
        lines = [said] if said else []
    if lines:
        messages.append(Message(who, at, "\n".join(lines)))
    return tuple(messages[:MOST_MESSAGES])


def _clean(line: str) -> str:
    plain = (
        "".join(mark for mark in line if mark == "\t" or ord(mark) >= 32).replace("\u200b", "").replace("\ufeff", "")
    )
    return _NOISE.sub("", plain).strip()


def _header(line: str, *, named: bool) -> tuple[str, str, str] | None:
    """Who, when, and what stands on the same line; None for a line that is text."""
    alone = _STAMP_ALONE.match(line)
    if alone:
        return "", alone["at"], ""
    for pattern in _HEADERS:
        found = pattern.match(line)
        if found:
            parts = found.groupdict()
            return parts["who"].strip(), parts.get("at") or "", (parts.get("said") or "").strip()
    return None


def _sentences(messages: Sequence[Message]) -> tuple[str, ...]:
    """What was said, a sentence each, telephones left out (they have a field of their own), repetitions too."""
    made: dict[str, None] = {}
    for message in messages:
        for found in _SENTENCE.finditer(_PHONE.sub("", message.text)):
            sentence = found.group().strip(" ，,、\t")
            if len(sentence) < 2 or _LABEL.fullmatch(sentence):
                continue
            made[sentence if sentence[-1] in "。！？!?；;" else f"{sentence}。"] = None
    return tuple(made)


def _kinds(text: str, kinds: Iterable[Kind]) -> tuple[FoundKind, ...]:
    """Types whose name shares most with what was said: whole names first, then the pieces that tell types apart."""
    said = frozenset(piece for piece in bigrams(text) if len(piece) == 2)
    named = [(kind, re.sub(r"（.*?）|\(.*?\)|问题$", "", kind.name)) for kind in kinds]
    pieces = [[piece for piece in bigrams(name) if len(piece) == 2] for _, name in named]
    often = Counter(piece for one in pieces for piece in one)
    scored: list[tuple[float, int, FoundKind]] = []
    for place, ((kind, name), own) in enumerate(zip(named, pieces, strict=True)):
        common = [piece for piece in own if piece in said]
        if not common:
            continue
        score = sum(1 / often[piece] for piece in common) / len(own) ** 0.5 + (1 if name in text else 0)
        words = (name,) if name in text else tuple(common[:3])
        scored.append((-score, place, FoundKind(kind.code, kind.name, kind.category, words)))
    return tuple(found for _, _, found in sorted(scored, key=lambda one: one[:2])[:MOST_FOUND])


def _phone(found: re.Match[str]) -> Found:
    return Found(re.sub(r"[- ]", "", found.group(1)) if found.group(1) else found.group(2), found.group())


def _moments(text: str, stamps: Sequence[str], now: datetime) -> tuple[tuple[datetime, str], ...]:
    """Moments that were spoken of, then those of the messages; none that lies ahead, none older than a year."""
    found = [*moments_in(text, now), *(pair for stamp in stamps for pair in moments_in(stamp, now))]
    kept = {at: said for at, said in reversed(found) if now - timedelta(days=366) < at <= now}
    ordered = [(at, said) for at, said in found if kept.get(at) == said]
    return tuple(dict.fromkeys(ordered))[:MOST_FOUND]


def _urgency(text: str) -> tuple[Urgency, str] | None:
    for level, words in ((Urgency.URGENT, URGENT), (Urgency.PRESSING, PRESSING)):
        said = next((word for word in words if word in text), None)
        if said:
            return level, said
    return None


def _trimmed(text: str) -> str:
    """Without the words that lead up to a place."""
    return _LEADING.sub("", text) or text


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple({one.value: one for one in reversed(list(found))}.values())[::-1][:MOST_FOUND]
