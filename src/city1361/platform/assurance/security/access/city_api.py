"""The API of the whole system: one session, one error body, one description."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.responses import Response
from ninja.security import HttpBearer, SessionAuth
from pydantic_core import ErrorDetails

from city1361.base.kernel import registry
from city1361.base.kernel.endpoint import endpoint
from city1361.base.kernel.errors import Missing, Problem, Refused, Unauthenticated
from city1361.platform.assurance.security.access import problems, refusals
from city1361.platform.assurance.security.access.middleware import note_problem

SENTENCES = {"missing": "缺少此项", "extra_forbidden": "没有这一项", "json_invalid": "不是有效的JSON"}


def openapi_document(_view: Callable[..., Any]) -> Callable[..., Any]:
    """The description of the API is public, as its source is; it is written once per process."""

    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            _described(), content_type="application/json", headers={"Cache-Control": "public, max-age=300"}
        )

    return endpoint(public=True)(answer)


@cache
def _described() -> bytes:
    return Response(api.get_openapi_schema()).content


def _answer(request: HttpRequest, problem: Any) -> HttpResponse:
    note_problem(request, problem)
    return problems.respond(request, problem)


def _sentence(error: ErrorDetails) -> str:
    known = SENTENCES.get(error["type"])
    return gettext(known) if known else gettext("取值不正确：{reason}").format(reason=error["msg"])


def wrong_fields(errors: list[Any]) -> Problem:
    """pydantic's errors as one problem. A wrong id in the address is simply not there."""
    if any(error["loc"][0] == "path" for error in errors):
        return Missing()
    fields = []
    for error in errors:
        place = [str(part) for part in error["loc"]]
        # ("body", <parameter>, field …) and ("query", field): the caller knows only the field
        place = place[2:] if place[0] == "body" and len(place) > 2 else place[1:]
        fields.append({"where": ".".join(place) or str(error["loc"][0]), "message": _sentence(error)})
    return problems.WrongFields(fields)


def on_wrong_input(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, wrong_fields(error.errors))


def on_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return _answer(request, Missing())


def on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    """ninja's own: nobody signed in, no or a wrong CSRF token, a body that is not JSON."""
    if error.status_code == 401:
        return _answer(request, Unauthenticated("not_signed_in", "请先登录", remedy="登录后重试"))
    if error.status_code == 403:
        return _answer(
            request, Refused("form_expired", "页面已失效，这次提交没有保存", remedy="请带上X-CSRFToken重新提交")
        )
    return problems.bad_request(request, error)


class ApplicationAuth(HttpBearer):
    """The token of another application. The middleware has looked it up; cookies and CSRF do not come into it."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return getattr(request, "application", None)


class CityApi(NinjaAPI):
    """ninja's API with this house's session, errors and names; its addresses know the function of each method.

    Its root answers nobody: always missing.
    """

    def __init__(self, namespace: str) -> None:
        super().__init__(
            title="city1361",
            version="1",
            description="Errors: code, message, where, remedy, trace; fields for wrong input, changes for stale input.",
            urls_namespace=namespace,
            auth=[ApplicationAuth(), SessionAuth()],
            docs_url=None,
            docs_decorator=openapi_document,
        )
        self.add_exception_handler(Problem, _answer)
        self.add_exception_handler(ValidationError, on_wrong_input)
        self.add_exception_handler(Http404, on_missing)
        self.add_exception_handler(HttpError, on_refusal)

    def get_openapi_schema(self, **told: Any) -> OpenAPISchema:
        """With the refusals: a caller who reads the description is prepared for all that may be answered."""
        made = super().get_openapi_schema(**told)
        refusals.describe(made)
        return made

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The function's own name: a caller's generated client reads `matter_admit`, not a module path."""
        return operation.view_func.__name__

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        routers = self._get_bound_routers()
        behind = [view for router in routers for view in router.path_operations.values() for _ in view.operations]
        _described, *ours, root = patterns
        for pattern, view in zip(ours, behind, strict=True):
            answers = {method: one.view_func for one in view.operations for method in one.methods}
            pattern.callback.answers = answers  # type: ignore[union-attr]
        endpoint(public=True)(root.callback)  # type: ignore[type-var]
        return patterns


def mount() -> CityApi:
    """The API with the routers that modules registered, each under its prefix."""
    made = CityApi("api")
    for prefix, import_path in registry.routers().items():
        made.add_router(f"/{prefix}", import_path, tags=[prefix])
    return made


def description() -> dict[str, Any]:
    """The OpenAPI document."""
    document: dict[str, Any] = json.loads(_described())
    return document


api = mount()
