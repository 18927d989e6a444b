"""The journal of the clients held against the data base: what was lost, what is there twice, what nobody was told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg

from tests.faults.clients import Journal

STEPS = (
    "SELECT client_key, matter_id::text FROM centres_execution_matterstep WHERE client_key <> '' AND step <> 'report'"
)
REPORTS = "SELECT right(description, 32), id::text FROM centres_execution_matter WHERE description LIKE %s"


@dataclass
class Verdict:
    """acknowledged: writes. lost: acknowledged and not there. doubled: there more than once. untold: there, and nobody
    was told (a client sends until it is told, so none may be)."""

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.untold)

    def __str__(self) -> str:
        counts = f"lost {len(self.lost)}, doubled {len(self.doubled)}, untold {len(self.untold)}"
        return f"acknowledged {self.acknowledged:,}: {counts}"


def judge(journal: Journal, data: psycopg.Connection[Any]) -> Verdict:
    """Compare every line. data: as a superuser, whom row security does not bind."""
    lines = journal.lines()
    steps = Counter(f"{key} {matter}" for key, matter in data.execute(STEPS).fetchall())
    reports: dict[str, list[str]] = {}
    for tag, matter in data.execute(REPORTS, [f"人行道砖松动 {journal.mark}%"]).fetchall():
        reports.setdefault(tag, []).append(matter)
    told = {line["tag"]: line["matter"] for line in lines if line["step"] == "report"}
    told_steps = {f"{line['key']} {line['matter']}" for line in lines if line["step"] != "report"}
    found = Verdict(len(lines))
    found.lost = [tag for tag, matter in told.items() if matter not in reports.get(tag, [])]
    found.lost += [one for one in told_steps if one not in steps]
    found.doubled = [tag for tag, matters in reports.items() if len(matters) > 1]
    found.doubled += [one for one, number in steps.items() if number > 1]
    found.untold = [tag for tag in reports if tag not in told]
    of_told = set(told.values())
    found.untold += [one for one in steps if one not in told_steps and one.split()[1] in of_told]
    return found
