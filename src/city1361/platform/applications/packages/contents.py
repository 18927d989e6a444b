"""The parts of a package that this module owns: texts, pages, checklist, demonstration rows, scenarios."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from city1361.base.kernel.errors import Invalid
from city1361.base.kernel.package import Package, UseKind
from city1361.platform.applications.packages import parts
from city1361.platform.applications.packages.declarations import KEY, Text, quality_model
from city1361.platform.assurance.standards.instance.api import Declaration, Folder

PAGES, MESSAGES, QUALITY = "pages.yaml", "messages.yaml", "quality.yaml"
DEMO, TESTS = "demo/*.csv", "tests/*.yaml"
PLACE = re.compile(r"\{([a-z_]+)\}")
MOST_ROWS = 500
MOST_STEPS = 60
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


# What a page of each kind must have, and what it may have.
KINDS: dict[str, tuple[set[str], set[str]]] = {
    "list": ({"columns"}, {"filters", "opens", "empty"}),
    "detail": ({"columns"}, {"blocks"}),
    "board": ({"groups", "opens"}, {"empty"}),
}
OF_KINDS = ("columns", "filters", "groups", "blocks", "opens", "empty")


class PageEntry(Declaration):
    """A page of what a `source` has. list: columns, filters, and the detail page that it `opens`. detail: columns and
    blocks of one row. board: counts by groups, each of which `opens` a list narrowed to its rows."""

    key: str = Field(pattern=KEY)
    title: Text
    kind: Literal["list", "detail", "board"]
    source: str
    columns: list[str] = Field(default_factory=list, max_length=12)
    filters: list[str] = Field(default_factory=list, max_length=8)
    groups: list[str] = Field(default_factory=list, max_length=4)
    blocks: list[str] = Field(default_factory=list, max_length=8)
    opens: str = Field(default="", max_length=40)
    empty: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _of_its_kind(self) -> PageEntry:
        needed, possible = KINDS[self.kind]
        given = {name for name in OF_KINDS if getattr(self, name)}
        if missing := sorted(needed - given):
            raise ValueError(f"a {self.kind} needs `{missing[0]}`")
        if strange := sorted(given - needed - possible):
            raise ValueError(f"a {self.kind} has no `{strange[0]}`")
        return self


class PagesDeclaration(Declaration):
    """`pages.yaml`."""

    pages: list[PageEntry] = Field(min_length=1, max_length=20)


class MessagesDeclaration(Declaration):
    """`messages.yaml`: texts by their key."""

    messages: dict[str, Text] = Field(max_length=500)


class StepEntry(Declaration):
    """One step of a scenario: who does what. after: how long after the step before. refused: the problem it must meet."""

    who: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    does: str = Field(pattern=KEY)
    after: timedelta = timedelta()
    given: dict[str, Any] = Field(default_factory=dict, max_length=20)
    refused: str = Field(default="", pattern=r"^[a-z0-9_]{0,60}$")
    then: dict[str, Any] = Field(default_factory=dict, max_length=30)

    @field_validator("after")
    @classmethod
    def _forward(cls, after: timedelta) -> timedelta:
        if not timedelta() <= after <= timedelta(days=400):
            raise ValueError("time goes forward, by 400 days at most")
        return after


class ScenarioEntry(Declaration):
    """What must come of what. at: a day of the week and a time, as `monday 10:00`, in the next ordinary week."""

    name: str = Field(min_length=1, max_length=120)
    at: str = Field(pattern=rf"^({'|'.join(WEEKDAYS)}) ([01][0-9]|2[0-3]):[0-5][0-9]$")
    when: list[StepEntry] = Field(min_length=1, max_length=MOST_STEPS)


class ScenariosDeclaration(Declaration):
    """A file of `tests/`."""

    scenarios: list[ScenarioEntry] = Field(min_length=1, max_length=100)


def check_messages(package: Package) -> list[Any]:
    """Both languages have the same places to fill."""
    folder, declared = _read(package, MESSAGES, MessagesDeclaration)
    for key, text in declared.messages.items() if declared else ():
        if not re.fullmatch(KEY, key):
            line = folder.line_of(MESSAGES, "messages", key)
            folder.fault(
                "text_key", "“{key}”不能作为文本编号", MESSAGES, line, remedy="只用小写字母、数字和下划线", key=key[:60]
            )
        if set(PLACE.findall(text.zh)) != set(PLACE.findall(text.en)):
            line = folder.line_of(MESSAGES, "messages", key)
            folder.fault(
                "text_places",
                "两种语言的占位不一致：{key}",
                MESSAGES,
                line,
                remedy="中英文使用同样的占位",
                key=key[:60],
            )
    return folder.problems


def check_pages(package: Package) -> list[Any]:
    """Sources, columns and filters exist; what a source asks is noted as used."""
    folder, declared = _read(package, PAGES, PagesDeclaration)
    texts = _messages(package)
    keys = [page.key for page in declared.pages] if declared else []
    for i, page in enumerate(declared.pages if declared else ()):
        line = folder.line_of(PAGES, "pages", i)
        if keys.index(page.key) != i:
            folder.fault("page_twice", "页面“{key}”重复", PAGES, line, remedy="请另取编号", key=page.key)
        if page.empty and page.empty not in texts:
            folder.fault(
                "text_unknown", "没有文本“{key}”", PAGES, line, remedy="请在messages.yaml中补上", key=page.empty
            )
        source = _check_source(folder, package, page, i)
        if source is not None:
            _check_opened(folder, declared.pages, page, i, source)
    _check_entries(folder, {page.key: page for page in declared.pages} if declared else {})
    return folder.problems


def _check_source(folder: Folder, package: Package, page: PageEntry, i: int) -> parts.PageSource | None:
    source = parts.page_source(page.source)
    if source is None:
        folder.fault(
            "source_unknown", "没有数据来源“{name}”", PAGES, folder.line_of(PAGES, "pages", i, "source"),
            remedy="可用的有：{known}", name=page.source, known=" ".join(parts.page_sources()),
        )  # fmt: skip
        return None
    package.use(UseKind.PERMISSION, source.permission, f"{PAGES}:{folder.line_of(PAGES, 'pages', i, 'source')}")
    for kind in ("columns", "filters", "groups", "blocks"):
        known = getattr(source, kind)
        for j, name in enumerate(getattr(page, kind)):
            if name not in known:
                folder.fault(
                    "column_unknown", "“{source}”没有“{name}”", PAGES, folder.line_of(PAGES, "pages", i, kind, j),
                    remedy="可用的有：{known}", source=page.source, name=name, known=" ".join(known),
                )  # fmt: skip
    return source


def _check_opened(folder: Folder, pages: list[PageEntry], page: PageEntry, i: int, source: parts.PageSource) -> None:
    """A list opens a detail page, a board a list that can be narrowed to what it counts, both of the same source."""
    if not page.opens:
        return
    line, kind = folder.line_of(PAGES, "pages", i, "opens"), "list" if page.kind == "board" else "detail"
    opened = next((one for one in pages if (one.key, one.kind, one.source) == (page.opens, kind, page.source)), None)
    if opened is None:
        folder.fault(
            "page_opened", "没有同一来源的{kind}页面“{key}”可打开", PAGES, line,
            remedy="请登记该页面，或改正opens", kind=kind, key=page.opens,
        )  # fmt: skip
        return
    for name in [*page.groups, *source.narrowing] if page.kind == "board" else []:
        if name not in opened.filters:
            folder.fault(
                "board_filter", "列表“{key}”缺少筛选“{name}”，看板上的数打不开对应的行", PAGES, line,
                remedy="请在该列表的filters中补上", key=opened.key, name=name,
            )  # fmt: skip


def _check_entries(folder: Folder, pages: dict[str, PageEntry]) -> None:
    manifest = folder.yaml("manifest.yaml") or {}
    for i, entry in enumerate(manifest.get("entries") or ()):
        if entry["page"] in pages and pages[entry["page"]].kind == "detail":
            folder.fault(
                "page_of_one", "明细页“{key}”要从列表打开，不能作为入口", "manifest.yaml", folder.line_of("manifest.yaml", "entries", i, "page"),
                remedy="请改为列表或看板", key=entry["page"],
            )  # fmt: skip
        if entry["page"] not in pages:
            folder.fault(
                "page_unknown", "没有页面“{key}”", "manifest.yaml", folder.line_of("manifest.yaml", "entries", i, "page"),
                remedy="请在pages.yaml中登记", key=entry["page"],
            )  # fmt: skip


def check_quality(package: Package) -> list[Any]:
    """Every package says how far its seven stages are."""
    folder = Folder(package.path)
    folder.declaration(quality_model(), QUALITY)
    return folder.problems


def check_demo(package: Package) -> list[Any]:
    """Each table is known and has its columns."""
    folder = Folder(package.path)
    for file in package.files(DEMO):
        table = parts.demo_table(PurePosixPath(file).stem)
        if table is None:
            folder.fault(
                "table_unknown", "没有演示数据表“{name}”", file, remedy="可用的有：{known}",
                name=PurePosixPath(file).stem, known=" ".join(parts.demo_tables()),
            )  # fmt: skip
        elif len(list(folder.rows(file, table.columns))) > MOST_ROWS:
            folder.fault("too_many_rows", "演示数据超过{most}行", file, remedy="请减少行数", most=MOST_ROWS)
    return folder.problems


def check_tests(package: Package) -> list[Any]:
    """Each step of each scenario is one that can be taken, told only what it may be told."""
    problems: list[Invalid] = []
    for file in package.files(TESTS):
        folder, declared = _read(package, file, ScenariosDeclaration)
        for i, scenario in enumerate(declared.scenarios if declared else ()):
            for j, entry in enumerate(scenario.when):
                _check_step(folder, file, (i, j), entry)
        problems += folder.problems
    return problems


def _check_step(folder: Folder, file: str, at: tuple[int, int], entry: StepEntry) -> None:
    line = folder.line_of(file, "scenarios", at[0], "when", at[1])
    step = parts.scenario_step(entry.does)
    if step is None:
        known = " ".join(parts.scenario_steps())
        folder.fault(
            "step_unknown", "没有步骤“{name}”", file, line, remedy="可用的有：{known}", name=entry.does, known=known
        )
        return
    for name in sorted(set(entry.given) - step.arguments):
        known = " ".join(sorted(step.arguments))
        folder.fault(
            "argument_unknown", "步骤“{step}”不接受“{name}”", file, line, remedy="可用的有：{known}",
            step=entry.does, name=name[:60], known=known,
        )  # fmt: skip


def compiled(package: Package) -> dict[str, Any]:
    """The content as it is kept with the version. The package has been checked."""
    folder = Folder(package.path)
    pages = folder.declaration(PagesDeclaration, PAGES) if package.files(PAGES) else None
    quality = folder.declaration(quality_model(), QUALITY)
    scenarios = [
        entry.model_dump(mode="json")
        for file in package.files(TESTS)
        for entry in folder.declaration(ScenariosDeclaration, file).scenarios  # type: ignore[union-attr]
    ]
    return {
        "pages": pages.model_dump(mode="json")["pages"] if pages else [],
        "messages": {key: text.model_dump() for key, text in _messages(package).items()},
        "quality": quality.model_dump(mode="json") if quality else {},
        "demo": {PurePosixPath(file).stem: _rows(folder, file) for file in package.files(DEMO)},
        "scenarios": scenarios,
    }


def _rows(folder: Folder, file: str) -> list[dict[str, str]]:
    table = parts.demo_table(PurePosixPath(file).stem)
    return [row.cells for row in folder.rows(file, table.columns)] if table else []


def _messages(package: Package) -> dict[str, Text]:
    _, declared = _read(package, MESSAGES, MessagesDeclaration)
    return declared.messages if declared else {}


def _read(package: Package, file: str, model: type[Any]) -> tuple[Folder, Any]:
    """The folder and the file as `model`; None when there is no such file, or with faults in the folder."""
    folder = Folder(package.path)
    return folder, folder.declaration(model, file) if package.files(file) else None
