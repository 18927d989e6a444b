"""What leaves the data base of a process that is over: the instance, its path, and work that is done or fell away."""

from __future__ import annotations

from collections.abc import Iterable

from city1361.base.kernel.archivable import Archivable
from city1361.platform.components.processes.work_terms import SubjectKind

_ENDED = "(i.status <> 'running' AND i.ended_at < {before})"
_OVER = "NOT EXISTS (SELECT 1 FROM platform_processes_processinstance i WHERE i.id = t.instance_id AND NOT (%s))"


def archivable(subjects: Iterable[SubjectKind]) -> tuple[Archivable, ...]:
    """The three tables. An instance is over when it has ended, or when its subject is over though it still waits."""
    waits = [f"(i.subject_kind = '{one.code}' AND {one.over})" for one in subjects if one.over]
    over = f"coalesce({' OR '.join([_ENDED, *waits])}, false)"
    nothing_alive = _OVER % over
    return (
        Archivable("platform_processes_processinstance", f"EXISTS (SELECT 1 FROM (SELECT t.*) AS i WHERE {over})"),  # noqa: S608 - conditions of modules
        Archivable("platform_processes_processpassage", f"t.at < {{before}} AND {nothing_alive}"),
        Archivable(
            "platform_processes_workitem",
            "coalesce(t.done_at, t.opened_at) < {before} AND (t.instance_id IS NOT NULL OR t.state NOT IN ('open', 'claimed'))"
            f" AND {nothing_alive}",
        ),
    )
