"""Rule profiles: what the law asks for, by jurisdiction and date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from linli.ground.kernel.errors import Invalid, NotFound
from linli.registry.regulations.domain.facts import FactValue
from linli.registry.regulations.domain.thresholds import Threshold

Base = Literal["participating", "total"]
MatterClass = Literal["ordinary", "special"]

FIRST_DAY, LAST_DAY = date.min, date.max


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule stands, and how sure we are that it stands there."""

    source: str
    article: str
    confidence: str

    def __str__(self) -> str:
        return f"《{self.source}》{self.article}"


@dataclass(frozen=True, slots=True)
class Majority:
    """A threshold and where it stands."""

    threshold: Threshold
    citation: Citation


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The three majorities of a regime. ``base`` is the whole that consent is measured against."""

    base: Base
    quorum: Majority
    ordinary: Majority
    special: Majority


@dataclass(frozen=True, slots=True)
class MatterRule:
    """How one version decides one matter."""

    kind: MatterClass
    citation: Citation


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a version lays down, with its place."""

    value: FactValue
    citation: Citation
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter that owners decide jointly. ``otherwise`` is what it counts as where no rule names it."""

    code: str
    name: str
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """An area with rules of its own, and the area around it whose rules apply otherwise."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """The rules of one jurisdiction for a span of time, both days included."""

    profile: str
    jurisdiction: str
    title: str
    in_force_from: date
    in_force_to: date
    verified_on: date
    confidence: str
    regime: str = ""
    thresholds: Thresholds | None = None
    matters: Mapping[str, MatterRule] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)

    def is_in_force(self, on: date) -> bool:
        """Whether the version applies on that day."""
        return self.in_force_from <= on <= self.in_force_to


@dataclass(frozen=True, slots=True)
class Ruling:
    """All that a count needs to know about one matter: which shares, of what, and by which articles."""

    item: str
    item_name: str
    counts_as: str
    kind: MatterClass
    regime: str
    base: Base
    quorum: Threshold
    approval: Threshold
    count_parking_area: bool
    citations: tuple[Citation, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules that hold in one place on one day: a version for each level, the nearest first."""

    jurisdiction: Jurisdiction
    on: date
    versions: tuple[Version, ...]
    matters: Mapping[str, Matter]
    warnings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the nearest version in force."""
        return self.versions[0].profile

    @property
    def thresholds(self) -> Thresholds:
        """The majorities that hold here. Refuses where no level lays any down."""
        return self._with_majorities[1]

    @property
    def regime(self) -> str:
        """``CC2021`` or ``PL2007``."""
        return self._with_majorities[0].regime

    @property
    def _with_majorities(self) -> tuple[Version, Thresholds]:
        for version in self.versions:
            if version.thresholds is not None:
                return version, version.thresholds
        raise NotFound(
            "no_majorities",
            "{name}在 {on} 没有规定表决比例的规则。",
            name=self.jurisdiction.name,
            on=self.on.isoformat(),
        )

    def fact(self, name: str) -> Fact | None:
        """The fact as the nearest level lays it down."""
        found = (version.facts[name] for version in self.versions if name in version.facts)
        return next(found, None)

    def ruling(self, item: str) -> Ruling:
        """How the matter is decided here. Refuses a matter that is not in the list."""
        matter = self._matter(item)
        rule, warning = self._rule_for(matter)
        majorities = self.thresholds
        approval = majorities.special if rule.kind == "special" else majorities.ordinary
        parking = self.fact("count_parking_area")
        return Ruling(
            item=matter.code,
            item_name=matter.name,
            counts_as=matter.code if not warning else (matter.otherwise or ""),
            kind=rule.kind,
            regime=self.regime,
            base=majorities.base,
            quorum=majorities.quorum.threshold,
            approval=approval.threshold,
            count_parking_area=parking is not None and parking.value is True,
            citations=self._citations(matter, majorities, approval),
            warnings=(*self.warnings, *([warning] if warning else [])),
        )

    def _matter(self, item: str) -> Matter:
        matter = self.matters.get(item)
        if matter is None:
            raise Invalid(
                "unknown_matter",
                "没有“{item}”这样的表决事项；可用的有：{known}。",
                item=item,
                known="、".join(self.matters),
            )
        return matter

    def _rule_for(self, matter: Matter) -> tuple[MatterRule, str]:
        """The nearest rule for the matter, or for what it counts as, with a warning."""
        named = next(self._rules(matter.code), None)
        if named is not None:
            return named, ""
        other = next(self._rules(matter.otherwise), None) if matter.otherwise else None
        if other is None:
            raise NotFound(
                "matter_not_decided",
                "{name}在 {on} 没有关于“{matter}”的规则。",
                name=self.jurisdiction.name,
                on=self.on.isoformat(),
                matter=matter.name,
            )
        known_as = self.matters[matter.otherwise or ""].name
        return other, f"当时的规则没有单列“{matter.name}”，按“{known_as}”（{matter.otherwise}）处理。"

    def _rules(self, code: str) -> Iterator[MatterRule]:
        return (version.matters[code] for version in self.versions if code in version.matters)

    def _citations(self, matter: Matter, majorities: Thresholds, approval: Majority) -> tuple[Citation, ...]:
        named = [rule.citation for rule in self._rules(matter.code)]
        named = named or [rule.citation for rule in self._rules(matter.otherwise or "")]
        every = [*named, majorities.quorum.citation, approval.citation]
        return tuple(dict.fromkeys(every))


@dataclass(frozen=True, slots=True)
class LawBook:
    """Every jurisdiction, version and matter that is known. Built by the reader, which checks it."""

    jurisdictions: Mapping[str, Jurisdiction]
    versions: Sequence[Version]
    matters: Mapping[str, Matter]

    def resolve(self, profile: str, *, on: date) -> Profile:
        """The rules of a profile's jurisdiction on a day, at each level the version in force then.

        ``profile`` is the name of a version (its jurisdiction counts, the day chooses the version) or the
        code of a jurisdiction. Refuses an unknown name, and a day before any rule was in force.
        """
        named = self._named(profile)
        home = self.jurisdictions[named.jurisdiction if named else profile]
        chain = list(self._upward(home))
        versions = tuple(v for place in chain for v in self._in_force(place.code, on))
        if not versions:
            raise NotFound(
                "no_rules_then",
                "{name}在 {on} 没有收录适用的规则。",
                name=home.name,
                on=on.isoformat(),
            )
        warnings = []
        if named and not named.is_in_force(on):
            warnings.append(f"{named.title}在 {on} 不适用；当日适用：{versions[0].title}。")
        return Profile(home, on, versions, self.matters, tuple(warnings))

    def names(self) -> tuple[str, ...]:
        """Every profile name and jurisdiction code."""
        return (*(version.profile for version in self.versions), *self.jurisdictions)

    def _named(self, profile: str) -> Version | None:
        found = next((version for version in self.versions if version.profile == profile), None)
        if found is None and profile not in self.jurisdictions:
            raise NotFound(
                "unknown_profile",
                "没有“{profile}”这套规则；可用的有：{known}。",
                profile=profile,
                known="、".join(self.names()),
            )
        return found

    def _upward(self, place: Jurisdiction) -> Iterator[Jurisdiction]:
        yield place
        while place.parent is not None:
            place = self.jurisdictions[place.parent]
            yield place

    def _in_force(self, jurisdiction: str, on: date) -> Iterator[Version]:
        for version in self.versions:
            if version.jurisdiction == jurisdiction and version.is_in_force(on):
                yield version
