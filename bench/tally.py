"""The count: 500,000 units and ballots, from csv to result, and the count after precedence alone."""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path
from random import Random

from bench.measure import Measure, interleave

CLOSED_AT = "2026-06-01T18:00+08:00"
CHOICES = ("agree",) * 7 + ("against",) * 2 + ("abstain",)
CHANNELS = ("paper", "door", "online", "meeting", "proxy")


def run(quick: bool) -> list[Measure]:
    """``linli tally`` as it is called, in this process; then its last part on ballots that are read already."""
    units = 5_000 if quick else 500_000
    roll, ballots = write_box(Path(os.environ["TMPDIR"]), units)
    whole = interleave({"tally": lambda: _tally(roll, ballots)}, rounds=1 if quick else 3, warm=0)["tally"]
    what = f"{units:,} units and as many ballots"
    counted = _count_alone(roll, ballots)
    return [
        Measure(
            name=f"{what}: csv to result",
            value=whole.median,
            unit="s",
            target=None if quick else 5.0,
            runs=tuple(whole.wall),
        ),
        Measure(
            name=f"{what}: count after precedence",
            value=statistics.median(counted),
            unit="s",
            target=None if quick else 0.4,
            runs=tuple(counted),
            note="figures, gates and what is missing, from the standing ballots",
        ),
    ]


def write_box(folder: Path, units: int) -> tuple[Path, Path]:
    """A roll and as many ballots: who casts twice, late or not at all, co-owners who differ, a developer, invalid ones."""
    chance = Random(500)
    roll, ballots = folder / "roll.csv", folder / "ballots.csv"
    with roll.open("w", encoding="utf-8") as homes, ballots.open("w", encoding="utf-8") as votes:
        homes.write("unit_code,area_m2,owner_ids,holder\n")
        votes.write("ballot_no,unit_code,voter_id,choice,channel,cast_at\n")
        for number in range(units):
            code = f"{number // 120 + 1}-{number % 120 // 40 + 1}-{number % 40 + 101}"
            owners = [f"P{number}"] + ([f"Q{number}"] if number % 5 == 0 else [])
            is_developer = number % 50 == 7
            owner_ids = "D1" if is_developer else ";".join(owners)
            homes.write(
                f"{code},{60 + chance.random() * 90:.2f},{owner_ids},{'developer' if is_developer else 'owner'}\n"
            )
            if number % 7 == 6:  # who does not vote
                continue
            choice = "invalid" if number % 200 == 3 else chance.choice(CHOICES)
            voter = "D1" if is_developer else owners[0]
            for again in range(
                2 if number % 10 == 4 else 1
            ):  # one in ten casts a second ballot, some of them late
                day = (
                    f"06-{2 + again:02d}"
                    if number % 100 == 4 and again
                    else f"05-{1 + chance.randrange(30):02d}"
                )
                votes.write(
                    f"B{number}-{again},{code},{voter},{choice},{chance.choice(CHANNELS)},2026-{day}T{number % 24:02d}:00\n"
                )
            if len(owners) > 1 and number % 3 == 0:  # a co-owner who may choose otherwise
                votes.write(
                    f"C{number},{code},{owners[1]},{chance.choice(CHOICES)},paper,2026-05-{1 + number % 30:02d}T12:00\n"
                )
    return roll, ballots


def _arguments(roll: Path, ballots: Path) -> list[str]:
    return [
        *("--roll", str(roll), "--ballots", str(ballots), "--profile", "cn-3702-qingdao"),
        *("--item", "FUND_USE", "--closed-at", CLOSED_AT, "--json"),
    ]


def _tally(roll: Path, ballots: Path) -> None:
    from click.testing import CliRunner

    from linli.civic.voting.management.tally import tally

    done = CliRunner().invoke(tally, _arguments(roll, ballots))
    assert done.exit_code == 0, done.output


def _count_alone(roll_file: Path, ballots_file: Path) -> list[float]:
    """Precedence is settled before the clock starts; three counts."""
    from linli.civic.voting.domain import reading
    from linli.civic.voting.domain.ballots import sort_out
    from linli.civic.voting.domain.entitlement import build_roll
    from linli.civic.voting.domain.tally import count
    from linli.civic.voting.domain.thresholds import is_passed, missing, quorum_is_met
    from linli.registry.regulations.queries import law_book

    closing = reading.read_closing(CLOSED_AT)
    ruling = law_book().resolve("cn-3702-qingdao", on=closing.date()).ruling("FUND_USE")
    units, _ = reading.read_roll(roll_file.read_text("utf-8").splitlines(keepends=True))
    ballots, _ = reading.read_ballots(ballots_file.read_text("utf-8").splitlines(keepends=True))
    roll = build_roll(units)
    standing = sort_out(ballots, roll, closed_at=closing, precedence="paper_first")
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        figures = count(standing.choices, roll)
        is_passed(figures, ruling), quorum_is_met(figures, ruling), missing(figures, ruling)
        seconds.append(time.perf_counter() - began)
    return seconds
