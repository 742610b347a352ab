"""What the voting commands have in common: the files, the rule of the closing day, the options."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import click

from linli.civic.voting.domain import ballots as rules
from linli.civic.voting.domain import digest, reading
from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.entitlement import Roll, Unit, build_roll
from linli.civic.voting.domain.tally import TREATMENTS, Options
from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.terminal import read_lines
from linli.ground.kernel.text import fold, shown
from linli.registry.regulations.domain.profiles import Profile, Ruling
from linli.registry.regulations.queries import law_book_with

DEFAULT_PROFILE = "cn-3702-qingdao"

roll_option = click.option(
    "--roll", "roll_file", required=True, metavar="CSV", help="业主名册：unit_code,area_m2,owner_ids,holder。"
)
ballots_option = click.option(
    "--ballots",
    "ballot_files",
    required=True,
    multiple=True,
    metavar="CSV",
    help="表决票：ballot_no,unit_code,voter_id,choice,channel,cast_at；分成几个文件的写几次。",
)
profile_option = click.option(
    "--profile", default=DEFAULT_PROFILE, show_default=True, metavar="NAME", help="规则名或行政区划代码。"
)
rules_option = click.option(
    "--rules", "rules_files", multiple=True, metavar="TOML", help="另加的规则文件，如本小区业主大会的约定。"
)
scope_option = click.option(
    "--scope", "scope_file", metavar="CSV", help="列支范围（unit_code）：只由这些房屋的业主表决。"
)
precedence_option = click.option(
    "--precedence",
    default="paper_first",
    show_default=True,
    metavar="RULE",
    help="同一人投了几张以哪张为准：paper_first、latest、first。",
)
conflicts_option = click.option(
    "--conflicts",
    default="exclude",
    show_default=True,
    metavar="RULE",
    help="共有人意见不一：exclude 不算参与，participate 算参与不算同意。",
)
invalid_option = click.option(
    "--invalid",
    default="exclude",
    show_default=True,
    metavar="RULE",
    help="无效票：exclude 不算参与，participate 算参与不算同意。",
)
json_option = click.option("--json", "as_json", is_flag=True, help="以 JSON 输出，供程序读取。")

Word = TypeVar("Word", bound=str)


@dataclass(slots=True)
class Inputs:
    """What was read: the units, the ballots, the scope, with the digests of each and what to warn of."""

    units: list[Unit]
    ballots: list[Ballot] = field(default_factory=list)
    scope: list[str] | None = None
    has_items: bool = False
    digests: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def roll(self, *, count_parking_area: bool) -> Roll:
        """The voting rights within the scope."""
        scope = None if self.scope is None else frozenset(self.scope)
        return build_roll(self.units, scope=scope, count_parking_area=count_parking_area)

    def areas(self, *, count_parking_area: bool) -> dict[str, int]:
        """The area of every unit as it is counted, in 0.01 m²."""
        return {
            unit.code: unit.area_dm2 + (unit.parking_area_dm2 if count_parking_area else 0)
            for unit in self.units
        }


@contextmanager
def without_collector() -> Iterator[None]:
    """Half a million rows are no garbage: the collector would only walk them again and again."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def read_inputs(
    roll_file: str,
    ballot_files: Sequence[str],
    scope_file: str | None,
    *,
    choices: Sequence[str] | None = rules.CHOICES,
) -> Inputs:
    """Read the files. Refuses with the place of the first fault."""
    units, table = reading.read_roll(read_lines(roll_file))
    table.finish()
    inputs = Inputs(units)
    _note_ignored(inputs, "名册", table.ignored)
    with_items = set()
    for path in ballot_files:
        name = os.path.basename(path)
        what = "表决票" if len(ballot_files) == 1 else f"表决票 {shown(name)} "
        source = "" if len(ballot_files) == 1 else name
        found, table = reading.read_ballots(read_lines(path), what=what, source=source, choices=choices)
        table.finish()
        inputs.ballots += found
        with_items.add("item" in table.columns)
        _note_ignored(inputs, what.strip(), table.ignored)
    if len(with_items) > 1:
        raise Invalid("items_differ", "几个表决票文件有的有 item 列，有的没有，请统一。")
    inputs.has_items = True in with_items
    if scope_file is not None:
        inputs.scope, table = reading.read_scope(read_lines(scope_file))
        table.finish()
        inputs.digests["scope"] = digest.digest_of_words(inputs.scope)
    inputs.digests["roll"] = digest.digest_of_units(units)
    inputs.digests["ballots"] = digest.digest_of_ballots(inputs.ballots)
    return inputs


def _note_ignored(inputs: Inputs, what: str, ignored: Sequence[str]) -> None:
    if ignored:
        names = "、".join(shown(name) for name in ignored[:8])
        inputs.warnings.append(f"{what}里有用不上的列，没有理会：{names}。")


def closing_and_day(
    closed_at: str | None, ballots: Sequence[Ballot], warnings: list[str]
) -> tuple[datetime | None, date]:
    """The closing time and the day whose rules apply; without one, the day of the last ballot."""
    if closed_at is not None:
        closing = reading.read_closing(closed_at)
        return closing, closing.date()
    last = rules.last_cast(ballots)
    if last is None:
        raise Invalid("no_closing", "还没有任何票，请用 --closed-at 写明投票截止时间，才知道适用哪天的规则。")
    warnings.append(
        f"没有写 --closed-at，不判断是否逾期，按最后一票的日期 {last.date().isoformat()} 适用规则。"
    )
    return None, last.date()


def rules_on(profile: str, day: date, rules_files: Sequence[str]) -> Profile:
    """The rules of the place on the day."""
    return law_book_with({path: "".join(read_lines(path)) for path in rules_files}).resolve(
        fold(profile), on=day
    )


def options_of(precedence: str, conflicts: str, invalid: str) -> Options:
    """The declared options. Refuses a word that is none of them."""
    return Options(
        one_of("--precedence", precedence, rules.PRECEDENCES),
        one_of("--conflicts", conflicts, TREATMENTS),
        one_of("--invalid", invalid, TREATMENTS),
    )


def one_of(option: str, word: str, allowed: Sequence[Word]) -> Word:
    """The word as one of those allowed."""
    for known in allowed:
        if word == known:
            return known
    raise Invalid(
        "unknown_option_value",
        "{option} 的值“{word}”不对，应为 {allowed} 之一。",
        option=option,
        word=shown(word),
        allowed="、".join(allowed),
    )


def parking_hint(given: Inputs, ruling: Ruling) -> list[str]:
    """A hint where the roll gives parking areas that the rules do not count."""
    if ruling.count_parking_area or not any(unit.parking_area_dm2 for unit in given.units):
        return []
    return ["名册里有车位面积，适用的规则没有规定计入，没有计入。"]


def tell_json(answer: dict[str, Any]) -> None:
    """Print plain data: each entry on its own line, and so each row of a list."""
    click.echo("{\n " + ",\n ".join(f"{_compact(key)}: {_told(answer[key])}" for key in answer) + "\n}")


def _told(value: Any) -> str:
    if isinstance(value, list) and value:
        return "[\n  " + ",\n  ".join(map(_compact, value)) + "\n ]"
    return _compact(value)


_compact = json.JSONEncoder(ensure_ascii=False).encode
