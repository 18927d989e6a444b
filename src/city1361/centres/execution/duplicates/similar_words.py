"""Why a matter is suggested as a duplicate, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from city1361.base.ui import api as ui
from city1361.centres.execution.duplicates.similar import Suggestion

DAY = 1440


def why(one: Suggestion) -> str:
    """Why it is suggested: how far, how long ago, which words."""
    likeness = one.likeness
    minutes = int(likeness.age.total_seconds() // 60)
    away = _("同一网格") if likeness.metres is None else _("相距{metres}米").format(metres=likeness.metres)
    parts = [away, _("{span}前").format(span=ui.span_words(minutes, DAY)) if minutes else _("刚刚")]
    parts.append(_("同一类型") if likeness.same_type else _("同一类别"))
    if likeness.words:
        parts.append(_("相同的词：{words}").format(words="、".join(likeness.words)))
    return "，".join(parts)
