"""A problem as a page: what went wrong, where, what to do, and the number by which an administrator finds it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from city1361.base.kernel.errors import Problem, Stale, fill

HEADINGS = {
    400: gettext_lazy("请求不完整"),
    401: gettext_lazy("请先登录"),
    403: gettext_lazy("不能办理"),
    404: gettext_lazy("未找到"),
    405: gettext_lazy("不能这样打开"),
    409: gettext_lazy("与已有内容冲突"),
    412: gettext_lazy("内容已有变化"),
    413: gettext_lazy("内容过大"),
    422: gettext_lazy("填写有误"),
    429: gettext_lazy("操作过于频繁"),
    500: gettext_lazy("系统出错"),
    503: gettext_lazy("暂时不能使用"),
}


def problem_words(problem: Problem) -> str:
    """What is wrong and what to do, as one sentence for a form."""
    parts = [fill(gettext(text), problem.params) for text in (problem.message, problem.remedy) if text]
    return _("。").join(parts)


def problem_page(request: HttpRequest, problem: Problem, *, trace: str = "", status: int = 0) -> HttpResponse:
    """The page for `problem`, with its status. Needs neither a session nor the database."""
    code = status or problem.status
    context = {
        "status": code,
        "heading": HEADINGS.get(code, HEADINGS[500 if code >= 500 else 400]),
        "message": fill(gettext(problem.message), problem.params) if problem.message else "",
        "remedy": fill(gettext(problem.remedy), problem.params) if problem.remedy else "",
        "where": problem.where or request.path,
        "changes": problem.changes if isinstance(problem, Stale) else [],
        "trace": trace or getattr(request, "trace", ""),
        "code": problem.code,
    }
    return HttpResponse(render_to_string("ui/problem.html", context, request=request), status=code)
