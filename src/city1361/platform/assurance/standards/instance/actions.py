"""Load the instance folder: all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from city1361.base.action.api import Outcome, action
from city1361.base.kernel import clock
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.registry import instance_sections
from city1361.platform.assurance.standards.instance import declared
from city1361.platform.assurance.standards.instance.models import LoadedSection
from city1361.platform.assurance.standards.instance.progress import report
from city1361.platform.assurance.standards.instance.terms import Permission

ONE_LOAD_AT_A_TIME = 1361_0001  # key of the advisory lock


@dataclass(frozen=True, slots=True)
class SectionReport:
    """What became of one section: `summary` in zh-Hans; `changed` is False when its digest was loaded already."""

    name: str
    summary: str
    changed: bool


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load did, in the order it did it."""

    city: str
    sections: tuple[SectionReport, ...]

    @property
    def changed(self) -> bool:
        return any(section.changed for section in self.sections)


@action(Permission.LOAD_INSTANCE)
def instance_load(*, by: By, path: Path) -> Outcome[LoadReport]:
    """Check the folder at `path` as a whole, then load what changed since the last load, in this one transaction.

    Raises BrokenInstance with every fault found; then nothing is loaded.
    """
    report("校验", 0, 1)
    problems = declared.check(path)
    if problems:
        raise declared.BrokenInstance(problems)
    report("校验", 1, 1)
    declaration = declared.declaration(path)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [ONE_LOAD_AT_A_TIME])
    wanted = declared.digests(path, declaration)
    loaded = {section.name: section for section in LoadedSection.objects.all()}
    reports = []
    for section in instance_sections():
        before = loaded.get(section.name)
        if before is not None and before.digest == wanted[section.name]:
            reports.append(SectionReport(section.name, before.summary, changed=False))
            continue
        summary = section.load(path)
        LoadedSection.objects.update_or_create(
            name=section.name,
            defaults={"digest": wanted[section.name], "summary": summary, "loaded_at": clock.now()},
        )
        reports.append(SectionReport(section.name, summary, changed=True))
    done = LoadReport(declaration.name, tuple(reports))
    return Outcome(
        done,
        subject=Subject("instance", declaration.code, declaration.name),
        facts={section.name: wanted[section.name] for section in done.sections if section.changed},
        unchanged=not done.changed,
    )
