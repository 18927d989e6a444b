"""The words of the interface: text sizes, tones, and the values that components draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class TextSize(StrEnum):
    """Per cent of the ordinary size. 125 and 188 are the elder sizes: main text of at least 18 pt, up to 30."""

    STANDARD = "100"
    ELDER = "125"
    LARGEST = "188"


class Tone(StrEnum):
    """How something stands out. Most things do not."""

    NORMAL = "normal"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is signed in, as the shells show it: titles and organisations, never a person's name."""

    title: str
    organisation: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """One entry of a shell's navigation. `shell` is desk or phone; `permission` empty means everyone signed in.

    count(request): how much waits there, shown beside the label when it is more than nothing.
    group: entries that share one stand together in a menu of that name, where the first of them would stand.
    """

    label: str
    address: str
    icon: str
    shell: str
    permission: str = ""
    order: int = 100
    count: Callable[[Any], int] | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs. minutes: left of it, negative when overdue. share: used part, 0 to 1.

    day: minutes that make a day in words: those of a working day, or 1440 when all time counts.
    stopped: it runs no more; then minutes are those of the moment it stopped. paused: it stands still, and goes on later.
    estimated: its end lies where holidays are not announced yet, and may move.
    """

    label: str
    minutes: int
    share: float
    day: int = 1440
    due: datetime | None = None
    tone: Tone = Tone.NORMAL
    stopped: bool = False
    paused: bool = False
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line of a time line. mark: '' done, now, back (returned, reopened) or coming."""

    at: datetime | None
    title: str
    who: str = ""
    text: str = ""
    photos: Sequence[UUID] = ()
    mark: str = ""


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A station of the process strip. mark: past, now or coming."""

    name: str
    mark: str = "coming"


@dataclass(frozen=True, slots=True)
class Flow:
    """The way something goes: stations in a row and loops back from one station to an earlier one."""

    nodes: Sequence[FlowNode]
    loops: Sequence[tuple[int, int, str]] = ()
    """(from, to, words), as positions in nodes. Drawn above and below by turns."""


@dataclass(frozen=True, slots=True)
class SketchShape:
    """An SVG path of M, L and Z in the units of its sketch. `own`: the place itself."""

    path: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Sketch:
    """Shapes in one frame of width × height units, and where the pin stands in it."""

    width: float
    height: float
    shapes: Sequence[SketchShape]
    pin: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """A place: close by (main) and, small in a corner, where that lies (inset)."""

    main: Sketch | None
    inset: Sketch | None = None
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Interface:
    """What the shells need of this request."""

    size: TextSize
    live: str
    account: str
    identity: Identity | None
    navigation: Sequence[NavigationItem] = ()
    now: datetime | None = None
    demonstration: bool = False
    texts: dict[str, str] = field(default_factory=dict)
    signin: str = ""
