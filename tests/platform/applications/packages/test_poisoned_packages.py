"""No archive can exhaust who opens it: each is refused by a child with limits on memory and time, which outlives all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.platform.applications.packages.poisoned import corpus

GROWTH = 100  # MB above what the interpreter and its libraries take
PROCESSOR = 1.0  # seconds of one processor for one file
PROGRAM = f"""
import django, json, resource, sys, time
from pathlib import Path
django.setup()
from city1361.platform.applications.packages import api
folder = Path(sys.argv[1])
api.check(folder / "none")
used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + ({GROWTH} << 20),) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
for path in sorted(folder.iterdir()):
    begun = time.process_time()
    found = sorted({{one.code for one in api.check(path)}})
    print(json.dumps([path.name, time.process_time() - begun, found[:5]]), flush=True)
"""


def test_every_poisoned_package_is_refused_in_little_time_and_memory(tmp_path: Path) -> None:
    files = corpus()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=240, check=False
    )
    told = {name: (seconds, codes) for name, seconds, codes in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, f"died after {list(told)[-1:]}: {done.stderr[-1_500:]}"
    assert set(told) == set(files)
    assert {name: codes for name, (_, codes) in told.items() if not codes} == {}
    assert {name: seconds for name, (seconds, _) in told.items() if seconds > PROCESSOR} == {}
