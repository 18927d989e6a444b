"""Decision tables: U, F and A; typed cells; overlaps found at load where they can be, at the decision otherwise."""

from __future__ import annotations

import json
from typing import Any
from xml.sax.saxutils import escape

import pytest

from city1361.platform.components.processes.decision_tables import DecisionFailed, Table
from city1361.platform.components.processes.decisions import load_table
from city1361.platform.components.processes.terms import ProcessRefused

SCHEMA = {"level": "int", "urgency": "string", "night": "bool", "size": "double", "tags": "list(string)"}
Rows = list[tuple[list[str], list[str]]]


def dmn(
    inputs: list[tuple[str, str]], outputs: list[tuple[str, str]], rows: Rows, policy: str = "UNIQUE", more: str = ""
) -> bytes:
    asked = "".join(
        f'<input id="i{n}" label="{escape(text)}"><inputExpression id="e{n}" typeRef="{kind}"><text>{escape(text)}</text>'
        "</inputExpression></input>"
        for n, (text, kind) in enumerate(inputs)
    )
    answered = "".join(f'<output id="o{n}" name="{name}" typeRef="{kind}"/>' for n, (name, kind) in enumerate(outputs))
    lines = "\n".join(
        f'<rule id="r{n + 1}">'
        + "".join(f'<inputEntry id="r{n}i{at}"><text>{escape(one)}</text></inputEntry>' for at, one in enumerate(given))
        + "".join(
            f'<outputEntry id="r{n}o{at}"><text>{escape(one)}</text></outputEntry>' for at, one in enumerate(result)
        )
        + "</rule>"
        for n, (given, result) in enumerate(rows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
        f' id="d" name="d" namespace="urn:test"><decision id="limits" name="时限">{more}'
        f'<decisionTable id="t" hitPolicy="{policy}">{asked}{answered}\n{lines}</decisionTable></decision></definitions>'
    ).encode()


def table(rows: Rows, policy: str = "UNIQUE", inputs: list[tuple[str, str]] | None = None) -> Table:
    columns = inputs or [("level", "int"), ("urgency", "string")]
    return load_table(dmn(columns, [("hours", "int")], rows, policy), SCHEMA)


LIMITS: Rows = [
    (["it <= 2", '"urgent"'], ["2"]),
    (["it <= 2", '"ordinary"'], ["level * 8"]),
    (["it > 2 && it < 5", "-"], ["24"]),
    (["5", '["urgent", "ordinary"]'], ["48"]),
]


@pytest.mark.parametrize(
    ("level", "urgency", "hours"),
    [(1, "urgent", 2), (2, "ordinary", 16), (3, "", 24), (4, "urgent", 24), (5, "urgent", 48)],
)
def test_the_row_that_holds_decides(level: int, urgency: str, hours: int) -> None:
    kept = Table.from_json(json.loads(json.dumps(table(LIMITS).to_json())))
    assert kept == table(LIMITS)
    assert kept.decide({"level": level, "urgency": urgency}) == {"hours": hours}


def test_no_row_is_an_error_and_the_hole_was_told_at_load() -> None:
    loaded = table(LIMITS)
    with pytest.raises(DecisionFailed) as failed:
        loaded.decide({"level": 6, "urgency": "urgent"})
    assert failed.value.code == "no_rule"
    assert {"level": 6, "urgency": "urgent"} in loaded.holes
    assert table(
        [*LIMITS, (["it > 5", "-"], ["0"]), (["it <= 2", 'it != "urgent" && it != "ordinary"'], ["0"])]
    ).holes == ({"level": 5, "urgency": "…"},)


def test_overlapping_rows_of_a_unique_table_are_refused_at_load() -> None:
    with pytest.raises(ProcessRefused) as refused:
        table([*LIMITS, (["it >= 5", '"urgent"'], ["1"])])
    (finding,) = refused.value.findings
    assert (finding.code, finding.element, finding.line) == ("overlap", "r5", 7)
    assert "rows 4 and 5" in finding.message


def test_an_overlap_that_only_values_show_is_an_error_at_the_decision() -> None:
    rows: Rows = [(["it.exists(t, t == 'fire')"], ["1"]), (["size(it) > 1"], ["2"])]
    loaded = table(rows, inputs=[("tags", "list(string)")])
    assert loaded.holes == ()
    assert loaded.decide({"tags": ["fire"]}) == {"hours": 1}
    with pytest.raises(DecisionFailed) as failed:
        loaded.decide({"tags": ["fire", "flood"]})
    assert failed.value.code == "overlap"


def test_first_takes_the_first() -> None:
    loaded = table([(["it > 1", "-"], ["1"]), (["-", "-"], ["2"])], "FIRST")
    assert [loaded.decide({"level": level, "urgency": ""})["hours"] for level in (2, 1)] == [1, 2]


def test_any_may_overlap_if_all_agree() -> None:
    loaded = table([(["it > 1", "-"], ["1 + 1"]), (["it > 2", "-"], ["1 + 1"])], "ANY")
    assert loaded.decide({"level": 3, "urgency": ""}) == {"hours": 2}
    with pytest.raises(ProcessRefused):
        table([(["it > 1", "-"], ["1"]), (["it > 2", "-"], ["2"])], "ANY")
    hidden = table([(["it * it > 1", "-"], ["level"]), (["it > 2", "-"], ["3"])], "ANY")
    assert hidden.decide({"level": 3, "urgency": ""}) == {"hours": 3}
    with pytest.raises(DecisionFailed) as failed:
        hidden.decide({"level": 4, "urgency": ""})
    assert failed.value.code == "contradiction"


@pytest.mark.parametrize(
    ("kind", "cells", "overlap"),
    [
        ("bool", ["true", "false"], False),
        ("bool", ["true", "-"], True),
        ("double", ["it < 1.5", "it >= 1.5"], False),
        ("double", ["it <= 1.5", "it >= 1.5"], True),
        ("double", ["it > 1.0 && it < 2.0", "it > 1.9 && it < 3.0"], True),
        ("int", ["it > 1 && it < 3", "it > 2 && it < 5"], False),
        ("string", ['"a"', '["b", "c"]'], False),
        ("string", ['it != "a"', '"b"'], True),
        ("string", ['it != "a"', '"a"'], False),
    ],
)
def test_overlaps_are_told_exactly(kind: str, cells: list[str], overlap: bool) -> None:
    name = {"bool": "night", "double": "size", "int": "level", "string": "urgency"}[kind]
    rows: Rows = [([cell], [str(n)]) for n, cell in enumerate(cells)]
    if overlap:
        with pytest.raises(ProcessRefused, match="at once"):
            table(rows, inputs=[(name, kind)])
    else:
        table(rows, inputs=[(name, kind)])


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([(["it > 'a'", "-"], ["1"])], "overload"),
        ([(['"a"', "-"], ["1"])], "bool is needed"),
        ([(["-", "-"], ["'a'"])], "int is needed"),
        ([(["-", "-"], [""])], "Syntax"),
        ([(["missing", "-"], ["1"])], "undeclared"),
        ([(["-"], ["1"])], "as many cells"),
        ([], "rows"),
    ],
)
def test_cells_are_typed(rows: Rows, word: str) -> None:
    with pytest.raises(ProcessRefused, match=word):
        table(rows)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("UNIQUE", "COLLECT"), "not decided"),
        (("UNIQUE", "PRIORITY"), "not decided"),
        (("decisionTable", "literalExpression"), "not run"),
        (('typeRef="int"', 'typeRef="feel:context"'), "not a type"),
        (('name="hours"', 'name="__hours"'), "cannot name"),
        (("20191111/MODEL", "20180521/MODEL"), "no DMN 1.3"),
        (('id="d" name', 'expressionLanguage="http://www.python.org" id="d" name'), "not run"),
        (
            ('<decision id="limits"', '<decision xmlns:camunda="http://camunda.org/x" camunda:script="a" id="limits"'),
            "elsewhere",
        ),
        (("<?xml version", "<!DOCTYPE a><?xml version"), "document type"),
        (("<text>level</text>", "<text>it</text>"), "undeclared"),
        (("</decisionTable>", "</decisionTable><invocation/>"), "not run"),
    ],
)
def test_what_is_no_plain_table_is_refused(change: tuple[str, str], word: str) -> None:
    whole = dmn([("level", "int")], [("hours", "int")], [(["1"], ["2"])]).decode()
    load_table(whole.encode(), SCHEMA)
    with pytest.raises(ProcessRefused, match=word):
        load_table(whole.replace(*change).encode(), SCHEMA)


def test_numbers_of_other_tools_are_known() -> None:
    loaded = load_table(dmn([("size", "number")], [("big", "boolean")], [(["it > 10.5"], ["true"])]), SCHEMA)
    assert loaded.decide({"size": 11}) == {"big": True}


def test_a_table_has_limits() -> None:
    many: Rows = [([str(n)], [str(n)]) for n in range(1_001)]
    with pytest.raises(ProcessRefused, match="rows or"):
        table(many, inputs=[("level", "int")])
    loaded = table(many[:1_000], inputs=[("level", "int")])
    assert loaded.decide({"level": 777}) == {"hours": 777}


def test_a_value_of_another_type_fails_with_a_reason() -> None:
    values: dict[str, Any] = {"level": "2", "urgency": "urgent"}
    with pytest.raises(DecisionFailed) as failed:
        table(LIMITS).decide(values)
    assert failed.value.code == "expression_type"
