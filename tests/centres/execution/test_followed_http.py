"""A merged report over HTTP: its reporter follows the kept matter and answers for himself, and nobody else does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from city1361.centres.execution import api as execution
from tests import cast
from tests.centres.execution import matters
from tests.scenarios.test_first_matter import Person

pytestmark = pytest.mark.django_db


def joined() -> tuple[str, execution.MatterView]:
    """A resident's report merged into one of the grid worker's, which is closed."""
    mine, kept = matters.reported(), matters.reported(cast.GRID_WORKER, contact_phone="13800001234")
    execution.matter_merge(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=mine.id, kept_id=kept.id, expected_version=mine.version
    )
    kept = matters.look(kept, cast.TOWN_DUTY_OFFICER)
    done = matters.close_requested(matters.handling(matters.admitted(kept)))
    return f"/matters/{mine.id}/followed", matters.closed(matters.checked(done))


def say(who: str, address: str, given: dict[str, Any], status: int, version: int, **key: str) -> Any:
    headers = {"If-Match": f'"{version}"', **({"Idempotency-Key": key["key"]} if key else {})}
    return Person(who).post(address, given, status, **headers)


def test_who_reported_it_too_says_that_it_is_not_solved() -> None:
    address, kept = joined()
    seen = Person(cast.RESIDENT).get(address)
    assert (seen["state"], seen["agreed"], seen["others"]) == ("closed", False, 1)
    assert "13800001234" not in str(seen)
    say(cast.RESIDENT, f"{address}/reopen", {"text": "又松了"}, 412, kept.version - 1)
    assert say(cast.RESIDENT, f"{address}/reopen", {"text": " "}, 422, kept.version)["where"] == "text"
    again = say(cast.RESIDENT, f"{address}/reopen", {"text": "又松了"}, 200, kept.version)
    assert (again["state"], again["total"]["due_at"]) == ("handling", seen["total"]["due_at"])
    assert matters.look(kept, cast.TOWN_DUTY_OFFICER).reopened_count == 1


def test_that_it_is_solved_is_said_once_and_then_stands() -> None:
    address, kept = joined()
    key = str(uuid4())
    first = say(cast.RESIDENT, f"{address}/agree", {"text": "好了"}, 200, kept.version, key=key)
    assert first["agreed"]
    assert say(cast.RESIDENT, f"{address}/agree", {"text": "好了"}, 200, kept.version, key=key) == first
    other = say(cast.RESIDENT, f"{address}/agree", {"text": "还行"}, 409, kept.version, key=key)
    assert other["code"] == "key_with_another_body"
    refused = say(cast.RESIDENT, f"{address}/reopen", {"text": "又松了"}, 409, first["version"])
    assert refused["code"] == "matter_agreed"


def test_only_its_own_reporter_is_asked_and_only_when_it_is_merged() -> None:
    address, kept = joined()
    for who in (cast.GRID_WORKER, cast.TOWN_DUTY_OFFICER, cast.TOWN_HANDLER, cast.DISTRICT_DUTY_OFFICER):
        assert Person(who).client.get(f"/api/v1{address}").status_code == 404, who
        for step in ("agree", "reopen"):
            say(who, f"{address}/{step}", {"text": "好了"}, 404, kept.version)
    alone = matters.reported()
    address = f"/matters/{alone.id}/followed"
    assert Person(cast.RESIDENT).client.get(f"/api/v1{address}").status_code == 409
    assert say(cast.RESIDENT, f"{address}/agree", {}, 409, alone.version)["code"] == "not_merged"
    assert say(cast.RESIDENT, f"{address}/reopen", {"text": "没修"}, 409, alone.version)["code"] == "not_merged"


def test_somebody_who_was_late_does_not_learn_who_else_reported_it() -> None:
    address, kept = joined()
    execution.matter_reopen(
        by=cast.by(cast.GRID_WORKER), matter_id=kept.id, expected_version=kept.version, reason="老李家门口又松了"
    )
    for step in ("agree", "reopen"):
        late = say(cast.RESIDENT, f"{address}/{step}", {"text": "又松了"}, 412, kept.version)
        assert [one["code"] for one in late["changes"]] == ["reopen"]
        assert late["changes"][0]["who"] == "并案上报人"
        assert "老李" not in str(late)
