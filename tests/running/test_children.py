"""Real processes: they are started again when they die and never outlive their supervisor."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from city1361.running.children import Child, Lifeline, Program, stop_all
from city1361.running.supervisor import status_text

# A child that has a child of its own, as a web server has its workers. Both note that they live.
PARENT_OF_ONE = """
import os, subprocess, sys, time
from city1361.running import lifeline
lifeline.GRACE_SECONDS = 1.0
lifeline.hold()
inner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open(sys.argv[1], "w").write(f"{os.getpid()} {inner.pid}")
time.sleep(600)
"""


def alive(pid: int) -> bool:
    """Whether that process runs. A zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Program:
    (tmp_path / "parent_of_one.py").write_text(PARENT_OF_ONE)
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    return Program("one", "parent_of_one", [str(tmp_path / "pids")], environment, tmp_path / "one.log")


def pids(program: Program) -> list[int]:
    path = Path(program.arguments[0])
    assert eventually(lambda: path.exists() and path.read_text().count(" ") == 1), program.log.read_text()
    return [int(pid) for pid in path.read_text().split()]


def test_a_child_that_dies_takes_its_group_along_and_is_started_again(program: Program) -> None:
    lifeline = Lifeline()
    child = Child(program, lifeline)
    child.start()
    outer, inner = pids(program)
    assert child.ended() is None
    os.kill(outer, signal.SIGKILL)
    statuses: list[int] = []
    assert eventually(lambda: (status := child.ended()) is not None and not statuses.append(status))
    assert statuses == [-signal.SIGKILL]
    assert eventually(lambda: not alive(inner))
    Path(program.arguments[0]).unlink()
    assert eventually(child.restart_if_due)
    again = pids(program)
    assert again[0] != outer
    assert child.process is not None
    stop_all([child.process], grace=5.0)
    lifeline.cut()
    assert eventually(lambda: not any(alive(pid) for pid in again))


def test_restarts_come_ever_later_until_the_child_has_lived_a_while(program: Program) -> None:
    lifeline = Lifeline()
    child = Child(Program("bad", "no_such_module", [], program.environment, program.log), lifeline)
    child.start()
    waits = []
    for _ in range(3):
        assert eventually(lambda: child.ended() is not None)
        waits.append(child.wait)
        child.due = 0.0
        assert child.restart_if_due()
    assert waits == sorted(set(waits))
    child.begun -= 3600
    assert eventually(lambda: child.ended() is not None)
    assert child.wait == waits[0]
    lifeline.cut()


STANDING_BY = """
import os, sys, time
from city1361.running import lifeline
lifeline.hold()
with open(sys.argv[1], "a") as pids: pids.write(f"{os.getpid()} loaded\\n")
lifeline.wait_for_call()
with open(sys.argv[1], "a") as pids: pids.write(f"{os.getpid()} serves\\n")
time.sleep(600)
"""


def test_one_that_stands_by_serves_as_soon_as_the_other_is_dead(program: Program, tmp_path: Path) -> None:
    (tmp_path / "parent_of_one.py").write_text(STANDING_BY)
    told, lifeline = Path(program.arguments[0]), Lifeline()
    child = Child(program, lifeline, spared=True)
    child.start()
    assert child.process is not None
    first = child.process.pid
    assert eventually(lambda: told.exists() and f"{first} serves" in told.read_text())
    child.stand_by()
    assert child.spare is None, "loading one must not take the time of one that has just begun"
    child.begun -= 3600
    child.stand_by()
    assert child.spare is not None
    waiting = child.spare.process.pid
    assert eventually(lambda: f"{waiting} loaded" in told.read_text())
    assert f"{waiting} serves" not in told.read_text()
    os.kill(first, signal.SIGKILL)
    assert eventually(lambda: child.ended() is not None)
    assert eventually(child.restart_if_due)
    assert eventually(lambda: f"{waiting} serves" in told.read_text())
    assert [one.pid for one in child.processes] == [waiting]
    child.begun -= 3600
    child.stand_by()
    unused = child.spare.process
    child.drop_spare()
    assert unused.poll() is not None
    stop_all(child.processes, grace=5.0)
    lifeline.cut()
    assert eventually(lambda: not alive(waiting))


ORPHAN = """
import os, subprocess, sys, time
from city1361.running import lifeline
bound = "from city1361.running import lifeline; lifeline.end_with_parent(); print(1, flush=True); "
bound += "import time; time.sleep(600)"
inner = subprocess.Popen([sys.executable, "-c", bound], stdout=subprocess.PIPE)
inner.stdout.read(1)
open(sys.argv[1], "w").write(f"{os.getpid()} {inner.pid}")
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_a_worker_process_dies_with_the_child_it_belongs_to(program: Program, tmp_path: Path) -> None:
    (tmp_path / "parent_of_one.py").write_text(ORPHAN)
    lifeline = Lifeline()
    process = program.start(lifeline, 1)
    _, inner = pids(program)
    process.kill()
    process.wait()
    assert eventually(lambda: not alive(inner))
    lifeline.cut()


SUPERVISOR = """
import sys, time
from pathlib import Path
from city1361.running.children import Lifeline, Program
import os
lifeline = Lifeline()
Program("one", "parent_of_one", [sys.argv[1]], dict(os.environ), Path(sys.argv[2])).start(lifeline, 1)
time.sleep(600)
"""


def test_children_and_their_children_die_with_a_supervisor_that_is_killed_outright(
    program: Program, tmp_path: Path
) -> None:
    supervisor = subprocess.Popen(
        [sys.executable, "-c", SUPERVISOR, program.arguments[0], str(program.log)], env=dict(program.environment)
    )
    try:
        family = pids(program)
    finally:
        supervisor.kill()
        supervisor.wait()
    assert eventually(lambda: not any(alive(pid) for pid in family))


def test_one_that_does_not_listen_is_ended_all_the_same(program: Program, tmp_path: Path) -> None:
    deaf = PARENT_OF_ONE.replace("import os, ", "import signal, os, ").replace(
        "lifeline.hold()", "lifeline.hold(); signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    )
    (tmp_path / "parent_of_one.py").write_text(deaf)
    lifeline = Lifeline()
    process = program.start(lifeline, 1)
    family = pids(program)
    stop_all([process], grace=0.5)
    assert process.returncode == -signal.SIGKILL
    assert eventually(lambda: not any(alive(pid) for pid in family))
    lifeline.cut()


def test_an_exit_status_is_told_as_people_read_it() -> None:
    assert [status_text(status) for status in (3, -9, -15)] == ["3", "SIGKILL", "SIGTERM"]
