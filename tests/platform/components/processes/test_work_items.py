"""Work items: by post, area and account; claimed by one, done by one; pushed by applications, each its own kind only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock, registry
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Conflict, Invalid, Missing, Stale
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import AreaRef, Level, Scope
from city1361.platform.assurance.security.access import api as access
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from city1361.platform.components.processes import api, registration
from tests import cast
from tests.platform.components.processes.store import SYSTEM, rows

CITY, TOWN, GRID = new_id(), new_id(), new_id()
OFFICE, OTHER = new_id(), new_id()


def person(post: str, office: UUID = OFFICE) -> By:
    return By(uuid4(), f"岗位{post}", "web", organisation=office, post=post)


ADMIT, CHECK, STRANGER = person("admit"), person("check"), person("admit", OTHER)


@pytest.fixture(autouse=True)
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    town = frozenset({AreaRef(Level.TOWN, TOWN)})
    elsewhere = frozenset({AreaRef(Level.TOWN, new_id())})
    scopes = {by.account: Scope(by.account, frozenset({OFFICE}), town) for by in (ADMIT, CHECK)}
    scopes[STRANGER.account] = Scope(STRANGER.account, frozenset({OTHER}), elsewhere)
    resolver, authoriser = registry._resolver, registry._authoriser
    assert resolver
    assert authoriser
    monkeypatch.setattr(registry, "_resolver", lambda by: scopes.get(by.account) or resolver(by))
    monkeypatch.setattr(registry, "_authoriser", lambda by, what: by.account in scopes or authoriser(by, what))
    before = dict(registration._kinds)
    api.register_work_item_kind(api.Kind("test_item", "待办", bulk=False))
    api.register_work_item_kind(api.Kind("test_note", "知会", bulk=True))
    yield
    registration._kinds.clear()
    registration._kinds.update(before)


def opened(post: str = "admit", *, kind: str = "test_item", minutes: int | None = None, **holder: Any) -> UUID:
    new = api.WorkItemNew(
        kind=kind,
        title=f"{post} {minutes}",
        holder=api.WorkItemHolder(OFFICE, post, **holder),
        area=api.AreaColumns(CITY, town=TOWN),
        subject_id=new_id(),
        due_at=None if minutes is None else clock.now() + timedelta(minutes=minutes),
    )
    with database.scoped(Scope.everything()):
        return api.work_item_open(SYSTEM, new)[0]


def box(by: By, which: api.Box = api.Box.TODO, **more: Any) -> list[UUID]:
    scope = registry.scope_of(by)
    with database.scoped(scope):
        return [item.id for item in api.work_items(scope, by, box=which, **more).items]


def test_each_sees_what_is_for_his_post_what_is_due_first_on_top(db: None) -> None:
    later, sooner, anyone = opened(minutes=90), opened(minutes=10), opened("")
    for_checker, grid_only = opened("check"), opened(area=GRID)
    personal = opened("", account=CHECK.account)
    assert box(ADMIT) == [sooner, later, anyone]
    assert box(CHECK) == [anyone, for_checker, personal]
    assert box(STRANGER) == []
    assert grid_only in box(ADMIT, api.Box.AREA)
    assert box(STRANGER, api.Box.AREA) == []
    with database.scoped(registry.scope_of(ADMIT)):
        assert api.work_item_counts(registry.scope_of(ADMIT), ADMIT)[api.Box.TODO] == 3


def test_pages_follow_one_another_without_gap_or_repetition(db: None) -> None:
    made = [opened(minutes=minutes) for minutes in (5, 5, 1, 9)] + [opened(), opened()]
    scope = registry.scope_of(ADMIT)
    seen: list[UUID] = []
    after = ""
    with database.scoped(scope):
        while True:
            page = api.work_items(scope, ADMIT, after=after, limit=2)
            seen += [item.id for item in page.items]
            after = page.after
            if not after:
                break
        with pytest.raises(Invalid, match="wrong_page_mark"):
            api.work_items(scope, ADMIT, after="x_y")
    assert (sorted(seen), len(seen), seen[0]) == (sorted(made), 6, made[2])


def test_what_one_has_claimed_another_cannot(db: None) -> None:
    item = opened("", kind="test_note")
    api.work_item_claim(by=ADMIT, item=item)
    api.work_item_claim(by=ADMIT, item=item)
    assert (box(ADMIT), box(ADMIT, api.Box.CLAIMED), box(CHECK)) == ([], [item], [])
    with pytest.raises(Stale) as stale:
        api.work_item_claim(by=CHECK, item=item)
    assert stale.value.changes[0]["who"] == ADMIT.label
    with pytest.raises(Conflict):
        api.work_item_release(by=CHECK, item=item)
    api.work_item_release(by=ADMIT, item=item)
    api.work_item_done(by=CHECK, item=item)
    assert (box(CHECK, api.Box.DONE), box(ADMIT)) == ([item], [])
    assert [entry.facts["step"] for entry in evidence.entries_about("work_item", item)] == ["done", "release", "claim"]


def test_what_is_for_another_post_or_another_town_looks_missing(db: None) -> None:
    item = opened("check")
    for by in (ADMIT, STRANGER):
        for act in (api.work_item_claim, api.work_item_done):
            with pytest.raises(Missing):
                act(by=by, item=item)
    with pytest.raises(Missing):
        api.work_item_watch(by=STRANGER, item=item)
    assert rows("SELECT state FROM platform_processes_workitem WHERE id = %s", item) == [("open",)]


def test_watching_keeps_an_item_in_sight(db: None) -> None:
    item = opened("check", kind="test_note")
    api.work_item_watch(by=ADMIT, item=item)
    assert box(ADMIT, api.Box.WATCHED) == [item]
    api.work_item_done(by=CHECK, item=item)
    assert box(ADMIT, api.Box.WATCHED) == [item]
    api.work_item_watch(by=ADMIT, item=item, watch=False)
    assert box(ADMIT, api.Box.WATCHED) == []


def test_several_at_once_only_where_that_is_harmless_and_all_or_none(db: None) -> None:
    notes, serious = [opened(kind="test_note") for _ in range(3)], opened()
    with pytest.raises(Conflict, match="one_by_one"):
        api.work_items_done(by=ADMIT, items=[*notes, serious])
    assert len(box(ADMIT)) == 4
    assert api.work_items_done(by=ADMIT, items=notes) == 3
    assert box(ADMIT) == [serious]


def test_a_module_closes_its_own_by_subject_and_an_unknown_kind_is_refused(db: None) -> None:
    item = opened()
    ((subject,),) = rows("SELECT subject_id FROM platform_processes_workitem WHERE id = %s", item)
    with database.scoped(Scope.everything()):
        assert api.work_item_close(SYSTEM, subject_id=subject, kind="test_note") == 0
        assert api.work_item_close(SYSTEM, subject_id=subject, kind="test_item", withdrawn=True) == 1
    assert rows("SELECT state FROM platform_processes_workitem WHERE id = %s", item) == [("withdrawn",)]
    with pytest.raises(Invalid, match="work_item_kind"):
        opened(kind="nobody_knows")


# -- other applications ------------------------------------------------------------------------------------------------


class Foreign:
    """An application with a token of the tiny city's own, and a client that shows it."""

    def __init__(self, code: str, *permissions: str, kind: str = "permit") -> None:
        officer = cast.by(cast.TOWN_DUTY_OFFICER)
        scope = registry.scope_of(officer)
        (area,) = scope.areas
        assert officer.organisation is not None
        self.organisation = organisations.organisation(officer.organisation)
        self.officer, self.code = officer, code
        self.area = areas.area(area.id)
        self.token = access.application_add(
            by=SYSTEM,
            code=code,
            name="证照系统",
            organisation=self.organisation.id,
            area=area.id,
            permissions=permissions or (api.Permission.PUSH_WORK_ITEM,),
            days=30,
        )
        api.work_item_kind_register(
            by=SYSTEM, source=code, code=kind, label="待办证照", prefix="https://permits.example/"
        )

    def client(self, token: str = "") -> Client:
        return Client(raise_request_exception=False, headers={"Authorization": f"Bearer {token or self.token}"})

    def body(self, **more: Any) -> dict[str, Any]:
        return {
            "kind": f"{self.code}.permit",
            "key": "A-1",
            "title": "沿街广告许可待审",
            "address": "https://permits.example/a/1",
            "area": self.area.code,
            "organisation": self.organisation.code,
            **more,
        }

    def push(self, client: Client | None = None, **more: Any) -> Any:
        made = client or self.client()
        return made.post("/api/v1/work-items/", self.body(**more), content_type="application/json")


@pytest.fixture
def foreign(db: None) -> Foreign:
    return Foreign("permits")


def test_an_application_pushes_once_and_officials_find_it(foreign: Foreign) -> None:
    answer = foreign.push()
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert foreign.push().json()["id"] == made["id"]
    assert foreign.push(title="另一件").status_code == 409
    assert UUID(made["id"]) in box(foreign.officer)
    (entry,) = evidence.entries_about("work_item", made["id"])
    assert (entry.action, entry.by["label"], entry.by["channel"]) == ("processes.push_work_item", "证照系统", "api")
    with pytest.raises(Conflict, match="elsewhere"):
        api.work_item_done(by=foreign.officer, item=UUID(made["id"]))
    api.work_item_claim(by=foreign.officer, item=UUID(made["id"]))
    one = foreign.client().get(f"/api/v1/work-items/{made['id']}").json()
    assert (one["state"], one["source_key"]) == ("claimed", "A-1")
    assert [item["id"] for item in foreign.client().get("/api/v1/work-items/?key=A-1").json()["items"]] == [made["id"]]


def test_it_takes_back_or_ends_its_own_and_repeating_changes_nothing(foreign: Foreign) -> None:
    one, two = foreign.push().json()["id"], foreign.push(key="A-2").json()["id"]
    client = foreign.client()
    assert client.delete(f"/api/v1/work-items/{one}").json()["state"] == "withdrawn"
    assert client.delete(f"/api/v1/work-items/{one}").json()["state"] == "withdrawn"
    ended = client.post(f"/api/v1/work-items/{two}/end", {"done": True}, content_type="application/json")
    assert (ended.status_code, ended.json()["state"]) == (200, "done")
    assert len(evidence.entries_about("work_item", one)) == 2
    assert box(foreign.officer) == []


def test_another_application_finds_nothing_of_it(foreign: Foreign) -> None:
    item = foreign.push().json()["id"]
    other = Foreign("licences")
    client = other.client()
    assert client.get(f"/api/v1/work-items/{item}").status_code == 404
    assert client.delete(f"/api/v1/work-items/{item}").status_code == 404
    assert client.get("/api/v1/work-items/").json()["items"] == []
    assert other.push(kind="permits.permit").status_code == 422
    assert rows("SELECT state FROM platform_processes_workitem WHERE id = %s", item) == [("open",)]


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"kind": "test_item"}, "kind"),
        ({"address": "https://permits.example.evil/"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"area": "000"}, "area"),
        ({"organisation": "nobody"}, "organisation"),
        ({"post": "nobody"}, "post"),
        ({"source": "licences"}, "source"),
        ({"due_at": "2026-01-01T00:00:00"}, "due_at"),
    ],
)
def test_what_is_wrong_is_named(foreign: Foreign, wrong: dict[str, str], where: str) -> None:
    answer = foreign.push(**wrong)
    assert answer.status_code == 422, answer.content
    told = answer.json()
    assert where in (told["where"], *(field["where"] for field in told.get("fields") or ()))


def test_it_reaches_its_own_area_only(foreign: Foreign) -> None:
    city = foreign.push(area=areas.city().code)
    assert (city.status_code, city.json()["where"]) == (422, "area")


def test_a_token_that_ended_opens_nothing_and_a_session_beside_it_does_not_count(foreign: Foreign) -> None:
    old = foreign.token
    new = access.application_renew(by=SYSTEM, code="permits", days=30, overlap_hours=1)
    assert [foreign.client(token).get("/api/v1/work-items/").status_code for token in (old, new)] == [200, 200]
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert [foreign.client(token).get("/api/v1/work-items/").status_code for token in (old, new)] == [401, 200]
    assert access.application_revoke(by=SYSTEM, code="permits") == 2
    for token in (old, new, "c1361_nothing", ""):
        signed_in = cast.client(cast.TOWN_DUTY_OFFICER, Authorization=f"Bearer {token}")
        assert signed_in.get("/api/v1/matters/").status_code == 401


def test_a_token_reaches_only_what_it_is_for(foreign: Foreign) -> None:
    client = foreign.client()
    assert client.get("/api/v1/matters/").status_code == 404
    assert client.get("/api/v1/me/").status_code == 404
    assert client.get("/").status_code in (302, 200)
    assert client.get("/").wsgi_request.by.account is None
    person = cast.client(cast.TOWN_DUTY_OFFICER)
    assert person.get("/api/v1/work-items/").status_code == 404
    other = Foreign("reader", "execution.read_matter")
    assert other.client().get("/api/v1/matters/").status_code == 200
    assert other.push().status_code == 404


def test_an_application_is_known_once_and_has_only_declared_permissions(foreign: Foreign) -> None:
    with pytest.raises(Conflict, match="application_known"):
        Foreign("permits")
    with pytest.raises(Invalid, match="permission_unknown"):
        Foreign("others", "everything.do")
    assert old_tokens() == 1
    access.application_end(by=SYSTEM, code="permits")
    assert foreign.push().status_code == 401


def old_tokens() -> int:
    ((count,),) = rows("SELECT count(*) FROM platform_access_applicationtoken WHERE digest !~ '^[0-9a-f]{64}$' OR revoked_at IS NULL")  # fmt: skip
    return int(count)
