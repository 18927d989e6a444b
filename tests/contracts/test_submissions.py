"""Every write that takes an Idempotency-Key, as the API describes it: the same again gets the same answer, and whatever
is changed in the body, under the same key it is a conflict and nothing happens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from city1361.base.action.submission import HEADER
from city1361.centres.execution import api as execution
from city1361.platform.assurance.standards.areas import api as areas
from tests import cast
from tests.centres.command import people
from tests.centres.execution import matters
from tests.scenarios.test_first_matter import Person

pytestmark = pytest.mark.django_db
STEPS = "/matters/{matter_id}/steps/"
DUTY, HANDLER, CHECKER, COMMANDER = cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.TOWN_CHECKER, cast.TOWN_COMMANDER
REPORTER, VERIFIER, DISTRICT = cast.RESIDENT, cast.GRID_WORKER, cast.DISTRICT_DUTY_OFFICER
LATER = (date.today() + timedelta(days=40)).isoformat()
BUILDING_SITE = "08001"
API = json.loads(Path(__file__).with_name("openapi.json").read_text("utf-8"))
SCHEMAS = API["components"]["schemas"]


@dataclass(frozen=True)
class Case:
    """Who takes a step, with what, after which; `choose`: fields by the words of a choice. others: another value of a
    field where not every value gets as far as the key."""

    who: str
    body: dict[str, Any] = field(default_factory=dict)
    after: str = ""
    choose: dict[str, str] = field(default_factory=dict)
    others: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)


WHY = {"text": "理由"}
GIVEN = {"handler_post": "综合执法岗"}
CASES = {
    "admit": Case(DUTY, choose=GIVEN, others={"level": 2, "matter_type": "01004", "sensitive": ["涉稳"]}),
    "refuse": Case(DUTY, WHY),
    "send_verify": Case(DUTY),
    "verify_pass": Case(VERIFIER, after="send_verify"),
    "verify_fail": Case(VERIFIER, WHY, "send_verify"),
    "send_up": Case(DUTY, WHY),
    "acknowledge": Case(HANDLER, after="admit"),
    "report_progress": Case(HANDLER, WHY, "acknowledge"),
    "request_close": Case(HANDLER, {"text": "好了", "result": "solved"}, "acknowledge"),
    "check_pass": Case(CHECKER, after="request_close"),
    "check_fail": Case(CHECKER, WHY, "request_close"),
    "close": Case(DUTY, after="check_pass"),
    "agree": Case(REPORTER, after="close"),
    "reopen": Case(REPORTER, WHY, "close"),
    "take_back": Case(DUTY, WHY, "admit"),
    "send_back": Case(HANDLER, WHY, "acknowledge"),
    "route": Case(DUTY, after="send_back", choose=GIVEN),
    "request_ruling": Case(DUTY, WHY, "send_back"),
    "designate": Case(DISTRICT, WHY, "request_ruling", choose={"party": "城市管理局"}),
    "district": Case(DISTRICT, after="send_up", report={"matter_type": BUILDING_SITE}),
    "assign": Case(DISTRICT, after="district", choose={"lower_centre": "示范街道", "lead_post": "城市管理局"}),
    "transfer": Case(HANDLER, after="acknowledge", choose={"own_post": ""}),
    "delegate": Case(HANDLER, after="acknowledge", choose={"own_post": ""}),
    "cc": Case(HANDLER, after="acknowledge", choose={"organisation": "事务服务中心"}),
    "request_pause": Case(HANDLER, WHY, "acknowledge"),
    "request_shelve": Case(HANDLER, {**WHY, "review_on": LATER}, "acknowledge", {"owner": "事务服务中心"}),
    "request_extend": Case(HANDLER, {**WHY, "amount": 1, "unit": "working_day"}, "acknowledge"),
    "request_void": Case(HANDLER, WHY, "acknowledge"),
    "pause": Case(COMMANDER, after="request_pause"),
    "shelve_matter": Case(COMMANDER, after="request_shelve"),
    "extend": Case(COMMANDER, after="request_extend"),
    "void": Case(COMMANDER, after="request_void"),
    "reject_request": Case(COMMANDER, WHY, "request_pause"),
    "resume": Case(HANDLER, after="pause"),
    "review_shelved": Case(DUTY, {**WHY, "review_on": LATER}, "shelve_matter"),
    "unshelve": Case(DUTY, WHY, "shelve_matter"),
}


def the_matter(case: Case) -> str:
    """A matter that stands where `case` is taken."""
    if not case.after:
        return str(Person(REPORTER).post("/matters/", {**reported(), **case.report}, 201)["id"])
    before = CASES[case.after]
    found = the_matter(Case(before.who, after=before.after, report={**before.report, **case.report}))
    name = "acknowledge" if case.after == "district" else case.after
    Person(before.who).step(found, name, **given_to(before, found))
    return found


def given_to(case: Case, matter: str) -> dict[str, Any]:
    """The body of a case about this matter."""
    body = dict(case.body)
    for name, words in case.choose.items():
        found = Person(case.who).get(f"/matters/{matter}/choices?field={name}")
        body[name] = next(one["code"] for one in found if words in one["label"])
    return body


def reported() -> dict[str, Any]:
    return {"matter_type": "01003", "description": "井盖破损", "area_id": str(matters.grid())}


# Writes beside the steps: who, the parameters of the path, the body.
Made = tuple[str, dict[str, Any]]


def handled() -> str:
    return str(matters.handling().id)


def against(name: str, **more: Any) -> Made:
    """A notice to the enforcement team about a matter it handles."""
    body = {"matter_id": handled(), "target": str(people.organisation(people.LAW)), "reason": "请尽快处置", **more}
    return name, body


def escalated() -> Made:
    who, body = against(DISTRICT)
    urge = {**body, "rung": "urge"}
    Person(DUTY).post("/notices/", urge, 201)
    return who, body


def visited() -> Made:
    told = {"reached": True, "contacted": True, "solved": True, "satisfied": "satisfied"}
    return CHECKER, {"matter_id": str(matters.closed().id), **told}


def community() -> str:
    return str(people.organisation(people.COMMUNITY))


BESIDE: dict[str, Callable[[], Made]] = {
    "/matters/": lambda: (REPORTER, reported()),
    "/whistles/": lambda: (DUTY, {"matter_id": handled(), "called": [community()], "demand": "请到场"}),
    "/tasks/": lambda: (HANDLER, {"matter_id": handled(), "organisation": community(), "demand": "请清理"}),
    "/notices/": lambda: against(DUTY, rung="remind"),
    "/notices/cards": lambda: against(COMMANDER, card="yellow_card"),
    "/notices/escalations": escalated,
    "/instructions/": lambda: (COMMANDER, {"targets": [community()], "text": "请整治"}),
    "/return-visits/": visited,
}


# What the reporter of a merged report says of the matter that is kept.
FOLLOWED = {
    "/matters/{matter_id}/followed/agree": {"text": "好了"},
    "/matters/{matter_id}/followed/reopen": {"text": "又松了"},
}


def merged() -> tuple[str, dict[str, str]]:
    """His report, and the version of the closed matter it was merged into."""
    mine, kept = matters.reported(), matters.reported(cast.GRID_WORKER)
    execution.matter_merge(by=cast.by(DUTY), matter_id=mine.id, kept_id=kept.id, expected_version=mine.version)
    done = matters.close_requested(matters.handling(matters.admitted(matters.look(kept, DUTY))))
    return str(mine.id), {"If-Match": f'"{matters.closed(matters.checked(done)).version}"'}


def keyed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every write of the API that takes the key, and the properties of its body."""
    for path, methods in API["paths"].items():
        for operation in methods.values():
            if HEADER in {one["name"] for one in operation.get("parameters", ())}:
                name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
                yield path.removeprefix("/api/v1"), SCHEMAS[name]["properties"]


def test_every_write_that_takes_the_key_is_tried_here() -> None:
    known = {STEPS + name for name in CASES if name != "district"} | set(BESIDE) | set(FOLLOWED)
    assert {path for path, _ in keyed()} == known


@pytest.mark.parametrize(("path", "properties"), list(keyed()), ids=lambda one: one if isinstance(one, str) else "")
def test_the_same_key_is_the_same_submission(path: str, properties: dict[str, Any]) -> None:
    who, address, body, others, headers = prepared(path)
    person, headers = Person(who), {HEADER: str(uuid4()), **headers}
    created = 201 if path in BESIDE else 200
    before = entries()
    first = person.post(address, body, created, **headers)
    made = entries()
    assert made > before, "it left no evidence"
    again = person.post(address, body, created, **headers)
    assert entries() == made
    assert [again.get(name) for name in ("id", "version")] == [first.get(name) for name in ("id", "version")]
    for name, known in properties.items():
        other = {**body, name: others.get(name, another(body.get(name, known.get("default")), known))}
        refused = person.post(address, other, 409, **headers)
        assert (name, refused["code"], refused["where"]) == (name, "key_with_another_body", HEADER)
    assert person.post(address, body, created, **headers).get("version") == first.get("version")


def test_a_forgotten_entry_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The check above can fail: a write that records nothing leaves the log as it was."""
    monkeypatch.setattr("city1361.base.evidence.api.record", lambda **entry: None)
    who, address, body, _others, headers = prepared("/whistles/")
    before = entries()
    Person(who).post(address, body, 201, **{HEADER: str(uuid4()), **headers})
    assert entries() == before


def entries() -> int:
    """How many entries the log holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM base_evidence_entry")
        return int(cursor.fetchone()[0])


def prepared(path: str) -> tuple[str, str, dict[str, Any], dict[str, Any], dict[str, str]]:
    """Who sends what to which address."""
    if path in BESIDE:
        who, body = BESIDE[path]()
        return who, path, body, {}, {}
    if path in FOLLOWED:
        mine, seen = merged()
        return REPORTER, path.format(matter_id=mine), FOLLOWED[path], {}, seen
    case = CASES[path.removeprefix(STEPS)]
    matter = the_matter(case)
    version = Person(case.who).get(f"/matters/{matter}")["version"]
    body = given_to(case, matter)
    return case.who, path.format(matter_id=matter), body, case.others, {"If-Match": f'"{version}"'}


def another(value: Any, known: dict[str, Any]) -> Any:
    """A value of the same property that differs from `value`."""
    known = next((one for one in known.get("anyOf", ()) if one.get("type") != "null"), known)
    if "$ref" in known or "allOf" in known:
        reference = known.get("$ref") or known["allOf"][0]["$ref"]
        known = SCHEMAS[reference.rsplit("/", 1)[-1]]
    if "enum" in known:
        return next(one for one in known["enum"] if one != value)
    kind = known["type"]
    if kind == "array":
        return [str(uuid4())]
    if kind == "object":
        return {"another": "1"}
    if kind == "boolean":
        return not value
    if kind in ("integer", "number"):
        return (value or 0) + 1
    return of_text(value, known)


def of_text(value: Any, known: dict[str, Any]) -> str:
    formats = {
        "uuid": str(uuid4()),
        "date": (areas.today() + timedelta(days=50)).isoformat(),
        "date-time": "2026-01-05T10:08:00+08:00",
    }
    found = formats.get(known.get("format", ""))
    return found or (value or "") + "又"
