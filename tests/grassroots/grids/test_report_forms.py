"""The form of a type is asked on the report page: little, in place, kept when something is wrong, stored with the matter."""

from __future__ import annotations

import re
from typing import Any

import pytest

from city1361.base.database import api as database
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.models import Matter
from tests import cast
from tests.grassroots.grids.test_grids_pages import JSON, form, picture

pytestmark = pytest.mark.django_db
FORMS = "government/city-management"


def type_asking(name: str) -> str:
    """A type whose form is `name`."""
    kinds = [one for category in execution.categories() for one in category.types]
    return next(one.code for one in kinds if one.form == f"{FORMS}:{name}")


def stored(matter_id: Any) -> dict[str, Any]:
    with database.scoped(Scope.everything()):
        row = Matter.objects.get(pk=matter_id)
    return {"form": row.form_key, **row.form_answers.get("answers", {})}


def water(**changed: Any) -> dict[str, Any]:
    asked = {"asked": f"{FORMS}:standing_water", "answers.depth": "35", "answers.where": "underpass"}
    return {**form(matter_type=type_asking("standing_water")), **asked, **changed}


def test_the_fields_of_every_type_come_with_the_page_so_that_no_network_is_needed() -> None:
    page = cast.client(cast.GRID_WORKER).get("/report/").content.decode()
    assert f'<template data-type-form-of="{FORMS}:manhole">' in page
    assert f'data-form="{FORMS}:manhole"' in page
    assert 'name="answers.condition"' in page
    assert 'name="answers.facility_number"' not in page, "seventeen digits are asked of whoever takes the matter in"


def test_answers_are_stored_with_the_matter() -> None:
    answer = cast.client(cast.GRID_WORKER).post("/report/", water(), headers=JSON)
    assert answer.status_code == 201, answer.content.decode()
    assert stored(answer.json()["id"]) == {"form": f"{FORMS}:standing_water", "depth": 35, "where": "underpass"}


def test_a_reporter_may_leave_everything_open() -> None:
    given = water(**{"answers.depth": "", "answers.where": ""})
    answer = cast.client(cast.RESIDENT).post("/report/", given, headers=JSON)
    assert answer.status_code == 201, answer.content.decode()
    assert stored(answer.json()["id"]) == {"form": ""}


def test_a_wrong_answer_is_told_at_its_field_and_everything_typed_is_kept() -> None:
    worker, given = cast.client(cast.GRID_WORKER), water(**{"answers.depth": "很深"})
    told = worker.post("/report/", given, headers=JSON)
    assert (told.status_code, told.json()["where"]) == (422, "answers.depth")
    page = worker.post("/report/", {**given, "photos": [picture()]})
    text = page.content.decode()
    assert page.status_code == 422
    assert 'value="很深"' in text
    assert 'id="id_answers.depth-error"' in text
    assert re.search(r'value="underpass"[^>]* checked', text)
    assert 'name="photo_ids"' in text, "the photograph has arrived and is not asked for again"


def test_without_a_script_the_fields_are_asked_in_a_step_of_their_own() -> None:
    worker, given = cast.client(cast.GRID_WORKER), form(matter_type=type_asking("standing_water"))
    page = worker.post("/report/", {**given, "photos": [picture()]})
    text = page.content.decode()
    assert page.status_code == 200
    shown = text.split("<div data-type-form>", 1)[1].split("</div>\n<template", 1)[0]
    assert 'name="answers.depth"' in shown
    photo = text.split('name="photo_ids" value="', 1)[1].split('"', 1)[0]
    sent = worker.post("/report/", {**water(**{"client_key": given["client_key"]}), "photo_ids": [photo]})
    assert sent.status_code == 302, sent.content.decode()
    assert stored(sent["Location"].rstrip("/").rsplit("/", 1)[1])["depth"] == 35


def test_a_type_without_a_form_asks_nothing_and_answers_to_others_are_left_out() -> None:
    answer = cast.client(cast.GRID_WORKER).post("/report/", {**form(), "answers.depth": "35"}, headers=JSON)
    assert answer.status_code == 201
    assert stored(answer.json()["id"]) == {"form": ""}


def test_whoever_takes_the_matter_in_goes_on_from_what_the_reporter_said() -> None:
    made = cast.client(cast.GRID_WORKER).post("/report/", water(), headers=JSON).json()
    page = cast.client(cast.TOWN_DUTY_OFFICER).get(f"/desk/matters/{made['id']}/form/").content.decode()
    assert 'value="35"' in page
