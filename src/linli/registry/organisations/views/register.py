"""The register: the list of bodies, one body, and how it is registered, put right and closed."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.ground.web import access, exports, htmx, paging
from linli.ground.web.access import ActorRequest
from linli.registry.organisations import actions, forms, policies, queries
from linli.registry.organisations.actions import Particulars
from linli.registry.organisations.domain import bodies
from linli.registry.organisations.queries import Wish
from linli.registry.organisations.views._shared import KEEPERS, back_to, kept, refused_in, status_of
from linli.registry.places import queries as places

PRINTED = 2000
"""How many lines one print takes; more are printed kind by kind."""


def _wish(request: ActorRequest) -> Wish:
    given = request.GET
    return Wish(given.get("q", "").strip()[:40], given.get("kind", "")[:24], given.get("closed") == "1")


def _query(wish: Wish) -> str:
    asked = {"q": wish.search, "kind": wish.kind, "closed": "1" if wish.closed else ""}
    return urlencode({name: value for name, value in asked.items() if value})


@require_GET
@access.roles(*KEEPERS)
def register(request: ActorRequest) -> HttpResponse:
    """The bodies of the reader's scope, searched and filtered, page by page."""
    wish = _wish(request)
    page = paging.page(
        request,
        lambda after, before, limit: queries.register_page(
            request.actor, wish, after=after, before=before, limit=limit
        ),
        lambda one: [one.name, one.pk],
    )
    context = {"rows": page, "wish": wish, "query": _query(wish), "kinds": queries.KINDS}
    return htmx.page(request, "organisations/register.html", context)


@require_GET
@access.roles(*KEEPERS)
def export(request: ActorRequest, kind: str) -> HttpResponseBase:
    """The list as csv or xlsx; nobody's name stands in it."""
    heads = [_("全称"), _("简称"), _("机构类别"), _("负责的地方"), _("统一社会信用代码")]
    heads += [_("对外电话"), _("服务时间"), _("上级机构"), _("注销日期")]
    return exports.download(
        kind=kind,
        name=f"organisations-{localdate(request.received_at):%Y%m%d}",
        heads=heads,
        rows=queries.register_rows(request.actor, _wish(request)),
    )


@require_GET
@access.roles(*KEEPERS)
def print_register(request: ActorRequest) -> HttpResponse:
    """The list as a sheet to be signed."""
    found = list(queries.register(request.actor, _wish(request))[: PRINTED + 1])
    context = {"shown": found[:PRINTED], "cut": len(found) > PRINTED, "query": _query(_wish(request))}
    return htmx.page(request, "organisations/print.html", context)


@require_GET
@access.roles(*KEEPERS)
def card(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """One body: how it is reached, its contracts, seats and history."""
    today = localdate(request.received_at)
    found = queries.card(actor=request.actor, organisation_id=organisation_id, on=today)
    context = {"card": found, "body": found.organisation, "today": today}
    return htmx.page(request, "organisations/card.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def new(request: ActorRequest) -> HttpResponse:
    """Register a body: first the place it is responsible for, then the rest."""
    chosen = request.GET.get("place", "")
    if not chosen.isdecimal() or len(chosen) > 18:
        words = request.GET.get("q", "").strip()[:40]
        context = {"words": words, "found": queries.places_for(request.actor, words)}
        return htmx.page(request, "organisations/choose_place.html", context, status=status_of(request))
    spot = places.place(int(chosen))
    policies.require_may_keep(request.actor, spot.path)
    form = forms.OrganisationForm(
        request.POST if request.method == "POST" else None,
        parents=queries.possible_parents(spot.path),
        kinds=[(kind, _(label)) for kind, label in queries.KINDS if spot.kind in bodies.STANDS_AT[kind]],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form):
            made = actions.register_organisation(
                actor=request.actor,
                kind=data["kind"],
                name=data["name"],
                short_name=data["short_name"],
                place_id=spot.pk,
                uscc=data["uscc"],
                parent_id=form.parent_id(),
                phone=data["phone"],
                hours=data["hours"],
                at=request.received_at,
            )
            return back_to(request, made.pk, _("已登记。"))
    return htmx.page(
        request, "organisations/new.html", {"form": form, "spot": spot}, status=status_of(request)
    )


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def correct(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Put names, code, superior, phone or hours right, with the reason."""
    body = kept(request, organisation_id)
    first = {name: getattr(body, name) for name in ("name", "short_name", "uscc", "phone", "hours")}
    parents = [one for one in queries.possible_parents(body.place.path) if one[0] != body.pk]
    form = forms.OrganisationForm(
        request.POST if request.method == "POST" else None,
        parents=parents,
        initial={**first, "parent": str(body.parent_id or "")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with refused_in(form):
            actions.correct_organisation(
                actor=request.actor,
                organisation_id=body.pk,
                right=Particulars(
                    data["name"],
                    data["short_name"],
                    data["uscc"],
                    form.parent_id(),
                    data["phone"],
                    data["hours"],
                ),
                reason=data["reason"],
                at=request.received_at,
            )
            return back_to(request, body.pk, _("已更正，改前改后和原因都记下了。"))
    return htmx.page(
        request, "organisations/correct.html", {"form": form, "body": body}, status=status_of(request)
    )


@require_http_methods(["GET", "POST"])
@access.roles(*KEEPERS)
def close(request: ActorRequest, organisation_id: int) -> HttpResponse:
    """Close a body, after one has seen what ends with it."""
    body = kept(request, organisation_id)
    today = localdate(request.received_at)
    form = forms.CloseForm(request.POST if request.method == "POST" else None, initial={"on": today})
    if request.method == "POST" and form.is_valid():
        with refused_in(form):
            actions.close_organisation(
                actor=request.actor,
                organisation_id=body.pk,
                on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
                at=request.received_at,
            )
            return back_to(request, body.pk, _("已注销。合同、席位和以后的值班随之结束。"))
    context = {
        "form": form,
        "body": body,
        "card": queries.card(actor=request.actor, organisation_id=body.pk, on=today),
    }
    return htmx.page(request, "organisations/close.html", context, status=status_of(request))
