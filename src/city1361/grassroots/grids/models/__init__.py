"""Tables of the grids. Row security stands on all that tell something of a grid: see sql/row_security.sql."""

from city1361.grassroots.grids.models.declared import GridProfile, GridRules, MicroGrid, TeamMember
from city1361.grassroots.grids.models.register import Household, KeyPlace, Person
from city1361.grassroots.grids.models.work import GridTask, GridVisit, TaskEntry

__all__ = [
    "GridProfile",
    "GridRules",
    "GridTask",
    "GridVisit",
    "Household",
    "KeyPlace",
    "MicroGrid",
    "Person",
    "TaskEntry",
    "TeamMember",
]
