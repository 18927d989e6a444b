"""Every problem as an answer: a JSON body for the API, a page for a browser. One shape, one place.

Body: code, message (what), where, remedy (what to do), trace; `fields` for a wrong input, `changes` for a stale one,
`choices` (id, name) where one of several must be chosen.
"""

from __future__ import annotations

import sys
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext

from city1361.base.kernel.errors import Invalid, Missing, Problem, Refused, Stale, Unavailable, fill
from city1361.base.ui.api import problem_page
from city1361.platform.assurance.security.access.lost_connection import is_busy, is_full, is_lost, is_unstorable

API = "/api/"
RETRY_AFTER = "5"  # seconds


class Malformed(Problem):
    """The request cannot be read at all."""

    status = 400


class Unanswerable(Problem):
    """The address exists but not for this method."""

    status = 405


class WrongFields(Invalid):
    """Input that does not fit. `fields` holds one dict per field: where and message."""

    def __init__(self, fields: list[dict[str, str]]) -> None:
        super().__init__("invalid_input", "输入有误", where=fields[0]["where"], remedy="请按提示改正后重新提交")
        self.fields = fields


def body(problem: Problem, trace: str) -> dict[str, Any]:
    """The one error body of the API, in the language of the request."""
    made: dict[str, Any] = {
        "code": problem.code,
        "message": fill(gettext(problem.message), problem.params) if problem.message else "",
        "where": problem.where,
        "remedy": fill(gettext(problem.remedy), problem.params) if problem.remedy else "",
        "trace": trace,
    }
    if isinstance(problem, WrongFields):
        made["fields"] = problem.fields
    if isinstance(problem, Stale):
        made["changes"] = problem.changes
    if "choices" in problem.params:
        made["choices"] = problem.params["choices"]
    return made


def wants_json(request: HttpRequest) -> bool:
    """The API answers JSON; a page does so for callers that prefer it to HTML."""
    if request.path_info.startswith(API):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def respond(request: HttpRequest, problem: Problem) -> HttpResponse:
    """`problem` as an answer of this request."""
    trace = getattr(request, "trace", "")
    response: HttpResponse
    if wants_json(request):
        response = JsonResponse(body(problem, trace), status=problem.status, json_dumps_params={"ensure_ascii": False})
    else:
        response = problem_page(request, problem, trace=trace)
    if problem.status == 503:
        response["Retry-After"] = RETRY_AFTER
    return response


def of_database(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer to a lost connection (marked, so that reading requests can be repeated), a busy database, a full disk,
    or a text that it cannot hold."""
    if is_lost(error):
        text = "与数据库的连接中断，不能确认这次操作是否已保存"
        remedy = "请查看最新状态后再决定是否重试；带有同一幂等键（Idempotency-Key）的请求可以放心重发"
        response = respond(request, Unavailable("connection_lost", text, remedy=remedy))
        response.lost_connection = True  # type: ignore[attr-defined]
        return response
    if is_busy(error):
        return respond(request, Unavailable("busy", "系统繁忙，这次操作没有保存", remedy="请稍后重试"))
    if is_full(error):
        remedy = "请稍后重试，并请管理员清理磁盘；空间恢复后无需其他操作"
        return respond(request, Unavailable("disk_full", "服务器磁盘已满，这次操作没有保存", remedy=remedy))
    if is_unstorable(error):
        return respond(request, Invalid("unstorable", "文字中有无法保存的字符（U+0000）", remedy="请删除后重新提交"))
    return None


def missing() -> Missing:
    """The one answer for what is not there and for what is not for this person."""
    return Missing()


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(request, Malformed("malformed", "请求不完整或无法识别", remedy="请返回上一页重试"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's own refusals look like missing as well."""
    return respond(request, missing())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return respond(request, missing())


def server_error(request: HttpRequest) -> HttpResponse:
    """Called by Django while the exception is being handled. The details stand in the log under the trace."""
    of_the_database = of_database(request, sys.exc_info()[1])
    if of_the_database is not None:
        return of_the_database
    remedy = "请稍后再试；仍不成功时，把追踪编号告诉管理员"
    return respond(request, Problem("server_error", "系统出错，这次操作没有保存", remedy=remedy))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from an old page, or from another site."""
    remedy = "请刷新页面后重新提交；填写的内容仍保存在本机"
    return respond(request, Refused("form_expired", "页面已失效，这次提交没有保存", remedy=remedy))


def is_missing(error: BaseException) -> bool:
    return isinstance(error, Missing | Http404)
