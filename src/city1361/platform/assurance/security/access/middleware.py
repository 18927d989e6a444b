"""The edge: every request gets a trace, a session that can end, somebody who acts, a verdict and a transaction."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.db import DatabaseError, InterfaceError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import Resolver404, ResolverMatch, resolve, reverse

from city1361.base.database import api as database
from city1361.base.kernel import clock
from city1361.base.kernel import trace as tracing
from city1361.base.kernel.by import By
from city1361.base.kernel.endpoint import Endpoint
from city1361.base.kernel.errors import Problem, Refused, Unauthenticated
from city1361.base.kernel.logs import fields
from city1361.base.kernel.scope import Scope
from city1361.platform.assurance.security.access import measures, problems, resolver
from city1361.platform.assurance.security.access.decisions import Verdict, verdict
from city1361.platform.assurance.security.access.endpoints import asked_of
from city1361.platform.assurance.security.access.headers import set_headers
from city1361.platform.assurance.security.access.lost_connection import came_back
from city1361.platform.assurance.security.access.queries import (
    application_of_token,
    by_of_application,
    scope_of_application,
)
from city1361.platform.assurance.security.access.trace import trace_of
from city1361.platform.assurance.security.accounts import api as accounts

logger = logging.getLogger("city1361.web")

type_of_next = Callable[[HttpRequest], HttpResponseBase]

SAFE = ("GET", "HEAD", "OPTIONS")
OWN_PAGES = "/accounts/"
BY_ITSELF = "X-By-Itself"
"""Sent by a page that follows what others do, with no hand of its viewer in it."""
DUTY_PAGES = {
    accounts.Duty.CHANGE_PASSWORD: "account_change_password",
    accounts.Duty.ADD_SECOND_FACTOR: "mfa_activate_totp",
}


class TraceMiddleware:
    """Gives a request its trace and the defaults of a stranger; repeats a reading request once when the connection
    to the database was lost under it. A writing request is refused then: only its sender can know whether to repeat.
    """

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        trace = trace_of(request.headers.get("traceparent", ""))
        with tracing.within(trace):
            begun = time.perf_counter()
            response = self._respond(request, trace)
            _tell(request, response, time.perf_counter() - begun)
        set_headers(request, response, trace)
        return response

    def _respond(self, request: HttpRequest, trace: str) -> HttpResponseBase:
        self._as_stranger(request, trace)
        response = self.get_response(request)
        if getattr(response, "lost_connection", False) and request.method in SAFE and came_back():
            for kept in ("_cached_user", "_acached_user"):
                request.__dict__.pop(kept, None)
            self._as_stranger(request, trace)
            response = self.get_response(request)
        return response

    @staticmethod
    def _as_stranger(request: Any, trace: str) -> None:
        request.trace = trace
        request.by = By(None, "", _channel(request), trace=trace)
        request.scope = Scope.nothing()
        request.standing = None
        request.application = None
        request.session_expired = False


def _tell(request: Any, response: HttpResponseBase, seconds: float) -> None:
    """One line for each request: the address as it is declared, never as it was typed."""
    match = request.resolver_match
    route = match.route if match else ""
    measures.count(route, request.method, response.status_code, seconds)
    told = fields(
        method=request.method,
        route=route,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
        account=request.by.account,
    )
    logger.info("request", extra=told)


def _channel(request: HttpRequest) -> str:
    return "api" if request.path_info.startswith(problems.API) else "web"


class SessionLimitMiddleware:
    """Ends a session that was idle too long or lasted too long."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        if request.user.is_authenticated and accounts.is_over(request.session, by_itself=BY_ITSELF in request.headers):
            logout(request)
            request.session_expired = True
        return self.get_response(request)


class ScopeMiddleware:
    """Works out who acts, asks whether the endpoint is for him, and runs the view in one transaction bound to his
    scope. An answer of 400 or more leaves nothing behind.
    """

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        bearer = _bearer(request)
        standing = None if bearer is not None else _identify(request)
        if bearer is not None and not _identify_application(request, bearer):
            text = "令牌无效、已到期或已撤销"
            return problems.respond(request, Unauthenticated("token_refused", text, remedy="请使用有效的应用令牌"))
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.get_response(request)
        asked = asked_of(match, request.method)
        duties = standing.duties if standing else ()
        own_page = request.path_info.startswith(OWN_PAGES)
        judged = verdict(asked, request.scope, open_duty=bool(duties), own_account_page=own_page)
        if bearer is not None and judged is Verdict.GO_ON and not (asked and (asked.permissions or asked.public)):
            judged = Verdict.DENY  # what is open to anybody signed in is for people
        if judged is not Verdict.GO_ON:
            return _refuse(request, judged, match, asked, duties)
        with resolver.holding(request.by, request.scope):
            return self._answer(request, asked or Endpoint())

    def _answer(self, request: Any, asked: Endpoint) -> HttpResponseBase:
        request.must_roll_back = False
        if not asked.transaction:
            return self.get_response(request)
        try:
            with database.scoped(request.scope):
                response = self._in_words(request, self.get_response(request))
                if request.must_roll_back or response.status_code >= 400:
                    transaction.set_rollback(True)
            return response
        except (DatabaseError, InterfaceError) as error:  # binding or committing failed
            answer = problems.of_database(request, error)
            if answer is None:
                raise
            return answer

    @staticmethod
    def _in_words(request: Any, response: HttpResponseBase) -> HttpResponseBase:
        """A refusal of the method by ninja or Django has no words of its own."""
        if response.status_code != 405:
            return response
        problem = problems.Unanswerable("wrong_method", "这个地址不能这样使用", remedy="请返回上一页重试")
        answer = problems.respond(request, problem)
        answer["Allow"] = response.get("Allow", "")
        return answer

    def process_exception(self, request: Any, exception: Exception) -> HttpResponse | None:
        """A Problem raised by a page becomes its answer; whatever was raised, the transaction goes back."""
        request.must_roll_back = True
        note_problem(request, exception)
        if isinstance(exception, Problem):
            return problems.respond(request, exception)
        return problems.of_database(request, exception)


def note_problem(request: Any, problem: BaseException) -> None:
    """Somebody signed in asked for what is not there or not his: the security log shows who keeps trying."""
    if problems.is_missing(problem) and request.by.account is not None:
        _note(request, "object", request.resolver_match)


def _note(request: Any, reason: str, match: ResolverMatch | None, permissions: Any = ()) -> None:
    accounts.note(
        "access_denied",
        reason=reason,
        method=request.method,
        route=match.route if match else "",
        account=request.by.account,
        permissions=sorted(permissions),
    )


def _bearer(request: HttpRequest) -> str | None:
    """The token of another application, for the API only. With one, no session counts."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" and request.path_info.startswith(problems.API) else None


def _identify_application(request: Any, token: str) -> bool:
    """Set `request.by` and `request.scope` of an application."""
    found = application_of_token(token)
    if found is None:
        accounts.note("access_denied", reason="token", method=request.method, trace=request.trace)
        return False
    request.application = found
    request.by, request.scope = by_of_application(found, request.trace), scope_of_application(found)
    return True


def _identify(request: Any) -> accounts.Standing | None:
    """Set `request.by`, `request.scope` and `request.standing` of somebody signed in."""
    if not request.user.is_authenticated:
        return None
    standing = accounts.standing(request.user, accounts.active_of(request.session), clock.now())
    request.standing = standing
    request.by = resolver.by_of(standing, channel=_channel(request), trace=request.trace)
    request.scope = resolver.scope_under(standing.account, standing.active)
    return standing


def _refuse(request: Any, judged: Verdict, match: ResolverMatch, asked: Endpoint | None, duties: Any) -> HttpResponse:
    page = (
        request.method in ("GET", "HEAD") and "HX-Request" not in request.headers and not problems.wants_json(request)
    )
    if judged is Verdict.SIGN_IN:
        if page:
            return _to_sign_in(request)
        text = "登录已过期，请重新登录" if request.session_expired else "请先登录"
        return problems.respond(
            request, Unauthenticated("not_signed_in", text, remedy="登录后重试；填写的内容仍保存在本机")
        )
    if judged is Verdict.DUTY:
        if page:
            return HttpResponseRedirect(reverse(DUTY_PAGES[duties[0]]))
        text = "须先完成账号安全设置"
        return problems.respond(
            request, Refused("duty_open", text, remedy="请打开任一页面，按提示修改密码或启用两步验证")
        )
    _note(request, "permission", match, asked.permissions if asked else ())
    return problems.respond(request, problems.missing())


def _to_sign_in(request: Any) -> HttpResponse:
    query = {"next": request.get_full_path(), **({"expired": "1"} if request.session_expired else {})}
    return HttpResponseRedirect(f"{resolve_url('account_login')}?{urlencode(query)}")
