"""allauth's forms that check a secret, with guesses counted and each one-time code accepted once."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from city1361.platform.assurance.security.accounts import attempts
from city1361.platform.assurance.security.accounts.adapter import refuse_until


class _CountedCode:
    """Five wrong codes in a row cost a wait, in whichever process they were tried."""

    user: Any
    authenticator: Any

    def clean_code(self) -> str:
        until = attempts.begin(code=str(self.user.pk))
        if until is not None:
            raise refuse_until(until)
        code: str = super().clean_code()  # type: ignore[misc]
        spent = normalize_user_code(code)  # blanks and hyphens do not make it another code
        if self.authenticator.type == Authenticator.Type.TOTP and not attempts.spend_code(self.user.pk, spent):
            raise get_adapter().validation_error("incorrect_code")
        attempts.forgive(code=str(self.user.pk))
        return code


class CountedAuthenticateForm(_CountedCode, AuthenticateForm):
    """The second step of signing in."""


class CountedReauthenticateForm(_CountedCode, ReauthenticateForm):
    """Proving oneself again before a sensitive step."""


class CountedChangePasswordForm(ChangePasswordForm):
    """The current password may not be guessed here either."""

    user: Any

    def clean_oldpassword(self) -> str:
        until = attempts.begin(account=self.user.username)
        if until is not None:
            raise refuse_until(until)
        password: str = super().clean_oldpassword()
        attempts.forgive(account=self.user.username)
        return password
