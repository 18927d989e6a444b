"""Stories of synthetic matters: what was reported, when, and how it went. Pure: the same seed tells the same stories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from city1361.centres.execution.terms import Channel, CloseResult, Satisfaction, Step, Urgency

Item = TypeVar("Item")
# How likely a turn of the story is.
REFUSED, PROGRESS_TOLD, CHECK_FAILED, REOPENED, AGREED, LATE = 0.04, 0.45, 0.06, 0.03, 0.55, 0.08
RESULTS = {
    CloseResult.SOLVED: 86,
    CloseResult.EXPLAINED: 8,
    CloseResult.LONG_TERM: 3,
    CloseResult.SHELVED: 1,
    CloseResult.NOT_OURS: 2,
}
# Minutes a step takes, least and most: working minutes, or natural ones when it is urgent.
DELAYS = {
    Step.ADMIT: {Urgency.NORMAL: (3, 90), Urgency.PRESSING: (2, 25), Urgency.URGENT: (1, 8)},
    Step.ACKNOWLEDGE: {Urgency.NORMAL: (5, 100), Urgency.PRESSING: (3, 25), Urgency.URGENT: (1, 12)},
    Step.REPORT_PROGRESS: {Urgency.NORMAL: (20, 240), Urgency.PRESSING: (10, 60), Urgency.URGENT: (5, 30)},
    Step.REQUEST_CLOSE: {Urgency.NORMAL: (30, 600), Urgency.PRESSING: (20, 150), Urgency.URGENT: (15, 75)},
    Step.CHECK_PASS: {Urgency.NORMAL: (10, 180), Urgency.PRESSING: (8, 80), Urgency.URGENT: (5, 30)},
    Step.CLOSE: {Urgency.NORMAL: (5, 120), Urgency.PRESSING: (5, 40), Urgency.URGENT: (3, 20)},
    Step.AGREE: {Urgency.NORMAL: (30, 900), Urgency.PRESSING: (30, 600), Urgency.URGENT: (20, 400)},
}
LIKE = {Step.REFUSE: Step.ADMIT, Step.CHECK_FAIL: Step.CHECK_PASS, Step.REOPEN: Step.AGREE}
LATE_FACTOR = 4


@dataclass(frozen=True, slots=True)
class Kind:
    """What may happen: its type, how often, in which season, what is said of it and of its end."""

    type: str
    weight: float
    season: str
    say: tuple[str, ...]
    done: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words and weights, as `demo/matters.yaml` gives them."""

    hours: tuple[float, ...]
    weekdays: tuple[float, ...]
    seasons: Mapping[str, tuple[float, ...]]
    channels: Mapping[str, float]
    urgencies: Mapping[str, float]
    words: Mapping[str, tuple[str, ...]]
    kinds: tuple[Kind, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """A step of a story: so many minutes after the one before."""

    step: Step
    delay: int
    text: str = ""
    result: CloseResult | None = None
    satisfaction: Satisfaction | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """A matter that never was. The turns are told as far as time has gone."""

    type: str
    reported_at: datetime
    urgency: Urgency
    channel: Channel
    description: str
    address: str
    turns: tuple[Turn, ...]


def vocabulary_from(content: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary of a file's content."""
    lists = ("addresses", "refusals", "failures", "reopenings", "thanks", "progress")
    return Vocabulary(
        hours=tuple(content["hours"]),
        weekdays=tuple(content["weekdays"]),
        seasons={name: tuple(months) for name, months in content["seasons"].items()},
        channels=content["channels"],
        urgencies=content["urgencies"],
        words={name: tuple(content[name]) for name in lists},
        kinds=tuple(
            Kind(one["type"], one["weight"], one["season"], tuple(one["say"]), tuple(one["done"]))
            for one in content["types"]
        ),
    )


TRIES = 20  # moments drawn before one of the future is moved back


def story(random: Random, words: Vocabulary, days: Sequence[date], now: datetime, zone: ZoneInfo) -> Story:
    """One story, reported on one of `days` and before `now`."""
    at = _moment(random, words, days, now, zone)
    seasonal = [kind.weight * words.seasons[kind.season][at.month - 1] for kind in words.kinds]
    kind = random.choices(words.kinds, seasonal)[0]
    urgency = Urgency(_weighted(random, words.urgencies))
    return Story(
        type=kind.type,
        reported_at=at,
        urgency=urgency,
        channel=Channel(_weighted(random, words.channels)),
        description=random.choice(kind.say),
        address=random.choice(words.words["addresses"]),
        turns=_turns(random, words, kind, urgency),
    )


def _moment(random: Random, words: Vocabulary, days: Sequence[date], now: datetime, zone: ZoneInfo) -> datetime:
    """A moment of the days by the weights of weekdays and hours. What today has not seen yet falls on any other day:
    moved to yesterday all of it would stand there as a peak that never was."""
    at = _drawn(random, words, days, zone)
    for _ in range(TRIES):
        if at < now:
            return at
        at = _drawn(random, words, days, zone)
    while at >= now:
        at -= timedelta(hours=24)
    return at


def _drawn(random: Random, words: Vocabulary, days: Sequence[date], zone: ZoneInfo) -> datetime:
    day = random.choices(days, [words.weekdays[day.weekday()] for day in days])[0]
    hour = random.choices(range(24), words.hours)[0]
    at = datetime.combine(day, time(hour, random.randrange(60), random.randrange(60)), zone)
    return at + timedelta(milliseconds=random.randrange(1000))


def _turns(random: Random, words: Vocabulary, kind: Kind, urgency: Urgency) -> tuple[Turn, ...]:
    slow = LATE_FACTOR if random.random() < LATE else 1

    def turn(step: Step, text: str = "", **rest: Any) -> Turn:
        least, most = DELAYS[LIKE.get(step, step)][urgency]
        factor = slow if step in (Step.REQUEST_CLOSE, Step.REPORT_PROGRESS) else 1
        return Turn(step, int(random.triangular(least, most, least + (most - least) / 4)) * factor, text, **rest)

    if random.random() < REFUSED:
        return (turn(Step.REFUSE, random.choice(words.words["refusals"])),)
    told = [turn(Step.ADMIT), turn(Step.ACKNOWLEDGE)]
    ends = 1 + (random.random() < REOPENED)
    for end in range(ends):
        if random.random() < PROGRESS_TOLD:
            told.append(turn(Step.REPORT_PROGRESS, random.choice(words.words["progress"])))
        result = CloseResult(random.choices(list(RESULTS), list(RESULTS.values()))[0])
        told.append(turn(Step.REQUEST_CLOSE, random.choice(kind.done), result=result))
        if random.random() < CHECK_FAILED:
            told.append(turn(Step.CHECK_FAIL, random.choice(words.words["failures"])))
            told.append(turn(Step.REQUEST_CLOSE, random.choice(kind.done), result=result))
        told += [turn(Step.CHECK_PASS), turn(Step.CLOSE, result=result)]
        if end < ends - 1:
            told.append(turn(Step.REOPEN, random.choice(words.words["reopenings"])))
    if random.random() < AGREED:
        rated = random.choices(list(Satisfaction), [80, 15, 5])[0]
        told.append(turn(Step.AGREE, random.choice(words.words["thanks"]), satisfaction=rated))
    return tuple(told)


def _weighted(random: Random, weights: Mapping[Item, float]) -> Item:
    return random.choices(list(weights), list(weights.values()))[0]
