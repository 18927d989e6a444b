"""What commands say to the operator, in the language of the terminal. Chinese is the original, English stands beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from city1361.base.kernel.errors import Problem, fill

_english: dict[str, str] = {}


def add_english(texts: Mapping[str, str]) -> None:
    """Declare the English of a module's sentences (zh-Hans, with `{name}` places)."""
    _english.update(texts)


def chinese() -> bool:
    """Whether the terminal's language is Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return os.environ[name].lower().startswith("zh")
    return False


def tell(text: str, **places: object) -> str:
    """`text` in the language of the terminal, its places filled. A sentence without English stays Chinese."""
    said = text if chinese() else _english.get(text, text)
    return fill(said, places) if places else said


def tell_problem(problem: Problem) -> list[str]:
    """The lines that say a problem: what is wrong, and what to do."""
    where = f" ({problem.where})" if problem.where else ""
    lines = [f"✗ {problem.code}: {tell(problem.message, **problem.params)}{where}"]
    return lines + ([f"  → {tell(problem.remedy, **problem.params)}"] if problem.remedy else [])
