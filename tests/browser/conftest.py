"""A running city (pages, live streams, worker) over the test data base, and people who look at it with a Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET += ["--disable-sync", "--no-first-run"]
STARTING_SECONDS = 60.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM.exists():
            reason = f"needs a Chromium: install the package chromium, or name one with CHROMIUM ({CHROMIUM} is none)"
            item.add_marker(pytest.mark.skip(reason=reason))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own address
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


@dataclass
class City:
    """The running city. `page` and `live` are addresses; each program can be stopped and started by its name."""

    databases: Any
    page_port: int = field(default_factory=free_port)
    live_port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.page_port}"

    @property
    def live(self) -> str:
        return f"http://127.0.0.1:{self.live_port}"

    def environment(self) -> dict[str, str]:
        parts = urlsplit(self.databases.app_url)
        return {
            **os.environ,
            "DATABASE_URL": urlunsplit(parts._replace(path=f"/{self.databases.name}")),
            "CITY1361_LIVE_URL": self.live,
            "CITY1361_ORIGINS": self.page,
        }

    def start(self, name: str, *arguments: str) -> None:
        """Start a program of the installation. Its standard input is its lifeline: it ends when we do."""
        command = [os.sys.executable, "-m", "city1361.running.programs", name, *arguments]  # type: ignore[attr-defined]
        log = (Path(os.environ["CITY1361_DATA"]) / f"browser-{name}.log").open("ab")
        self.running[name] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=log, stderr=log, env=self.environment(), start_new_session=True
        )
        log.close()

    def start_live(self) -> None:
        self.start("live", "127.0.0.1", str(self.live_port))
        self.wait_for(f"{self.live}/live/ready")

    def stop(self, name: str) -> None:
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)
        if process.stdin:
            process.stdin.close()

    def wait_for(self, address: str) -> None:
        end = time.monotonic() + STARTING_SECONDS
        while not answers(address):
            if time.monotonic() > end:
                logs = Path(os.environ["CITY1361_DATA"]).glob("browser-*.log")
                pytest.fail(f"{address} does not answer\n" + "\n".join(log.read_text()[-1500:] for log in logs))
            time.sleep(0.1)

    def end_sessions(self) -> None:
        """Everybody's session ends, as after twelve hours."""
        with self.databases.owner() as connection:
            connection.execute("DELETE FROM django_session")


@pytest.fixture(scope="package")
def live_city(databases: Any) -> Iterator[City]:
    """Pages, live streams and worker on free ports; stopped and forgotten after the last browser test."""
    databases.renew()
    city = City(databases)
    try:
        city.start("web", "127.0.0.1", str(city.page_port))
        city.start("worker")
        city.start_live()
        city.wait_for(f"{city.page}/accounts/login/")
        yield city
    finally:
        for name in list(city.running):
            city.stop(name)
        databases.renew()


@pytest.fixture(scope="package")
def chromium(live_city: City) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield browser
        browser.close()


def first_password(username: str) -> str:
    lines = (Path(os.environ["CITY1361_DATA"]) / "cast.txt").read_text("utf-8").splitlines()
    return next(line.split("\t")[2] for line in lines if line.split("\t")[0] == username)


def sign_in(page: Any, username: str) -> None:
    """Through the sign-in page that is open."""
    page.fill("[name=login]", username)
    page.fill("[name=password]", first_password(username))
    page.click("main form button.primary")
    page.wait_for_url(lambda address: "/accounts/login" not in address)


type_of_person = Callable[..., Any]


@pytest.fixture(scope="package")
def known_cookies() -> dict[str, Any]:
    """Sessions of people who signed in already: the pages of one test need not ask for the password again."""
    return {}


@pytest.fixture
def person(live_city: City, chromium: Any, known_cookies: dict[str, Any]) -> Iterator[type_of_person]:
    """Open a browser for somebody: person("town_duty_officer", width=1440). Nobody signs in without a name.

    After the test no page may have met a script error or broken the content policy.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_for(
        username: str = "", *, width: int = 1440, height: int = 900, fresh: bool = False, **options: Any
    ) -> Any:
        options.setdefault("locale", "zh-CN")
        context = chromium.new_context(viewport={"width": width, "height": height}, base_url=live_city.page, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15000)
        page.on("pageerror", lambda error: complaints.append(f"{username} {page.url}: {error}"))
        page.on("console", lambda said: _listen(said, username, complaints))
        if username and not fresh and username in known_cookies:
            context.add_cookies(known_cookies[username])
        if username:
            page.goto("/")
            if "/accounts/login/" in page.url:
                sign_in(page, username)
                if not fresh:
                    known_cookies[username] = context.cookies()
        return page

    yield open_for
    for context in contexts:
        with suppress(Exception):
            context.close()
    assert complaints == []


def _listen(said: Any, username: str, complaints: list[str]) -> None:
    """A refused request is somebody else's business; everything else a browser complains about is ours."""
    if said.type == "error" and "Failed to load resource" not in said.text:
        complaints.append(f"{username}: {said.text}")


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """A photograph larger than any screen."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (2400, 1800), (96, 120, 140))
    drawing = ImageDraw.Draw(image)
    for place in range(0, 2400, 60):
        drawing.line([(place, 0), (2400 - place, 1800)], fill=(place % 255, 90, 60), width=7)
    path = tmp_path / "manhole.jpg"
    image.save(path, quality=90)
    return path


@pytest.fixture
def reported(person: type_of_person) -> Callable[..., str]:
    """Report something without looking at the page, in the grid worker's grid; returns the matter's id."""

    def own_grid() -> str:
        page = person("grid_worker", width=390)
        page.goto("/report/")
        area: str = page.input_value("[name=area]")
        page.context.close()
        return area

    def report(description: str, username: str = "grid_worker", matter_type: str = "") -> str:
        page = person(username, width=390)
        session = page.request.get("/report/session/", headers={"Accept": "application/json"}).json()
        page.goto("/report/")
        area = page.input_value("[name=area]") or own_grid()
        key = page.evaluate("crypto.randomUUID()")
        form = {"client_key": key, "category": "road", "description": description, "urgency": "normal", "area": area}
        form["matter_type"] = matter_type
        headers = {"Accept": "application/json", "X-CSRFToken": session["token"], "Referer": page.url}
        answer = page.request.post("/report/", form=form, headers=headers)
        assert answer.status == 201, answer.text()
        identity: str = answer.json()["id"]
        page.context.close()
        return identity

    return report
