"""What is done to common facilities: registered one by one or in a row, corrected, retired and brought back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from linli.ground.web import access, htmx
from linli.ground.web.access import ActorRequest
from linli.registry.places import actions, forms, queries
from linli.registry.places.views._shared import KEEPERS, refused_in, stand_in

if TYPE_CHECKING:
    from linli.ground.web.forms import Form
    from linli.registry.places.models import Facility, Place


def _choices(compound: Place, kept: Place | None = None) -> list[tuple[str, str]]:
    """Where a facility can stand; ``kept`` is where it stands now, offered even if that place is no more."""
    found = [(str(one.pk), one.name) for one in queries.places_of(compound.pk)]
    if kept is not None and kept.closed_on is not None:
        found.insert(0, (str(kept.pk), _("%(place)s（已注销）") % {"place": kept.name}))
    return [*found, (str(compound.pk), _("小区公共区域"))]


def _typed(request: ActorRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _list(slug: str) -> str:
    return reverse("places:facilities", kwargs={"slug": slug})


def _one(slug: str, found: Facility) -> str:
    return reverse("places:facility", kwargs={"slug": slug, "facility_id": found.pk})


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def add_facility(request: ActorRequest, slug: str) -> HttpResponse:
    """Register one facility; the next free number of the chosen kind is proposed."""
    compound = stand_in(request, slug)
    kind = request.GET.get("kind", "")
    kind = kind if kind in dict(queries.FACILITY_KINDS) else ""
    first = {name: request.GET.get(name, "")[:40] for name in ("kind", "place", "asset_no")}
    form = forms.AddFacilityForm(_typed(request), places=_choices(compound), initial=first)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form):
            made = actions.add_facility(
                actor=request.actor,
                place_id=int(data["place"]),
                kind=data["kind"],
                asset_no=data["asset_no"],
                name=data["name"],
                spot=data["spot"],
                at=request.received_at,
            )
            messages.success(
                request, _("已登记，编号 %(no)s。下一步：打印标签，贴到设施上。") % {"no": made.asset_no}
            )
            return htmx.redirect(request, _one(slug, made))
    context = {"form": form, "proposal": queries.next_number(compound.pk, kind) if kind else ""}
    status = 422 if request.method == "POST" else 200
    return htmx.fragment(
        request, "places/_facilities_number.html", context, status=status, page="places/facilities_add.html"
    )


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def add_facilities(request: ActorRequest, slug: str) -> HttpResponse:
    """Register a row of equal facilities in one go."""
    compound = stand_in(request, slug)
    form = forms.AddFacilitiesForm(_typed(request), places=_choices(compound))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form):
            made = actions.add_facilities(
                actor=request.actor,
                place_id=int(data["place"]),
                kind=data["kind"],
                first_no=data["first_no"],
                last_no=data["last_no"],
                name=data["name"],
                spot=data["spot"],
                at=request.received_at,
            )
            said = ngettext("已登记 %(num)d 个设施。", "已登记 %(num)d 个设施。", len(made)) % {
                "num": len(made)
            }
            messages.success(request, said)
            return htmx.redirect(request, f"{_list(slug)}?kind={data['kind']}")
    context = {"form": form}
    return htmx.page(
        request, "places/facilities_row.html", context, status=422 if request.method == "POST" else 200
    )


def _change(
    request: ActorRequest,
    found: Facility,
    form: Form,
    act: Callable[..., Facility],
    words: tuple[str, str, str],
    **given: Any,
) -> HttpResponse:
    """Ask for what is to be changed, and do it. ``words``: the title, the button, what is said afterwards."""
    assert found.compound.slug is not None
    title, button, done = words
    if request.method == "POST" and form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "place"}
        with refused_in(form):
            act(actor=request.actor, facility_id=found.pk, **data, **given, at=request.received_at)
            messages.success(request, done)
            return htmx.redirect(request, _one(found.compound.slug, found))
    context = {"form": form, "facility": found, "title": title, "button": button, "action": request.path}
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "places/facilities_change.html", context, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def rename_facility(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """Give a facility another name."""
    found = queries.facility_in(stand_in(request, slug).pk, facility_id)
    form = forms.RenameFacilityForm(_typed(request), initial={"name": found.name})
    words = (_("改名称"), _("改名"), _("名称已改。"))
    return _change(request, found, form, actions.rename_facility, words)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def correct_facility_kind(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """Say that a facility is of another kind."""
    found = queries.facility_in(stand_in(request, slug).pk, facility_id)
    form = forms.FacilityKindForm(_typed(request), initial={"kind": found.kind})
    words = (_("更正类别"), _("更正"), _("类别已更正。"))
    return _change(request, found, form, actions.correct_facility_kind, words)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def relocate_facility(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """Say that a facility stands somewhere else."""
    compound = stand_in(request, slug)
    found = queries.facility_in(compound.pk, facility_id)
    first = {"place": str(found.place_id), "spot": found.spot}
    places = _choices(compound, found.place)
    form = forms.RelocateFacilityForm(_typed(request), places=places, initial=first)
    given = {"place_id": int(form.cleaned_data["place"])} if form.is_valid() else {}
    words = (_("改位置"), _("改位置"), _("位置已改。"))
    return _change(request, found, form, actions.relocate_facility, words, **given)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def retire_facility(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """Retire a facility: its label says from then on that it is out of use."""
    found = queries.facility_in(stand_in(request, slug).pk, facility_id)
    form = forms.RetireFacilityForm(_typed(request), initial={"on": localdate(request.received_at)})
    words = (_("停用设施"), _("停用"), _("已停用。谁再扫它的标签，会看到停用的日期。"))
    return _change(request, found, form, actions.retire_facility, words)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def restore_facility(request: ActorRequest, slug: str, facility_id: int) -> HttpResponse:
    """Take a facility that was retired by mistake into use again."""
    found = queries.facility_in(stand_in(request, slug).pk, facility_id)
    form = forms.RestoreFacilityForm(_typed(request))
    words = (_("恢复使用"), _("恢复使用"), _("已恢复使用，原来的标签继续有效。"))
    return _change(request, found, form, actions.restore_facility, words)
