"""A web host: the programs of deploy/systemd, started as their units say, with folders and ports of this machine."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.deployment.proxy import DEPLOY, free_port
from tests.running.installed import ROOT

PROGRAMS = ("web", "live", "worker")
SHARED = ("files", "exports", "keys")
NOT_OURS = ("DATABASE_", "CITY1361_", "SECRET_KEY", "PERSONAL_DATA_KEY", "LIVE_KEY", "PROMETHEUS_", "PG")


class Site:
    """What every host shares: secrets, the settings file, the folders they all see."""

    def __init__(self, place: Path, settings: Mapping[str, str], secret: Mapping[str, str]) -> None:
        self.place, self.etc, self.shared = place, place / "etc", place / "shared"
        for folder in (self.etc, *(self.shared / name for name in SHARED)):
            folder.mkdir(parents=True)
        made = {name: secrets.token_hex(32) for name in ("secret-key", "personal-data-key", "live-key")}
        for name, text in {**made, **secret}.items():
            (self.etc / name).write_text(text + "\n")
            (self.etc / name).chmod(0o600)
        lines = [line for line in (DEPLOY / "city1361.env").read_text().splitlines() if "=" in line]
        self.settings = {**dict(line.split("=", 1) for line in lines), **settings}


class Host:
    """One web host. Its data folder is its own, what SHARED names is everybody's."""

    def __init__(self, name: str, site: Site) -> None:
        self.name, self.site, self.folder = name, site, site.place / name
        self.folder.mkdir()
        (self.folder / "run").mkdir()
        for one in SHARED:
            (self.folder / one).symlink_to(site.shared / one)
        self.ports = {port: free_port() for port in ("8361", "8362", "8363")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def unit(self, name: str) -> tuple[list[list[str]], dict[str, str]]:
        """The commands of a unit and their environment, as systemd would have them on this host."""
        text = (DEPLOY / "systemd" / f"city1361-{name}.service").read_text()
        pairs = [line.split("=", 1) for line in text.splitlines() if "=" in line]
        told = dict(value.split("=", 1) for key, value in pairs if key == "Environment")
        told = {key: self._here(text) for key, text in {**self.site.settings, **told}.items()}
        kept = {key: text for key, text in os.environ.items() if not key.startswith(NOT_OURS)}
        commands = [self._here(value).split() for key, value in pairs if key == "ExecStart"]
        return commands, {**kept, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8", **told}

    def _here(self, text: str) -> str:
        for port, ours in self.ports.items():
            text = text.replace(port, str(ours))
        text = text.replace("/opt/city1361/bin/city1361", f"{sys.executable} -m city1361")
        text = text.replace("%d", str(self.site.etc)).replace("/run/city1361", str(self.folder / "run"))
        return text.replace("/srv/city1361", str(self.folder)).replace("/srv/changes", str(self.site.place / "changes"))

    def start(self, *names: str) -> None:
        for name in names or PROGRAMS:
            (command,), environment = self.unit(name)
            with (self.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    *(command,), env=environment, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True,
                )  # fmt: skip

    def end(self, number: signal.Signals, *names: str) -> None:
        """Killed outright, or asked politely; the whole group of each program."""
        for name in names or tuple(self.running):
            with suppress(ProcessLookupError):
                if number == signal.SIGKILL:
                    os.killpg(self.running[name].pid, number)
                else:
                    self.running[name].send_signal(number)
        for name in names or tuple(self.running):
            self.running.pop(name).wait(30)

    def verb(self, *words: str, **more: str) -> str:
        """A verb by hand, with the secrets of the site."""
        _, environment = self.unit("nightly")
        command = [sys.executable, "-m", "city1361", *words]
        done = subprocess.run(command, env={**environment, **more}, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{words}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def answer(self, path: str, port: str = "8361", cookies: str = "") -> tuple[int, str]:
        """What it says to those who keep it running, asked past nginx."""
        headers = {"Host": "city.example", "X-Forwarded-Proto": "https", "Cookie": cookies}
        asked = urllib.request.Request(f"http://127.0.0.1:{self.ports[port]}{path}", headers=headers)
        try:
            with urllib.request.urlopen(asked, timeout=20) as heard:  # noqa: S310
                return heard.status, heard.read().decode(errors="replace")
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError:
            return 0, ""

    def ready(self) -> bool:
        return self.answer("/readyz")[0] == 200 and self.answer("/live/ready", "8362")[0] == 200

    def checks(self) -> dict[str, Any]:
        status, text = self.answer("/readyz")
        return {"answer": status, **(json.loads(text)["checks"] if text else {})}

    def measures(self) -> str:
        return self.answer("/metrics", "8363")[1]

    def streams(self) -> int:
        """How many live streams it carries, as it tells Prometheus."""
        found = re.search(r"^city1361_live_streams (\d+)", self.measures(), re.MULTILINE)
        return int(found[1]) if found else 0
