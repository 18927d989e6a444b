"""Open every page as the people of the demonstration, keep its picture, and say what looks poor.

    python scripts/screenshots.py --data DIR [--url http://127.0.0.1:8361] [--out build/screenshots] [--widths 390,1440]
                                  [--only desk,wall_area] [--language zh-CN]

DIR is the data folder of a running `./run`. People go from page to page by the links they are shown; each kind of page
(the name of its address) is taken once, the screens of daily work once for each who has them. Beside the pictures:
`index.html` with all of them and `report.json` with what was found, by page and width:

- what sticks out of its box, numbers that wrap, half-width punctuation between Chinese words;
- violations of WCAG 2.2 AA and good practice, and text whose contrast axe could not decide;
- errors of the console, answers that are no 200, kinds of pages that nobody reached.

Ends with 1 if anything was found that is not a page nobody reached.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

HEIGHTS = {390: 844, 1440: 900, 1920: 1080, 3840: 2160}
EACH_PERSON = {"home", "desk", "inbox", "wall", "wall_area", "supervision", "command"}
"""Names of addresses that look different to each who works there."""
NOT_PAGES = {"account_logout", "file", "file_thumb", "export_file", "process_drawing", "service_worker", "manifest"}
"""What a link leads to that is no page: files, and the way out."""


@dataclass
class Page:
    """One page of one person, and what was found on it, by width in pixels."""

    person: str
    address: str
    name: str
    status: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return f"{self.name.replace(':', '_')}--{self.person or 'nobody'}"


def name_of(address: str) -> str:
    """The name of the page that answers here, '' for none."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(urlsplit(address).path).view_name or ""
    except Resolver404:
        return ""


def page_names() -> set[str]:
    """Names of everything that could be a page."""
    from django.urls import URLPattern, get_resolver

    def walk(resolver: Any, before: str) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            address = before + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                if pattern.name and not address.startswith(("api/", "live/")):
                    yield pattern.name
            else:
                yield from walk(pattern, address)

    return set(walk(get_resolver(), "")) - NOT_PAGES


def people(data: Path) -> dict[str, str]:
    """Password by user name of the cast."""
    lines = (data / "cast.txt").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line.count("\t") >= 2]
    return {row[0]: row[2] for row in rows}


def sign_in(page: Any, url: str, who: str, password: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", who)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "login" not in address)


def examine(page: Any, widths: list[int], shot: Path) -> dict[str, list[str]]:
    """Take the open page at each width in pixels and look at it."""
    from tests.browser import looking

    found: dict[str, list[str]] = {}
    for width in widths:
        page.set_viewport_size({"width": width, "height": HEIGHTS.get(width, 900)})
        page.wait_for_timeout(250)
        page.screenshot(path=shot.with_name(f"{shot.name}-{width}.png"), full_page=True)
        poor = looking.sticking_out(page) + looking.wrapped_numbers(page)
        if width == widths[0]:
            poor += looking.half_width(page)
        if width in {390, 1440}:
            poor += looking.shutting_out(page)
        if poor:
            found[str(width)] = poor
    return found


def visit(browser: Any, who: str, password: str, taken: set[str], asked: argparse.Namespace) -> Iterator[Page]:
    """Every kind of page this person is led to and nobody was before."""
    url = asked.url
    context = browser.new_context(locale=asked.language, service_workers="block")
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    if who:
        sign_in(page, url, who, password)
    waiting, seen = deque(["/" if who else "/accounts/login/"]), set[str]()
    while waiting:
        address = waiting.popleft()
        name = name_of(address)
        mine = f"{name}|{who if name in EACH_PERSON else ''}"
        if not name or name in NOT_PAGES or mine in taken or (mine in seen):
            continue
        seen.add(mine)
        errors.clear()
        answer = page.goto(url + address)
        reached = name_of(page.url)
        mine = f"{reached}|{who if reached in EACH_PERSON else ''}"
        if mine in taken or answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        taken.add(mine)
        made = Page(who, urlsplit(page.url).path, reached, answer.status)
        waiting.extend(links(page, url))
        if not asked.only or reached in asked.only:
            page.wait_for_timeout(700)
            made.found = examine(page, asked.widths, asked.out / made.slug)
            if errors:
                made.found["console"] = list(errors)
            yield made
    context.close()


def links(page: Any, url: str) -> list[str]:
    """Addresses of this city that the page leads to."""
    hrefs = page.evaluate(
        "[...document.querySelectorAll('a[href]:not([download])')].map(link => new URL(link.getAttribute('href'), location).href)"
    )
    return [href.removeprefix(url).split("#")[0] for href in hrefs if href.startswith(url + "/")]


def contact_sheet(pages: list[Page], widths: list[int], out: Path) -> None:
    rows = []
    for page in pages:
        shots = "".join(
            f'<a href="{page.slug}-{width}.png"><img loading="lazy" src="{page.slug}-{width}.png" height="360"></a>'
            for width in widths
        )
        found = html.escape(json.dumps(page.found, ensure_ascii=False, indent=1)) if page.found else ""
        rows.append(
            f"<h2>{html.escape(page.slug)} <small>{html.escape(page.address)}</small></h2>{shots}<pre>{found}</pre>"
        )
    (out / "index.html").write_text(
        f'<!doctype html><meta charset="utf-8"><title>city1361</title>{"".join(rows)}', "utf-8"
    )


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8361")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--widths", type=lambda text: [int(one) for one in text.split(",")], default=sorted(HEIGHTS))
    parser.add_argument("--only", type=lambda text: set(text.split(",")), default=set())
    parser.add_argument("--who", type=lambda text: text.split(","), default=None)
    parser.add_argument("--language", default="zh-CN")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "city1361.settings")
    import django

    django.setup()
    asked.out.mkdir(parents=True, exist_ok=True)
    cast, taken, pages = people(asked.data), set[str](), list[Page]()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        for who in ["", *(asked.who or cast)]:
            for page in visit(browser, who, cast.get(who, ""), taken, asked):
                pages.append(page)
                print(
                    f"{page.status} {page.slug:48} {page.address:48} {sum(map(len, page.found.values())) or ''}",
                    flush=True,
                )
        browser.close()
    unreached = sorted(page_names() - {page.name for page in pages})
    contact_sheet(pages, asked.widths, asked.out)
    report = {"unreached": unreached, "pages": {page.slug: {"address": page.address, **page.found} for page in pages}}
    (asked.out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1), "utf-8")
    print(f"{len(pages)} pages in {asked.out}/index.html; nobody reached: {' '.join(unreached) or '–'}")
    return 1 if any(page.found or page.status >= 500 for page in pages) else 0


if __name__ == "__main__":
    sys.exit(main())
