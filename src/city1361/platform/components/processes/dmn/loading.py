"""`load_table`: a DMN 1.3 file as a table, or all that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from city1361.platform.components.processes.bpmn.findings import Findings, TooMuch
from city1361.platform.components.processes.bpmn.foreign import owner
from city1361.platform.components.processes.bpmn.words import ENGINES, EXECUTABLE_NAME, EXECUTABLE_TEXT, SCRIPT
from city1361.platform.components.processes.decision_tables import (
    MOST_CELLS,
    MOST_RULES,
    Column,
    Rule,
    Table,
    condition,
)
from city1361.platform.components.processes.dmn.overlaps import holes, overlaps
from city1361.platform.components.processes.expressions import Expression, ExpressionRefused, check_schema
from city1361.platform.components.processes.reading import line_of, local, read, space, text_of
from city1361.platform.components.processes.reading import refuse as refused
from city1361.platform.components.processes.values import NAME, RESERVED

DMN = "https://www.omg.org/spec/DMN/20191111/MODEL/"
DRAWING = "https://www.omg.org/spec/DMN/20191111/DMNDI/"
POLICIES = {"UNIQUE": "U", "FIRST": "F", "ANY": "A"}
TYPES = {"boolean": "bool", "number": "double", "integer": "int", "long": "int", "dateTime": "timestamp"}
PARTS: dict[str, frozenset[str]] = {
    "definitions": frozenset({"decision", "inputData", "textAnnotation", "association"}),
    "inputData": frozenset({"variable"}),
    "decision": frozenset({"decisionTable", "variable", "question", "allowedAnswers", "informationRequirement"}),
    "informationRequirement": frozenset({"requiredInput"}),
    "decisionTable": frozenset({"input", "output", "rule", "annotation"}),
    "input": frozenset({"inputExpression"}),
    "inputExpression": frozenset({"text"}),
    "output": frozenset(),
    "rule": frozenset({"inputEntry", "outputEntry", "annotationEntry"}),
    "inputEntry": frozenset({"text"}),
    "outputEntry": frozenset({"text"}),
    "annotationEntry": frozenset({"text"}),
    "textAnnotation": frozenset({"text"}),
}
NOTES = frozenset({"description", "extensionElements"})
LANGUAGES = frozenset({"", "cel", "https://cel.dev", "https://www.omg.org/spec/DMN/20191111/FEEL/"})
REMEDY = "A cell is -, a value, a list of values, or a condition on it: it > 3."


def load_table(xml: bytes, schema: Mapping[str, str]) -> Table:
    """The one table of the file over these variables. Raises ProcessRefused."""
    root = read(xml)
    if root.tag != f"{{{DMN}}}definitions":
        raise refused("not_dmn", "the file is no DMN 1.3", "Export it as DMN 1.3.", line=line_of(root))
    findings = Findings()
    try:
        _check_names(root, findings)
        table = _table(root, schema, findings)
        if table is not None and not findings.found:
            _check_types(table, findings)
        if table is not None and not findings.found:
            _check_rows(table, findings)
    except TooMuch:
        pass
    findings.refuse()
    if table is None:
        raise refused("table", "the file holds no table", "Add a decision table.")
    return Table(
        table.key, table.name, table.policy, table.schema, table.inputs, table.outputs, table.rules, holes(table)
    )


def _check_names(root: etree._Element, findings: Findings) -> None:
    for node in root.iter():
        if not isinstance(node.tag, str):
            findings.add("not_plain", node, "", "the file holds an entity or an instruction", "Remove it.")
            continue
        for name, value in [(str(key), str(text)) for key, text in node.attrib.items()]:
            if space(name) and _acts(space(name), local(name), value):
                findings.add("vendor", node, owner(node), f"{local(name)} would be executed elsewhere", SCRIPT)
            if name in ("expressionLanguage", "typeLanguage") and value not in LANGUAGES and space(node) == DMN:
                findings.add("language", node, owner(node), f"expressions in {value[:100]} are not run", "Write CEL.")
        parent = node.getparent()
        if space(node) != DMN:
            if _acts(space(node), local(node), (node.text or "").strip()):
                findings.add("vendor", node, owner(node), f"{local(node)} would be executed elsewhere", SCRIPT)
        elif parent is not None and space(parent) == DMN and local(node) not in _parts(local(parent), local(node)):
            findings.add("refused", node, owner(node), f"{local(node)} is not run", "Use one decision table.")


def _parts(parent: str, child: str) -> frozenset[str]:
    """What may stand inside; what we do not read may hold what it likes."""
    return NOTES | PARTS.get(parent, frozenset({child}))


def _acts(where: str, name: str, text: str) -> bool:
    if where.startswith("https://www.omg.org/spec/DMN/") or where.startswith("http://www.omg.org/spec/DMN/"):
        return False
    return bool(ENGINES.search(where) or EXECUTABLE_NAME.search(name) or EXECUTABLE_TEXT.search(text))


def _table(root: etree._Element, schema: Mapping[str, str], findings: Findings) -> Table | None:
    decisions = root.findall(f"{{{DMN}}}decision")
    tables = root.findall(f"{{{DMN}}}decision/{{{DMN}}}decisionTable")
    if len(decisions) != 1 or len(tables) != 1:
        findings.add("table", root, "", f"the file holds {len(tables)} tables", "Keep one decision with one table.")
        return None
    decision, node = decisions[0], tables[0]
    key = str(decision.get("id", ""))
    policy = POLICIES.get(str(node.get("hitPolicy", "UNIQUE")))
    if policy is None:
        findings.add("policy", node, key, f"{node.get('hitPolicy')} is not decided", "Use UNIQUE, FIRST or ANY.")
    if node.get("aggregation"):
        findings.add("policy", node, key, "results are not aggregated", "Remove the aggregation.")
    inputs = tuple(_input(one, number, findings) for number, one in enumerate(node.findall(f"{{{DMN}}}input")))
    outputs = tuple(_output(one, findings) for one in node.findall(f"{{{DMN}}}output"))
    rows = node.findall(f"{{{DMN}}}rule")
    if not inputs or not outputs or not rows:
        findings.add("table", node, key, "a table has inputs, outputs and rows", "Add what is missing.")
    if len(rows) > MOST_RULES or len(rows) * (len(inputs) + len(outputs)) > MOST_CELLS:
        findings.add("too_many", node, key, f"more than {MOST_RULES} rows or {MOST_CELLS} cells", "Split the table.")
        return None
    if len({one.name for one in outputs}) < len(outputs):
        findings.add("output", node, key, "two outputs have one name", "Rename one.")
    rules = tuple(_rule(one, len(inputs), len(outputs), findings) for one in rows)
    return Table(key, str(decision.get("name", "")), policy or "U", dict(schema), inputs, outputs, rules)


def _type(node: etree._Element, findings: Findings) -> str:
    text = str(node.get("typeRef", "")).rpartition(":")[2]
    kind = TYPES.get(text, text)
    try:
        check_schema({"it": kind})
    except ExpressionRefused as error:
        findings.add("type", node, owner(node), error.message, "Use string, int, double, bool, timestamp or list(…).")
        return "dyn"
    return kind


def _input(node: etree._Element, number: int, findings: Findings) -> Column:
    inner = node.find(f"{{{DMN}}}inputExpression")
    text = text_of(inner.find(f"{{{DMN}}}text")) if inner is not None else ""
    if inner is None or not text:
        findings.add("input", node, owner(node), "an input without an expression", "Name a variable.")
        return Column(f"input {number + 1}", "dyn", "null")
    return Column(str(node.get("label") or text), _type(inner, findings), text)


def _output(node: etree._Element, findings: Findings) -> Column:
    name = str(node.get("name", ""))
    if not NAME.fullmatch(name) or name in RESERVED:
        findings.add("output", node, owner(node), f"{name[:60]!r} cannot name an output", "Use small letters and _.")
    return Column(name, _type(node, findings))


def _rule(node: etree._Element, inputs: int, outputs: int, findings: Findings) -> Rule:
    conditions = [text_of(one.find(f"{{{DMN}}}text")) for one in node.findall(f"{{{DMN}}}inputEntry")]
    results = [text_of(one.find(f"{{{DMN}}}text")) for one in node.findall(f"{{{DMN}}}outputEntry")]
    if len(conditions) != inputs or len(results) != outputs:
        findings.add("row", node, owner(node), "the row has not as many cells as the table", "Fill the row.")
    own = str(node.get("id", ""))
    return Rule(own, line_of(node), tuple("" if one == "-" else one for one in conditions), tuple(results))


def _check_types(table: Table, findings: Findings) -> None:
    try:
        check_schema(table.schema)
        if "it" in table.schema:
            raise ExpressionRefused("schema", "no variable can be called “it”")
    except ExpressionRefused as error:
        findings.add("schema", 0, table.key, error.message, "Declare names and types of variables.")
        return
    for column in table.inputs:
        _try(
            column.text,
            0,
            column.name,
            findings,
            lambda one=column: Expression.compile(one.text, table.schema, one.type),
        )
    for rule in table.rules:
        for text, column in zip(rule.conditions, table.inputs, strict=True):
            if text:
                _try(text, rule.line, rule.id, findings, lambda t=text, c=column: condition(t, c, table.schema))
        for text, column in zip(rule.results, table.outputs, strict=True):
            _try(
                text, rule.line, rule.id, findings, lambda t=text, c=column: Expression.compile(t, table.schema, c.type)
            )


def _try(text: str, line: int, element: str, findings: Findings, compile_it: object) -> None:
    try:
        compile_it()  # type: ignore[operator]
    except ExpressionRefused as error:
        findings.add(f"expression_{error.code}", line, element, f"“{text[:120]}”: {error.message}", REMEDY)


def _check_rows(table: Table, findings: Findings) -> None:
    """Two rows that can hold at once contradict UNIQUE, and ANY if they differ."""
    if table.policy == "F":
        return
    for first, second in overlaps(table):
        one, other = table.rules[first], table.rules[second]
        if table.policy == "A" and one.results == other.results:
            continue
        message = f"rows {first + 1} and {second + 1} can hold at once"
        findings.add("overlap", other.line, other.id, message, "Narrow one of them, or use FIRST.")
