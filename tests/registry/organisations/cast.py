"""Bodies for the people of ``tests.registry.people.cast``: a company, a committee, a branch, offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from linli.ground.kernel.actor import Actor, RoleName
from linli.registry.organisations import actions
from linli.registry.organisations.actions import Elected
from linli.registry.organisations.models import Organisation, ServiceContract, Term
from linli.registry.people.domain import consents
from linli.registry.people.models import Account, Consent, RoleAssignment
from tests.registry.people.cast import AT, TODAY, World, account, found_world, owns, person, unit

CODE, OTHER_CODE, THIRD_CODE = "91370211MA00000A96", "91370200163562681G", "91350100M000100Y43"
CONTRACT_FROM, CONTRACT_TO = date(2025, 4, 1), date(2027, 4, 1)
TERM_FROM, TERM_TO = date(2025, 6, 1), date(2030, 6, 1)


@dataclass
class House:
    """The world with its bodies, and five owners who could sit in the committee."""

    world: World
    company: Organisation
    other_company: Organisation
    committee: Organisation
    branch: Organisation
    street: Organisation
    owners: list[Account]

    def actor(self, name: str) -> Actor:
        """One of the cast as it acts today."""
        return self.world.actor(name)

    def members(self, count: int = 3) -> list[Elected]:
        """The first owners, as they are elected: the chair first."""
        return [
            Elected(one.pk, "主任" if number == 0 else "委员")
            for number, one in enumerate(self.owners[:count])
        ]


def found_house() -> House:
    world = found_world()
    officer, street = world.actor("district_officer"), world.actor("street_officer")

    def register(by: Actor, kind: str, name: str, where: int, **more: object) -> Organisation:
        return actions.register_organisation(
            actor=by, kind=kind, name=name, short_name=name[:6], place_id=where, at=AT, **more
        )

    company = register(
        officer,
        "property_company",
        "隆祺物业服务有限公司",
        world.district.pk,
        uscc=CODE,
        phone="0532-00001234",
    )
    made = House(
        world,
        company,
        register(officer, "property_company", "海韵物业有限公司", world.district.pk, uscc=OTHER_CODE),
        register(street, "red_committee", "隆祺嘉园红色业主委员会", world.longqi.pk, phone="0532-00002345"),
        register(street, "party_branch", "隆祺嘉园小区党支部", world.longqi.pk),
        register(street, "subdistrict_office", "长江路街道办事处", world.street.pk),
        [_owner(world, number) for number in range(5)],
    )
    _join(made, "committee", made.committee)
    _join(made, "secretary", made.branch)
    for name in ("manager", "clerk", "repairer"):
        _join(made, name, made.company)
    return made


def _owner(world: World, number: int) -> Account:
    who = account(f"业主{'甲乙丙丁戊'[number]}")
    owns(person(world.longqi, who.name, of=who), unit(world.entrance, f"3-2-60{number}"))
    return who


def _join(house: House, name: str, body: Organisation) -> None:
    RoleAssignment.objects.filter(account=house.world.staff[name]).update(organisation_id=body.pk)


def sign(house: House, *, by: str = "district_officer", **more: object) -> ServiceContract:
    """A contract of the company, from April 2025 for two years."""
    given = {
        "compound_id": house.world.longqi.pk,
        "company_id": house.company.pk,
        "from_on": CONTRACT_FROM,
        "to_on": CONTRACT_TO,
    } | more
    return actions.sign_contract(actor=house.actor(by), at=AT, **given)


def elect(house: House, *, by: str = "street_officer", **more: object) -> Term:
    """Three owners elected for five years from June 2025."""
    given = {
        "organisation_id": house.committee.pk,
        "members": house.members(),
        "from_on": TERM_FROM,
        "to_on": TERM_TO,
        "basis": "业主大会 2025 年 5 月 28 日选举",
    } | more
    return actions.hold_election(actor=house.actor(by), at=AT, **given)


def agrees(who: Account, purpose: str) -> Consent:
    """A consent that stands."""
    return Consent.objects.create(
        account=who, purpose=purpose, text_sha256=consents.purpose(purpose).sha256, granted_at=AT
    )


__all__ = ["AT", "TODAY", "RoleName"]
