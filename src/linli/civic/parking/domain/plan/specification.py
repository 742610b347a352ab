"""What a parking plan is asked with: homes and their cars, bays to be had, gates, money and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LEVELS = ("violations", "unmet", "spillback", "walking", "cost")
"""The objective, most important first; a later one never buys anything at the price of an earlier one."""

Reach = Mapping[str, float]
"""Walking metres from the door of a building, by building; a building that is missing cannot get there."""


@dataclass(frozen=True, slots=True)
class Period:
    """A part of the day and how many hours it lasts."""

    id: str
    name: str
    hours: float


@dataclass(frozen=True, slots=True)
class ResidentClass:
    """Households that are treated alike: how far they walk, how heavily a car without a bay weighs."""

    id: str
    name: str
    walk_limit_m: float
    unmet_weight: float
    walk_weight: float


@dataclass(frozen=True, slots=True)
class Building:
    """One building and the cars of its households by class of residents."""

    id: str
    name: str
    cars: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach that the legal check found, of one bay or (without a bay) of all bays of a street."""

    street: str
    bay: str | None
    rule: str
    clause: str
    owner_unit: str
    measured_m: float | None
    blocks: bool


@dataclass(frozen=True, slots=True)
class HourPlan:
    """One way to open a street: in which periods, at what price, with how many bays."""

    id: str
    name: str
    periods: tuple[int, ...]
    fixed_fen: int
    bay_fen: int
    bays: int


@dataclass(frozen=True, slots=True)
class Street:
    """A kerb outside the compound. ``blocked`` is the reason why it is out of the question."""

    id: str
    name: str
    plans: tuple[HourPlan, ...]
    walk_m: Reach
    clean_bays: int
    """Bays without a blocking breach; a bay beyond them counts as one violation."""
    blocked: str
    required: bool
    least_bays: int


@dataclass(frozen=True, slots=True)
class Lot:
    """A lot of another owner, shared in some periods. ``most_bays`` keeps the chance of overstaying."""

    id: str
    name: str
    periods: tuple[int, ...]
    bays: int
    most_bays: int
    fixed_fen: int
    bay_fen: int
    walk_m: Reach
    nights: tuple[tuple[int, int], ...]
    tolerated_bays: int
    blocked: str
    required: bool


@dataclass(frozen=True, slots=True)
class Existing:
    """Bays that are there anyway, as those inside the compound."""

    id: str
    name: str
    bays: int
    periods: tuple[int, ...]
    walk_m: Reach


@dataclass(frozen=True, slots=True)
class GateSetting:
    """One way to run a gate and the simulated chance that its queue spills onto the road, by peak."""

    id: str
    name: str
    cost_fen: int
    spillback: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate and its possible settings; the first is the present one."""

    id: str
    name: str
    settings: tuple[GateSetting, ...]


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Of these streets and lots at most one is opened, for the reason given."""

    members: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Scenario:
    """One possible day: its weight and the cars that need a bay, by period and then by class and building."""

    weight: float
    cars: tuple[tuple[tuple[int, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Sampling:
    """How days are drawn: how many, from which seed, and how much they and the buildings vary."""

    count: int
    seed: int
    day_factor_cv: float
    building_cv: float


@dataclass(frozen=True, slots=True)
class Specification:
    """A whole question. ``presence[period][class]`` is the share of the cars that need a bay then."""

    name: str
    budget_fen: int
    gap: float
    periods: tuple[Period, ...]
    classes: tuple[ResidentClass, ...]
    buildings: tuple[Building, ...]
    presence: tuple[tuple[float, ...], ...]
    sampling: Sampling | None
    scenarios: tuple[Scenario, ...]
    existing: tuple[Existing, ...]
    streets: tuple[Street, ...]
    lots: tuple[Lot, ...]
    gates: tuple[Gate, ...]
    exclusions: tuple[Exclusion, ...]
    findings: tuple[Finding, ...]
    overstay_tolerance: float
    spillback_target: float
    unmet_share_target: float
    runners_up: int
    differ_by: int
    frontier_fen: tuple[int, ...]
    unseen: int

    @property
    def openable(self) -> tuple[Street | Lot, ...]:
        """Every street and shared lot, in the order in which they are written."""
        return (*self.streets, *self.lots)
