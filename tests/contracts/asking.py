"""Requests made from the description of the API, right and wrong ones, sent in process by the people of the cast."""

from __future__ import annotations

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import schemathesis
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
BASE = "https://testserver"


@dataclass
class Asked:
    """What was asked and answered."""

    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    wrong: dict[str, str] = field(default_factory=dict)
    """One example of each kind of wrong answer, by its operation, status and kind."""


def described(document: dict[str, Any], known_ids: Sequence[str]) -> Any:
    """The operations of an OpenAPI document. Where an id is asked for, half are ids of what there is."""
    schemathesis.openapi.format("uuid", st.one_of(st.sampled_from(list(known_ids)), st.uuids().map(str)))
    # as a caller reads it: what has no media type and no name in JSON is not there
    return schemathesis.openapi.from_dict(json.loads(json.dumps(document)))


def ask_all(schema: Any, sessions: dict[str, str], may: dict[str, set[str]], *, right: int, wrong: int) -> Asked:
    """Ask every operation so many right and wrong questions, and undo what was done.

    sessions: everybody's cookie, or bearer token. may: by operation those who may use it at all; they ask three questions of four.
    """
    asked = Asked()
    for place, found in enumerate(schema.get_all_operations()):
        operation = found.ok()
        asked.operations.add(operation.label)
        order = _turns(sorted(may[operation.label]), sorted(sessions), place)
        turns = ((person, sessions[person]) for person in order)
        for mode, number in ((GenerationMode.POSITIVE, right), (GenerationMode.NEGATIVE, wrong)):
            try:
                _ask_one(operation, mode=mode, number=number, asked=asked, turns=turns)
            except Unsatisfiable:
                if mode is GenerationMode.POSITIVE:
                    raise  # only a wrong question may be impossible: there is nothing to get wrong
    return asked


def _turns(able: Sequence[str], everybody: Sequence[str], place: int) -> Iterator[str]:
    """Who asks next; each operation begins with somebody else."""
    for turn in itertools.count(place):
        yield everybody[(turn // 4 + place) % len(everybody)] if turn % 4 == 3 else able[turn % len(able)]


def _ask_one(operation: Any, *, mode: Any, number: int, asked: Asked, turns: Iterator[tuple[str, str]]) -> None:
    @settings(
        max_examples=number,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Case) -> None:
        person, session = next(turns)
        asked.people.add(person)
        response = send(case, session)
        asked.statuses[response.status_code] += 1
        for problem in problems(case, response):
            name = f"{operation.label} {response.status_code} {type(problem).__name__}"
            told = f"{person or 'stranger'}: {case.as_curl_command()[:1500]}\n{problem}"
            asked.wrong.setdefault(name, told[:3000])

    one()


def problems(case: Case, response: Response) -> Sequence[BaseException]:
    """What is wrong with an answer."""
    try:
        case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        return group.exceptions
    return ()


def send(case: Case, session: str) -> Response:
    """Send a case in a session, and take back what it did."""
    prepared = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare()
    browser = Client(raise_request_exception=False)
    made_up = ("Content-Length", "Cookie", *(["Authorization"] if session else []))
    headers = {name: value for name, value in prepared.headers.items() if name not in made_up}
    if session.startswith("Bearer "):
        headers["Authorization"] = session
    elif session:
        browser.cookies["city1361_session"] = session
    parts, body = urlsplit(prepared.url or ""), prepared.body or b""
    begun = time.perf_counter()
    with transaction.atomic():
        answer = browser.generic(
            prepared.method or "GET", parts.path, body, headers.pop("Content-Type", ""),
            headers=headers, QUERY_STRING=parts.query, secure=True,
        )  # fmt: skip
        transaction.set_rollback(True)
    told = {name: [value] for name, value in answer.items()}
    return Response(answer.status_code, told, answer.content, prepared, time.perf_counter() - begun, verify=True)
