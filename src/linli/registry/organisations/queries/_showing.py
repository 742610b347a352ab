"""How people who serve a compound are shown to everybody."""

from __future__ import annotations

from collections.abc import Iterable

from linli.ground.kernel.actor import Actor, RoleName
from linli.ground.kernel.text import fold
from linli.registry.organisations.domain import bodies
from linli.registry.organisations.models import Organisation
from linli.registry.people import queries as people

ADDRESSED = {
    RoleName.REPAIRER: "师傅",
    RoleName.PROPERTY_MANAGER: "经理",
    RoleName.PROPERTY_CLERK: "文员",
    RoleName.PARTY_SECRETARY: "书记",
    RoleName.COMMITTEE_MEMBER: "委员",
    RoleName.COMMUNITY_WORKER: "社工",
    RoleName.BUILDING_CAPTAIN: "楼长",
    RoleName.SUPERVISOR: "监督员",
    RoleName.SUBDISTRICT_OFFICER: "同志",
    RoleName.PARTNER_OFFICER: "同志",
    RoleName.DISTRICT_OFFICER: "同志",
}
"""How the bearer of a duty is addressed after the surname; the first duty in this order is shown."""


def public_name(*, actor: Actor, compound_path: str) -> str:
    """How staff are shown beside what they did: body, surname and duty; empty for somebody without a duty here.

    The surname and no more, also of those who agreed to show their name: this is written down beside the
    act, where a consent that is taken back could not reach it (PIPL 15, 25).
    """
    order = list(ADDRESSED)
    held = [role for role in actor.roles if compound_path.startswith(role.scope) and role.name in ADDRESSED]
    if not held:
        return ""
    first = min(held, key=lambda role: order.index(role.name))
    body = (
        Organisation.objects.filter(pk=first.organisation_id or 0)
        .values_list("short_name", flat=True)
        .first()
    )
    shown = f"{fold(actor.name)[:1]}{ADDRESSED[first.name]}"
    return f"{body} · {shown}" if body else shown


def names_for_everybody(seen: Iterable[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """The names for a public page, by account and kind of body: masked without consent, and of a party body's
    people none at all unless they agreed to both being shown and their membership (PIPL 25, 28)."""
    pairs = set(seen)
    accounts = {account for account, _ in pairs}
    shown = people.display_names(accounts)
    of_party = {account for account, kind in pairs if kind in bodies.PARTY_BODIES}
    known = (
        people.consenting(of_party, "party_membership") & people.consenting(of_party, "identity_display")
        if of_party
        else set()
    )
    return {
        (account, kind): ""
        if kind in bodies.PARTY_BODIES and account not in known
        else shown.get(account, "")
        for account, kind in pairs
    }
