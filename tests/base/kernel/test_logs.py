"""What the logs tell, and what they never tell."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from city1361.base.kernel import logs, trace
from city1361.base.outbox import api as outbox
from tests import cast

CANARIES = ("13800001361", "王小丫", "canary-password", "渝中区人民路136号", "canary words")


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything this process logs, as a program of the installation would write it."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = list(root.handlers), root.level
    logs.configure("DEBUG", stream)
    yield stream
    root.handlers[:], root.level = before, level
    logging.captureWarnings(capture=False)


def lines(written: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


def test_only_fields_somebody_thought_about_are_told(written: io.StringIO) -> None:
    with trace.within("ab" * 16):
        logging.getLogger("city1361.x").info("request", extra=logs.fields(status=200, phone="13800001361", route=""))
    (line,) = lines(written)
    assert {name: line[name] for name in ("says", "status", "trace", "level")} == {
        "says": "request", "status": 200, "trace": "ab" * 16, "level": "info",
    }  # fmt: skip
    assert not {"phone", "route"} & set(line)


def test_of_foreign_loggers_only_the_sentence_is_told(written: io.StringIO) -> None:
    logging.getLogger("django.request").warning("Not Found: %s", "/?q=13800001361")
    assert lines(written)[0]["says"] == "Not Found: %s"


def test_an_error_tells_its_kind_and_place_but_not_its_words(written: io.StringIO) -> None:
    try:
        raise ValueError("no such phone: 13800001361")
    except ValueError:
        logging.getLogger("city1361.x").exception("it failed")
    (line,) = lines(written)
    assert line["error"] == "ValueError"
    assert line["at_code"][-1].startswith("test_logs.py:")
    assert "13800001361" not in written.getvalue()


@pytest.mark.django_db
def test_a_broken_rule_of_the_database_is_named_without_its_row(written: io.StringIO) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE told (phone text CONSTRAINT told_once UNIQUE)")
        cursor.execute("INSERT INTO told VALUES ('13800001361')")
        try:
            cursor.execute("INSERT INTO told VALUES ('13800001361')")
        except Exception:
            logging.getLogger("city1361.x").exception("it failed")
    (line,) = (line for line in lines(written) if line["logger"] == "city1361.x")
    assert (line["constraint_name"], line["sqlstate"]) == ("told_once", "23505")
    assert "13800001361" not in written.getvalue()


@pytest.mark.django_db
def test_what_people_type_never_reaches_the_logs(written: io.StringIO) -> None:
    phone, name, password, address, words = CANARIES
    worker = cast.client(cast.GRID_WORKER)
    report = {
        "matter_type": "R02", "description": f"{words} {phone}", "address": address, "contact_name": name,
        "contact_phone": phone, "area_id": str(cast.scope(cast.GRID_WORKER).areas.__iter__().__next__().id),
    }  # fmt: skip
    made = worker.post(
        "/api/v1/matters/", json.dumps(report), "application/json", headers={"Idempotency-Key": "canary"}
    )
    assert made.status_code == 201
    worker.post("/api/v1/matters/", json.dumps({**report, phone: name}), "application/json")
    worker.post("/api/v1/matters/", f'{{"{phone}": ', "application/json")
    worker.get(f"/desk/?q={phone}")
    worker.get(f"/nothing/{phone}/?name={name}")
    cast.client().post("/accounts/login/", {"login": phone, "password": password})
    told = written.getvalue()
    assert next(line["route"] for line in lines(written) if line["says"] == "request") == "api/v1/matters/"
    assert not [word for word in CANARIES if word in told or json.dumps(word)[1:-1] in told]


@pytest.mark.django_db(transaction=False)
def test_a_job_belongs_to_the_request_that_asked_for_it() -> None:
    heard: list[str] = []
    task = outbox.job("tests.hear_trace")(lambda what: heard.append(f"{what} {trace.current()}"))
    with trace.within("cd" * 16):
        task.defer(what="leak")
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'tests.hear_trace'")
        arguments = cursor.fetchone()[0]
    arguments = json.loads(arguments) if isinstance(arguments, str) else arguments
    assert arguments == {"what": "leak", "trace": "cd" * 16}
    from city1361.base.outbox.queueing import board

    board.tasks["tests.hear_trace"].func(**arguments)
    assert heard == ["leak " + "cd" * 16]
    board.tasks.pop("tests.hear_trace")
