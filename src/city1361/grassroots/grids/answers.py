"""What the grids answer: frozen values, as the one who asks may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from city1361.grassroots.grids.terms import GridKind, GridTaskKind, GridTaskState, PlaceKind, TeamRole


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item of the grid item list. `tag` is the code of the people it is about; `example`: not a real list."""

    code: str
    name: str
    kind: GridTaskKind
    per_household: bool
    tag: str
    guidance: str
    basis: str
    example: bool


@dataclass(frozen=True, slots=True)
class MemberView:
    """Somebody of the team: a title, and the micro-grid when there is one. appointed: holds an appointment."""

    role: TeamRole
    title: str
    micro_grid: str
    appointed: bool


@dataclass(frozen=True, slots=True)
class GridView:
    """A grid: its kind, team, micro-grids, and how many of everything it holds. `path`: town·village·grid."""

    id: UUID
    name: str
    path: str
    kind: GridKind
    purpose: str
    team: tuple[MemberView, ...]
    micro_grids: tuple[str, ...]
    households: int
    people: int
    places: int
    facilities: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A key place or facility."""

    kind: PlaceKind
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """A household in a list: its address, how many live there, and what their tags are; no name, no number."""

    id: UUID
    number: int
    micro_grid: str
    address: str
    people: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person of an opened household."""

    name: str
    phone: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitView:
    """A visit that was made: when, by whom, what for, and what was said."""

    at: datetime
    who: str
    tasks: tuple[tuple[str, str], ...]
    said: str
    photos: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class HouseholdView:
    """An opened household."""

    id: UUID
    grid_id: UUID
    number: int
    micro_grid: str
    address: str
    contact: str
    people: tuple[PersonView, ...]
    visits: tuple[VisitView, ...]
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked at a stop: which entry of which task, until when."""

    entry: UUID
    task: UUID
    title: str
    kind: GridTaskKind
    guidance: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """One place to go to, with everything that is asked there: one visit serves it all."""

    household: UUID | None
    grid: UUID
    number: int
    address: str
    micro_grid: str
    asked: tuple[Asked, ...]

    @property
    def due_at(self) -> datetime:
        return min(one.due_at for one in self.asked)


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task of a town. `done` of `total` entries; figures stand for places, never for persons."""

    id: UUID
    version: int
    item: str
    kind: GridTaskKind
    title: str
    guidance: str
    reason: str
    per_household: bool
    tag: str
    state: GridTaskState
    due_at: datetime
    asked_who: str
    asked_at: datetime
    asked_by: UUID | None
    decided_who: str
    refusal: str
    done: int
    total: int
    noticed: int
    synthetic: bool


@dataclass(frozen=True, slots=True)
class VisitMade:
    """The answer to a recorded visit."""

    id: UUID
    answered: int
    noticed: int


type_of_findings = Mapping[UUID, str]
