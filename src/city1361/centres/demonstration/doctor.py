"""What `city1361 doctor` says of the demonstration's day."""

from __future__ import annotations

from city1361.base.kernel.registry import Finding
from city1361.centres.demonstration import playing, reading, switch


def findings() -> list[Finding]:
    """Whether it plays, and how far it is. Nothing outside demonstrations."""
    if not switch.wanted():
        return []
    if switch.stopped():
        return [Finding("ok", "the demonstration's day is stopped", "demo", "city1361 demo start-day lets it go on")]
    done, all_of_them = reading.reported_today(playing.SEED), reading.day_words().matters_a_day
    return [Finding("ok", f"the demonstration's day plays: {done} of {all_of_them} matters of today reported", "demo")]
