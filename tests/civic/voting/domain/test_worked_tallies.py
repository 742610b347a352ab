"""The worked tallies, as a table that a clerk can read and reckon.

Each line: who there is and what they did; then area/heads of all, of those who took part, of those who
agreed; then whether it passes. Q quorum, O ordinary, S special under the Civil Code; PO and PS the same under
the Property Law. 「3人×2套×100」 are three owners with two units of 100.00 m² each.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest

from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.deeming import Delivery, deem
from linli.civic.voting.domain.entitlement import Roll, Unit, build_roll
from linli.civic.voting.domain.tally import Options, Result, tally
from linli.civic.voting.domain.thresholds import is_passed
from linli.ground.kernel.area import parse_area
from linli.ground.kernel.errors import Invalid
from linli.registry.regulations.domain.profiles import Ruling
from tests.civic.voting.domain.rules import CC_ORDINARY, CC_SPECIAL, PL_ORDINARY, PL_SPECIAL, at

TABLE = """
例  | 业主与表决                                                            | 全体       | 参与         | 同意       | Q O S PO PS
1   | 40人×100 同意，20人×100 反对，30人×100 未投                           | 9000/90    | 6000/60      | 4000/40    | ✔ ✔ ✘ ✘ ✘
2   | 30人×100 同意，30人×100 反对，30人×100 未投                           | 9000/90    | 6000/60      | 3000/30    | ✔ ✘ ✘ ✘ ✘
3   | 45人×100 同意，15人×100 反对，30人×100 未投                           | 9000/90    | 6000/60      | 4500/45    | ✔ ✔ ✔ ✘ ✘
4   | 59人×100 同意，31人×100 未投                                          | 9000/90    | 5900/59      | 5900/59    | ✘ ✘ ✘ ✔ ✘
5   | 60人×100 同意，30人×100 未投                                          | 9000/90    | 6000/60      | 6000/60    | ✔ ✔ ✔ ✔ ✔
6a  | 1人×4套×100 同意，3人×100 同意，1人×100 反对，2人×100 未投            | 1000/7     | 800/5        | 700/4      | ✔ ✔ ✔ ✔ ✘
6b  | 1人×4套×100 反对，4人×100 同意，2人×100 未投                          | 1000/7     | 800/5        | 400/4      | ✔ ✘ ✘ ✘ ✘
7a  | 3人×100 同意，1人×100 共有人意见不一，2人×100 未投                    | 600/6      | 300/3        | 300/3      | ✘ ✘ ✘ ✘ ✘
7b  | 3人×100 同意，1人×100 共有人意见不一，2人×100 未投；意见不一的算参与  | 600/6      | 400/4        | 300/3      | ✔ ✔ ✔ ✘ ✘
8a  | 建设单位30套×100 未投，48人×100 同意，22人×100 未投                   | 10000/71   | 4800/48      | 4800/48    | ✘ ✘ ✘ ✘ ✘
8b  | 建设单位30套×100 同意，47人×100 同意，23人×100 未投                   | 10000/71   | 7700/48      | 7700/48    | ✔ ✔ ✔ ✔ ✔
9a  | 29人×100 同意，11人×100 反对，20人×100 弃权，30人×100 未投            | 9000/90    | 6000/60      | 2900/29    | ✔ ✘ ✘ ✘ ✘
9b  | 31人×100 同意，9人×100 反对，20人×100 弃权，30人×100 未投             | 9000/90    | 6000/60      | 3100/31    | ✔ ✔ ✘ ✘ ✘
10  | 6人×100 同意两次，44人×100 同意，9人×100 反对，31人×100 未投          | 9000/90    | 5900/59      | 5000/50    | ✘ ✘ ✘ ✔ ✘
11  | 1人×4000 同意，16人×105 同意，1人×120 同意，22人×100 反对，10人×180 未投，1人×200 未投 | 10000/51 | 8000/40 | 5800/18 | ✔ ✘ ✘ ✘ ✘
12a | 80人×625 同意，19人×833.33 反对，1人×833.39 反对，49人×666.66 未投，1人×667.00 未投 | 100000/150 | 66666.66/100 | 50000/80 | ✘ ✘ ✘ ✘ ✘
12b | 80人×625 同意，19人×833.33 反对，1人×833.40 反对，49人×666.66 未投，1人×666.99 未投 | 100000/150 | 66666.67/100 | 50000/80 | ✔ ✔ ✘ ✘ ✘
13a | 40人×100 同意，15人×100 反对，30人×100 送达未投，5人×100 未投         | 9000/90    | 5500/55      | 4000/40    | ✘ ✘ ✘ ✘ ✘
13b | 40人×100 同意，15人×100 反对，30人×100 送达未投，5人×100 未投；送达未投的视为从多 | 9000/90 | 8500/85 | 7000/70 | ✔ ✔ ✔ ✔ ✔
"""

SEGMENT = re.compile(r"(?:(\d+)人|建设单位)(?:×?(\d+)套)?×([\d.]+) (\S+)")
CHOICES = {"同意": "agree", "反对": "against", "弃权": "abstain", "同意两次": "agree"}
HEADER, *ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


class Scenario(NamedTuple):
    """A roll, what came in, what was delivered, and how it is counted."""

    units: list[Unit]
    ballots: list[Ballot]
    deliveries: list[Delivery]
    options: Options
    is_deemed: bool

    @property
    def roll(self) -> Roll:
        return build_roll(self.units)


def scenario(text: str) -> Scenario:
    """The story of one line as rolls and ballots."""
    story, _, how = text.partition("；")
    units: list[Unit] = []
    ballots: list[Ballot] = []
    deliveries: list[Delivery] = []
    for part in story.split("，"):
        people, homes, area, deed = SEGMENT.fullmatch(part).groups()  # type: ignore[union-attr]
        for _ in range(int(people or 1)):
            name = f"P{len(units)}" if people else "开发商"
            owners = (f"{name}夫", f"{name}妻") if deed == "共有人意见不一" else (name,)
            holder = "owner" if people else "developer"
            codes = [f"1-{len(units) + number}" for number in range(int(homes or 1))]
            units += [Unit(0, code, parse_area(area), owners, holder) for code in codes]
            ballots += _cast(codes, owners, deed, len(ballots))
            if deed == "送达未投":
                deliveries.append(Delivery(0, codes[0], at(2)))
    options = Options(conflicts="participate" if how == "意见不一的算参与" else "exclude")
    return Scenario(units, ballots, deliveries, options, how == "送达未投的视为从多")


def _cast(codes: list[str], owners: tuple[str, ...], deed: str, already: int) -> list[Ballot]:
    if deed == "共有人意见不一":
        choices = ["agree", "against"]
    elif deed == "同意两次":
        choices, owners = ["agree", "agree"], owners * 2
    else:
        choices = [CHOICES[deed]] if deed in CHOICES else []
    channels = ("paper", "online")
    return [
        Ballot(already + n + 2, f"票{already + n}", codes[0], owner, choice, channels[n], at(3 + n))
        for n, (owner, choice) in enumerate(zip(owners, choices, strict=False))
    ]


def counted(story: Scenario, ruling: Ruling) -> Result:
    closing = at(31, 18).replace(year=2026 if ruling.regime == "CC2021" else 2020)
    ballots = [ballot._replace(cast_at=ballot.cast_at.replace(year=closing.year)) for ballot in story.ballots]
    return tally(ballots, story.roll, ruling, closed_at=closing, options=story.options)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_the_worked_tallies(row: list[str]) -> None:
    _, text, total, participating, agreeing, verdicts = row
    story = scenario(text)
    results = [counted(story, ruling) for ruling in (CC_ORDINARY, CC_SPECIAL, PL_ORDINARY, PL_SPECIAL)]
    figures = [result.figures for result in results]
    if story.is_deemed:
        figures = [deem(results[0], story.roll, story.deliveries).figures] * 4
    for found in figures:
        assert f"{_plain(found.total_area_dm2)}/{found.total_heads}" == total
        assert f"{_plain(found.participating_area_dm2)}/{found.participating_heads}" == participating
        assert f"{_plain(found.agree_area_dm2)}/{found.agree_heads}" == agreeing
    quorum = results[0].quorum_met or story.is_deemed
    passed = [is_passed(found, result.ruling) for found, result in zip(figures, results, strict=True)]
    assert " ".join("✔" if one else "✘" for one in (quorum, *passed)) == verdicts


def _plain(area_dm2: int) -> str:
    return f"{area_dm2 // 100}.{area_dm2 % 100:02}".removesuffix(".00")


def test_conflicting_co_owners_who_would_decide_are_announced() -> None:
    """7a and 7b: the outcome flips with the treatment, so each result shows the other."""
    excluded, included = (scenario(next(row[1] for row in ROWS if row[0] == name)) for name in ("7a", "7b"))
    strict = counted(excluded, CC_ORDINARY)
    assert [(one.conflicts, one.passed) for one in strict.sensitivity] == [("participate", True)]
    assert strict.sensitivity[0].figures == counted(included, CC_ORDINARY).figures
    loose = counted(included, CC_ORDINARY)
    assert [(one.conflicts, one.passed) for one in loose.sensitivity] == [("exclude", False)]


def test_the_developer_is_one_head_and_not_thirty() -> None:
    story = scenario(next(row[1] for row in ROWS if row[0] == "8b"))
    assert story.roll.total_heads == 71
    assert story.roll.total_area_dm2 == 1_000_000


def test_six_who_voted_on_paper_and_online_count_once() -> None:
    result = counted(scenario(next(row[1] for row in ROWS if row[0] == "10")), CC_ORDINARY)
    assert len(result.standing.superseded) == 6
    assert {one.ballot.channel for one in result.standing.superseded} == {"online"}


def test_silence_is_never_deemed_in_a_special_matter() -> None:
    story = scenario(next(row[1] for row in ROWS if row[0] == "13b"))
    with pytest.raises(Invalid, match="不适用"):
        deem(counted(story, CC_SPECIAL), story.roll, story.deliveries)
