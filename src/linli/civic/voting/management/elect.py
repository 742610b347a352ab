"""``linli elect``: count the election of a committee."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from linli.civic.voting.domain import reading
from linli.civic.voting.domain.ballots import CHOICES
from linli.civic.voting.domain.electing import election_sheet, told_election
from linli.civic.voting.domain.election import (
    TIE_RULES,
    Candidate,
    Election,
    Seats,
    check_seats,
    gather_papers,
)
from linli.civic.voting.domain.election import (
    elect as count_election,
)
from linli.civic.voting.domain.tally import Options
from linli.civic.voting.management import inputs
from linli.ground.kernel.decimals import read_whole
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import PlainCommand, read_lines
from linli.registry.regulations.domain.profiles import Profile

MATTER = "COMMITTEE_ELECTION"


@click.command(cls=PlainCommand)
@inputs.roll_option
@inputs.ballots_option
@click.option(
    "--candidates",
    "candidates_file",
    required=True,
    metavar="CSV",
    help="候选人：candidate_id，可以有 name,owner_id,represents,kind,born_on,objection。",
)
@click.option("--seats", "seats_text", required=True, metavar="N", help="应选名额，单数。")
@click.option(
    "--alternates", "alternates_text", default="0", show_default=True, metavar="N", help="候补名额。"
)
@click.option(
    "--ties",
    default="runoff",
    show_default=True,
    metavar="RULE",
    help="票数相同：runoff 另行投票决定，listed 按名单先后。",
)
@click.option(
    "--max-choices", "most_text", metavar="N", help="一张票最多同意几人，超过的整张无效；不写就不限。"
)
@inputs.profile_option
@click.option("--closed-at", metavar="TIME", help="投票截止时间；不写就不判断逾期。")
@inputs.precedence_option
@inputs.conflicts_option
@inputs.invalid_option
@inputs.scope_option
@inputs.rules_option
@inputs.json_option
def elect(
    *,
    roll_file: str,
    ballot_files: tuple[str, ...],
    candidates_file: str,
    seats_text: str,
    alternates_text: str,
    ties: str,
    most_text: str | None,
    profile: str,
    closed_at: str | None,
    precedence: str,
    conflicts: str,
    invalid: str,
    scope_file: str | None,
    rules_files: tuple[str, ...],
    as_json: bool,
) -> None:
    """业主委员会选举计票：谁当选、谁候补、谁并列、谁的资格有问题。

    选票每行一个候选人：item 列写 candidate_id，choice 写 agree、against、abstain 或 invalid；
    没有 item 列的，每行一张票，choice 写同意的候选人，用分号隔开。

    例：linli elect --roll roll.csv --ballots ballots.csv --candidates candidates.csv --seats 5 --alternates 2
    """
    options = inputs.options_of(precedence, conflicts, invalid)
    seats = Seats(
        seats=read_whole(seats_text, what="应选名额"),
        alternates=read_whole(alternates_text, what="候补名额"),
        ties=inputs.one_of("--ties", ties, TIE_RULES),
        most_marks=None if most_text is None else read_whole(most_text, what="每张票最多同意的人数"),
    )
    with inputs.without_collector():
        candidates = _candidates(candidates_file)
        given = inputs.read_inputs(roll_file, ballot_files, scope_file, choices=None)
        _check_choices(given, candidates)
        closing, day = inputs.closing_and_day(closed_at, given.ballots, given.warnings)
        rules = inputs.rules_on(profile, day, rules_files)
        _check_seats(seats, rules)
        ruling = rules.ruling(MATTER)
        roll = given.roll(count_parking_area=ruling.count_parking_area)
        papers = gather_papers(
            given.ballots, candidates, by_item=given.has_items, most_marks=seats.most_marks
        )
        election = count_election(
            papers, roll, candidates, ruling, seats=seats, closed_at=closing, options=options, on=day
        )
        warnings = [*ruling.warnings, *roll.warnings, *given.warnings, *election.warnings]
        _tell(election, options, warnings=warnings, digests=given.digests, as_json=as_json)


def _candidates(path: str) -> list[Candidate]:
    found, table = reading.read_candidates(read_lines(path))
    table.finish()
    return found


def _check_choices(given: inputs.Inputs, candidates: Sequence[Candidate]) -> None:
    """Refuse a choice that means nothing: with ``item`` one of the four, without it names on the list."""
    listed = {candidate.candidate_id for candidate in candidates}
    for ballot in given.ballots:
        if given.has_items and ballot.choice not in CHOICES:
            raise Invalid(
                "choice_unknown",
                "表决票第 {row} 行：choice“{choice}”不对，应为 {known} 之一。",
                row=ballot.row,
                choice=ballot.choice,
                known="、".join(CHOICES),
            )
        if not given.has_items and ballot.choice == "agree" and "agree" not in listed:
            raise Invalid(
                "item_column_missing",
                "表决票第 {row} 行：choice 是 agree，却没有 item 列说明同意谁。",
                row=ballot.row,
            )


def _check_seats(seats: Seats, rules: Profile) -> None:
    least, odd = rules.fact("committee_min"), rules.fact("committee_odd")
    check_seats(
        seats,
        committee_min=least.value if least and isinstance(least.value, int) else None,
        committee_odd=odd is None or odd.value is True,
    )


def _tell(
    election: Election, options: Options, *, warnings: list[str], digests: Mapping[str, str], as_json: bool
) -> None:
    told = told_election(election, options, warnings=warnings, digests=digests)
    if as_json:
        inputs.tell_json(told)
    else:
        click.echo(election_sheet(election, options, warnings=warnings, digest=told["digest"]))
