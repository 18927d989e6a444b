"""One installation on this machine: first page, idle memory, gaps after a crash, second start.

    python benchmarks/installation.py [--instance chongqing] [--idle 30]

Limits: first page from an empty data folder ≤ 180 s (installing packages not included), idle memory of everything
≤ 1024 MB (proportional set size, PostgreSQL included), web gap after kill -9 ≤ 3 s. Exit status 1 when one is passed.
"""

from __future__ import annotations

import argparse
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIRST_PAGE_SECONDS, MEMORY_MEGABYTES, GAP_SECONDS = 180.0, 1024.0, 3.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def processes(folder: Path) -> dict[int, str]:
    """Living processes that name the folder in their arguments or environment, and their children: a server process
    of PostgreSQL overwrites both.
    """
    found, parents, mark = {}, {}, os.fsencode(folder)
    everything: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        try:
            words = (entry / "cmdline").read_bytes()
            named = bool(words) and (mark in words or mark in (entry / "environ").read_bytes())
            parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, ValueError):
            continue
        everything[int(entry.name)] = words.replace(b"\0", b" ").decode(errors="replace")
        if named:
            found[int(entry.name)] = everything[int(entry.name)]
    for pid, parent in parents.items():
        if parent in found and everything[pid]:
            found.setdefault(pid, everything[pid])
    return found


def kind(words: str) -> str:
    if words.startswith("postgres:") or "/postgres " in words:
        return "postgres"
    program = re.search(r"city1361\.running\.programs (\w+)", words)
    return program[1] if program else "supervisor"


def memory(folder: Path) -> dict[str, float]:
    """Proportional set size in MB by kind of process."""
    sizes: dict[str, float] = {}
    for pid, words in processes(folder).items():
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        sizes[kind(words)] = sizes.get(kind(words), 0.0) + (int(found[1]) / 1024 if found else 0.0)
    return sizes


def start(folder: Path, port: int, instance: str) -> tuple[subprocess.Popen[bytes], float]:
    begun = time.monotonic()
    environment = {**os.environ, "CITY1361_INSTANCE": instance, "PYTHONPATH": str(ROOT / "src")}
    words = [sys.executable, "-m", "city1361", "run", "--data", str(folder), "--port", str(port), "--scale", "town"]
    city = subprocess.Popen(words, env=environment, stdout=(folder.parent / "said").open("ab"))
    while not answers(port):
        if city.poll() is not None or time.monotonic() - begun > 600:
            sys.exit((folder.parent / "said").read_text())
        time.sleep(0.05)
    return city, time.monotonic() - begun


def gap(folder: Path, port: int, everything: bool) -> float:
    """Seconds without an answer after kill -9 of one web worker, or of the whole web group's leader."""
    web = [pid for pid, words in processes(folder).items() if kind(words) == "web"]
    leader = next(pid for pid in web if os.getpgid(pid) == pid)
    os.kill(leader if everything else next(pid for pid in web if pid != leader), signal.SIGKILL)
    begun = last = time.monotonic()
    longest = 0.0
    while time.monotonic() - begun < 8:
        if answers(port):
            longest, last = max(longest, time.monotonic() - last), time.monotonic()
        time.sleep(0.02)
    return max(longest, time.monotonic() - last)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--instance", default="chongqing")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds of rest before memory is read")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="city1361-bench-") as place:
        Path(place).chmod(0o755)
        folder, port = Path(place) / "data", free_port()
        city, first = start(folder, port, options.instance)
        try:
            time.sleep(options.idle)
            sizes = memory(folder)
            worker_gap, whole_gap = gap(folder, port, False), gap(folder, port, True)
            city.terminate()
            city.wait(60)
            left = processes(folder)
            city, second = start(folder, port, options.instance)
        finally:
            city.terminate()
            city.wait(60)
    for name, size in sorted(sizes.items(), key=lambda item: -item[1]):
        print(f"  {name:<14} {size:7.0f} MB")
    total = sum(sizes.values())
    print(f"idle memory      {total:7.0f} MB   (limit {MEMORY_MEGABYTES:.0f})")
    print(f"first page       {first:7.1f} s    (limit {FIRST_PAGE_SECONDS:.0f}), second start {second:.1f} s")
    print(f"web gap          {worker_gap:7.2f} s after a killed worker, {whole_gap:.2f} s after a killed master")
    print(f"left after stop  {len(left):7d} processes; load {os.getloadavg()[0]:.1f}")
    good = total <= MEMORY_MEGABYTES and first <= FIRST_PAGE_SECONDS and whole_gap <= GAP_SECONDS and not left
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
