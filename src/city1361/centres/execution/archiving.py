"""What leaves the data base of a matter that is over: its steps and hand-overs. The matter itself stays, so that every
figure goes on opening its rows; whoever looks at it is told which months of its history are in the archive."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from city1361.base.archive import api as archive
from city1361.base.kernel import clock
from city1361.base.kernel.archivable import Archivable
from city1361.base.kernel.errors import Conflict
from city1361.centres.execution.models import Matter
from city1361.centres.execution.terms import OPEN_STATES, MatterState

_OPEN = ", ".join(f"'{state.value}'" for state in OPEN_STATES)
_MATTER_OVER = f"""EXISTS (
    SELECT 1 FROM centres_execution_matter m WHERE m.id = %s AND m.state NOT IN ({_OPEN})
       AND m.shelved_review_on IS NULL
       AND NOT EXISTS (SELECT 1 FROM centres_execution_matterstep s WHERE s.matter_id = m.id AND s.at >= {{before}}))"""  # noqa: S608 - states of ours
OVER = _MATTER_OVER % "i.subject_id"
"""Nothing of a matter goes that is open, shelved, or was touched since. Its process may wait for the reporter's word for ever."""
_GOES = "t.at < {before} AND " + _MATTER_OVER % "t.matter_id"
ARCHIVABLE = (Archivable("centres_execution_matterstep", _GOES), Archivable("centres_execution_handover", _GOES))


def archived_months(matter: Matter, steps: int) -> tuple[str, ...]:
    """The months, as `YYYY-MM`, in which steps are missing because they are archived; steps: how many are there."""
    if steps == matter.version or MatterState(matter.state).is_open:
        return ()
    return tuple(archive.cleared_between(matter.reported_at, matter.closed_at or clock.now()))


def archived_words(months: Sequence[str]) -> str:
    """What a reader is told beside the steps that are left."""
    if not months:
        return ""
    return _("{months}的办理经过已归档，不在库中。需要时请数据局恢复。").format(months="、".join(months))


def refuse_archived(matter: Matter, steps: int) -> None:
    """Nothing is done to a matter whose history is not at hand. Raises Conflict."""
    months = archived_months(matter, steps)
    if months:
        raise Conflict(
            "matter_archived",
            "此事件的办理经过已归档（{months}），恢复以后才能办理",
            remedy="请数据局恢复该月归档",
            params={"months": "、".join(months)},
        )
