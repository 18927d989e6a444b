"""The plan of a day: every matter with everything that will be done about it. The same seed makes the same day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from city1361.centres.demonstration.terms import DayWords, Deed, Thread, Who
from city1361.centres.execution import api as execution

Step, Urgency = execution.Step, execution.Urgency
Later = Callable[[datetime, int], datetime]
# Who takes a step when the matter stays in its town, and when the district's department has it.
IN_TOWN = {
    Step.ADMIT: Who.TOWN_DUTY, Step.REFUSE: Who.TOWN_DUTY, Step.ACKNOWLEDGE: Who.HANDLER,
    Step.REPORT_PROGRESS: Who.HANDLER, Step.REQUEST_CLOSE: Who.HANDLER, Step.CHECK_PASS: Who.TOWN_CHECK,
    Step.CHECK_FAIL: Who.TOWN_CHECK, Step.CLOSE: Who.TOWN_DUTY, Step.AGREE: Who.REPORTER, Step.REOPEN: Who.REPORTER,
}  # fmt: skip
IN_DISTRICT = {
    **IN_TOWN, Step.ACKNOWLEDGE: Who.DISTRICT_HANDLER, Step.REPORT_PROGRESS: Who.DISTRICT_HANDLER,
    Step.REQUEST_CLOSE: Who.DISTRICT_HANDLER, Step.CHECK_PASS: Who.DISTRICT_CHECK, Step.CHECK_FAIL: Who.DISTRICT_CHECK,
}  # fmt: skip
TO_HANDLE = {Step.ACKNOWLEDGE, Step.REPORT_PROGRESS, Step.REQUEST_CLOSE}
QUICK, SLOW = (4, 25), (15, 70)  # minutes of work between the turns of a road
ANSWERABLE = {"grid", "resident"}  # whose reporters have an account, and so say whether it is solved


@dataclass(frozen=True, slots=True)
class Town:
    """A town of the day: its code, how likely something happens there, how many places are known in it."""

    code: str
    weight: float
    places: int


@dataclass(frozen=True, slots=True)
class Planner:
    """Who plans days. later(at, minutes): that many working minutes afterwards."""

    seed: int
    words: DayWords
    said: execution.DemonstrationWords
    towns: Sequence[Town]
    later: Later

    def threads(self, day: date) -> list[Thread]:
        """The matters of `day` in the order of their reports."""
        random = Random(f"{self.seed}:{day}")  # noqa: S311 - chance for stories, not for secrets
        stories = [execution.demonstration_story(random, self.said, day) for _ in range(self.words.matters_a_day)]
        stories.sort(key=lambda story: story.reported_at)
        return [self._thread(f"{self.key(day)}{number}", story) for number, story in enumerate(stories)]

    def key(self, day: date) -> str:
        """What the keys of the day's matters begin with."""
        return f"day:{day}:{self.seed}:"

    def _thread(self, key: str, story: Any) -> Thread:
        random = Random(key)  # noqa: S311
        town = random.choices(self.towns, [one.weight for one in self.towns])[0]
        return Thread(
            key, town.code, random.randrange(town.places), story.type, story.urgency.value, story.channel.value,
            story.description, story.address, tuple(_Road(random, self.words, story, self.later, story.type in self.said.apart).deeds()),
        )  # fmt: skip


class _Road:
    """The deeds about one story, moment by moment."""

    def __init__(self, random: Random, words: DayWords, story: Any, later: Later, apart: bool) -> None:
        self.random, self.words, self.story, self.apart = random, words, story, apart
        self.later = (
            later if story.urgency is not Urgency.URGENT else lambda at, minutes: at + timedelta(minutes=minutes)
        )
        self.at = story.reported_at
        self.takers: Mapping[Any, Who] = IN_TOWN

    def deeds(self) -> Iterator[Deed]:
        yield Deed(self.at, Who.REPORTER, Step.REPORT.value)
        if self.story.channel.value == "resident":
            yield self._turn(QUICK, Who.GRID_WORKER, Step.VERIFY_PASS, beside=True, text=self._say("verified"))
        turns = self._turns_told()
        if turns[0].step is Step.ADMIT:
            road = self._drawn() if not self.apart else "plain"
            instead = {"handed": self._handed, "returned": self._returned, "ruled": self._ruled}.get(road)
            if instead:
                yield from instead()
            for turn in turns[1:] if instead else turns:
                yield from self._story_turn(turn)
                if turn.step is Step.ACKNOWLEDGE and road == "whistled":
                    yield from self._whistled()
        else:
            yield from self._story_turn(turns[0])
        yield from self._visited(turns)

    def _turns_told(self) -> list[Any]:
        """Those of the story, up to the word of a reporter who has no account to say it with."""
        turns, own_words = list(self.story.turns), {Step.AGREE, Step.REOPEN}
        if self.story.channel.value in ANSWERABLE:
            return turns
        return turns[: next((place for place, turn in enumerate(turns) if turn.step in own_words), len(turns))]

    def _drawn(self) -> str:
        chance = self.random.random() * 100
        for road, share in self.words.roads.items():
            chance -= share
            if chance < 0:
                return road
        return "plain"

    def _story_turn(self, turn: Any) -> Iterator[Deed]:
        who = self.takers[turn.step]
        self.at = self.at + timedelta(minutes=turn.delay) if who is Who.REPORTER else self.later(self.at, turn.delay)
        told = {"text": turn.text, "result": turn.result.value if turn.result else ""}
        told |= {"satisfaction": turn.satisfaction.value if turn.satisfaction else ""}
        yield Deed(self.at, who, turn.step.value, {name: value for name, value in told.items() if value})

    def _handed(self) -> Iterator[Deed]:
        yield self._turn(QUICK, Who.TOWN_DUTY, Step.SEND_UP, text=self._say("sent_up"))
        yield self._turn(QUICK, Who.DISTRICT_DUTY, Step.ACKNOWLEDGE)
        yield self._turn(QUICK, Who.DISTRICT_DUTY, Step.ROUTE, to="district_handler", text=self._say("routed"))
        self.takers = IN_DISTRICT

    def _returned(self) -> Iterator[Deed]:
        yield self._turn(QUICK, Who.TOWN_DUTY, Step.ADMIT)
        yield self._turn(SLOW, Who.HANDLER, Step.SEND_BACK, text=self._say("sent_back"))
        yield self._turn(QUICK, Who.TOWN_DUTY, Step.ROUTE, to="other_handler", text=self._say("routed"))
        self.takers = {**IN_TOWN, **dict.fromkeys(TO_HANDLE, Who.OTHER_HANDLER)}

    def _ruled(self) -> Iterator[Deed]:
        yield from self._returned()
        yield self._turn(SLOW, Who.OTHER_HANDLER, Step.SEND_BACK, text=self._say("sent_back"))
        ruled, clause = self._say("ruled"), self._say("clause")
        yield self._turn(SLOW, Who.DISTRICT_DUTY, Step.DESIGNATE, to="district_handler", text=ruled, clause=clause)
        self.takers = IN_DISTRICT

    def _whistled(self) -> Iterator[Deed]:
        yield self._turn(QUICK, Who.TOWN_DUTY, "whistle", beside=True, text=self._say("whistled"))
        yield self._turn((1, 6), Who.DISTRICT_HANDLER, "look", beside=True)
        yield self._turn((2, 10), Who.DISTRICT_HANDLER, "accept", beside=True, text=self._say("responder"))
        yield self._turn(SLOW, Who.DISTRICT_HANDLER, "arrive", beside=True)
        yield self._turn(SLOW, Who.DISTRICT_HANDLER, "help", beside=True, text=self._say("helped"))

    def _visited(self, turns: Sequence[Any]) -> Iterator[Deed]:
        if turns[-1].step is Step.CLOSE and self.random.random() * 100 < self.words.visited:
            solved = self.random.random() * 100 >= self.words.unsolved
            words = self._say("solved" if solved else "unsolved")
            yield self._turn((60, 480), Who.CITY_CHECK, "visit", beside=True, text=words, solved=str(solved))

    def _turn(self, span: tuple[int, int], who: Who, does: str, *, beside: bool = False, **told: str) -> Deed:
        self.at = self.later(self.at, self.random.randint(*span))
        return Deed(self.at, who, str(does), {name: text for name, text in told.items() if text}, beside)

    def _say(self, about: str) -> str:
        return self.random.choice(self.words.words[about])
