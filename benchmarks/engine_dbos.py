"""The DBOS client of engine.py: a workflow whose steps make the recorded calls. Runs in an interpreter that has `dbos`."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from uuid import uuid4

import psycopg
from dbos import DBOS

PLANS = Path(sys.argv[1]).read_text("utf-8")
FRESH = re.compile(
    r'(?:"(?:instance|id|subject_id)": ")([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12})'
)
DBOS(
    config={
        "name": "bench",
        "system_database_url": os.environ["BENCH_DBOS_URL"],
        "log_level": "ERROR",
        "run_admin_server": False,
    }
)
CONNECTION = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


@DBOS.step()
def apply(plan: str, version: int) -> int:
    with CONNECTION.transaction():
        CONNECTION.execute(os.environ["BENCH_BIND"])
        row = CONNECTION.execute("SELECT processes_apply(%s::jsonb, %s)", [plan, version]).fetchone()
    return int(row[0]) if row else 0


@DBOS.workflow()
def life(plans: list[str]) -> None:
    for version, plan in enumerate(plans):
        apply(plan, version)


def fresh() -> list[str]:
    """Another life: ids of its own, in the order of the old ones, of today."""
    text = PLANS
    for known in sorted(set(FRESH.findall(PLANS))):
        text = text.replace(known, known[:15] + str(uuid4())[15:])
    return [json.dumps(plan) for plan in json.loads(text)]


def main() -> None:
    DBOS.launch()
    life(fresh())
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        for _ in range(int(line)):
            life(fresh())
        print(time.process_time() - begun, flush=True)
    DBOS.destroy()


main()
