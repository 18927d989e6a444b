"""Another key for personal data: everything is found, sealed anew and proved, whoever copied it wherever."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings

from city1361.base.database import api as database
from city1361.base.database import personal, resealing
from city1361.base.evidence import api as evidence
from city1361.base.kernel.by import By, Subject
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.accounts import api as accounts
from city1361.platform.assurance.security.accounts.models import Account

BY = By.system("测试")
OLD, NEW = settings.PERSONAL_DATA_KEY, secrets.token_hex(32)
BOTH = f"{NEW},{OLD}"
PHONE = "138 0000 1361"


def world() -> tuple[Account, Any]:
    """An account with a phone and a second factor, an entry with a personal part, an answer in a JSON column."""
    new = accounts.account_create(by=BY, username="somebody", title="值班员", phone=PHONE)
    factor = {"secret": base64.b64encode(database.seal("accounts.second_factor", "TOTP")).decode()}
    Authenticator.objects.create(user_id=new.id, type="totp", data=factor)
    with transaction.atomic():
        entry = evidence.record(
            by=BY, action="test.act", subject=Subject("thing", "1", "一"), facts={}, personal={"phone": PHONE}
        )
    return Account.objects.get(id=new.id), entry


def quiet(_table: str, _done: int) -> None:
    """Nobody listens."""


def test_everything_comes_under_the_new_key_step_by_step_and_the_old_one_can_go(as_owner: None) -> None:
    account, entry = world()
    with override_settings(PERSONAL_DATA_KEY=BOTH):
        before = resealing.left()
        assert set(before.left) == {
            "platform_accounts_account.phone",
            "mfa_authenticator.data",
            "base_evidence_personal.sealed",
        }
        assert before.indexes == 1
        assert not before.clean
        assert Account.objects.filter(**Account._meta.get_field("phone_index").matching(PHONE)).exists()

        # A stop in the middle: one block is done, the rest is not.
        column = next(one for one in resealing._columns() if one.table == "mfa_authenticator" and one.name == "data")
        with database.scoped(Scope.everything()):
            assert resealing._block(column, 0, 1, resealing.Found()) == 1
        assert "mfa_authenticator.data" not in resealing.left().left

        found = resealing.reseal(quiet, pages=1)
        assert (found.clean, found.stuck) == (True, {})
        assert found.done == sum(before.left.values()) - 1
        assert resealing.reseal(quiet).done == 0
        # What still runs with the old key seals under it: that is found as well.
        with override_settings(PERSONAL_DATA_KEY=OLD):
            accounts.account_create(by=BY, username="another", title="值班员", phone=PHONE)
        assert not resealing.left().clean
        assert resealing.reseal(quiet).clean

    with override_settings(PERSONAL_DATA_KEY=NEW):
        assert Account.objects.get(id=account.id).phone == PHONE
        assert Account.objects.filter(**Account._meta.get_field("phone_index").matching(PHONE)).count() == 2
        secret = Authenticator.objects.get(user_id=account.id).data["secret"]
        assert database.unseal("accounts.second_factor", base64.b64decode(secret)) == "TOTP"
        assert evidence.personal_part(entry) == {"phone": PHONE}
    with override_settings(PERSONAL_DATA_KEY=OLD), pytest.raises(database.Unreadable):
        Account.objects.get(id=account.id)


def test_a_value_nobody_knows_is_left_alone_and_named(as_owner: None) -> None:
    """A copy in a place that no module registered still stops the old key from going."""
    stray = json.dumps({"note": base64.b64encode(database.seal("somebody's own", "x" * 20)).decode()})
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (id int PRIMARY KEY, told jsonb, words text)")
        cursor.execute("INSERT INTO stray VALUES (1, %s, %s)", [stray, "nothing sealed"])
    with override_settings(PERSONAL_DATA_KEY=BOTH):
        found = resealing.reseal(quiet)
        assert found.left == {"stray.told": 1}
        assert found.stuck == {"stray.told": 1}
        assert personal.number_of(NEW) != personal.number_of(OLD)


def test_answers_of_a_form_are_sealed_anew_wherever_they_were_copied(as_owner: None) -> None:
    from city1361.platform.components.forms import answering
    from city1361.platform.components.forms.models import Form

    Form.objects.create(pk="asked", current=1)
    answer = {"version": 1, "answers": {"phone": {"sealed": _sealed(answering.purpose("asked", "phone"))}, "n": 3}}
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE stray (id int PRIMARY KEY, told jsonb)")
        cursor.execute("INSERT INTO stray VALUES (1, %s)", [json.dumps(answer)])
    with override_settings(PERSONAL_DATA_KEY=BOTH):
        assert resealing.reseal(quiet).clean
    with connection.cursor() as cursor:
        cursor.execute("SELECT told FROM stray")
        told = json.loads(cursor.fetchone()[0])
    assert told["answers"]["n"] == 3
    with override_settings(PERSONAL_DATA_KEY=NEW):
        sealed = base64.b64decode(told["answers"]["phone"]["sealed"])
        assert database.unseal(answering.purpose("asked", "phone"), sealed) == PHONE


def _sealed(purpose: str) -> str:
    return base64.b64encode(database.seal(purpose, PHONE)).decode()
