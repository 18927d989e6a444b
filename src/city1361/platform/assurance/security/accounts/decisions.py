"""Pure rules of accounts: back-off, sessions, separation of roles, readable passwords."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

FREE_FAILURES = 5
"""So many failures cost nothing; the next attempt waits."""
FREE_FAILURES_OF_ADDRESS = 50
"""Offices share an address: it is given more room than one account."""
ADDRESS_FORGETS_ONE_IN = timedelta(minutes=2)
"""Some people of an office mistype every hour: that must not add up to a whole office locked out."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)
"""Failures older than this no longer count."""

# Letters and digits that cannot be mistaken for one another when read aloud or from paper: no 0 o, 1 l i.
PASSWORD_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # noqa: S105
PASSWORD_GROUPS, GROUP_LENGTH = 4, 4


def wait_after(failures: int, free: int = FREE_FAILURES) -> timedelta:
    """How long the next attempt is refused after so many failures in a row: 0, then 1, 2, 4 … 15 minutes."""
    if failures < free:
        return timedelta(0)
    doublings: int = 2 ** min(failures - free, 10)
    return min(FIRST_WAIT * doublings, LONGEST_WAIT)


def still_counted(failures: int, last: datetime, now: datetime, one_in: timedelta | None) -> tuple[int, datetime]:
    """The failures that still count at `now`, and since when: all, until none does after a time without any; with
    `one_in`, one fewer for each such span."""
    if now - last >= FORGOTTEN_AFTER:
        return 0, now
    if one_in is None:
        return failures, now
    spans = (now - last) // one_in
    return (failures - spans, last + spans * one_in) if failures > spans else (0, now)


def session_over(began: datetime, seen: datetime, now: datetime, *, idle: timedelta, longest: timedelta) -> bool:
    """True when a session has been idle too long, or has lasted too long whatever happened."""
    return now - seen >= idle or now - began >= longest


def conflict(roles: Iterable[str], incompatible: Mapping[str, Iterable[str]]) -> tuple[str, str] | None:
    """Two roles of these that one person may not hold together, or None. Incompatibility counts from either side."""
    held = sorted(set(roles))
    for place, first in enumerate(held):
        for second in held[place + 1 :]:
            if second in incompatible.get(first, ()) or first in incompatible.get(second, ()):
                return first, second
    return None


def readable_password(numbers: Iterable[int]) -> str:
    """A password of four groups of four, from 16 random numbers below len(PASSWORD_ALPHABET): 79 bits."""
    letters = [PASSWORD_ALPHABET[number] for number in numbers]
    if len(letters) != PASSWORD_GROUPS * GROUP_LENGTH:
        raise ValueError(f"{PASSWORD_GROUPS * GROUP_LENGTH} numbers are needed")
    starts = range(0, len(letters), GROUP_LENGTH)
    return "-".join("".join(letters[start : start + GROUP_LENGTH]) for start in starts)
