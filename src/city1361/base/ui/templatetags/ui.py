"""The components as template tags. `hx-*` attributes are written here and nowhere else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms, template
from django.conf import settings
from django.forms import BoundField, CheckboxSelectMultiple
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from city1361.base.ui import assets, decisions
from city1361.base.ui.context import text_size
from city1361.base.ui.terms import Clock, Flow, NavigationItem, PlaceMap, TextSize, TimelineEntry
from city1361.base.ui.words import day_words, device_words, moment_words, month_day, span_words

register = template.Library()


@register.simple_tag
def entry(name: str) -> SafeString:
    """Style sheets and scripts of a built entry; nothing when the front end was not built."""
    if not assets.is_built():
        return SafeString("")
    styles, scripts = assets.files_of(name)
    links = format_html_join("", '<link rel="stylesheet" href="{}">', ((style,) for style in styles))
    preloads = format_html_join("", '<link rel="modulepreload" href="{}">', ((script,) for script in scripts[:-1]))
    return links + preloads + format_html('<script type="module" src="{}"></script>', scripts[-1])


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon by its name, for the eye only. An unknown name draws nothing."""
    shape = mark_safe(assets.icon_shapes().get(name, ""))  # noqa: S308 - our own build wrote it
    return format_html(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        shape,
    )


@register.simple_tag
def swaps(address: str, method: str = "get") -> SafeString:
    """Have a link or form renew the open case (and list and messages) in place; without scripts it is a plain one."""
    return format_html(
        'data-swaps hx-{}="{}" hx-target="#case" hx-select="#case" hx-swap="outerHTML show:none" '
        'hx-select-oob="#todo:outerMorph,#toasts:outerHTML" hx-push-url="true" hx-sync="this:drop"',
        method,
        address,
    )


register.filter("moment", moment_words)
register.filter("day", day_words)
register.filter("month_day", month_day)
register.filter("device", device_words)


@register.inclusion_tag("ui/clock.html")
def clock_bar(value: Clock | None, size: str = "") -> dict[str, Any]:
    """A running limit: what is left in words and a bar. Renders nothing for None."""
    return {"clock": value, "time": span_words(value.minutes, value.day) if value else "", "large": size == "large"}


@register.inclusion_tag("ui/timeline.html")
def timeline(entries: list[TimelineEntry]) -> dict[str, Any]:
    return {"entries": entries}


@register.inclusion_tag("ui/photos.html")
def photos(ids: list[UUID], size: str = "") -> dict[str, Any]:
    """A strip of thumbnails, loaded when they come into view; each opens the re-encoded picture."""
    return {"ids": ids, "large": size == "large"}


@register.inclusion_tag("ui/flow.html")
def flow(value: Flow) -> dict[str, Any]:
    """The process strip; a list where there is no room to draw."""
    drawn = decisions.strip(value, [translated(node.name) for node in value.nodes])
    lines = [(line, *line.head.split("|")) for line in drawn.lines]
    return {"flow": value, "strip": drawn, "lines": lines, "height": decisions.NODE_HEIGHT}


@register.inclusion_tag("ui/place_map.html")
def place_map(value: PlaceMap) -> dict[str, Any]:
    """Where it is, drawn from area shapes. A sketch: an approved base map belongs to the operator."""
    return {"drawing": decisions.draw(value), "caption": value.caption}


CHOSEN = ("select", "radio", "checkbox", "file")


def error_words(bound: BoundField) -> list[str]:
    """What is wrong with a field; one that was left empty is named, since Django's own words do not."""
    plain = str(forms.Field.default_error_messages["required"])
    if not any(str(error) == plain for error in bound.errors):
        return [str(error) for error in bound.errors]
    kind = getattr(bound.field.widget, "input_type", "")
    text = _("请选择{label}。") if kind in CHOSEN else _("请填写{label}。")
    return [text.format(label=bound.label) if str(error) == plain else str(error) for error in bound.errors]


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField, hint: str | None = None, optional: bool = False, rows: int = 0) -> dict[str, Any]:
    """A form field: label, hint, error, control, all tied together for those who cannot see. hint="" shows none."""
    hint = str(bound.help_text) if hint is None else hint
    described = [f"{bound.auto_id}-hint"] if hint else []
    described += [f"{bound.auto_id}-error"] if bound.errors else []
    attributes: dict[str, Any] = {"class": "input"}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    if rows:
        attributes["rows"] = rows
    kind = getattr(bound.field.widget, "input_type", "")
    several = isinstance(bound.field.widget, CheckboxSelectMultiple)
    if kind in ("radio", "checkbox"):
        attributes.pop("class")
    return {
        "bound": bound,
        "errors": error_words(bound),
        "hint": hint,
        "optional": optional,
        "group": kind == "radio" or several,
        "check": kind == "checkbox" and not several,
        "control": bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What must be corrected, each with a link to its field. Renders nothing for a form without errors."""
    listed = [(bound.auto_id, error) for bound in form if bound.errors for error in error_words(bound)]
    return {"listed": listed, "general": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("ui/empty.html")
def empty(icon_name: str, title: str, text: str = "") -> dict[str, Any]:
    """Nothing here, said kindly: what it means and what one may do."""
    return {"icon_name": icon_name, "title": title, "text": text}


@register.inclusion_tag("ui/switches.html", takes_context=True)
def switches(context: Context, style: str) -> dict[str, Any]:
    """Text size and language. style: round (one button that flips), menu or row."""
    request = context.get("request")
    size = text_size(request) if request else TextSize.STANDARD
    return {
        "style": style,
        "size": size.value,
        "sizes": [("100", _("标准版")), ("125", _("长辈版")), ("188", _("特大字"))],
        "next_path": request.get_full_path() if request else "/",
        "languages": settings.LANGUAGES,
        "csrf_token": context.get("csrf_token"),
        "LANGUAGE_CODE": context.get("LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "request": request,
    }


@register.simple_tag(takes_context=True)
def navigation(context: Context, shell: str) -> list[dict[str, Any]]:
    """The shell's entries, the one that is open marked. The longest address that fits is the open one.

    Entries of a group come as one with `members`.
    """
    items: list[NavigationItem] = [item for item in context["ui"].navigation if item.shell == shell]
    request = context.get("request")
    path = request.path if request else ""
    fitting = [
        item for item in items if path == item.address or (item.address != "/" and path.startswith(item.address))
    ]
    best = max(fitting, key=lambda item: len(item.address), default=None)
    shown: dict[str, dict[str, Any]] = {}
    for item in items:
        entry = {"item": item, "current": item is best, "label": _(item.label), "count": 0}
        entry["count"] = item.count(request) if request and item.count else 0
        if item.group:
            group = shown.setdefault(item.group, {"label": _(item.group), "current": False, "members": []})
            group["members"].append(entry)
            group["current"] = group["current"] or entry["current"]
        else:
            shown[item.address] = entry
    return [
        entry["members"][0] if len(entry.get("members", ())) == 1 else entry for entry in shown.values()
    ]  # a menu of one is an entry


@register.filter
def translated(text: str) -> str:
    """A word that comes as a value (a state, a step, an organisation's kind), in the language of the page."""
    return _(text) if text else ""
