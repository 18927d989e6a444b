"""References in `areas.yaml`: every code named must exist, and stand on the right level."""

from __future__ import annotations

from city1361.base.kernel.scope import Level
from city1361.platform.assurance.standards.areas.declarations import FILE, AreasDeclaration, Change, Division
from city1361.platform.assurance.standards.instance.api import Folder


class References:
    """Codes that may be referred to; `need` notes a fault for one that may not."""

    def __init__(self, folder: Folder, levels: dict[str, Level]) -> None:
        self.folder = folder
        self.levels = levels

    def need(self, code: str, level: Level | None, *place: int | str) -> None:
        line = self.folder.line_of(FILE, *place)
        if code not in self.levels:
            self.folder.fault("area_unknown", "未知的区域代码“{code}”", FILE, line, remedy="请核对代码", code=code)
        elif level is not None and self.levels[code] != level:
            self.folder.fault(
                "area_wrong_level", "区域“{code}”的层级应为{level}", FILE, line,
                remedy="请核对代码", code=code, level=level.value,
            )  # fmt: skip


def check_references(folder: Folder, declaration: AreasDeclaration, divisions: list[Division]) -> None:
    """Note a fault for every code that is unknown, taken twice or on the wrong level, and for impossible dates."""
    levels = {division.code: division.level for division in divisions}
    for i, created in enumerate(declaration.created):
        if created.code in levels:
            folder.fault(
                "area_code_twice", "代码“{code}”已经存在", FILE, folder.line_of(FILE, "created", i),
                remedy="请另取代码", code=created.code,
            )  # fmt: skip
        levels[created.code] = Level(created.level)
    known = References(folder, levels)
    for i, created in enumerate(declaration.created):
        above = Level.CITY if created.level == "district" else Level.DISTRICT
        known.need(created.parent, above, "created", i, "parent")
    for i, governed in enumerate(declaration.governed):
        known.need(governed.by, Level.DISTRICT, "governed", i, "by")
        for j, code in enumerate(governed.areas):
            known.need(code, Level.TOWN, "governed", i, "areas", j)
    for i, change in enumerate(declaration.changes):
        if change.effective <= declaration.divisions.valid_from:
            folder.fault(
                "change_too_early", "变更日期不得早于区划表的起始日期", FILE,
                folder.line_of(FILE, "changes", i, "effective"), remedy="请核对日期",
            )  # fmt: skip
        _check_change(known, i, change)
    if declaration.boundaries:
        for i, made in enumerate(declaration.boundaries.unions):
            known.need(made.code, Level.DISTRICT, "boundaries", "unions", i, "code")


def _check_change(known: References, i: int, change: Change) -> None:
    for j, transfer in enumerate(change.transferred):
        known.need(transfer.to, Level.DISTRICT, "changes", i, "transferred", j, "to")
        for k, code in enumerate(transfer.areas):
            known.need(code, Level.TOWN, "changes", i, "transferred", j, "areas", k)
    for j, abolition in enumerate(change.abolished):
        known.need(abolition.code, Level.DISTRICT, "changes", i, "abolished", j, "code")
        known.need(abolition.into, Level.DISTRICT, "changes", i, "abolished", j, "into")
