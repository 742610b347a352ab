"""Results as plain data for programs; the keys are those of ``docs/algorithms/tally.md``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from linli.civic.voting.domain.ballots import Ballot, Standing
from linli.civic.voting.domain.deeming import Deemed
from linli.civic.voting.domain.digest import digest_of
from linli.civic.voting.domain.gap import Building, Gap
from linli.civic.voting.domain.tally import Options, Otherwise, Result
from linli.civic.voting.domain.thresholds import Comparison, Figures, Missing, comparisons
from linli.registry.regulations.domain.reporting import basis

if TYPE_CHECKING:
    from linli.civic.voting.domain.leak import Leak

REASONS = {
    "unknown_unit": "名册上没有这套房屋",
    "out_of_scope": "这套房屋不在列支范围内",
    "not_an_owner": "投票人不是这套房屋的业主",
}
FIGURE_KEYS = (*Figures._fields[:10],)


def told_ballot(ballot: Ballot, **more: object) -> dict[str, Any]:
    """A ballot by its row, without its choice."""
    told: dict[str, Any] = {
        "row": ballot.row,
        "ballot_no": ballot.ballot_no,
        "unit_code": ballot.unit_code,
        "voter_id": ballot.voter_id,
    }
    if ballot.source:
        told["file"] = ballot.source
    if ballot.item:
        told["item"] = ballot.item
    return told | more


def told_standing(standing: Standing) -> dict[str, Any]:
    """Every ballot that is not counted by itself, each with its row and the reason; nobody's choice."""
    return {
        "superseded": [
            told_ballot(one.ballot, by_row=one.by.row, by_ballot_no=one.by.ballot_no)
            for one in standing.superseded
        ],
        "merged": [told_ballot(ballot) for ballot in standing.merged],
        "conflicts": [
            {
                "unit_code": conflict.ballots[0].unit_code,
                "ballots": [told_ballot(ballot) for ballot in conflict.ballots],
            }
            for conflict in standing.conflicts
        ],
        "late": [told_ballot(ballot, cast_at=ballot.cast_at.isoformat()) for ballot in standing.late],
        "not_entitled": [
            told_ballot(one.ballot, reason=one.reason, message=REASONS[one.reason])
            for one in standing.not_entitled
        ],
        "invalid": [told_ballot(ballot) for ballot in standing.invalid],
        "duplicates": [told_ballot(one.ballot, first_row=one.first.row) for one in standing.duplicates],
    }


def told_figures(figures: Figures) -> dict[str, int]:
    """The ten numbers, and who took part without a choice."""
    return figures._asdict()


def told_missing(missing: Missing) -> dict[str, int | None]:
    """What is missing for the whole, and for the quorum alone."""
    return {
        "missing_area_dm2": missing.area_dm2,
        "missing_heads": missing.heads,
        "missing_quorum_area_dm2": missing.quorum_area_dm2,
        "missing_quorum_heads": missing.quorum_heads,
    }


def told_comparisons(found: Iterable[Comparison]) -> list[dict[str, Any]]:
    """The comparisons that decide, written out."""
    return [
        {"step": one.step, "dimension": one.dimension, "met": one.is_met, "text": one.text} for one in found
    ]


def told_options(options: Options) -> dict[str, str]:
    """The declared rules of the count."""
    return options._asdict()


def told_otherwise(other: Otherwise) -> dict[str, Any]:
    """A result that would flip the outcome."""
    return {
        "conflicts": other.conflicts,
        "invalid": other.invalid,
        "quorum_met": other.quorum_met,
        "passed": other.passed,
        **told_figures(other.figures),
    }


def told_deemed(deemed: Deemed) -> dict[str, Any]:
    """The result under the deemed-majority clause."""
    return {
        "follows": deemed.follows,
        "deemed_area_dm2": deemed.area_dm2,
        "deemed_heads": deemed.heads,
        "quorum_met": deemed.quorum_met,
        "passed": deemed.passed,
        **told_figures(deemed.figures),
        **told_missing(deemed.missing),
        "warnings": list(deemed.warnings),
    }


def told_result(
    result: Result, *, item: str, deemed: Deemed | None, warnings: Iterable[str], digests: Mapping[str, str]
) -> dict[str, Any]:
    """One item's result. ``digests`` are those of the inputs."""
    figures = told_figures(result.figures)
    told: dict[str, Any] = {
        "item": item,
        "quorum_met": result.quorum_met,
        "passed": result.passed,
        **figures,
        **told_missing(result.missing),
        "reachable": result.is_reachable,
        "comparisons": told_comparisons(comparisons(result.figures, result.ruling)),
        **told_standing(result.standing),
        "sensitivity": [told_otherwise(other) for other in result.sensitivity],
        "options": told_options(result.options),
        "closed_at": None if result.closed_at is None else result.closed_at.isoformat(),
        "basis": basis(result.ruling),
        "warnings": list(warnings),
    }
    if deemed is not None:
        told["strict"] = {"quorum_met": result.quorum_met, "passed": result.passed, **figures}
        told["deemed"] = told_deemed(deemed)
    outcome = {key: told[key] for key in ("item", "quorum_met", "passed", *FIGURE_KEYS)}
    outcome["deemed"] = None if deemed is None else deemed.passed
    return told | told_digests(told, outcome | ballots_outcome(told), digests)


def told_digests(
    told: Mapping[str, Any], outcome: Mapping[str, Any], inputs: Mapping[str, str]
) -> dict[str, Any]:
    """The digests of the inputs, the rule and the result, and one over them all."""
    rule = {key: told[key] for key in ("basis", "options", "closed_at")}
    digests = {**inputs, "rule": digest_of(rule), "result": digest_of(outcome)}
    return {"digests": digests, "digest": digest_of(digests)}


def ballots_outcome(told: Mapping[str, Any]) -> dict[str, list[str]]:
    """The numbers of the ballots that do not count by themselves, sorted: rows may differ, these may not."""
    kinds = ("superseded", "late", "not_entitled", "invalid", "duplicates")
    outcome = {kind: _numbers(told[kind]) for kind in kinds}
    ballots = [ballot for conflict in told["conflicts"] for ballot in conflict["ballots"]]
    return outcome | {"conflicts": _numbers(ballots)}


def _numbers(ballots: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(ballot["ballot_no"] for ballot in ballots)


def told_gap(result: Result, gap: Gap, *, item: str, warnings: Iterable[str]) -> dict[str, Any]:
    """What is missing, and where."""
    return {
        "item": item,
        "quorum_met": result.quorum_met,
        "passed": result.passed,
        **told_figures(result.figures),
        **told_missing(result.missing),
        "reachable": result.is_reachable,
        "comparisons": told_comparisons(comparisons(result.figures, result.ruling)),
        "buildings": [_told_building(building) for building in gap.buildings],
        "suggested_buildings": list(gap.suggested),
        "owners_in_several_buildings": gap.in_several_buildings,
        "basis": basis(result.ruling),
        "warnings": list(warnings),
    }


def _told_building(building: Building) -> dict[str, Any]:
    return {
        "building": building.code,
        "total_area_dm2": building.total_area_dm2,
        "total_heads": len(building.groups),
        "participating_area_dm2": building.participating_area_dm2,
        "participating_heads": len(building.participating_groups),
        "silent_area_dm2": building.silent_area_dm2,
        "silent_heads": len(building.silent_groups),
        "silent_units": building.silent_units,
        "unsettled_area_dm2": building.unsettled_area_dm2,
        "unsettled_heads": len(building.unsettled_groups),
        "unsettled_units": building.unsettled_units,
    }


def told_leak(leak: Leak, *, seed: int) -> dict[str, Any]:
    """What exact totals would give away. ``exposed_owners`` is the worst trial."""
    return {
        "owners": leak.owners,
        "exposed_owners": leak.worst,
        "exposed_owners_mean": leak.mean,
        "exposed_by_trial": list(leak.exposed),
        "trials": len(leak.exposed),
        "seed": seed,
        "exact": leak.exact,
        "safe": leak.worst == 0,
    }
