"""Reading demo/day.yaml, and how far the day of today is."""

from __future__ import annotations

import yaml
from django.utils.timezone import localdate

from city1361 import configuration
from city1361.centres.demonstration.terms import DayWords
from city1361.centres.execution import api as execution

FILE = "day.yaml"


def day_words() -> DayWords:
    """What the demonstration says of its day."""
    content = yaml.load((configuration.shipped("demo") / FILE).read_text("utf-8"), Loader=yaml.CSafeLoader)
    words = {name: tuple(sentences) for name, sentences in content.pop("words").items()}
    return DayWords(**content, words=words)


def reported_today(seed: int) -> int:
    """How many matters of today's day have been reported."""
    return len(execution.told_so_far(f"day:{localdate()}:{seed}:")[0])
