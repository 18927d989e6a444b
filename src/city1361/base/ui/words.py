"""Times and spans in words, in the language of the request."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from city1361.base.kernel import clock
from city1361.base.ui import decisions


def span_words(minutes: int, day: int) -> str:
    """Minutes in words: 8分, 1小时52分, 2天3小时; a day has `day` minutes."""
    cut = decisions.span(minutes, day)
    if cut.days:
        text = _("{days}天{hours}小时") if cut.hours else _("{days}天")
    elif cut.hours:
        text = _("{hours}小时{minutes:02d}分") if cut.minutes else _("{hours}小时")
    elif cut.minutes:
        text = _("{minutes}分")
    else:
        text = _("不到1分")
    return text.format(days=cut.days, hours=cut.hours, minutes=cut.minutes)


def moment_words(at: datetime | None) -> str:
    """A moment as short as it can be: today 10:08, this year 11月22日 10:08, else with the year."""
    if at is None:
        return ""
    local, now = timezone.localtime(at), timezone.localtime(clock.now())
    text = f"{local:%H:%M}"
    if local.date() == now.date():
        return text
    if local.year == now.year:
        return _("{month}月{day}日 {time}").format(month=local.month, day=local.day, time=text)
    return _("{year}年{month}月{day}日 {time}").format(year=local.year, month=local.month, day=local.day, time=text)


def day_words(at: datetime | date) -> str:
    """The day with its weekday: 11月23日 星期一."""
    names = _("星期一 星期二 星期三 星期四 星期五 星期六 星期日").split()
    local = timezone.localtime(at) if isinstance(at, datetime) else at
    return _("{month}月{day}日 {weekday}").format(month=local.month, day=local.day, weekday=names[local.weekday()])


def month_day(at: datetime) -> str:
    """The day alone, for a time line: empty when it is today."""
    local, now = timezone.localtime(at), timezone.localtime(clock.now())
    return "" if local.date() == now.date() else f"{local.month}-{local.day:02d}"


# Order matters: several browsers call themselves by the names of others as well.
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"))


def device_words(user_agent: str) -> str:
    """A browser and its system by the names people know: Windows·Chrome. Unknown ones stay unnamed."""
    found = [next((name for sign, name in names if sign in user_agent), "") for names in (SYSTEMS, BROWSERS)]
    return "·".join(filter(None, found)) or ("Linux" if "Linux" in user_agent else _("其他设备"))
