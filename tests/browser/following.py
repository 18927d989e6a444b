"""Follow a tutorial as it is written: its numbered steps hold marks that a reader and this module both understand.

`**user**` is the window of that person, a path in backticks is where to go, 【…】 is pressed, «field: words» are put in,
“…” must be seen, ⟨name⟩ is a number of the wall to remember and ⟨name −1⟩ what it must become, ✈ and ⇄ take the network
away and give it back.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

MARK = re.compile(
    r"\*\*(?P<who>[a-z_]+)\*\*|`(?P<go>/[^`\s]*)`|【(?P<press>[^】]+)】|«(?P<field>[^:»]+): (?P<words>[^»]+)»"
    r"|“(?P<see>[^”]+)”|⟨(?P<number>[^⟩ ]+)(?: (?P<change>[−+]\d+))?⟩|(?P<off>✈)|(?P<on>⇄)"
)
STEP = re.compile(r"^\d+\. .*(?:\n {2,}.*)*", re.MULTILINE)


def marks(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """(step, mark) of the numbered steps, in order."""
    for step in STEP.findall(text):
        for found in MARK.finditer(step.replace("\n", " ")):
            yield step, {name: value for name, value in found.groupdict().items() if value is not None}


class Reader:
    """Somebody who follows the text with one window for each person. open_for: opens the window of a user."""

    def __init__(self, open_for: Callable[[str], Any], photograph: Path) -> None:
        self.open_for, self.photograph = open_for, photograph
        self.windows: dict[str, Any] = {}
        self.page: Any = None
        self.numbers: dict[str, int] = {}

    def follow(self, text: str) -> int:
        """Do everything; the number of marks. Fails with the step at which the text is wrong."""
        count = 0
        for step, mark in marks(text):
            try:
                self._do(mark)
            except Exception as error:
                shown = " ".join(self.page.locator("body").inner_text().split())
                raise AssertionError(f"{mark} in “{step}” at {self.page.url}: {error}; it says: {shown}") from error
            count += 1
        return count

    def _do(self, mark: dict[str, str]) -> None:
        if "who" in mark:
            if mark["who"] not in self.windows:
                self.windows[mark["who"]] = self.open_for(mark["who"])
            self.page = self.windows[mark["who"]]
        elif "go" in mark:
            self.page.goto(mark["go"])
            if self.page.locator(".live").count():
                self.page.wait_for_selector(".live[data-state=on]")
        elif "press" in mark:
            self._press(mark["press"])
        elif "field" in mark:
            self._put(mark["field"], mark["words"])
        elif "number" in mark:
            self._number(mark["number"], int(mark.get("change", "0").replace("−", "-")))
        elif "see" in mark:
            self.page.get_by_text(mark["see"]).locator("visible=true").first.wait_for()
        else:
            self.page.context.set_offline("off" in mark)
            if "on" in mark:
                self.page.wait_for_selector("body[data-queued='0']")

    def _number(self, name: str, change: int) -> None:
        """Remember a number of the wall, or wait until it has changed by so much."""
        shown = self.page.locator("#wall-kpis div", has_text=name).locator("b").first
        if not self.numbers:  # what happened a moment ago is added up within three seconds
            self.page.wait_for_timeout(4000)
        for _ in range(150):
            now = int(shown.inner_text().replace(",", ""))
            if now == self.numbers.setdefault(name, now) + change:
                self.numbers[name] = now
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"{name} is {now}, not {self.numbers[name]} {change:+}")

    def _press(self, name: str) -> None:
        """The button, link or choice of that name: exactly it, else one whose name holds it; perhaps in a menu."""
        for _ in range(100):
            for exact, role in itertools.product((True, False), ("button", "link", "radio")):
                found = self.page.get_by_role(role, name=name, exact=exact).locator("visible=true")
                if found.count():
                    self._click(found.first, role)
                    return
            closed = self.page.locator("details:not([open])", has_text=name).locator("summary").locator("visible=true")
            if closed.count():
                itself = name in closed.first.inner_text()
                closed.first.click()
                if itself:
                    return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"nothing is called {name}")

    def _click(self, found: Any, role: str) -> None:
        if role == "radio":
            found.check(force=True)
            return
        leads_to = found.get_attribute("href") if role == "link" else None
        found.click()
        if leads_to:  # parts of a page are exchanged: nothing is pressed before the new one is there
            self.page.wait_for_url(f"**{leads_to}")
        self.page.wait_for_load_state()

    def _put(self, label: str, words: str) -> None:
        group = self.page.get_by_role("group", name=label)
        if group.count():
            group.get_by_label(words).first.check(force=True)
            return
        field = self.page.locator("input, textarea, select").and_(self.page.get_by_label(label)).first
        kind = field.evaluate("field => field.tagName + (field.type || '')")
        if kind == "INPUTfile":
            field.set_input_files(self.photograph)
            self.page.wait_for_selector("[data-photos] figure")
        elif kind.startswith("SELECT"):
            offered = field.locator("option").all_inner_texts()
            field.select_option(label=next(one for one in offered if words in one))
        else:
            field.fill(words)
