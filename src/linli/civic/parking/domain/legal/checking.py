"""Every bay against every rule in force: what was measured, what is breached, what a unit has lifted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from linli.civic.parking.domain.legal import geometry
from linli.civic.parking.domain.legal.rules import Rule
from linli.civic.parking.domain.legal.site import Bay, Feature, Override, Site

SLACK_M = 0.005
"""Half a centimetre: a bay at the very threshold keeps the rule, one that is a centimetre short does not."""

Verdict = Literal["clear", "warned", "blocked"]


@dataclass(frozen=True, slots=True)
class Measured:
    """One bay measured against one rule. ``measured_m`` is negative where it overlaps by so many metres."""

    bay: Bay
    rule: Rule
    feature: Feature | None
    measured_m: float
    override: Override | None = None

    @property
    def threshold_m(self) -> float:
        """What the rule asks for; 0 for what must only stay outside."""
        return self.rule.threshold_m or 0.0

    @property
    def is_breach(self) -> bool:
        """Whether the rule is broken, lifted or not."""
        return self.measured_m < self.threshold_m - SLACK_M

    @property
    def stands(self) -> bool:
        """Whether it is a breach that nobody has lifted."""
        return self.is_breach and self.override is None


@dataclass(frozen=True, slots=True)
class Checked:
    """The whole check: breaches first by bay, then the nearest of every rule that a bay keeps."""

    site: Site
    breaches: tuple[Measured, ...]
    kept: tuple[Measured, ...]

    @property
    def unset(self) -> tuple[Rule, ...]:
        """The rules that could not be checked because nobody has entered their threshold."""
        kinds = {feature.kind for feature in self.site.features}
        return tuple(
            rule
            for rule in self.site.rules
            if not rule.is_set and (not rule.features or kinds.intersection(rule.features))
        )

    def verdicts(self) -> dict[str, Verdict]:
        """The verdict of every bay, in the order of the file."""
        found: dict[str, Verdict] = {bay.id: "clear" for bay in self.site.bays}
        for one in self.breaches:
            if one.stands and found[one.bay.id] != "blocked":
                found[one.bay.id] = "blocked" if one.rule.severity == "block" else "warned"
        return found


def check_site(site: Site) -> Checked:
    """Measure every bay by every rule that is in force and set. Any part of a bay that breaks a rule breaks it."""
    geometry.require()
    lifted = {(one.rule, one.bay): one for one in site.overrides}
    order = {bay.id: number for number, bay in enumerate(site.bays)}
    breaches: list[Measured] = []
    kept: list[Measured] = []
    for rule in site.rules:
        bays = [bay for bay in site.bays if rule.where in ("any", bay.where)]
        if not rule.is_set or not bays:
            continue
        for one in _MEASURING[rule.predicate](rule, bays, site):
            ruled = Measured(one.bay, rule, one.feature, one.measured_m, lifted.get((rule.code, one.bay.id)))
            (breaches if ruled.is_breach else kept).append(ruled)
    for found in (breaches, kept):
        found.sort(key=lambda one: order[one.bay.id])
    return Checked(site, tuple(breaches), tuple(kept))


def _features(rule: Rule, site: Site) -> list[Feature]:
    return [feature for feature in site.features if feature.kind in rule.features]


def _by_distance(rule: Rule, bays: Sequence[Bay], site: Site) -> Iterator[Measured]:
    features = _features(rule, site)
    if not features:
        return
    outlines, shapes = [bay.outline for bay in bays], [feature.shape for feature in features]
    too_near: defaultdict[int, list[int]] = defaultdict(list)
    for number, place in geometry.near(outlines, shapes, rule.threshold_m or 0.0):
        too_near[number].append(place)
    places, distances = geometry.nearest(outlines, shapes)
    for number, (bay, place, metres) in enumerate(zip(bays, places, distances, strict=True)):
        nearest = Measured(bay, rule, features[place], metres)
        if not nearest.is_breach:
            yield nearest
        for near in too_near[number]:
            found = Measured(bay, rule, features[near], geometry.distance_m(bay.outline, shapes[near]))
            if found.is_breach:
                yield found


def _by_overlap(rule: Rule, bays: Sequence[Bay], site: Site) -> Iterator[Measured]:
    features = _features(rule, site)
    if not features:
        return
    outlines, shapes = [bay.outline for bay in bays], [feature.shape for feature in features]
    for bay, feature in geometry.near(outlines, shapes, 0.0):
        overlap = geometry.overlap_m(outlines[bay], shapes[feature])
        yield Measured(bays[bay], rule, features[feature], -overlap)


def _by_clear_width(rule: Rule, bays: Sequence[Bay], site: Site) -> Iterator[Measured]:
    outlines = [bay.outline for bay in bays]
    for feature in _features(rule, site):
        assert feature.width_m is not None
        for place, clear in geometry.clear_widths_m(feature.shape, feature.width_m, outlines):
            yield Measured(bays[place], rule, feature, clear)


def _by_width(rule: Rule, bays: Sequence[Bay], _site: Site) -> Iterator[Measured]:
    for bay in bays:
        yield Measured(bay, rule, None, geometry.sides_m(bay.outline)[0])


def _by_length(rule: Rule, bays: Sequence[Bay], _site: Site) -> Iterator[Measured]:
    for bay in bays:
        yield Measured(bay, rule, None, geometry.sides_m(bay.outline)[1])


_MEASURING = {
    "distance": _by_distance,
    "outside": _by_overlap,
    "clear_width": _by_clear_width,
    "bay_width": _by_width,
    "bay_length": _by_length,
}
