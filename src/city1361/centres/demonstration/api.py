"""The door of the demonstration's day."""

from city1361.centres.demonstration.playing import run as run_day
from city1361.centres.demonstration.switch import wanted as day_wanted

__all__ = ["day_wanted", "run_day"]
