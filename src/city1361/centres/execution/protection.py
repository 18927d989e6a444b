"""举报保护: who may know who reported. Pure."""

from __future__ import annotations


def may_see_reporter(*, is_reporter: bool, in_centre: bool, may_admit: bool) -> bool:
    """The reporter himself, and those at the admitting centre who admit; never because one handles the matter."""
    return is_reporter or (in_centre and may_admit)
