"""Activities done several times: in parallel, one after the other, or as long as a condition holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from city1361.platform.components.processes.definition import Element, Several
from city1361.platform.components.processes.moving.run import Run
from city1361.platform.components.processes.terms import Scope, ScopeKind, StepRefused, Token

MOST_INSTANCES = 500


def begin(run: Run, host: Token, element: Element) -> bool:
    """Start the first or all. True when there is nothing to do at all."""
    several = _several(element)
    items, total = _extent(run, several, host, element)
    progress: dict[str, Any] = {"items": items, "total": total, "started": 0, "done": 0, "collected": {}}
    _note(run, host, progress)
    if not _is_wanted(run, several, element, host, total):
        _finish(run, host, several, element)
        return True
    for _ in range(1 if several.sequential else total):
        _start_next(run, run.tokens[host.id], element, several)
    return False


def _is_wanted(run: Run, several: Several, element: Element, host: Token, total: int) -> bool:
    if several.is_loop:
        return not several.test_before or _again(run, several, element, host.scope, 0)
    return total > 0


def one_done(run: Run, host: Token, element: Element, scope: Scope) -> bool:
    """One instance is done. True when the whole activity is."""
    several = _several(element)
    progress = dict(host.progress or {})
    progress["done"] += 1
    if several.collect:
        index = str((scope.variables or {})["loop_counter"])
        value = run.value(several.collect, "dyn", element, scope.id)
        progress["collected"] = {**progress["collected"], index: value}
    _note(run, host, progress)
    if not _goes_on(run, several, element, scope, progress):
        del run.scopes[scope.id]
        for other in [one for one in run.scopes.values() if one.host == host.id]:
            run.empty(other.id)
            run.scopes.pop(other.id, None)
        _finish(run, run.tokens[host.id], several, element)
        return True
    del run.scopes[scope.id]
    if several.sequential:
        _start_next(run, run.tokens[host.id], element, several)
    return False


def _goes_on(run: Run, several: Several, element: Element, scope: Scope, progress: Mapping[str, Any]) -> bool:
    done, started, total = progress["done"], progress["started"], progress["total"]
    if several.is_loop:
        return (not several.maximum or done < several.maximum) and _again(run, several, element, scope.id, done)
    if several.until:
        counts = {
            "number_of_instances": ("int", total),
            "number_of_completed_instances": ("int", done),
            "number_of_active_instances": ("int", started - done),
        }
        if run.value(several.until, "bool", element, scope.id, counts):
            return False
    return bool(done < total)


def _again(run: Run, several: Several, element: Element, scope: str, done: int) -> bool:
    counter = {"loop_counter": ("int", done)}
    return bool(run.value(several.again, "bool", element, scope, counter))


def _start_next(run: Run, host: Token, element: Element, several: Several) -> None:
    progress = dict(host.progress or {})
    index = progress["started"]
    progress["started"] = index + 1
    local: dict[str, Any] = {"loop_counter": index + 1}
    if several.item:
        local[several.item] = progress["items"][index]
    _note(run, host, progress)
    scope = run.open_scope(ScopeKind.INSTANCE, host, run.process_of(host.scope), local)
    run.queue.append((element.id, scope.id, ""))


def _extent(run: Run, several: Several, host: Token, element: Element) -> tuple[list[Any] | None, int]:
    if several.collection:
        items = run.value(several.collection, "dyn", element, host.scope)
        total = len(items) if isinstance(items, list) else -1
    elif several.cardinality:
        items, total = None, run.value(several.cardinality, "int", element, host.scope)
    else:
        return None, 0
    if not 0 <= total <= MOST_INSTANCES:
        raise StepRefused("too_many_instances", f"{total} times; 0 to {MOST_INSTANCES} are allowed", element=element.id)
    return items, total


def _finish(run: Run, host: Token, several: Several, element: Element) -> None:
    if several.into:
        collected = (run.tokens[host.id].progress or {})["collected"]
        values = [collected[index] for index in sorted(collected, key=int)]
        run.assign(host.scope, {several.into: values}, element=element.id)


def _note(run: Run, host: Token, progress: Mapping[str, Any]) -> None:
    run.tokens[host.id] = replace(run.tokens[host.id], progress=progress)


def _several(element: Element) -> Several:
    if element.several is None:
        raise StepRefused("broken_definition", "done several times without saying how often", element=element.id)
    return element.several
