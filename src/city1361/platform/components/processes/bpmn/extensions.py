"""What our own extension elements say: the task of a matter, services, inputs, outputs, several instances."""

from __future__ import annotations

import re

from lxml import etree

from city1361.platform.components.processes.bpmn.findings import Findings
from city1361.platform.components.processes.bpmn.words import BPMN, CITY
from city1361.platform.components.processes.definition import Mapped, Task
from city1361.platform.components.processes.reading import local, space
from city1361.platform.components.processes.terms import Holder

CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,62}")
LIMIT = re.compile(r"rules:[a-z][a-z0-9_]{0,62}|[1-9]\d{0,5} (?:minute|natural_hour|working_hour|working_day)")
MOST_CODES = 40
# Element → attributes it needs, attributes it may have.
ALLOWED: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "task": (frozenset(), frozenset({"state", "holder", "kind", "steps", "stays", "limit"})),
    "service": (frozenset({"name"}), frozenset()),
    "input": (frozenset({"target", "source"}), frozenset()),
    "output": (frozenset({"target", "source"}), frozenset()),
    "local": (frozenset({"name", "type"}), frozenset()),
    "message": (frozenset({"correlation"}), frozenset()),
    "several": (frozenset(), frozenset({"collection", "item", "collect", "into"})),
}
ONCE = frozenset({"task", "service", "message", "several"})


class Extensions:
    """The extension elements of one BPMN element, each checked."""

    def __init__(self, node: etree._Element, owner: str, findings: Findings) -> None:
        self.owner, self.findings = owner, findings
        self.found: dict[str, list[etree._Element]] = {}
        for holder in node.findall(f"{{{BPMN}}}extensionElements"):
            for one in holder:
                if isinstance(one.tag, str) and space(one) == CITY:
                    self._take(one)

    def _take(self, node: etree._Element) -> None:
        name = local(node)
        if name not in ALLOWED:
            self._add(
                "unknown_extension", node, f"city:{name} is not known", f"Use one of {', '.join(sorted(ALLOWED))}."
            )
            return
        needed, more = ALLOWED[name]
        given = {str(key) for key in node.attrib}
        for key in sorted(needed - given):
            self._add("extension", node, f"city:{name} needs {key}", "Add the attribute.")
        for key in sorted(given - needed - more):
            self._add("extension", node, f"city:{name} has no {key}", "Remove the attribute.")
        if len(node) or (node.text or "").strip():
            self._add("extension", node, f"city:{name} holds nothing inside", "Remove its content.")
        if name in ONCE and name in self.found:
            self._add("extension", node, f"city:{name} stands twice", "Keep one.")
        if needed <= given:
            self.found.setdefault(name, []).append(node)

    def _add(self, code: str, node: etree._Element, message: str, remedy: str) -> None:
        self.findings.add(code, node, self.owner, message, remedy)

    def only(self, allowed: frozenset[str]) -> None:
        """Refuse extensions that mean nothing at this element."""
        for name, nodes in self.found.items():
            if name not in allowed:
                self._add("extension", nodes[0], f"city:{name} means nothing here", "Remove it.")

    def attribute(self, name: str, key: str) -> str:
        return str(self.found[name][0].get(key, "")).strip() if name in self.found else ""

    def mapped(self, name: str) -> tuple[Mapped, ...]:
        pairs = tuple(
            Mapped(str(one.get("target", "")).strip(), str(one.get("source", "")).strip())
            for one in self.found.get(name, ())
        )
        if len({one.target for one in pairs}) < len(pairs):
            self._add("extension", self.found[name][0], f"city:{name} sets one target twice", "Keep one.")
        return pairs

    def local(self) -> dict[str, str]:
        return {str(one.get("name", "")): str(one.get("type", "")) for one in self.found.get("local", ())}

    def task(self) -> Task | None:
        if "task" not in self.found:
            return None
        node = self.found["task"][0]
        holder = self.attribute("task", "holder")
        if holder and holder not in set(Holder):
            self._add("extension", node, f"{holder!r} holds no step", f"Use one of {', '.join(Holder)}.")
        state, kind, limit = (self.attribute("task", key) for key in ("state", "kind", "limit"))
        steps, stays = self._codes(node, "steps"), self._codes(node, "stays")
        for code in (state, kind):
            if code and not CODE.fullmatch(code):
                self._add("extension", node, f"{code[:60]!r} is no code", "Use small letters, digits and _.")
        if limit and not LIMIT.fullmatch(limit):
            self._add("limit", node, f"{limit[:60]!r} is no limit", "Write rules:<stage> or, say, 4 working_hour.")
        return Task(state, Holder(holder) if holder in set(Holder) else None, kind, steps, stays, limit)

    def _codes(self, node: etree._Element, key: str) -> tuple[str, ...]:
        codes = tuple(str(node.get(key, "")).split())
        wrong = [one[:60] for one in codes if not CODE.fullmatch(one)]
        if wrong:
            self._add(
                "extension", node, f"{', '.join(wrong[:3])}: no codes of steps", "Use small letters, digits and _."
            )
        if len(codes) > MOST_CODES or len(set(codes)) < len(codes):
            self._add("extension", node, f"{key} names a step twice, or too many", "Name each step once.")
        return codes
