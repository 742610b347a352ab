"""Duties at the desk: who serves a place, who is invited, who leaves and hands the work over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.ground.kernel.actor import RoleName
from linli.ground.kernel.errors import NotAllowed, NotFound
from linli.ground.web import access, htmx, rate
from linli.ground.web.access import ActorRequest
from linli.registry.people import actions, forms, policies, queries
from linli.registry.people.domain import roles
from linli.registry.people.queries import StaffMember
from linli.registry.people.views import _shared
from linli.registry.places import queries as places

if TYPE_CHECKING:
    from datetime import date

    from linli.registry.places.models import Place

DESK = tuple(sorted(policies.ROLE_DESK))
HIGHER = (RoleName.OPERATOR, RoleName.DISTRICT_OFFICER, RoleName.SUBDISTRICT_OFFICER)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where duties are looked after: a compound's desk, or a page of the district above compounds."""

    place: Place

    @property
    def address(self) -> str:
        """The list of duties here."""
        if self.place.slug:
            return reverse("people:roles", kwargs={"slug": self.place.slug})
        return reverse("people:district_roles", kwargs={"place_id": self.place.pk})

    def of(self, assignment_id: int) -> str:
        """The page of one duty here."""
        if self.place.slug:
            return reverse("people:duty", kwargs={"slug": self.place.slug, "assignment_id": assignment_id})
        return reverse(
            "people:district_duty", kwargs={"place_id": self.place.pk, "assignment_id": assignment_id}
        )


def _require_desk(request: ActorRequest, place: Place) -> Desk:
    """Whoever serves the place sees who else does. Refuses staff of other places."""
    if not request.actor.holds(policies.ROLE_DESK, place.path):
        raise NotAllowed("not_your_place", "您不在这里任职，看不到这里的人员。")
    return Desk(place)


@require_GET
@access.roles(*HIGHER)
def district(request: ActorRequest) -> HttpResponse:
    """The district, streets and communities for which the reader may give duties."""
    found: dict[int, Place] = {}
    for role in request.actor.roles:
        if role.name in HIGHER:
            found |= {place.pk: place for place in places.authorities_under(role.scope)}
    compounds = [
        one
        for one in places.open_compounds()
        if any(one.path.startswith(role.scope) for role in request.actor.roles if role.name in HIGHER)
    ]
    shown = [(place, Desk(place).address) for place in sorted(found.values(), key=lambda one: one.path)]
    context = {"shown": shown, "compounds": [(one, Desk(one).address) for one in compounds[:200]]}
    return htmx.page(request, "people/district.html", context)


@require_http_methods(["GET", "POST"])
@access.roles(*DESK)
@rate.limit("invite", 60, 3600)
def compound_roles(request: ActorRequest, slug: str) -> HttpResponse:
    """The duties of a compound, and an invitation to one."""
    return _roles(request, _require_desk(request, _shared.stand_in(request, slug)))


@require_http_methods(["GET", "POST"])
@access.roles(*HIGHER)
@rate.limit("invite", 60, 3600)
def district_roles(request: ActorRequest, place_id: int) -> HttpResponse:
    """The duties of a district, street or community, and an invitation to one."""
    return _roles(request, _require_desk(request, places.place(place_id)))


def _roles(request: ActorRequest, desk: Desk) -> HttpResponse:
    today = localdate(request.received_at)
    form = _invite_form(request, desk, today)
    if request.method == "POST" and form is None:
        raise NotAllowed("may_not_give_role", "您不能在这里任命人员。")
    if request.method == "POST" and form is not None and form.is_valid():
        with _shared.refused_in(form):
            _invite(request, desk, form.cleaned_data)
            messages.success(request, _("已任命。对方用这个手机号登录即可开始工作。"))
            return htmx.redirect(request, desk.address)
    members = _members(desk, today)
    context = {
        "title": _("工作人员"),
        "desk": desk,
        "members": [(one, desk.of(one.assignment_id)) for one in members],
        "past": queries.past_duties_within(desk.place.path, today)[:20] if desk.place.slug else [],
        "bodies": dict(queries.organisations_at(desk.place.pk, today)),
        "form": form,
    }
    return htmx.page(request, "people/roles.html", context, status=422 if request.method == "POST" else 200)


def _members(desk: Desk, today: date) -> list[StaffMember]:
    """A compound shows everybody inside it; a place above compounds those at the place itself."""
    within = queries.staff_within(path=desk.place.path, on=today)
    return within if desk.place.slug else [one for one in within if one.place_id == desk.place.pk]


def _spots(desk: Desk) -> list[Place]:
    if not desk.place.slug:
        return [desk.place]
    return [desk.place, *places.places_of(desk.place.pk)]


def _invite_form(request: ActorRequest, desk: Desk, today: date) -> forms.InviteForm | None:
    """The form with what the reader may give here; None if that is nothing."""
    offered: dict[str, Any] = {}
    fitting: list[tuple[str, Any]] = []
    for spot in _spots(desk):
        givable = roles.givable(request.actor, spot.path, spot.kind)
        offered |= {name.value: _(roles.label(name)) for name in givable}
        if givable:
            fitting.append(
                (str(spot.pk), _("整个%(place)s") % {"place": spot.name} if spot == desk.place else spot.name)
            )
    if not offered:
        return None
    free = any(not roles.DUTIES[RoleName(name)].same_organisation for name in offered)
    bodies = [(str(pk), name) for pk, name in queries.organisations_at(desk.place.pk, today)] if free else []
    return forms.InviteForm(
        request.POST if request.method == "POST" else None,
        roles=offered.items(),
        places=fitting,
        organisations=bodies,
    )


def _invite(request: ActorRequest, desk: Desk, data: dict[str, Any]) -> None:
    name = RoleName(data["role"])
    spot = next(one for one in _spots(desk) if str(one.pk) == data["place"])
    actions.invite_staff(
        actor=request.actor,
        phone=data["phone"],
        name=data["name"],
        role=name,
        place=spot,
        organisation_id=_organisation(request, desk, name, data.get("organisation", "")),
        title=data["title"],
        from_on=data["from_on"],
        to_on=data["last_on"] + timedelta(days=1) if data["last_on"] else None,
        at=request.received_at,
    )


def _organisation(request: ActorRequest, desk: Desk, name: RoleName, chosen: str) -> int | None:
    """Duties inside a company are for the giver's own; others for the body that was chosen."""
    duty = roles.DUTIES[name]
    if duty.same_organisation:
        own = (role for role in request.actor.roles if role.name in duty.given_by)
        return next((role.organisation_id for role in own if desk.place.path.startswith(role.scope)), None)
    return int(chosen) if chosen else None


@require_http_methods(["GET", "POST"])
@access.roles(*DESK)
def compound_duty(request: ActorRequest, slug: str, assignment_id: int) -> HttpResponse:
    """One duty in a compound: its end and handover, and the account behind it."""
    return _duty(request, _require_desk(request, _shared.stand_in(request, slug)), assignment_id)


@require_http_methods(["GET", "POST"])
@access.roles(*HIGHER)
def district_duty(request: ActorRequest, place_id: int, assignment_id: int) -> HttpResponse:
    """One duty above compounds: its end and handover, and the account behind it."""
    return _duty(request, _require_desk(request, places.place(place_id)), assignment_id)


def _duty(request: ActorRequest, desk: Desk, assignment_id: int) -> HttpResponse:
    today = localdate(request.received_at)
    duty = queries.duty(assignment_id, desk.place.path)
    mine = request.actor.account_id == duty.account_id
    may_end = mine or roles.may_give(request.actor, duty.role, duty.scope, duty.organisation_id)
    open_now = duty.to_on is None or duty.to_on > today
    leave = forms.LeaveForm(successors=queries.successors([duty], today))
    reason = forms.ReasonForm()
    if request.method == "POST":
        doing = request.POST.get("do", "")
        if doing == "leave":
            leave = forms.LeaveForm(request.POST, successors=queries.successors([duty], today))
        else:
            reason = forms.ReasonForm(request.POST)
        answer = _act(request, desk, duty, doing, leave if doing == "leave" else reason)
        if answer is not None:
            return answer
    context = {
        "desk": desk,
        "duty": duty,
        "card": queries.staff_card(request.actor, duty.account_id, today),
        "may_end": may_end and open_now,
        "leave": leave,
        "form": reason,
        "body": dict(queries.organisations_at(desk.place.pk, today)).get(duty.organisation_id or 0, ""),
    }
    return htmx.page(request, "people/duty.html", context, status=422 if request.method == "POST" else 200)


def _act(request: ActorRequest, desk: Desk, duty: StaffMember, doing: str, form: Any) -> HttpResponse | None:
    """Do one of the things the page offers; None when what was typed has to be put right."""
    if not form.is_valid():
        return None
    reason, at = form.cleaned_data["reason"], request.received_at
    with _shared.refused_in(form):
        if doing == "leave":
            successor = form.cleaned_data["successor"]
            actions.leave_duties(
                actor=request.actor,
                account_id=duty.account_id,
                assignment_ids=[duty.assignment_id],
                successor_id=int(successor) if successor else None,
                reason=reason,
                at=at,
            )
            messages.success(request, _("任职已结束，手上的工作已交接。"))
            return htmx.redirect(request, desk.address)
        _of_account(doing)(actor=request.actor, account_id=duty.account_id, reason=reason, at=at)
        messages.success(request, _("已办好，理由已记录。"))
        return htmx.redirect(request, desk.of(duty.assignment_id))
    return None


def _of_account(doing: str) -> Any:
    known = {
        "suspend": actions.suspend_account,
        "resume": actions.resume_account,
        "reset_factor": actions.reset_factor,
        "detach": actions.detach_number,
    }
    if doing not in known:
        raise NotFound("no_such_step", "没有这一步，请刷新页面再试。")
    return known[doing]
