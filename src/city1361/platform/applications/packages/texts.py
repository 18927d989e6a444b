"""The English of what packages tell people at the terminal. Chinese is the original; a test keeps the two complete."""

from __future__ import annotations

from city1361.base.kernel.terminal import add_english

ENGLISH: dict[str, str] = {}

add_english(ENGLISH)
