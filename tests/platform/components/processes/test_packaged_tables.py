"""Decision tables of packages: checked with the row that is wrong, part of the version of the process that asks them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from city1361.base.kernel import clock
from city1361.base.kernel.package import Package
from city1361.platform.components.processes import api, packaged
from city1361.platform.components.processes.decisions import compile_process, load_table
from city1361.platform.components.processes.definition import Compiled
from city1361.platform.components.processes.moving.receiving import plan
from city1361.platform.components.processes.terms import ProcessRefused, Started, StepRefused
from tests.platform.components.processes.drawn import draw, flows
from tests.platform.components.processes.store import SYSTEM, now_of, start
from tests.platform.components.processes.test_decision_tables import dmn

ASKED = {"urgency": "string", "size": "int"}
SCHEMA = {**ASKED, "check": "string"}
COLUMNS = [("urgency", "string"), ("size", "int")]
ROWS = [(['"urgent"', "-"], ['"site"']), (['it != "urgent"', "it >= 10"], ['"site"']), (['it != "urgent"', "it < 10"], ['"photo"'])]  # fmt: skip
TELL = '<city:input target="urgency" source="urgency"/><city:input target="size" source="size"/>'
TAKE = '<city:output target="check" source="how"/>'
WAYS = 's -> ask; ask -> g; g -> site: check == "site"; g -> photo; site -> e; photo -> e'


def body(inside: str = TELL + TAKE, name: str = "decision:how") -> str:
    return (
        f'<startEvent id="s"/><serviceTask id="ask"><extensionElements><city:service name="{name}"/>{inside}'
        '</extensionElements></serviceTask><exclusiveGateway id="g" default="g_photo"/>'
        '<userTask id="site"/><userTask id="photo"/><endEvent id="e"/>'
    )


def table(rows: Any = ROWS, policy: str = "UNIQUE") -> bytes:
    return dmn(COLUMNS, [("how", "string")], rows, policy).replace(b'decision id="limits"', b'decision id="how"')


def compiled(rows: Any = ROWS, inside: str = TELL + TAKE) -> Compiled:
    tables = {"how": load_table(table(rows), ASKED)}
    return compile_process(draw(body(inside) + flows(WAYS), key="p"), schema=SCHEMA, tables=tables)


def stands_at(process: Compiled, **told: Any) -> str:
    planned = plan(process, None, Started(told), now=clock.now())
    return planned.state.tokens[0].element


@pytest.mark.parametrize(
    ("urgency", "size", "where"), [("urgent", 1, "site"), ("normal", 10, "site"), ("normal", 9, "photo")]
)
def test_a_service_task_that_asks_a_table_is_answered_at_once(urgency: str, size: int, where: str) -> None:
    process = compiled()
    assert stands_at(process, urgency=urgency, size=size) == where
    assert stands_at(Compiled.from_json(process.to_json()), urgency=urgency, size=size) == where


def test_another_row_is_another_version() -> None:
    other = [*ROWS[:2], (ROWS[2][0], ['"site"'])]
    assert compiled().digest != compiled(other).digest
    assert compiled().digest == compiled().digest


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        (TELL.replace("size", "length", 1) + TAKE, "decision"),
        ('<city:input target="urgency" source="urgency"/>' + TAKE, "decision"),
        (TELL.replace('source="size"', 'source="urgency"') + TAKE, "expression_type"),
        (TELL + '<city:output target="check" source="what"/>', "expression_type"),
        (TELL + '<city:output target="size" source="how"/>', "expression_type"),
    ],
)
def test_a_table_is_told_exactly_what_it_asks_in_the_right_types(inside: str, code: str) -> None:
    with pytest.raises(ProcessRefused) as refused:
        compiled(inside=inside)
    assert code in {one.code for one in refused.value.findings}


def test_a_table_that_does_not_decide_changes_nothing() -> None:
    with pytest.raises(StepRefused) as refused:
        stands_at(compiled(ROWS[:2]), urgency="normal", size=1)
    assert refused.value.code == "undecided"


def package(folder: Path, **files: bytes | str) -> Package:
    (folder / "processes").mkdir(exist_ok=True)
    (folder / "decisions").mkdir(exist_ok=True)
    (folder / "processes" / "p.bpmn").write_bytes(draw(body() + flows(WAYS), key="p"))
    declared = (
        "processes:\n  p:\n    title: 流程\n    variables: {urgency: string, size: int, check: string}\n"
        "decisions:\n  how:\n    title: 怎样核查\n    variables: {urgency: string, size: int}\n"
    )
    (folder / "processes.yaml").write_text(str(files.get("declared", declared)), "utf-8")
    dmn_file = files.get("dmn", table())
    assert isinstance(dmn_file, bytes)
    (folder / "decisions" / "how.dmn").write_bytes(dmn_file)
    return Package("law/x", "x", folder, "0")


def faults(checked: Package) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in packaged.check(checked)]


def test_a_whole_table_passes_and_a_conflict_is_refused_with_its_row(tmp_path: Path) -> None:
    assert faults(package(tmp_path)) == []
    overlapping = [*ROWS, (['"urgent"', "it > 3"], ['"photo"'])]
    line = table(overlapping).decode().splitlines().index(next(one for one in table(overlapping).decode().splitlines() if 'id="r4"' in one)) + 1  # fmt: skip
    assert faults(package(tmp_path, dmn=table(overlapping))) == [("table_overlap", f"decisions/how.dmn:{line}")]
    assert faults(package(tmp_path, dmn=table(overlapping, "FIRST"))) == []
    holed = faults(package(tmp_path, dmn=table(ROWS[:2])))
    assert {code for code, _ in holed} == {"table_hole"}
    assert all(where.startswith("decisions/how.dmn:") for _, where in holed)


def test_a_table_that_nobody_declares_asks_or_wrote_is_refused(tmp_path: Path) -> None:
    plain = "processes:\n  p:\n    title: 流程\n    variables: {urgency: string, size: int, check: string}\n"
    assert "table_undeclared" in {code for code, _ in faults(package(tmp_path, declared=plain))}
    more = (
        plain
        + "decisions:\n  how: {title: 甲, variables: {urgency: string, size: int}}\n  other: {title: 乙, variables: {a: int}}\n"
    )
    assert faults(package(tmp_path, declared=more)) == [("table_missing", "processes.yaml:7")]
    (tmp_path / "decisions" / "other.dmn").write_bytes(
        dmn([("a", "int")], [("b", "int")], [(["-"], ["1"])]).replace(b'id="limits"', b'id="other"')
    )
    assert faults(package(tmp_path, declared=more)) == [("table_unasked", "processes.yaml:7")]


def test_running_instances_keep_the_table_they_began_with(db: None, tmp_path: Path) -> None:
    packaged.load(package(tmp_path), SYSTEM)
    first = start("p", urgency="normal", size=1)
    assert now_of(first).state.tokens[0].element == "photo"
    packaged.load(package(tmp_path), SYSTEM)
    assert api.definition("p").current == 1, "the same again is no new version"
    packaged.load(package(tmp_path, dmn=table([*ROWS[:2], (ROWS[2][0], ['"site"'])])), SYSTEM)
    assert api.definition("p").current == 2
    assert now_of(start("p", urgency="normal", size=1)).state.tokens[0].element == "site"
    assert now_of(first).number == 1
