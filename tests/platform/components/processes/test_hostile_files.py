"""No file can crash, hang or exhaust the loader; no diagram can exhaust a step."""

from __future__ import annotations

import contextlib
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from city1361.platform.components.processes.decisions import compile_process, compile_processes, load_table
from city1361.platform.components.processes.terms import ProcessRefused, StepRefused
from tests.platform.components.processes.drawn import draw, flows
from tests.platform.components.processes.hostile import ENDS, PLAIN, corpus
from tests.platform.components.processes.walking import Instance, made

MEMORY = 400  # MB, the interpreter and its libraries included
PROCESSOR = 10  # seconds for one file; the slowest takes about one
PROGRAM = f"""
import json, resource, sys, time
from pathlib import Path
from city1361.platform.components.processes.decisions import compile_process
from city1361.platform.components.processes.terms import ProcessRefused
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY} << 20, {MEMORY} << 20))
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun = time.process_time()
    try:
        compile_process(path.read_bytes())
        found = ["accepted"]
    except ProcessRefused as refused:
        found = [one.code for one in refused.findings]
        assert len(str(refused)) < 100_000
    print(json.dumps([path.name, time.process_time() - begun, found[:3], len(found)]), flush=True)
"""


def test_every_hostile_file_is_refused_in_little_time_and_memory(tmp_path: Path) -> None:
    files = corpus()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], capture_output=True, text=True, timeout=240, check=False
    )
    told = {name: (seconds, codes, count) for name, seconds, codes, count in map(json.loads, done.stdout.splitlines())}
    assert done.returncode == 0, f"died after {list(told)[-1:]}: {done.stderr[-1_500:]}"
    assert set(told) == set(files)
    for name, (seconds, codes, count) in told.items():
        assert (codes == ["accepted"]) is name.startswith("fine"), (name, codes)
        assert count <= 100, name
        assert seconds < PROCESSOR, (name, seconds)


def _changed(chance: random.Random, content: bytes) -> bytes:
    """The file with a few pieces cut, doubled, moved or replaced."""
    made = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 5])):
        at, length = chance.randrange(len(made)), chance.choice([1, 1, 4, 20, 200])
        piece = bytes(made[at : at + length])
        form = chance.randrange(4)
        if form == 0:
            del made[at : at + length]
        elif form == 1:
            made[at:at] = piece * chance.choice([1, 3])
        elif form == 2:
            made[at : at + 1] = bytes([chance.randrange(256)])
        else:
            there = chance.randrange(len(made))
            made[there:there] = piece
        if not made:
            return b""
    return bytes(made)


def _fuzz(rounds: int, seed: int) -> int:
    chance, accepted = random.Random(seed), 0
    for _ in range(rounds):
        with contextlib.suppress(ProcessRefused):
            compile_process(_changed(chance, PLAIN))
            accepted += 1
    return accepted


def test_a_damaged_file_is_accepted_or_refused_and_nothing_else() -> None:
    assert 0 < _fuzz(600, 1) < 600


@pytest.mark.long
def test_many_damaged_files_are_accepted_or_refused_and_nothing_else() -> None:
    assert 0 < _fuzz(60_000, 2) < 60_000


@pytest.mark.parametrize("name", ["billion laughs", "file entity", "utf-16 entity", "deep elements", "many attributes"])
def test_decision_tables_are_read_as_carefully(name: str) -> None:
    with pytest.raises(ProcessRefused):
        load_table(corpus()[name], {})


def test_work_that_multiplies_is_stopped() -> None:
    """Five hundred instances of five hundred instances would be a quarter of a million tokens."""
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>500</loopCardinality></multiInstanceLoopCharacteristics>"
    )
    inner = f'<startEvent id="i"/><endEvent id="j"/><userTask id="b">{several}</userTask>' + flows("i -> b; b -> j")
    compiled = made(
        f'{ENDS}<userTask id="a"/><subProcess id="c">{several}{inner}</subProcess>', "s -> a; a -> c; c -> e"
    )
    one = Instance(compiled)
    with pytest.raises(StepRefused) as refused:
        one.do("a")
    assert refused.value.code in ("too_many_steps", "too_many_tokens")


def test_tokens_that_multiply_are_stopped() -> None:
    """Each round forty come back for one; the instance stays as it is when there would be too many."""
    services = "".join(
        f'<serviceTask id="b{n}"><extensionElements><city:service name="x"/></extensionElements></serviceTask>'
        for n in range(40)
    )
    ways = "s -> a; a -> e; " + "; ".join(f"a -> b{n}; b{n} -> a" for n in range(40))
    one = Instance(made(f'{ENDS}<manualTask id="a"/>{services}', ways))
    with pytest.raises(StepRefused) as refused:
        while True:
            one.do("a")
            one.serve("b0")
    assert refused.value.code == "too_many_tokens"
    assert len(one.state.tokens) <= 2_000


def test_deep_calls_of_one_another_are_stopped_in_the_step() -> None:
    """Eight processes that each call the next four times: 4**8 calls."""
    files = {}
    for level in range(8):
        inside = f'calledElement="k{level + 1}"'
        calls = "".join(f'<callActivity id="c{n}" {inside}/>' for n in range(4))
        ways = "s -> g; " + "; ".join(f"g -> c{n}; c{n} -> e" for n in range(4))
        files[f"k{level}"] = (draw(f'{ENDS}<parallelGateway id="g"/>{calls}' + flows(ways), key=f"k{level}"), {})
    files["k8"] = (draw(f'{ENDS}<userTask id="a"/>' + flows("s -> a; a -> e"), key="k8"), {})
    compiled = compile_processes(files)["k0"]
    with pytest.raises(StepRefused) as refused:
        Instance(compiled)
    assert refused.value.code in ("too_many_steps", "too_many_tokens")
