"""Tickets of other systems: pushed once, told of both ways, and nothing believed that is forged, replayed or late."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from city1361.base.database import api as database
from city1361.base.evidence import api as evidence
from city1361.base.kernel import clock
from city1361.base.kernel.by import By
from city1361.base.kernel.errors import Invalid, Missing
from city1361.base.kernel.ids import new_id
from city1361.base.kernel.scope import Scope
from city1361.centres.execution import api as execution
from city1361.centres.execution.api import MatterState, MatterView, Step
from city1361.centres.execution.entry.intake_terms import DeliveryState
from city1361.centres.execution.external import signing, ticket_sending
from city1361.centres.execution.models import ExternalNumber, MatterIntake, TicketDelivery
from city1361.centres.execution.models import TicketSystem as Registered
from city1361.platform.assurance.security.access import api as access
from city1361.platform.assurance.standards.areas import api as areas
from city1361.platform.assurance.standards.organisations import api as organisations
from tests import cast
from tests.centres.execution import matters
from tests.centres.execution.ticket_system import TicketSystem, listening

COMMAND = By.system("命令行", channel="command")
HOOKS = "/api/v1/tickets/hooks/"
NUMBER = "20261123-0001"

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(settings: Any) -> Iterator[TicketSystem]:
    """A ticket system that is registered as the hotline."""
    with listening() as system:
        settings.WEBHOOK_HOSTS = [system.host]
        system.secret = execution.ticket_system_register(by=COMMAND, code="hotline", address=system.address)
        yield system


def token(code: str = "hotline", *permissions: str) -> str:
    """Let an application of this code use the API; its token."""
    asked = permissions or ("execution.push_ticket", "execution.report_matter")
    return access.application_add(
        by=COMMAND,
        code=code,
        name=f"{code}平台",
        organisation=organisations.command_centre(areas.city().id).id,
        area=areas.city().id,
        permissions=asked,
        days=90,
    )


def pushed(bearer: str, **given: Any) -> Any:
    ticket = {"number": NUMBER, "description": "井盖破损，车轮会陷进去", "area": matters.GRID, **given}
    return Client(raise_request_exception=False).post(
        "/api/v1/tickets/", ticket, content_type="application/json", headers={"Authorization": f"Bearer {bearer}"}
    )


def test_a_ticket_becomes_one_matter_however_often_it_is_pushed() -> None:
    bearer = token()
    phone = {"contact_name": "王小明", "contact_phone": "13800001234", "category": "water"}
    first, again = pushed(bearer, **phone), pushed(bearer, **phone)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    seen = matters.look(SimpleNamespace(id=UUID(first.json()["matter_id"])), cast.TOWN_DUTY_OFFICER)  # type: ignore[arg-type]
    assert (seen.number, seen.channel.value, seen.type.category) == (first.json()["matter_number"], "hotline", "water")
    assert seen.reporter.phone == "13800001234"
    assert [(one.system, one.number) for one in seen.external_numbers] == [("hotline", NUMBER)]
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        assert MatterIntake.objects.get(matter=seen.id).kind == "ticket"
    changed = pushed(bearer, description="另一件事")
    assert (changed.status_code, changed.json()["code"]) == (409, "key_with_another_body")
    matters.admitted(seen)
    now = Client().get(f"/api/v1/tickets/?number={NUMBER}", headers={"Authorization": f"Bearer {bearer}"}).json()
    assert (now["state"], now["version"]) == ("admitted", 2)


def test_only_the_application_of_a_listed_system_pushes_and_sees_its_own_alone() -> None:
    hotline, police = token(), token("police")
    assert pushed(hotline).status_code == 201
    taken = pushed(police, number=NUMBER)
    assert taken.status_code == 201  # another system's number is another number
    look = {"headers": {"Authorization": f"Bearer {police}"}}
    assert Client().get("/api/v1/tickets/?number=unknown", **look).status_code == 404
    assert pushed(token("unlisted"), number="A1").status_code == 404
    assert pushed(token("city_management", "execution.report_matter"), number="A1").status_code == 404
    assert pushed("c1361_wrong").status_code == 401
    officer = cast.client(cast.TOWN_DUTY_OFFICER)
    assert officer.post("/api/v1/tickets/", {}, content_type="application/json").status_code in (403, 404)
    matters.reported(cast.TOWN_DUTY_OFFICER, external_numbers={"hotline": "B1"})
    known = pushed(hotline, number="B1")
    assert (known.status_code, known.json()["code"]) == (409, "ticket_known")


def test_a_ticket_that_cannot_be_filed_says_what_to_change() -> None:
    bearer = token()
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"area": "999"}, "area"),
        ({"area": ""}, "area_id"),
        ({"category": "weather"}, "category"),
        ({"matter_type": "ZZZ"}, "matter_type"),
        ({"number": ""}, "number"),
        ({"state": "closed"}, "state"),
    ]
    for given, where in wrong:
        answer = pushed(bearer, **given)
        assert (answer.status_code, answer.json()["where"]) == (422, where), given


def known_to_the_hotline() -> MatterView:
    return matters.reported(cast.TOWN_DUTY_OFFICER, external_numbers={"hotline": NUMBER})


def told(matter: MatterView, step: Step, key: UUID | None = None) -> int:
    """What the reaction does when a step was taken."""
    with database.scoped(Scope.everything()):
        return execution.ticket_tell(matter_id=matter.id, version=matter.version, step=step, key=key or new_id())


def deliveries() -> list[TicketDelivery]:
    with database.scoped(Scope.everything()):
        return list(TicketDelivery.objects.order_by("id"))


def sent(system: TicketSystem, said: Any = None, code: str = "hotline", **more: Any) -> Any:
    """A web-hook of the other system; `headers` of its own replace the right ones."""
    headers = more.pop("headers", {})
    given = {"at": clock.now().timestamp(), "delivery": f"d-{new_id().hex[:12]}", **more}
    hook = system.hook(said or {"number": NUMBER, "status": "市民催办", "text": "市民来电催问"}, **given)
    hook["headers"].update(headers)
    return Client(raise_request_exception=False).post(f"{HOOKS}{code}", **hook)


def test_what_is_done_reaches_the_other_system_signed_and_in_order(other: TicketSystem) -> None:
    matter = known_to_the_hotline()
    told(matter, Step.REPORT)
    admitted = matters.admitted(matter)
    key = new_id()
    assert told(admitted, Step.ADMIT, key) == 1
    told(admitted, Step.ADMIT, key)  # a reaction may run twice
    assert execution.deliver_tickets() == 2
    assert [one["step"] for one in other.heard] == ["report", "admit"]
    assert other.forged == 0
    last = other.heard[-1]
    assert (last["number"], last["matter"], last["version"]) == (NUMBER, matter.number, admitted.version)
    assert last["state"] == "admitted"
    assert execution.deliver_tickets() == 0
    assert {row.state for row in deliveries()} == {"delivered"}


def test_words_for_the_citizen_go_out_and_talk_between_officials_does_not(other: TicketSystem) -> None:
    handling = matters.handling(matters.admitted(known_to_the_hotline()))
    done = execution.matter_report_progress(
        by=cast.by(cast.TOWN_HANDLER), matter_id=handling.id, expected_version=handling.version, text="已摆围挡"
    )
    told(done, Step.REPORT_PROGRESS)
    assert told(done, Step.SUPERVISE) == 0
    assert told(matters.reported(), Step.REPORT) == 0  # nobody has a number for it
    execution.deliver_tickets()
    assert [(one["step"], one["text"]) for one in other.heard] == [("report_progress", "已摆围挡")]


def test_a_failed_delivery_is_tried_later_and_holds_back_the_next_of_its_ticket(other: TicketSystem) -> None:
    matter = known_to_the_hotline()
    told(matter, Step.REPORT)
    told(matters.admitted(matter), Step.ADMIT)
    other.answers = [503, 500]
    now = clock.now()
    with clock.frozen(now):
        assert execution.deliver_tickets() == 0
        assert execution.deliver_tickets() == 0
    first, second = deliveries()
    assert (first.attempts, first.answer, first.problem) == (1, 503, "HTTP 503")
    assert first.next_at == now + timedelta(seconds=ticket_sending.WAITS[0])
    assert second.attempts == 0
    with clock.frozen(now + timedelta(seconds=11)):
        execution.deliver_tickets()
    assert deliveries()[0].attempts == 2
    with clock.frozen(now + timedelta(minutes=2)):
        assert execution.deliver_tickets() == 2
    assert [one["step"] for one in other.heard] == ["report", "admit"]


def test_what_never_arrives_is_given_up_shown_and_tried_again_by_hand(other: TicketSystem) -> None:
    told(known_to_the_hotline(), Step.REPORT)
    other.answers = [500] * (len(ticket_sending.WAITS) + 1)
    at = clock.now()
    for wait in (0, *ticket_sending.WAITS):
        at += timedelta(seconds=wait + 1)
        with clock.frozen(at):
            execution.deliver_tickets()
    (row,) = deliveries()
    assert row.state == DeliveryState.GIVEN_UP
    admin = cast.client(cast.SYSTEM_ADMIN)
    assert "已停止重试" in admin.get("/desk/tickets/").content.decode()
    assert "已停止重试" in admin.get("/desk/tickets/?state=given_up").content.decode()
    again = admin.post(f"/desk/tickets/{row.id}/again/", follow=True)
    assert "已重新排队" in again.content.decode()
    assert execution.deliver_tickets() == 1
    assert other.heard
    assert "不需要重发" in admin.post(f"/desk/tickets/{row.id}/again/", follow=True).content.decode()
    for who in (cast.TOWN_DUTY_OFFICER, cast.RESIDENT):
        assert cast.client(who).get("/desk/tickets/").status_code == 404


def test_a_system_that_says_it_is_gone_is_not_asked_again(other: TicketSystem) -> None:
    told(known_to_the_hotline(), Step.REPORT)
    other.answers = [410]
    execution.deliver_tickets()
    assert deliveries()[0].state == DeliveryState.GIVEN_UP


def test_a_host_that_is_no_longer_listed_is_not_called(other: TicketSystem, settings: Any) -> None:
    told(known_to_the_hotline(), Step.REPORT)
    settings.WEBHOOK_HOSTS = []
    execution.deliver_tickets()
    assert deliveries()[0].problem == "not_https"
    assert other.heard == []


@pytest.mark.parametrize("address", ["http://10.0.0.8/x", "ftp://a.example/", "https://user:pass@a.example/", "x"])
def test_an_address_that_may_not_be_called_is_not_registered(address: str) -> None:
    with pytest.raises(Invalid) as caught:
        execution.ticket_system_register(by=COMMAND, code="police", address=address)
    assert caught.value.where == "address"
    with pytest.raises(Invalid):
        execution.ticket_system_register(by=COMMAND, code="nobody")


def test_the_reporter_of_a_merged_ticket_s_system_hears_of_the_kept_matter(other: TicketSystem) -> None:
    ticket, kept = known_to_the_hotline(), matters.reported()
    execution.matter_merge(
        by=cast.by(cast.TOWN_DUTY_OFFICER), matter_id=ticket.id, kept_id=kept.id, expected_version=ticket.version
    )
    admitted = matters.admitted(matters.look(kept, cast.TOWN_DUTY_OFFICER))
    assert told(admitted, Step.ADMIT) == 1
    execution.deliver_tickets()
    assert other.heard[-1]["number"] == NUMBER


def test_a_signed_hook_is_kept_and_stands_in_the_history(other: TicketSystem) -> None:
    matter = known_to_the_hotline()
    answer = sent(other, delivery="delivery-0001")
    assert (answer.status_code, answer.json()) == (202, {"delivery": "delivery-0001"})
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        assert ExternalNumber.objects.get(number=NUMBER).status == "市民催办"
    last = matters.history(matter)[-1]
    assert last.step is Step.EXTERNAL_UPDATE
    assert last.text == "12345热线：市民催办。市民来电催问"
    assert matters.look(matter, cast.TOWN_DUTY_OFFICER).state is MatterState.REPORTED
    entry = evidence.entries_about("matter", matter.id)[-1]
    facts = [one.facts for one in evidence.entries_about("matter", matter.id) if one.action == "execution.push_ticket"]
    assert entry
    assert facts[0]["delivery"] == "delivery-0001"
    assert "市民" not in str(facts)


def test_a_message_that_was_overtaken_is_told_and_leaves_the_later_status(other: TicketSystem) -> None:
    matter, now = known_to_the_hotline(), clock.now().timestamp()
    assert sent(other, {"number": NUMBER, "status": "已回访"}, at=now).status_code == 202
    assert sent(other, {"number": NUMBER, "status": "市民催办"}, at=now - 60).status_code == 202
    with matters.seen_by(cast.TOWN_DUTY_OFFICER):
        assert ExternalNumber.objects.get(number=NUMBER).status == "已回访"
    assert matters.history(matter)[-1].text == "12345热线：市民催办（迟到的消息，不改变现状态）"


def test_a_forged_replayed_late_or_foreign_hook_changes_nothing(other: TicketSystem) -> None:
    matter = known_to_the_hotline()
    now = clock.now().timestamp()
    good = {"delivery": "delivery-0001"}
    assert sent(other, **good).status_code == 202
    version = matters.look(matter, cast.TOWN_DUTY_OFFICER).version
    said = {"number": NUMBER, "status": "已退单"}
    refusals = {
        "replayed": (sent(other, said, **good), 409, "delivery_known"),
        "forged": (sent(other, said, secret="0" * 64), 401, "hook_not_signed"),
        "unsigned": (sent(other, said, headers={"City1361-Signature": ""}), 401, "hook_not_signed"),
        "late": (sent(other, said, at=now - 400), 401, "hook_too_late"),
        "early": (sent(other, said, at=now + 400), 401, "hook_too_late"),
        "new moment under an old signature": (
            sent(other, said, at=now - 400, headers={"City1361-Timestamp": str(int(now))}), 401, "hook_not_signed",
        ),
        "new delivery under an old signature": (
            sent(other, said, headers={"City1361-Delivery": "delivery-0002"}), 401, "hook_not_signed",
        ),
        "no delivery": (sent(other, said, delivery=""), 401, "hook_not_signed"),
        "another system's": (sent(other, said, code="police"), 401, "hook_not_signed"),
        "nobody's": (sent(other, said, code="nobody"), 401, "hook_not_signed"),
        "too large": (sent(other, b"{" + b" " * signing.LONGEST_BODY), 413, "hook_too_large"),
        "unreadable": (sent(other, b"not json"), 422, "hook_unreadable"),
        "with a field too many": (sent(other, {**said, "state": "closed"}), 422, "hook_unreadable"),
        "of no ticket": (sent(other, {**said, "number": "X"}), 404, "ticket_unknown"),
    }  # fmt: skip
    for name, (answer, status, code) in refusals.items():
        assert (answer.status_code, answer.json()["code"]) == (status, code), name
    assert matters.look(matter, cast.TOWN_DUTY_OFFICER).version == version
    assert len([one for one in deliveries() if one.direction == "inbound"]) == 1


def test_a_secret_is_sealed_rotated_and_the_old_one_ends(other: TicketSystem, owner: Any) -> None:
    known_to_the_hotline()
    old = other.secret
    other.secret = execution.ticket_secret_rotate(by=COMMAND, code="hotline")
    assert other.secret != old
    assert sent(other).status_code == 202
    assert sent(other, secret=old).status_code == 202
    later = clock.now() + timedelta(hours=25)
    with clock.frozen(later):
        assert sent(other, at=later.timestamp(), secret=old).status_code == 401
        assert sent(other, at=later.timestamp()).status_code == 202
    stolen, other.secret = other.secret, execution.ticket_secret_rotate(by=COMMAND, code="hotline", overlap=timedelta())
    assert sent(other, secret=stolen).status_code == 401
    row = Registered.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True)[0]
    assert other.secret.encode() not in bytes(row)
    with pytest.raises(Missing):
        execution.ticket_secret_rotate(by=cast.by(cast.TOWN_DUTY_OFFICER), code="hotline")
    said = str([one.facts for one in evidence.entries_about("ticket_system", "hotline")])
    assert other.secret not in said
    assert stolen not in said


def test_signatures_of_both_sides_are_the_documented_ones() -> None:
    """The worked example of docs/reference/webhooks.md."""
    body = '{"number":"20261123-0001","status":"市民催办"}'.encode()
    made = signing.signature("s3cret", "1795400000", "delivery-0001", body)
    assert made == "v1=daf27db30cf0e73f1a2023a40089b11f07dfdf5cd6a2d34e8160bc373718fa57"
    assert (
        TicketSystem(secret="s3cret").hook(body, at=1795400000, delivery="delivery-0001")["headers"][
            "City1361-Signature"
        ]
        == made
    )
