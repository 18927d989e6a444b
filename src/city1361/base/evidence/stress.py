"""Many writers at once while the sequencer runs: afterwards every entry must have its place and everything verify."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection, transaction

from city1361.base.evidence.actions import record
from city1361.base.evidence.queries import standing
from city1361.base.evidence.sequencer import run_sequencer, sequence_all
from city1361.base.evidence.verification import verify_log
from city1361.base.evidence.verifier.evidence_verify import Report
from city1361.base.kernel.by import By, Subject

ACTION = "evidence.stress"


def stress(writers: int, each: int) -> Report:
    """Record `each` entries from each of `writers` threads with a connection of its own; returns the verification.

    The entries stay in the log for ever. Entries that others wait for are sequenced as well.
    """
    before = standing()
    stop = threading.Event()
    sequencer = threading.Thread(target=run_sequencer, args=(stop, 0.05), name="sequencer")
    sequencer.start()
    try:
        with ThreadPoolExecutor(writers) as pool:
            list(pool.map(_write, range(writers), [each] * writers))
    finally:
        stop.set()
        sequencer.join()
    sequence_all()
    report = verify_log()
    gained = report.rows - before.size - before.waiting
    if gained < writers * each:
        report.add(f"{writers * each} entries were recorded, the log gained {gained}")
    return report


def _write(writer: int, each: int) -> None:
    by = By.system("存证压力测试", channel="command")
    try:
        for number in range(each):
            with transaction.atomic():
                facts = {"writer": writer, "number": number}
                record(by=by, action=ACTION, subject=Subject("stress", f"{writer}-{number}"), facts=facts)
    finally:
        connection.close()
