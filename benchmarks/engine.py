"""One life cycle of a process, start and six user tasks, through the Python API beside pgbench driving the same SQL.

    python benchmarks/engine.py [--lives 150] [--rounds 3] [--clients 2] [--without-dbos]

Every row writes the same: instance, work items, passages, evidence, events, in one transaction a step, scope bound, row
security on, as the application's role, on an embedded PostgreSQL with fsync. In each round all peers run in turn:

pgbench   the recorded calls `SELECT processes_apply(plan::jsonb, version)`, with fresh ids prepared in a table
api       `process_start` and `process_advance`, through @action; so many processes as pgbench has clients
orm       the same API, its plan written by Django's ORM instead of the SQL function
spiff     SpiffWorkflow reads its state from the row, runs the task, and its new state is written by the same call; what
          else is written was recorded before, so it neither authorises nor makes evidence anew
dbos      a DBOS workflow whose steps make the same calls, in an interpreter of its own that this file makes from the package
          index: DBOS is no dependency of this project

Printed: life cycles and steps per second, processor time of client and server per step, rate over pgbench of the same
round (median). Limit: api at least 0.5 of pgbench.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import city

sys.path.insert(0, str(city.ROOT))
LIMIT = 0.5
DBOS = "3.4.0"
TICKS = os.sysconf("SC_CLK_TCK")
KEY = "bench"
STEPS = ("admit", "acknowledge", "handle", "check", "close", "agree")
BODY = (
    '<startEvent id="s"/><endEvent id="e"/><exclusiveGateway id="g" default="g_close"/>'
    + "".join(f'<userTask id="{name}" name="{name}"/>' for name in STEPS)
)  # fmt: skip
WAYS = """s -> admit; admit -> acknowledge; acknowledge -> handle; handle -> check; check -> g; g -> close
g -> handle: step == "fail"; close -> agree; agree -> e"""
BIND = (
    "SELECT set_config('city1361.account', '00000000-0000-0000-0000-000000000000', true),"
    " set_config('city1361.organisations', '{}', true), set_config('city1361.areas', '{}', true),"
    " set_config('city1361.everything', 'on', true)"
)
Written = tuple[dict[str, Any], int]


@dataclass(frozen=True, slots=True)
class Cost:
    """What a peer took: seconds of the clock; of client and server, processor seconds."""

    seconds: float
    client: float
    server: float


def diagram() -> bytes:
    from tests.platform.components.processes.drawn import draw, flows

    return draw(BODY + flows(WAYS), key=KEY)


# ---- one life cycle, by each peer --------------------------------------------------------------------------------


def prepare() -> None:
    """The subject of the benchmark: every task opens a work item of one organisation."""
    import django

    django.setup()
    from city1361.base.kernel.ids import new_id
    from city1361.platform.components.processes import api

    town, organisation = new_id(), new_id()
    area = api.AreaColumns(new_id(), new_id(), town)
    api.register_work_item_kind(api.Kind("bench_item", "测试"))

    def item(instance: api.InstanceView, task: api.OpenedTask) -> api.WorkItemNew:
        holder = api.WorkItemHolder(organisation, post="bench")
        return api.WorkItemNew("bench_item", task.name, holder, area, subject_id=instance.subject_id)

    api.register_subject_kind(api.SubjectKind("bench", item=item))


def by_api() -> UUID:
    """Start and six steps; returns the instance."""
    from city1361.base.kernel.by import By
    from city1361.base.kernel.ids import new_id
    from city1361.platform.components.processes import api

    by, area = By.system("bench"), api.AreaColumns(new_id(), new_id(), new_id())
    view = api.process_start(
        by=by, key=KEY, subject_kind="bench", subject_id=new_id(), standing=api.Standing(area), variables={"step": ""}
    )
    for element in STEPS:
        token = next(one.id for one in view.state.tokens if one.element == element)
        event = api.TaskCompleted(token, {"step": element})
        view = api.process_advance(by=by, instance=view.id, expected_version=view.version, event=event)
    if view.status != "completed":
        raise AssertionError(f"the life ended as {view.status}")
    return view.id


def recorded() -> list[Written]:
    """The calls of processes_apply that one life makes."""
    from city1361.platform.components.processes import applying

    kept: list[Written] = []
    apply = applying.apply

    def keep(written: dict[str, Any], version: int) -> int:
        kept.append((json.loads(json.dumps(written)), version))
        return apply(written, version)

    applying.apply = keep
    try:
        by_api()
    finally:
        applying.apply = apply
    return kept


def fresh(calls: list[Written]) -> list[str]:
    """The plans of another life: the same, with ids of their own."""
    from city1361.base.kernel.ids import new_id

    text = json.dumps([plan for plan, _ in calls], ensure_ascii=False)
    known = {calls[0][0]["instance"], calls[0][0]["new"]["subject_id"]}
    for plan, _ in calls:
        for part in ("opened", "passages", "evidence", "events"):
            known |= {one["id"] for one in plan.get(part, ())}
    for one in known:
        text = text.replace(one, str(new_id()))
    return [json.dumps(plan, ensure_ascii=False) for plan in json.loads(text)]


def orm_apply(written: dict[str, Any], version: int) -> int:
    """What processes_apply does for such a plan, by the ORM."""
    from base64 import b16decode

    from django.db.models import F

    from city1361.base.evidence.models import EvidenceEntry, EvidencePersonal
    from city1361.base.outbox.models import OutboxEvent, PendingEvent
    from city1361.platform.components.processes.models import ProcessInstance, ProcessPassage, WorkItem

    this, at = UUID(written["instance"]), written["at"]
    ended = None if written["status"] == "running" else at
    if version == 0:
        ProcessInstance.objects.create(
            id=this, state=written["state"], version=1, status=written["status"], started_at=at, ended_at=ended,
            **written["new"],
        )  # fmt: skip
    else:
        changed = ProcessInstance.objects.filter(id=this, version=version).update(
            state=written["state"], version=F("version") + 1, status=written["status"], ended_at=ended
        )
        if not changed:
            raise AssertionError("stale")
    for one in written.get("closed", ()):
        WorkItem.objects.filter(
            instance_id=this, token=one["token"], state__in=["open", "claimed"], id__gte=UUID(written["since"])
        ).update(state="done", version=F("version") + 1, done_at=at, done_who=written["by"]["who"])
    names = {field.attname for field in WorkItem._meta.concrete_fields}
    for one in written.get("opened", ()):
        given = {name: text for name, text in one.items() if name in names}
        given.setdefault("sort_at", "2126-01-01T00:00:00Z")
        WorkItem.objects.create(instance_id=this, opened_at=at, state="open", watchers=[], version=1, **given)
    ProcessPassage.objects.bulk_create(ProcessPassage(instance_id=this, **one) for one in written.get("passages", ()))
    for one in written["evidence"]:
        entry = {name: one[name] for name in ("id", "at", "action", "subject_kind", "subject_id")}
        # `leaf` is a generated column: the ORM must not name it.
        columns = [field for field in EvidenceEntry._meta.concrete_fields if field.attname != "leaf"]
        EvidenceEntry.objects._insert(  # type: ignore[attr-defined]
            [EvidenceEntry(canon=one["canon"].encode(), **entry)], fields=columns, using="default"
        )
        if "sealed" in one:
            EvidencePersonal.objects.create(
                entry_id=one["id"], salt=b16decode(one["salt"].upper()), sealed=b16decode(one["sealed"].upper())
            )
    for one in written.get("events", ()):
        OutboxEvent.objects.create(
            id=one["id"], name=one["name"], payload=one["payload"], topics=one["topics"], acted_by=one["by"],
            occurred_at=one["at"],
        )  # fmt: skip
        PendingEvent.objects.create(event_id=one["id"])
    return version + 1


def by_orm() -> Callable[[], object]:
    from city1361.platform.components.processes import applying

    applying.apply = orm_apply
    return by_api


def by_spiff() -> Callable[[], object]:
    """Conditions are not evaluated by it: the way is chosen by the default of the gateway, its condition taken off."""
    from django.db import connection
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
    from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
    from SpiffWorkflow.util.task import TaskState

    from city1361.base.database import api as database
    from city1361.base.kernel.scope import Scope
    from tests.platform.components.processes.spiff import translated

    calls = recorded()
    parser, tree = BpmnParser(), translated(diagram())
    for node in list(tree.iter("{*}conditionExpression")):
        node.text = "False"
    parser.add_bpmn_xml(tree, KEY)
    spec, serializer = parser.get_spec(KEY), BpmnWorkflowSerializer(registry=BpmnWorkflowSerializer.configure())

    def write(plan: dict[str, Any], workflow: Any, version: int) -> None:
        plan["state"] = serializer.to_dict(workflow)
        with connection.cursor() as cursor:
            cursor.execute("SELECT processes_apply(%s::jsonb, %s)", [json.dumps(plan), version])

    def life() -> None:
        plans = [json.loads(text) for text in fresh(calls)]
        with database.scoped(Scope.everything()):
            workflow = BpmnWorkflow(spec)
            workflow.do_engine_steps()
            write(plans[0], workflow, 0)
        for version, element in enumerate(STEPS, 1):
            with database.scoped(Scope.everything()), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT state FROM platform_processes_processinstance WHERE id = %s", [plans[0]["instance"]]
                )
                kept = cursor.fetchone()[0]
                again: Any = serializer.from_dict(kept if isinstance(kept, dict) else json.loads(kept))
                task = next(one for one in again.get_tasks(state=TaskState.READY) if one.task_spec.bpmn_id == element)
                task.set_data(step=element)
                task.run()
                again.do_engine_steps()
                write(plans[version], again, version)
        if not again.completed:
            raise AssertionError("SpiffWorkflow did not come to its end")

    return life


def work(kind: str) -> None:
    """A client: take as many lives as each line of the standard input says, answer with the processor time they took."""
    warnings.simplefilter("ignore")
    prepare()
    life: Callable[[], object] = {"api": lambda: by_api, "orm": by_orm, "spiff": by_spiff}[kind]()
    life()
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        for _ in range(int(line)):
            life()
        print(time.process_time() - begun, flush=True)


# ---- the round -----------------------------------------------------------------------------------------------------


def server_cpu() -> float:
    """Processor seconds of this run's PostgreSQL, of connections that have ended too."""
    total, place = 0, os.environ["CITY1361_DATA"]
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cwd").readlink().is_relative_to(place):
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                total += sum(map(int, fields[11:15]))
        except (PermissionError, FileNotFoundError, ProcessLookupError):
            continue
    return total / TICKS


class Pgbench:
    """pgbench of the server's own version over plans in a table, each life once."""

    def __init__(self, environment: dict[str, str], clients: int, lives: int, rounds: int) -> None:
        from city1361.base.database.binaries import NEWEST, installation

        self.environment, self.clients, self.lives, self.round = environment, clients, lives, 0
        self.program = str(installation(NEWEST) / "bin" / "pgbench")
        calls = recorded()
        with city.superuser(environment) as connection:
            connection.execute("CREATE TABLE bench_plan (life int, step int, plan text, PRIMARY KEY (life, step))")
            connection.execute("GRANT SELECT ON bench_plan TO PUBLIC")
            with connection.cursor().copy("COPY bench_plan FROM STDIN") as copy:
                for life in range(clients * (lives * rounds + 1)):
                    for step, plan in enumerate(fresh(calls)):
                        copy.write_row((life, step, plan))
            connection.execute("VACUUM (ANALYZE) bench_plan")
        each = [
            f"BEGIN;\n{BIND};\nSELECT processes_apply(plan::jsonb, {step}) FROM bench_plan"
            f" WHERE life = :n * {clients} + :client_id AND step = {step};\nCOMMIT;\n"
            for step in range(len(STEPS) + 1)
        ]
        self.script = "".join(each) + "\\set n :n + 1\n"

    def run(self, lives: int | None = None) -> float:
        """Returns the processor seconds of pgbench."""
        taken = self.lives if lives is None else lives
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(self.script)
            script.flush()
            words = [self.program, "-n", "-c", str(self.clients), "-j", str(self.clients), "-t", str(taken), "-M",
                     "prepared", "-D", f"n={self.round}", "-f", script.name, self.environment["DATABASE_URL"]]  # fmt: skip
            done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode or "aborted" in done.stderr:
            raise SystemExit(f"pgbench failed: {done.stderr[:500]}")
        self.round += taken
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Workers:
    """Clients in processes of their own."""

    def __init__(self, words: list[str], environment: dict[str, str], clients: int, lives: int) -> None:
        self.lives = lives
        self.running = [
            subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(clients)
        ]
        for one in self.running:
            if self._line(one) != "ready":
                raise SystemExit(f"{words[-1]} did not begin")

    def _line(self, one: subprocess.Popen[str]) -> str:
        assert one.stdout is not None
        for line in one.stdout:
            if line[0].isdigit() or line.startswith("ready"):
                return line.strip()
        raise SystemExit("a client ended before its time")

    def run(self) -> float:
        for one in self.running:
            assert one.stdin is not None
            one.stdin.write(f"{self.lives}\n")
            one.stdin.flush()
        return sum(float(self._line(one)) for one in self.running)

    def stop(self) -> None:
        for one in self.running:
            assert one.stdin is not None
            one.stdin.close()
            one.wait(30)


def taken(run: Callable[[], float]) -> Cost:
    before, begun = server_cpu(), time.monotonic()
    client = run()
    return Cost(time.monotonic() - begun, client, server_cpu() - before)


def measure(environment: dict[str, str], lives: int, rounds: int, clients: int, *, dbos: bool) -> bool:
    os.environ.update(environment)
    prepare()
    from city1361.base.kernel.by import By
    from city1361.platform.components.processes import api

    schema = {"step": "string"}
    api.process_publish(by=By.system("bench"), key=KEY, xml=diagram(), schema=schema, title="测试")
    pgbench = Pgbench(environment, clients, lives, rounds)
    me = [sys.executable, __file__, "--work"]
    workers = {name: Workers([*me, name], environment, clients, lives) for name in ("api", "orm", "spiff")}
    if dbos:
        workers["dbos"] = _dbos(environment, clients, lives)
    pgbench.run(1)
    costs: dict[str, list[Cost]] = {"pgbench": [], **{name: [] for name in workers}}
    for _ in range(rounds):
        costs["pgbench"].append(taken(pgbench.run))
        for name, peer in workers.items():
            costs[name].append(taken(peer.run))
    for peer in workers.values():
        peer.stop()
    return _report(costs, clients * lives)


def _dbos(environment: dict[str, str], clients: int, lives: int) -> Workers:
    """Its clients, with plans of their own in files."""
    place = Path(environment["CITY1361_DATA"]).parent
    python = str(place / "dbos" / "bin" / "python")
    subprocess.run([sys.executable, "-m", "venv", str(place / "dbos")], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", f"dbos=={DBOS}"], check=True)
    calls = recorded()
    plans = place / "plans.json"
    plans.write_text(json.dumps([plan for plan, _ in calls]), "utf-8")
    program = str(Path(__file__).with_name("engine_dbos.py"))
    with city.superuser(environment) as connection:
        connection.execute("CREATE DATABASE bench_dbos")
    server, *query = environment["BENCH_SUPERUSER_URL"].split("?")
    url = "?".join([server.rsplit("/", 1)[0] + "/bench_dbos", *query])
    own = {**environment, "BENCH_BIND": BIND, "BENCH_DBOS_URL": url}
    return Workers([python, program, str(plans)], own, clients, lives)


def _report(costs: dict[str, list[Cost]], lives: int) -> bool:
    steps, ratio = lives * (len(STEPS) + 1), 0.0
    print("peer      lives/s  steps/s  client ms  server ms  of pgbench")
    for name, rows in costs.items():
        seconds, client, server = (
            statistics.median(getattr(one, part) for one in rows) for part in ("seconds", "client", "server")
        )
        share = statistics.median(base.seconds / one.seconds for base, one in zip(costs["pgbench"], rows, strict=True))
        ratio = share if name == "api" else ratio
        print(
            f"{name:9} {lives / seconds:7.1f} {steps / seconds:8.0f} {1000 * client / steps:10.2f}"
            f" {1000 * server / steps:10.2f} {share:11.2f}"
        )
    kept = ratio >= LIMIT
    print(f"api of pgbench {ratio:.2f}, limit {LIMIT}: {'kept' if kept else 'MISSED'}")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lives", type=int, default=150, help="of each client in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=2)
    parser.add_argument("--without-dbos", action="store_true")
    parser.add_argument("--work", default="", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.work:
        work(chosen.work)
        return 0
    with city.installation("tiny") as environment:
        return (
            0 if measure(environment, chosen.lives, chosen.rounds, chosen.clients, dbos=not chosen.without_dbos) else 1
        )


if __name__ == "__main__":
    sys.exit(main())
