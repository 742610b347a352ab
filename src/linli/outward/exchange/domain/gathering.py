"""The homes of one compound out of many rows: repeated units, co-owners on two rows, names that may be one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from linli.ground.kernel.errors import Invalid, Refusal
from linli.outward.exchange.domain.tables import Fault, cell_name
from linli.registry.people.domain.roll import RollHome, RollOwner

PHONE_SHARED_BY = 4
"""From how many different names on a shared number is worth a question."""


@dataclass(slots=True)
class Places:
    """In which columns a fault of gathering is shown: those of the sheet's number, area and owner."""

    number: int | None = None
    area: int | None = None
    owner: int | None = None
    phone: int | None = None
    document: int | None = None


@dataclass(slots=True)
class Gatherer:
    """The homes of one compound by code. ``places`` tells the columns of each sheet."""

    faults: list[Fault]
    places: dict[str, Places]
    homes: dict[str, RollHome] = field(default_factory=dict)
    blocked: set[str] = field(default_factory=set)

    def add(self, home: RollHome) -> None:
        """Take in one row; a second row on the same door adds co-owners, or contradicts."""
        before = self.homes.setdefault(home.code, home)
        if before is not home:
            self._again(before, home)

    def finish(self) -> list[RollHome]:
        """The homes without those of which a row was wrong, in the order of the file."""
        homes = [home for code, home in self.homes.items() if code not in self.blocked]
        self._check_people(homes)
        return [home for home in homes if home.code not in self.blocked] if self.blocked else homes

    def _again(self, before: RollHome, home: RollHome) -> None:
        where = cell_name(before.row, None)
        places = self.places[home.sheet]
        if before.sheet != home.sheet:
            where = f"「{before.sheet}」{where}"
        if _differ(before.area_dm2, home.area_dm2) or _differ(before.kind, home.kind):
            refusal = Invalid(
                "unit_contradicts", "{unit} 在第 {where} 行也有，面积或类型却不一样，两行都没有录入，请改对其中一行。",
                unit=home.code, where=where,
            )  # fmt: skip
            return self._block(home, places.area if places.area is not None else places.number, refusal)
        owners = list(before.owners)
        for owner in home.owners:
            same = next((one for one in owners if one.key == owner.key), None)
            if same is None:
                owners.append(owner)
            elif _differ(same.phone, owner.phone) or _differ(same.document, owner.document):
                refusal = Invalid(
                    "owner_contradicts", "{unit} 的这位业主在第 {where} 行也有，电话或证件却不一样，请核对。",
                    unit=home.code, where=where,
                )  # fmt: skip
                return self._block(home, places.owner, refusal)
            else:
                owners[owners.index(same)] = _merged_owner(same, owner)
        code, words = ("co_owners", "{unit} 在第 {where} 行也有，两行的业主按共有人合在一起。")
        if len(owners) == len(before.owners):
            code, words = ("unit_repeated", "{unit} 和第 {where} 行重复，只录入一次。")
        self._warn(home, places.number, Invalid(code, words, unit=home.code, where=where))
        self.homes[home.code] = _merged(before, home, tuple(owners))

    def _check_people(self, homes: list[RollHome]) -> None:
        """Names that may be one person, numbers that many share, documents under two names."""
        known: dict[str, bool] = {}
        phones: dict[str, str | set[str]] = {}
        documents: dict[str, tuple[str, RollHome]] = {}
        unclear: list[tuple[RollHome, RollOwner]] = []
        for home in homes:
            for owner in home.owners:
                if owner.kind == "natural" and not owner.phone and not owner.document:
                    unclear.append((home, owner))
                if owner.phone:
                    self._note_phone(phones, home, owner)
                if owner.document:
                    self._note_document(documents, home, owner)
                known[owner.key] = owner.key in known
        warned: set[str] = set()
        for home, owner in unclear:
            if known[owner.key] and (owner.key in warned or not self._first(homes, home, owner, warned)):
                self._warn(home, self.places[home.sheet].owner, _same_name(owner.name))

    def _first(self, homes: list[RollHome], home: RollHome, owner: RollOwner, warned: set[str]) -> bool:
        """Whether this is the first home of the name; later ones ask the question."""
        warned.add(owner.key)
        return next(one for one in homes if any(o.key == owner.key for o in one.owners)) is home

    def _note_phone(self, phones: dict[str, str | set[str]], home: RollHome, owner: RollOwner) -> None:
        """Almost every number has one name; a set is made for the others only."""
        names = phones.setdefault(owner.phone, owner.key)
        if names == owner.key:
            return
        if isinstance(names, str):
            names = phones[owner.phone] = {names}
        elif owner.key in names:
            return
        names.add(owner.key)
        if len(names) == PHONE_SHARED_BY:
            refusal = Invalid(
                "phone_shared",
                "这个手机号已经写在 {count} 个不同的姓名下，请核对是不是代填的。",
                count=PHONE_SHARED_BY,
            )
            self._warn(home, self.places[home.sheet].phone, refusal)

    def _note_document(
        self, known: dict[str, tuple[str, RollHome]], home: RollHome, owner: RollOwner
    ) -> None:
        key, other = known.setdefault(owner.document, (owner.key, home))
        if key == owner.key:
            return
        refusal = Invalid(
            "document_of_two",
            "这个证件号在第 {where} 行写在另一个姓名下，两户都没有录入，请核对。",
            where=cell_name(other.row, None),
        )
        self._block(home, self.places[home.sheet].document, refusal)
        self.blocked.add(other.code)

    def _block(self, home: RollHome, column: int | None, refusal: Refusal) -> None:
        self.blocked.add(home.code)
        self.faults.append(Fault(home.sheet, home.row, column, refusal))

    def _warn(self, home: RollHome, column: int | None, refusal: Refusal) -> None:
        self.faults.append(Fault(home.sheet, home.row, column, refusal, True))


def _differ(one: object, other: object) -> bool:
    return bool(one) and bool(other) and one != other


def _same_name(name: str) -> Invalid:
    return Invalid(
        "same_name_no_phone",
        "「{name}」在别的房屋也有，这里没有电话，分不清是不是同一个人，先按两个人登记；是同一个人就写上同样的电话。",
        name=name,
    )


def _merged_owner(one: RollOwner, other: RollOwner) -> RollOwner:
    return one._replace(phone=one.phone or other.phone, document=one.document or other.document)


def _merged(one: RollHome, other: RollHome, owners: tuple[RollOwner, ...]) -> RollHome:
    return one._replace(
        owners=owners,
        kind=one.kind or other.kind,
        area_dm2=one.area_dm2 or other.area_dm2,
        area_source=one.area_source or other.area_source,
        area_on=one.area_on or other.area_on,
        delivered_on=one.delivered_on or other.delivered_on,
        since_on=one.since_on or other.since_on,
    )


def in_order(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Faults first, then warnings; each in the order of the file, sheet after sheet as they stand there."""
    told = list(faults)
    sheets = {name: place for place, name in enumerate(dict.fromkeys(one.sheet for one in told))}

    def place(one: Fault) -> tuple[bool, int, int, int]:
        row = -1 if one.row is None else one.row
        return one.is_warning, sheets[one.sheet], row, -1 if one.column is None else one.column

    return iter(sorted(told, key=place))
