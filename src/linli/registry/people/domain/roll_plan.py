"""What an import changes: the roll against the register, as a plan that nothing has carried out yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from linli.ground.kernel.errors import Invalid, Refusal
from linli.registry.people.domain.roll import RollHome, RollOwner

SOURCE_RANK: Mapping[str | None, int] = {"property_register": 3, "survey": 2, "contract": 1}
"""The register goes before the survey, the survey before the contract. Source: 建筑物区分所有权解释 art. 8."""


class KnownUnit(NamedTuple):
    """A unit as the register has it."""

    id: int
    code: str
    kind: str
    area_dm2: int | None
    area_source: str
    area_on: date | None
    delivered_on: date | None
    is_closed: bool


class KnownPerson(NamedTuple):
    """A person as the register has them; ``is_linked`` says that an account holds the entry."""

    id: int
    kind: str
    key: str
    phone_index: str | None
    document_index: str | None
    is_linked: bool


class KnownOwnership(NamedTuple):
    """A present ownership."""

    id: int
    unit_id: int
    person_id: int
    from_on: date | None


@dataclass(slots=True)
class Register:
    """One compound's register, as far as an import looks at it. An empty one is a new compound's."""

    units: dict[str, KnownUnit] = field(default_factory=dict)
    people: dict[int, KnownPerson] = field(default_factory=dict)
    owners: dict[int, list[KnownOwnership]] = field(default_factory=dict)


class NewPerson(NamedTuple):
    """A person to be entered."""

    name: str
    key: str
    kind: str
    phone: str
    phone_index: str | None
    document_index: str | None
    document_tail: str


class NewOwnership(NamedTuple):
    """An ownership to begin. ``person`` is an id, or ``~place`` in the plan's new people."""

    home: RollHome
    person: int
    from_on: date | None


class Note(NamedTuple):
    """Something that the register has otherwise and that an import leaves alone."""

    home: RollHome
    field: str
    refusal: Refusal


@dataclass(slots=True)
class Plan:
    """What one compound's import would do."""

    homes: int = 0
    new_units: list[RollHome] = field(default_factory=list)
    changed_units: list[tuple[KnownUnit, dict[str, object]]] = field(default_factory=list)
    new_people: list[NewPerson] = field(default_factory=list)
    changed_people: dict[int, dict[str, str]] = field(default_factory=dict)
    new_ownerships: list[NewOwnership] = field(default_factory=list)
    ended: list[tuple[KnownOwnership, date]] = field(default_factory=list)
    reowned: list[KnownUnit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def created(self) -> int:
        """Rows that come in: units, people, ownerships."""
        return len(self.new_units) + len(self.new_people) + len(self.new_ownerships)

    @property
    def changed(self) -> int:
        """Rows that change: units and people."""
        return len(self.changed_units) + len(self.changed_people)

    @property
    def is_empty(self) -> bool:
        """Whether the register says already what the file says."""
        return not (self.created or self.changed or self.ended)


@dataclass(slots=True)
class Indexes:
    """The blind indexes of the phones and documents in a file."""

    phones: Mapping[str, str] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)


def plan_import(
    homes: Sequence[RollHome], register: Register, indexes: Indexes, *, today: date, may_change_areas: bool
) -> Plan:
    """Compare a roll with the register. What the file leaves empty stays; nobody is ended by an empty cell.

    A person is found again by document and name, by phone and name, or by name on the same door; a
    company by its name. Two people of one name without a phone stay two.
    """
    return _Planner(register, indexes, today, may_change_areas).plan(homes)


class _Planner:
    def __init__(self, register: Register, indexes: Indexes, today: date, may_change_areas: bool) -> None:
        self.register, self.indexes, self.today = register, indexes, today
        self.may_change_areas = may_change_areas
        self.made = Plan()
        self.in_file: set[tuple[str | None, str]] = set()
        self.by_phone: dict[tuple[str, str], int] = {}
        self.by_document: dict[tuple[str, str], int] = {}
        self.by_name: dict[tuple[str, str], int] = {}
        for person in register.people.values():
            self._know(person.id, person.kind, person.key, person.phone_index, person.document_index)

    def plan(self, homes: Sequence[RollHome]) -> Plan:
        """Home by home, in the order of the file."""
        units, made = self.register.units, self.made
        made.homes = len(homes)
        phones = self.indexes.phones
        if self.register.people:
            told = (owner for home in homes for owner in home.owners if owner.phone)
            self.in_file = {(phones[owner.phone], owner.key) for owner in told}
        for home in homes:
            unit = units.get(home.code)
            if unit is None:
                made.new_units.append(home)
                for person in dict.fromkeys(self._person(home, owner, ()) for owner in home.owners):
                    made.new_ownerships.append(NewOwnership(home, person, home.since_on))
            elif unit.is_closed:
                self._note(
                    home, "number", "unit_closed", "{unit} 在登记里已经注销，没有录入。", unit=home.code
                )
            else:
                self._compare_unit(home, unit)
                if home.owners:
                    self._compare_owners(home, unit)
        return made

    def _know(self, ref: int, kind: str, key: str, phone: str | None, document: str | None) -> None:
        if phone:
            self.by_phone.setdefault((phone, key), ref)
        if document:
            self.by_document.setdefault((document, key), ref)
        if kind != "natural":
            self.by_name.setdefault((kind, key), ref)

    def _person(self, home: RollHome, owner: RollOwner, at_home: Sequence[KnownPerson]) -> int:
        """The person that an owner is: an id, or ``~place`` among the new ones."""
        phone = self.indexes.phones[owner.phone] if owner.phone else None
        document = self.indexes.documents[owner.document] if owner.document else None
        if at_home:
            found = next((one.id for one in at_home if _is_the_one(one, owner, phone, document)), None)
            if found is not None:
                return found
        found = self.by_document.get((document, owner.key)) if document else None
        if found is None and phone:
            found = self._by_phone(phone, document, owner.key)
        if found is None and owner.kind != "natural":
            found = self.by_name.get((owner.kind, owner.key))
        if found is None and at_home:
            found = next((one.id for one in at_home if self._may_be(one, owner.key, phone, document)), None)
        if found is None:
            return self._enter(owner, phone, document)
        if found < 0:
            self._complete_new(home, found, owner, phone, document)
        return found

    def _may_be(self, person: KnownPerson, key: str, phone: str | None, document: str | None) -> bool:
        """Whether a namesake on the same door may be the owner in the file, who then has a new number.

        Not when the file itself still uses the registered number: then they are two.
        """
        if person.key != key or _contradict(document, person.document_index):
            return False
        changed = self.made.changed_people.get(person.id, {}).get("phone_index")
        if not phone or phone == changed:
            return True
        return changed is None and (person.phone_index, key) not in self.in_file

    def _by_phone(self, phone: str, document: str | None, key: str) -> int | None:
        """A namesake on the same number, unless their documents say that they are two people."""
        ref = self.by_phone.get((phone, key))
        if ref is None or document is None:
            return ref
        known = (
            self.made.new_people[~ref].document_index if ref < 0 else self.register.people[ref].document_index
        )
        return ref if known in (None, document) else None

    def _enter(self, owner: RollOwner, phone: str | None, document: str | None) -> int:
        made = self.made.new_people
        made.append(
            NewPerson(owner.name, owner.key, owner.kind, owner.phone, phone, document, owner.document[-4:])
        )
        ref = ~(len(made) - 1)
        if phone or document or owner.kind != "natural":
            self._know(ref, owner.kind, owner.key, phone, document)
        return ref

    def _complete_new(
        self, home: RollHome, ref: int, owner: RollOwner, phone: str | None, document: str | None
    ) -> None:
        """The same new person again, with what another row tells of them."""
        new = self.made.new_people[~ref]
        if _contradict(phone, new.phone_index):
            self._note_two_phones(home)
        if phone and not new.phone_index:
            new = new._replace(phone=owner.phone, phone_index=phone)
        if document and not new.document_index:
            new = new._replace(document_index=document, document_tail=owner.document[-4:])
        if new is not self.made.new_people[~ref]:
            self.made.new_people[~ref] = new
            self._know(ref, new.kind, new.key, phone, document)

    def _compare_unit(self, home: RollHome, unit: KnownUnit) -> None:
        changes: dict[str, object] = {}
        if home.kind is not None and home.kind != unit.kind:
            changes["kind"] = home.kind
        if home.delivered_on is not None and home.delivered_on != unit.delivered_on:
            changes["delivered_on"] = home.delivered_on
        if home.area_dm2 is not None:
            changes |= self._area(home, unit)
        if changes:
            self.made.changed_units.append((unit, changes))

    def _area(self, home: RollHome, unit: KnownUnit) -> dict[str, object]:
        """The area with its source and day, where the file knows better than the register."""
        told, had = SOURCE_RANK.get(home.area_source, 0), SOURCE_RANK.get(unit.area_source, 0)
        if home.area_dm2 == unit.area_dm2:
            better = told > had and home.area_source is not None
            changes: dict[str, object] = {"area_source": home.area_source} if better else {}
            if told >= had and home.area_on not in (None, unit.area_on):
                changes["area_on"] = home.area_on
            return changes if self.may_change_areas else {}
        if not self.may_change_areas and unit.area_dm2 is not None:
            words = "{unit} 的面积和登记不同，没有改：面积关系到表决和分摊，由业委会、物业经理或社区更正。"
            self._note(home, "area", "area_not_yours", words, unit=home.code)
            return {}
        if told < had and unit.area_dm2 is not None:
            words = "{unit} 的面积和登记不同，没有改：登记的面积来源更可靠，请先核对，再在房屋资料里更正。"
            self._note(home, "area", "area_less_reliable", words, unit=home.code)
            return {}
        return {
            "area_dm2": home.area_dm2,
            "area_source": home.area_source or "unknown",
            "area_on": home.area_on,
        }

    def _compare_owners(self, home: RollHome, unit: KnownUnit) -> None:
        held = self.register.owners.get(unit.id, [])
        at_home = [self.register.people[one.person_id] for one in held]
        wanted: dict[int, None] = {}
        for owner in home.owners:
            free = [person for person in at_home if person.id not in wanted]
            ref = self._person(home, owner, free)
            wanted[ref] = None
            if ref >= 0:
                self._complete(home, owner, self.register.people[ref])
        leaving = [one for one in held if one.person_id not in wanted]
        present = {one.person_id for one in held}
        coming = [ref for ref in wanted if ref not in present]
        if not leaving and not coming:
            return
        day = self._day_of_change(home, leaving)
        self.made.reowned.append(unit)
        self.made.ended += [(one, max(day, one.from_on) if one.from_on else day) for one in leaving]
        first = home.since_on if not held else day
        self.made.new_ownerships += [NewOwnership(home, ref, first) for ref in coming]

    def _day_of_change(self, home: RollHome, leaving: Sequence[KnownOwnership]) -> date:
        """The day of registration if the file tells one that can be true, else today."""
        told = home.since_on
        if told is None or told > self.today or any(one.from_on and told < one.from_on for one in leaving):
            return self.today
        return told

    def _complete(self, home: RollHome, owner: RollOwner, person: KnownPerson) -> None:
        """Fill in what the register lacks, and put another number right where no account hangs on it."""
        phone = self.indexes.phones[owner.phone] if owner.phone else None
        document = self.indexes.documents[owner.document] if owner.document else None
        changes = self.made.changed_people.get(person.id, {})
        if phone and phone != person.phone_index and changes.get("phone_index") != phone:
            if person.is_linked and person.phone_index:
                words = "{unit} 的电话和登记不同，没有改：这位业主已用登记的号码注册，换号请本人办理。"
                self._note(home, "phone", "phone_in_use", words, unit=home.code)
            elif "phone_index" in changes or (person.phone_index, owner.key) in self.in_file:
                self._note_two_phones(home)
            else:
                changes = changes | {"phone": owner.phone, "phone_index": phone}
        if document and person.document_index is None:
            changes = changes | {"document_index": document, "document_tail": owner.document[-4:]}
        if changes:
            self.made.changed_people[person.id] = changes
            self._know(person.id, person.kind, person.key, phone, document)

    def _note_two_phones(self, home: RollHome) -> None:
        """One owner under two numbers in one file: the first stays, or each import would turn it round."""
        words = "{unit} 的业主在别的行写着另一个电话，先用那一个；请核对，两处写成一样。"
        self._note(home, "phone", "phone_differs", words, unit=home.code)

    def _note(self, home: RollHome, column: str, code: str, words: str, *, unit: str) -> None:
        self.made.notes.append(Note(home, column, Invalid(code, words, unit=unit)))


def _is_the_one(person: KnownPerson, owner: RollOwner, phone: str | None, document: str | None) -> bool:
    """Whether somebody on the door is the owner in the file beyond doubt."""
    if person.key != owner.key or _contradict(document, person.document_index):
        return False
    if owner.kind != "natural":
        return person.kind == owner.kind
    return (document is not None and document == person.document_index) or phone == person.phone_index


def _contradict(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other
