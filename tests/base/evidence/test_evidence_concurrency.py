"""Many writers at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from city1361.base.evidence.stress import stress


@pytest.mark.usefixtures("committed")
def test_entries_of_32_concurrent_writers_all_get_a_place_and_verify(installation: Path) -> None:
    report = stress(writers=32, each=12)
    assert report.problems == []
    assert report.rows >= 32 * 12
    assert report.heads >= 1
