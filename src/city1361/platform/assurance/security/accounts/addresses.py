"""The pages of allauth that this house opens, under /accounts/. No sign-up, no mail, no reset by mail.

Views that check a secret run outside the request's transaction, so that a counted failure is visible to the next
guess at once and no row lock is held while a password is hashed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.usersessions import views as usersessions
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache

from city1361.base.kernel.endpoint import endpoint


def _at(address: str, view: Callable[..., Any], name: str, **asks: Any) -> URLPattern:
    return path(address, endpoint(**asks)(never_cache(view)), name=name)


urlpatterns = [
    _at("login/", account.login, "account_login", public=True, transaction=False),
    _at("logout/", account.logout, "account_logout", public=True),
    _at("inactive/", account.account_inactive, "account_inactive", public=True),
    _at("reauthenticate/", account.reauthenticate, "account_reauthenticate", transaction=False),
    _at("password/change/", account.password_change, "account_change_password", transaction=False),
    _at("2fa/", mfa.index, "mfa_index"),
    _at("2fa/authenticate/", mfa.authenticate, "mfa_authenticate", public=True, transaction=False),
    _at("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate", transaction=False),
    _at("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    _at("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp", about="own_factor"),
    _at("2fa/recovery-codes/", recovery_codes.view_recovery_codes, "mfa_view_recovery_codes", about="own_factor"),
    _at("2fa/recovery-codes/generate/", recovery_codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _at(
        "2fa/recovery-codes/download/",
        recovery_codes.download_recovery_codes,
        "mfa_download_recovery_codes",
        about="own_factor",
    ),
    _at("2fa/webauthn/", webauthn.list_webauthn, "mfa_list_webauthn"),
    _at("2fa/webauthn/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    _at("2fa/webauthn/login/", webauthn.login_webauthn, "mfa_login_webauthn", public=True, transaction=False),
    _at("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _at("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn", about="own_key"),
    _at("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn", about="own_key"),
    _at("sessions/", usersessions.list_usersessions, "usersessions_list"),
]
