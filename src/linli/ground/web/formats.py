"""How numbers, money and times are written for people. Times are told in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from jinja2 import pass_context
from jinja2.runtime import Context

from linli.ground.kernel.area import format_area
from linli.ground.kernel.money import format_fen
from linli.ground.kernel.text import mask_phone
from linli.ground.web.words import language
from linli.ground.web.words import say as _

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS_ZH = "一二三四五六日"
_WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def fen(value: int | None) -> str:
    """12345 → ¥123.45, with a real minus; a missing amount is a dash."""
    if value is None:
        return "—"
    written = format_fen(value)
    return f"−¥{written[1:]}" if value < 0 else f"¥{written}"


def yuan(value: int | None) -> str:
    """12345 → 123.45, for columns whose heading says 元."""
    return "—" if value is None else format_fen(value)


def signed_yuan(value: int) -> str:
    """+32,100.00 or −62,560.00, for columns of movements."""
    return f"+{format_fen(value)}" if value > 0 else format_fen(value)


def area(value: int | None, *, whole: bool = False) -> str:
    """11864 → 118.64; with ``whole`` 119, for progress. The unit stands in the sentence."""
    if value is None:
        return "—"
    return number((value + 50) // 100) if whole else format_area(value)


def number(value: int | None) -> str:
    """12345 → 12,345; a missing one is a dash."""
    return "—" if value is None else f"{value:,}".replace("-", "−")


def percent(part: int, whole: int) -> str:
    """75.4%, rounded down so that nothing is called reached before it is; a dash of nothing."""
    if whole <= 0:
        return "—"
    tenths = part * 1000 // whole
    return f"{tenths // 10}.{tenths % 10}%"


def phone(value: str) -> str:
    """138 0000 1234; other numbers as they are."""
    return f"{value[:3]} {value[3:7]} {value[7:]}" if len(value) == 11 and value.isdigit() else value


def local(value: datetime) -> datetime:
    """The moment on a Chinese clock."""
    return value.astimezone(SHANGHAI)


def china_day(value: datetime) -> date:
    """The day on which a moment falls in China."""
    return local(value).date()


def day_text(value: date, at: datetime | None) -> str:
    """11月22日, with the year when it is not this year (or when ``at`` is not known)."""
    with_year = at is None or local(at).year != value.year
    if _english():
        return f"{value.day} {_MONTHS[value.month - 1]}" + (f" {value.year}" if with_year else "")
    return (f"{value.year}年" if with_year else "") + f"{value.month}月{value.day}日"


def moment_text(value: datetime, at: datetime | None) -> str:
    """11月22日 16:08, with the year when it is not this year."""
    there = local(value)
    return f"{day_text(there.date(), at)} {there.hour:02}:{there.minute:02}"


def lately_text(value: datetime, at: datetime) -> str:
    """今天 15:20, 昨天 09:00, else the moment."""
    there = local(value)
    days = local(at).toordinal() - there.toordinal()
    if not -1 <= days <= 1:
        return moment_text(value, at)
    word = _("今天") if days == 0 else _("昨天") if days == 1 else _("明天")
    return f"{word} {there.hour:02}:{there.minute:02}"


def left_text(value: date | datetime, at: datetime) -> str:
    """剩 3 天, 今天到期, 已超 2 天."""
    last = local(value).date() if isinstance(value, datetime) else value
    days = (last - local(at).date()).days
    if days > 0:
        return _("剩 %(days)d 天", days=days)
    return _("今天到期") if days == 0 else _("已超 %(days)d 天", days=-days)


def weekday_text(value: date | datetime) -> str:
    """星期日."""
    index = (local(value) if isinstance(value, datetime) else value).weekday()
    return _WEEKDAYS_EN[index] if _english() else f"星期{_WEEKDAYS_ZH[index]}"


@pass_context
def moment(context: Context, value: datetime | None, at: datetime | None = None) -> str:
    """The filter: ``at`` defaults to the page's clock."""
    return "—" if value is None else moment_text(value, at or context.get("at"))


@pass_context
def day(context: Context, value: date | datetime | None, at: datetime | None = None) -> str:
    """The filter for a day; a moment is reduced to its day in Shanghai."""
    if value is None:
        return "—"
    return day_text(local(value).date() if isinstance(value, datetime) else value, at or context.get("at"))


@pass_context
def lately(context: Context, value: datetime | None, at: datetime | None = None) -> str:
    """The filter for what happened or happens these days."""
    return "—" if value is None else lately_text(value, at or context["at"])


@pass_context
def left(context: Context, value: date | datetime, at: datetime | None = None) -> str:
    """The filter for a deadline."""
    return left_text(value, at or context["at"])


def iso(value: date | datetime) -> str:
    """For the ``datetime`` attribute of ``<time>``."""
    return local(value).isoformat(timespec="minutes") if isinstance(value, datetime) else value.isoformat()


def day_after(value: date, days: int) -> date:
    """For date pickers' limits."""
    return value + timedelta(days=days)


def _english() -> bool:
    return language().startswith("en")


FILTERS = {
    "fen": fen,
    "yuan": yuan,
    "signed_yuan": signed_yuan,
    "area": area,
    "number": number,
    "percent": percent,
    "phone": phone,
    "masked_phone": mask_phone,
    "moment": moment,
    "day": day,
    "lately": lately,
    "left": left,
    "weekday": weekday_text,
    "iso": iso,
}
