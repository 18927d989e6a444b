"""What `city1361 doctor` looks at in the archive."""

from __future__ import annotations

from city1361.base.archive import queries, store, texts  # noqa: F401 - declares its English
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Problem
from city1361.base.kernel.registry import Finding
from city1361.base.kernel.terminal import tell

WHERE = "city1361 archive"


def findings() -> list[Finding]:
    """Months that are old enough, and manifests that are not what was recorded."""
    found = []
    due, parts = queries.due(by=By.system("体检")), queries.parts()
    for part in parts:
        try:
            store.manifest(part)
        except Problem as problem:
            level = "fail" if part.stands == "cleared" else "warn"
            found.append(Finding(level, tell(problem.message, **problem.params), WHERE, tell(problem.remedy)))
    if parts and not found:
        found.append(Finding("ok", tell("归档 {count} 次，清单齐全", count=len(parts)), WHERE))
    if due:
        said = tell("{count} 个月份可以归档：{months}", count=len(due), months=", ".join(one.text for one in due[:6]))
        found.append(Finding("ok", said, WHERE))
    return found
