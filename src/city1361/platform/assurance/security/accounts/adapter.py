"""How allauth meets this house: nobody signs up, guesses are counted, secrets are sealed, what people do is recorded."""

from __future__ import annotations

import base64
import math
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from city1361.base.database.api import seal, unseal
from city1361.base.kernel import clock
from city1361.platform.assurance.security.accounts import attempts, every_request, own, sessions
from city1361.platform.assurance.security.accounts.queries import needs_second_factor
from city1361.platform.assurance.security.accounts.security_log import note
from city1361.platform.assurance.security.accounts.terms import OwnAction


class Backend(AuthenticationBackend):
    """Signs in by username and password. A demonstration account exists only in a demonstration."""

    def get_user(self, user_id: Any) -> Any:
        """The account of a session, if it may still sign in."""
        account = every_request.account_of(user_id)
        return account if self.user_can_authenticate(account) else None

    def user_can_authenticate(self, user: Any) -> bool:
        """Asked at every request, so disabling an account ends its sessions at once."""
        return bool(user is not None and user.is_active and (settings.DEMONSTRATION or not user.demonstration))


def refuse_until(until: Any) -> ValidationError:
    """The refusal of an attempt made too soon: the same words for accounts that exist and for names nobody bears."""
    minutes = max(1, math.ceil((until - clock.now()).total_seconds() / 60))
    text = gettext("连续失败次数过多，请在{minutes}分钟后再试。").format(minutes=minutes)
    return ValidationError(text, code="too_many_login_attempts")


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    error_messages = {  # noqa: RUF012 - allauth's own form of it
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("用户名或密码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "enter_current_password": _("当前密码不正确。"),
        "same_as_current": _("新密码不能与当前密码相同。"),
        "incorrect_code": _("验证码不正确。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before the password is hashed. Raises ValidationError while attempts are refused."""
        names = {"account": credentials.get("username", "").lower(), "address": self.get_client_ip(request)}
        until = attempts.begin(**names)
        if until is not None:
            note("sign_in_refused", reason="too_many_attempts")
            raise refuse_until(until)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """The account, or None: wrong password, unknown name and disabled account look the same."""
        user = super().authenticate(request, **credentials)
        if user is None or not Backend().user_can_authenticate(user):
            return None
        attempts.forgive(account=user.get_username(), address=self.get_client_ip(request))
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        note("sign_in_failed", reason="wrong_credentials")

    def pre_login(self, request: HttpRequest, user: Any, **hints: Any) -> HttpResponse | None:
        """Also stops a passkey of an account that may not sign in."""
        if not Backend().user_can_authenticate(user):
            return self.respond_user_inactive(request, user)
        response: HttpResponse | None = super().pre_login(request, user, **hints)
        return response

    def set_password(self, user: Any, password: str) -> None:
        """Change one's own password: recorded, and every other session of the account ends."""
        user.must_change_password = False
        with transaction.atomic():
            super().set_password(user, password)
            own.remember(self.request, user, OwnAction.CHANGE_PASSWORD)
            sessions.end_all(user.id, but=self.request.session.session_key or "")

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: this installation knows no addresses. What happened stands in the evidence."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return str(settings.LOGIN_REDIRECT_URL)


class SealingMfaAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors sealed, and the last factor of those who must have one."""

    error_messages = {  # noqa: RUF012 - allauth's own form of it
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确。"),
        "cannot_delete_authenticator": _("您的角色必须使用两步验证，请先添加另一种方式。"),
        "cannot_generate_recovery_codes": _("请先启用两步验证，再生成恢复码。"),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(own.SECOND_FACTOR_PURPOSE, text)).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(own.SECOND_FACTOR_PURPOSE, base64.b64decode(encrypted_text))

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """False for the last factor of somebody whose role needs one."""
        kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=kinds).exclude(
            pk=authenticator.pk
        )
        return others.exists() or not needs_second_factor(authenticator.user_id, clock.now())
