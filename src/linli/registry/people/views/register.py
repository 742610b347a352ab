"""The register at the desk: the list, the search, one person, and what leaves the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from linli.ground.kernel.area import format_area
from linli.ground.web import access, exports, htmx, paging, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, policies, queries
from linli.registry.people.domain import clauses
from linli.registry.people.domain.register import CHANGE_LABELS, KIND_LABELS
from linli.registry.people.queries import Wish
from linli.registry.people.views import _shared

if TYPE_CHECKING:
    from linli.registry.places.models import Place

DESK = tuple(sorted(policies.REGISTER_DESK))
KEEPERS = tuple(sorted(policies.KEEPERS))


@require_GET
@access.roles(*DESK)
def people(request: ActorRequest, slug: str) -> HttpResponse:
    """The register in the order of the doors, searched and filtered."""
    compound = _shared.stand_in(request, slug)
    words = request.GET.get("q", "").strip()[:40]
    key = paging.read_cursor(request.GET.get("after", ""), path=request.path)
    wish = Wish(words, request.GET.get("show", "all"), str(key[0]) if key else "")
    page = queries.households(request.actor, compound, wish, on=localdate(request.received_at))
    if words and not key:
        actions.record_look(
            actor=request.actor,
            compound=compound,
            person_id=None,
            what="search",
            reason=actions.BY_WORDS,
            at=request.received_at,
        )
    following = paging.write_cursor([page.next_cursor], path=request.path) if page.next_cursor else ""
    context = {
        **_list_context(request, compound),
        "entries": page.entries,
        "wish": wish,
        "following": _address(wish, following),
        "is_first": not key,
    }
    return htmx.page(request, "people/people.html", context)


def _address(wish: Wish, cursor: str) -> str:
    if not cursor:
        return ""
    return "?" + urlencode({"q": wish.search, "show": wish.show, "after": cursor})


def _list_context(request: ActorRequest, compound: Place) -> dict[str, object]:
    return {
        "relations": queries.RELATIONS,
        "filters": queries.FILTERS,
        "may_keep": policies.may_keep_register(request.actor, compound.path),
        "may_import": policies.may_import(request.actor, compound.path),
        "phone_form": forms.SearchForm(),
    }


@require_POST
@access.roles(*DESK)
@rate.limit("find_by_phone", 60, 3600)
def find(request: ActorRequest, slug: str) -> HttpResponse:
    """Find by an exact number, which therefore never stands in an address."""
    compound = _shared.stand_in(request, slug)
    policies.require_may_see_register(request.actor, compound.path)
    form = forms.SearchForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("请填完整的 11 位手机号。"))
        return htmx.redirect(request, reverse("people:people", kwargs={"slug": slug}))
    found = actions.find_by_phone(
        actor=request.actor, compound=compound, phone=form.cleaned_data["phone"], at=request.received_at
    )
    if len(found) == 1:
        return htmx.redirect(request, _person_address(slug, found[0]))
    if not found:
        messages.warning(request, _("这个小区的名册里没有这个手机号。"))
        return htmx.redirect(request, reverse("people:people", kwargs={"slug": slug}))
    today = localdate(request.received_at)
    cards = [queries.person_card(request.actor, compound, one, on=today) for one in found]
    return htmx.page(request, "people/found.html", {"cards": cards, "relations": queries.RELATIONS})


def _person_address(slug: str, person_id: int) -> str:
    return reverse("people:person", kwargs={"slug": slug, "person_id": person_id})


@require_GET
@access.roles(*DESK)
def person(request: ActorRequest, slug: str, person_id: int) -> HttpResponse:
    """One person of the register, with the number masked."""
    compound = _shared.stand_in(request, slug)
    context = _person_context(request, compound, person_id)
    actions.note_opening(actor=request.actor, compound=compound, person_id=person_id, at=request.received_at)
    return htmx.page(request, "people/person.html", context)


def _person_context(request: ActorRequest, compound: Place, person_id: int) -> dict[str, object]:
    today = localdate(request.received_at)
    return {
        "card": queries.person_card(request.actor, compound, person_id, on=today),
        "relations": queries.RELATIONS,
        "kinds": KIND_LABELS,
        "changes": CHANGE_LABELS,
        "may_keep": policies.may_keep_register(request.actor, compound.path),
        "form": forms.ReasonForm(),
        "shown": "",
    }


@require_POST
@access.roles(*DESK)
@rate.limit("reveal_phone", 60, 3600)
def reveal(request: ActorRequest, slug: str, person_id: int) -> HttpResponse:
    """Show the full number for a reason that its bearer can read."""
    compound = _shared.stand_in(request, slug)
    form = forms.ReasonForm(request.POST)
    context = _person_context(request, compound, person_id) | {"form": form}
    status = 422
    if form.is_valid():
        with _shared.refused_in(form, "reason"):
            context["shown"] = actions.reveal_phone(
                actor=request.actor,
                compound=compound,
                person_id=person_id,
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            status = 200
    response = htmx.fragment(request, "people/_phone.html", context, status=status, page="people/person.html")
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def correct(request: ActorRequest, slug: str, person_id: int) -> HttpResponse:
    """Put a name, a number or a document right, with the reason."""
    compound = _shared.stand_in(request, slug)
    policies.require_may_keep_register(request.actor, compound.path)
    entry = queries.person_of(compound, person_id)
    first = {"name": entry.name, "phone": entry.phone or "", "seen": queries.mark_of_entry(entry)}
    form = forms.PersonForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            actions.correct_person(
                actor=request.actor,
                person=entry,
                right=form.new(),
                reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"] or None,
                at=request.received_at,
            )
            messages.success(request, _("已更正，原因记在这个人的记录里。"))
            return htmx.redirect(request, _person_address(slug, person_id))
    if request.method == "GET":
        actions.record_look(
            actor=request.actor,
            compound=compound,
            person_id=person_id,
            what="phone",
            reason=actions.CORRECTING,
            at=request.received_at,
        )
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/correct.html", {"form": form, "entry": entry}, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def detach(request: ActorRequest, slug: str, person_id: int) -> HttpResponse:
    """Take a number away that now belongs to somebody else."""
    compound = _shared.stand_in(request, slug)
    policies.require_may_keep_register(request.actor, compound.path)
    entry = queries.person_of(compound, person_id)
    form = forms.ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form):
            reason, at = form.cleaned_data["reason"], request.received_at
            if entry.account_id is not None:
                actions.detach_number(actor=request.actor, account_id=entry.account_id, reason=reason, at=at)
            else:
                actions.detach_entry_number(actor=request.actor, person=entry, reason=reason, at=at)
            messages.success(request, _("手机号已解除，用这个号码的人不再能看到这里的信息。"))
            return htmx.redirect(request, _person_address(slug, person_id))
    status = 422 if request.method == "POST" else 200
    return htmx.page(request, "people/detach.html", {"form": form, "entry": entry}, status=status)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
@rate.limit("take_register", 20, 3600)
def take(request: ActorRequest, slug: str) -> HttpResponse:
    """Say what for the list leaves the house; then it is there for a quarter of an hour."""
    compound = _shared.stand_in(request, slug)
    policies.require_may_export(request.actor, compound.path)
    form = forms.TakeForm(request.POST if request.method == "POST" else None)
    wish = {"q": request.GET.get("q", "")[:40], "show": request.GET.get("show", "all")}
    if request.method == "POST" and form.is_valid():
        with _shared.refused_in(form, "reason"):
            data = form.cleaned_data
            look = actions.take_register(
                actor=request.actor,
                compound=compound,
                what=("print" if data["kind"] == "print" else "export") + ("_full" if data["phones"] else ""),
                reason=data["reason"],
                at=request.received_at,
            )
            to = reverse("people:taken", kwargs={"slug": slug, "look_id": look.pk})
            return htmx.redirect(request, f"{to}?{urlencode({**wish, 'kind': data['kind']})}")
    context = {"form": form, "wish": wish, "clauses": clauses}
    return htmx.page(request, "people/take.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@access.roles(*KEEPERS)
def taken(request: ActorRequest, slug: str, look_id: int) -> HttpResponseBase:
    """The list that was asked for just now, as a file or to be printed."""
    compound = _shared.stand_in(request, slug)
    look = queries.fresh_look(request.actor, compound, look_id, request.received_at)
    wish = Wish(request.GET.get("q", "")[:40], request.GET.get("show", "all"))
    today = localdate(request.received_at)
    phones = look.what.endswith("_full")
    entries = queries.whole_register(request.actor, compound, wish, on=today, phones=phones)
    if look.what.startswith("print"):
        context = {"entries": list(entries), "relations": queries.RELATIONS, "look": look}
        return htmx.page(request, "people/print.html", context)
    heads = [_("房号"), _("房屋"), _("面积（平方米）"), _("姓名"), _("身份"), _("手机号"), _("起始日期")]
    response = exports.download(
        kind=request.GET.get("kind", "xlsx"),
        name=_("%(compound)s名册-%(day)s") % {"compound": compound.name, "day": today.isoformat()},
        heads=heads,
        rows=_rows(entries),
    )
    response["Cache-Control"] = "no-store"
    return response


def _rows(entries: Iterator[queries.Entry]) -> Iterator[list[exports.Cell]]:
    for one in entries:
        yield [
            one.unit_code,
            one.unit_label,
            format_area(one.area_dm2) if one.area_dm2 is not None else "",
            one.name,
            queries.RELATIONS.get(one.relation, ""),
            one.phone,
            one.from_on,
        ]
