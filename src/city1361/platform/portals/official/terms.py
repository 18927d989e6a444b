"""What a home page is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from city1361.base.kernel.scope import Level


class Shell(StrEnum):
    """Where somebody works: at a desk, or with a phone."""

    DESK = "desk"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A way into something. `permissions`: one of them is needed. `landing`: home leads straight there.

    count: how many wait behind it, for the one who asks.
    levels: only for those whose area stands on one of them; empty means wherever one stands.
    """

    label: str
    address: str
    icon: str
    shell: Shell
    permissions: frozenset[str] = frozenset()
    text: str = ""
    landing: bool = False
    levels: frozenset[Level] = frozenset()
    order: int = 100
    count: Callable[[Any], int] | None = None


@dataclass(frozen=True, slots=True)
class HomeRow:
    """A line of a section: what, where it stands, and its page. mark: a tag's tone."""

    title: str
    text: str
    state: str
    address: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class HomeSection:
    """Some lines with a heading; `all` is the page with all of them, `nothing` what to say when there are none."""

    title: str
    rows: Sequence[HomeRow]
    all: str = ""
    nothing: str = ""
