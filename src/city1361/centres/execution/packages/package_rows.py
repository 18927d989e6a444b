"""Matters that application packages bring for the demonstration: reported by the cast, marked synthetic, once each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import registry
from city1361.base.kernel.by import By, Subject
from city1361.centres.execution.inputs import LONGEST_KEY
from city1361.centres.execution.models import Matter
from city1361.centres.execution.reporting import matter_report
from city1361.centres.execution.terms import Permission
from city1361.platform.applications.packages import api as packages
from city1361.platform.assurance.standards.areas import api as areas

REPORTER = "grid_worker"  # of the demonstration's cast


def register() -> None:
    """Called once, when all applications stand."""
    columns = ("type", "urgency", "address", "text")
    packages.register_demo_table(packages.DemoTable("matters", columns, load))


def load(package: str, rows: Sequence[Mapping[str, str]]) -> None:
    """Report what is not there yet, spread over the grids of the reporter's town."""
    package_rows_load(by=By.system("演示数据", channel="job"), package=package, rows=rows)


@action(Permission.LOAD_DEMONSTRATION)
def package_rows_load(*, by: By, package: str, rows: Sequence[Mapping[str, str]]) -> Outcome[int]:
    """The rows of one package, each once: a second load finds them by their keys. Raises Missing without the cast."""
    reporter = packages.acting(REPORTER)
    grids = _grids(reporter, len(rows), package)
    made = [
        matter_report(
            by=reporter, client_key=_key(package, row), matter_type=row["type"], description=row["text"],
            urgency=row["urgency"], address=row["address"], area_id=grids[place % len(grids)],
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    fresh = Matter.objects.filter(pk__in=[one.id for one in made], synthetic=False).update(synthetic=True)
    return Outcome(
        fresh,
        subject=Subject("package", package, package),
        facts={"rows": len(rows), "fresh": fresh},
        unchanged=not fresh,
    )


def _key(package: str, row: Mapping[str, str]) -> str:
    """A row that says something else is another report."""
    return hashlib.sha256(repr((package, sorted(row.items()))).encode()).hexdigest()[:LONGEST_KEY]


def _grids(reporter: By, count: int, salt: str) -> list[UUID]:
    """Some grids of the town, beginning anywhere; the reporter's own area when it has none."""
    own = min(registry.scope_of(reporter).areas).id
    town = areas.lineage(own).town
    found = areas.sample_grids(town.id, max(count, 1), salt) if town else []
    return [one.grid for one in found] or [own]
