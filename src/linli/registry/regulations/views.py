"""The holiday tables: which years are known, one year, and how the next one is entered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.calendar import DayTable
from linli.ground.kernel.errors import Conflict, Invalid, NotFound
from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.regulations import actions, forms, policies
from linli.registry.regulations.domain import holiday_lines
from linli.registry.regulations.queries import holidays

ENTERERS = tuple(sorted(policies.ENTERERS))


@require_GET
@access.roles(*ENTERERS)
def years(request: ActorRequest) -> HttpResponse:
    """The years whose holidays are known, and whether the next one is missing."""
    known = holidays.years()
    this = localdate(request.received_at).year
    missing = [year for year in (this, this + 1) if year not in {line.year for line in known}]
    return htmx.page(request, "regulations/holidays.html", {"years": known, "missing": missing})


@require_GET
@access.roles(*ENTERERS)
def year(request: ActorRequest, year: int) -> HttpResponse:
    """One year's days off and days worked, and every time it was entered."""
    table = holidays.known_table(year)
    if not table.years:
        raise NotFound("no_such_year", "还没有这一年的放假安排。")
    days = [(day, table.names.get(day, ""), off) for day, off in sorted(table.days.items())]
    context = {"year": year, "table": table, "days": days, "acts": holidays.entering_acts(year)}
    return htmx.page(request, "regulations/holiday_year.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*ENTERERS)
def enter(request: ActorRequest) -> HttpResponse:
    """Give a year's table; what it would change is shown before anything is written."""
    sent = request.method == "POST"
    form = forms.HolidaysForm(request.POST if sent else None, request.FILES if sent else None)
    if sent and form.is_valid():
        try:
            table = holiday_lines.read_table(form.cleaned_data["text"])
        except Invalid as refusal:
            form.refuse(refusal, "file" if form.cleaned_data.get("file") else "text")
        else:
            return _preview(request, table, form.cleaned_data["source"])
    return htmx.page(request, "regulations/enter_holidays.html", {"form": form}, status=422 if sent else 200)


def _preview(
    request: ActorRequest, table: DayTable, source: str, refusal: Invalid | Conflict | None = None
) -> HttpResponse:
    this = next(iter(table.years))
    known = holidays.known_table(this)
    form = forms.ConfirmForm({"source": source, "text": holiday_lines.as_csv(table), "seen": known.mark})
    form.is_valid()
    if refusal is not None:
        form.refuse(refusal)
    context = {
        "form": form,
        "year": this,
        "source": source,
        "csv": holiday_lines.as_csv(table),
        "known": known,
        "changes": holiday_lines.differences(known.days, table),
        "off": sum(table.days.values()),
        "worked": len(table.days) - sum(table.days.values()),
    }
    return htmx.page(request, "regulations/preview_holidays.html", context, status=422 if refusal else 200)


@require_POST
@access.roles(*ENTERERS)
def confirm(request: ActorRequest) -> HttpResponse:
    """Write what the preview showed, and say what followed from it."""
    form = forms.ConfirmForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("预览不完整，请重新填写。"))
        return htmx.redirect(request, reverse("regulations:enter_holidays"))
    data = form.cleaned_data
    table = holiday_lines.read_table(data["text"])
    try:
        done = actions.enter_holidays(
            actor=request.actor,
            text=data["text"],
            source=data["source"],
            seen=data["seen"],
            at=request.received_at,
        )
    except (Invalid, Conflict) as refusal:
        return _preview(request, table, data["source"], refusal)
    told = ngettext(
        "%(num)d 件诉求的承诺日期已按新表重算。", "%(num)d 件诉求的承诺日期已按新表重算。", done.recomputed
    ) % {"num": done.recomputed}
    messages.success(request, _("%(year)d 年的放假安排已录入。") % {"year": done.year} + told)
    return htmx.redirect(request, reverse("regulations:holiday_year", kwargs={"year": done.year}))
