"""Every expression of a process is compiled once when it is published: over what it can see, to what is needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.definition import Compiled, Element, Mapped
from city1361.platform.components.processes.expressions import Expression, ExpressionRefused, check_schema
from city1361.platform.components.processes.terms import ElementKind
from city1361.platform.components.processes.values import NAME, RESERVED

MOST_EXPRESSIONS = 2_000
COUNTS = {
    "number_of_instances": "int",
    "number_of_completed_instances": "int",
    "number_of_active_instances": "int",
}


class Typing:
    """Checks one process; `elements` grows with the types found on the way."""

    def __init__(self, compiled: Compiled, findings: Findings) -> None:
        self.compiled, self.findings = compiled, findings
        self.elements: dict[str, Element] = dict(compiled.elements)
        self.count = 0

    def check(self) -> dict[str, Element]:
        try:
            check_schema(self.compiled.schema)
        except ExpressionRefused as error:
            self.findings.add("schema", 0, self.compiled.key, error.message, "Declare names and types of variables.")
            return self.elements
        for element in list(self.elements.values()):
            self._several(element)
        for element in self.elements.values():
            self._element(element)
        for flow in self.compiled.flows.values():
            if flow.condition and flow.source in self.elements:
                source = self.elements[flow.source]
                self._expression(flow.condition, "bool", source, self._seen(source), at=flow.id)
        return self.elements

    # -- what can be seen ------------------------------------------------------------------------------------------

    def _seen(self, element: Element, *, outside: bool = False) -> dict[str, str]:
        here: Element | None = element
        found: dict[str, str] = {}
        if outside:
            here = self.elements.get(element.parent)
        while here is not None:
            found = {**here.local, **found}
            here = self.elements.get(here.parent)
        return {**self.compiled.schema, **found}

    def _expression(
        self, text: str, expected: str, element: Element, schema: Mapping[str, str], *, at: str = ""
    ) -> str:
        """The type it gives; "" when it was refused."""
        self.count += 1
        if self.count > MOST_EXPRESSIONS:
            if self.count == MOST_EXPRESSIONS + 1:
                self.findings.add("too_many", element.line, element.id, "too many expressions", "Call a process.")
            return ""
        try:
            return Expression.compile(text, schema, expected).gives
        except ExpressionRefused as error:
            message = f"“{text[:120]}”: {error.message}"
            remedy = "Use declared variables, and operations for their types."
            self.findings.add(f"expression_{error.code}", element.line, at or element.id, message, remedy)
            return ""

    # -- activities done several times -----------------------------------------------------------------------------

    def _several(self, element: Element) -> None:
        several = element.several
        if several is None:
            return
        outside = self._seen(element, outside=True)
        known = dict(element.local)
        if several.collection:
            gives = self._expression(several.collection, "dyn", element, outside)
            if gives and gives != "dyn" and not gives.startswith("list("):
                self._add("several", element, f"{several.collection[:60]!r} is no list", "Give a list.")
            if several.item:
                known[several.item] = gives[5:-1] if gives.startswith("list(") else "dyn"
        for name in sorted(set(known) & set(outside) - {"loop_counter"}):
            self._add("name", element, f"{name} would hide the variable of that name", "Choose another name.")
        try:
            check_schema(known)
        except ExpressionRefused as error:
            self._add("name", element, error.message, "Choose another name or type.")
            known = {"loop_counter": "int"}
        self.elements[element.id] = element = replace(element, local=known)
        inside = self._seen(element)
        if several.cardinality:
            self._expression(several.cardinality, "int", element, outside)
        if several.until:
            self._expression(several.until, "bool", element, {**inside, **COUNTS})
        if several.again:
            schema = {**outside, "loop_counter": "int"} if several.test_before else inside
            self._expression(several.again, "bool", element, schema)
        if several.collect:
            gives = self._expression(several.collect, "dyn", element, inside)
            target = outside.get(several.into, "")
            if not target.startswith("list(") or (
                gives and "dyn" not in (gives, target[5:-1]) and gives != target[5:-1]
            ):
                self._add("several", element, f"{several.into!r} is no list of {gives or 'that'}", "Declare it so.")

    # -- everything else -------------------------------------------------------------------------------------------

    def _element(self, element: Element) -> None:
        seen = self._seen(element)
        if element.correlation:
            self._expression(element.correlation, "string", element, seen)
        if element.timer and element.timer.after:
            self._expression(element.timer.after, "duration", element, seen)
        if element.timer and element.timer.at:
            self._expression(element.timer.at, "timestamp", element, seen)
        inner = self.compiled.called.get(element.called) if element.kind is ElementKind.CALL_ACTIVITY else None
        for pair in element.inputs:
            self._input(pair, element, seen, inner.schema if inner else self._asked(element))
        inside = {**seen, **self._answered(element)}
        for pair in element.outputs:
            if pair.target not in seen:
                self._add("output", element, f"{pair.target[:60]!r} is not a variable", "Declare it.")
                continue
            self._expression(pair.source, seen[pair.target], element, inner.schema if inner else inside)

    def _answered(self, element: Element) -> dict[str, str]:
        """What an output can see besides the variables: the columns of the table that was asked, or the result."""
        table = self.compiled.decisions.get(element.service)
        if table is not None:
            return {column.name: column.type for column in table.outputs}
        return {"result": "map(string, dyn)"} if element.kind is ElementKind.SERVICE_TASK else {}

    def _asked(self, element: Element) -> Mapping[str, str] | None:
        table = self.compiled.decisions.get(element.service)
        return table.schema if table else None

    def _input(self, pair: Mapped, element: Element, seen: Mapping[str, str], asked: Mapping[str, str] | None) -> None:
        if asked is not None and pair.target not in asked:
            self._add("input", element, f"nothing asks {pair.target[:60]!r}", "Choose another target.")
        elif not NAME.fullmatch(pair.target) or pair.target in RESERVED:
            self._add("input", element, f"{pair.target[:60]!r} cannot name an argument", "Use small letters and _.")
        else:
            self._expression(pair.source, asked[pair.target] if asked is not None else "dyn", element, seen)

    def _add(self, code: str, element: Element, message: str, remedy: str) -> None:
        self.findings.add(code, element.line, element.id, message, remedy)
