"""The result sheet: plain Chinese, every comparison written out, every ballot that does not count by its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from linli.civic.voting.domain.ballots import ABSTAIN, AGAINST, AGREE, Ballot, Standing
from linli.civic.voting.domain.deeming import Deemed
from linli.civic.voting.domain.reporting import REASONS
from linli.civic.voting.domain.tally import Options, Result, Treatment
from linli.civic.voting.domain.thresholds import Figures, comparisons
from linli.ground.kernel.area import format_area
from linli.registry.regulations.domain.explaining import BASES, CLASSES, REGIMES, cited
from linli.registry.regulations.domain.profiles import Ruling

if TYPE_CHECKING:
    from linli.civic.voting.domain.leak import Leak

CHOICE_WORDS = {AGREE: "同意", AGAINST: "反对", ABSTAIN: "弃权"}
PRECEDENCE_WORDS = {
    "paper_first": "同一人投了几张的，纸质票和现场票先于上门票，上门票先于网上票，网上票先于代理票；同类的以后投的为准",
    "latest": "同一人投了几张的，以最后投的为准",
    "first": "同一人投了几张的，以最先投的为准",
}
TREATMENT_WORDS = {"exclude": "不算参与", "participate": "算参与、不算同意"}
_STEPS = {"quorum": "参加的", "approval": "同意的"}
LONGEST_LIST = 200
"""Rows listed under one heading; the rest is counted, and stands in full in the JSON."""


def result_sheet(
    result: Result, *, item: str, deemed: Deemed | None, warnings: Iterable[str], digest: str
) -> str:
    """The sheet of one item."""
    return "\n".join(_sheet(result, item, deemed, warnings, digest))


def _sheet(
    result: Result, item: str, deemed: Deemed | None, warnings: Iterable[str], digest: str
) -> Iterator[str]:
    ruling = result.ruling
    yield "计票结果单"
    yield "=" * 40
    named = "" if item == ruling.item else f"“{item}” "
    yield f"表决事项：{named}{ruling.item_name}（{ruling.item}），{CLASSES[ruling.kind]}"
    if result.closed_at is not None:
        yield f"投票截止：{instant_words(result.closed_at)}"
    yield f"适用规则：{REGIMES.get(ruling.regime, ruling.regime)}"
    yield f"结果：{verdict_words(result.passed)}"
    if not result.passed:
        yield f"原因：{_why(result)}。"
    yield ""
    yield from figure_lines(result.figures)
    yield ""
    yield from verdict_lines(result.figures, ruling)
    yield from _missing_lines(result)
    yield from _otherwise_lines(result)
    if deemed is not None:
        yield from _deemed_lines(result, deemed)
    yield from standing_lines(result.standing)
    yield from closing_lines(ruling, result.options, warnings, digest)


def treatment_words(conflicts: Treatment, invalid: Treatment) -> str:
    """What becomes of conflicts and invalid ballots."""
    return f"共有人意见不一的{TREATMENT_WORDS[conflicts]}、无效票{TREATMENT_WORDS[invalid]}"


def verdict_words(passed: bool) -> str:
    """通过 or 没有通过."""
    return "通过" if passed else "没有通过"


def _why(result: Result) -> str:
    """Which of the four shares are not reached."""
    names = {"area": "面积", "heads": "人数"}
    short = [one for one in comparisons(result.figures, result.ruling) if not one.is_met]
    return "，".join(f"{_STEPS[one.step]}{names[one.dimension]}不够" for one in short)


def instant_words(instant: datetime) -> str:
    """An instant for people, in Beijing time; seconds only where they matter."""
    day = f"{instant.year}年{instant.month}月{instant.day}日"
    if instant.time() == time.max:
        return f"{day} 24:00（北京时间）"
    return f"{day} {instant:{'%H:%M:%S' if instant.second else '%H:%M'}}（北京时间）"


def participation_lines(figures: Figures) -> Iterator[str]:
    """Who there is and who took part."""
    yield "一、多少人、多少面积"
    yield from _amounts(
        ("全体业主", figures.total_heads, figures.total_area_dm2),
        ("参与表决", figures.participating_heads, figures.participating_area_dm2),
    )


def figure_lines(figures: Figures) -> Iterator[str]:
    """Who there is, who took part, who chose what."""
    yield from participation_lines(figures)
    yield from _amounts(
        ("其中同意", figures.agree_heads, figures.agree_area_dm2),
        ("其中反对", figures.against_heads, figures.against_area_dm2),
        ("其中弃权", figures.abstain_heads, figures.abstain_area_dm2),
    )
    if figures.undecided_heads:
        yield from _amounts(("没有有效意见的", figures.undecided_heads, figures.undecided_area_dm2))


def _amounts(*rows: tuple[str, int, int]) -> Iterator[str]:
    for label, heads, area in rows:
        yield f"  {label}：{heads:,} 人，{format_area(area)} 平方米"


def verdict_lines(figures: Figures, ruling: Ruling) -> Iterator[str]:
    """The four comparisons, each written out."""
    found = comparisons(figures, ruling)
    yield f"二、参加的够不够（须全体业主的{ruling.quorum.words}，{ruling.quorum.short_words}，面积和人数都要够）"
    yield from (f"  {one.text}" for one in found if one.step == "quorum")
    yield (
        f"三、同意的够不够（须{BASES[ruling.base]}{ruling.approval.words}，{ruling.approval.short_words}，"
        "面积和人数都要够）"
    )
    yield from (f"  {one.text}" for one in found if one.step == "approval")


def _missing_lines(result: Result) -> Iterator[str]:
    if result.passed:
        return
    area, heads = result.missing.area_dm2, result.missing.heads
    yield "四、还差多少"
    yield f"  {missing_words(area, heads)}"
    if area is not None and heads is not None and not result.is_reachable:
        left_heads = result.figures.total_heads - result.figures.participating_heads
        left_area = result.figures.total_area_dm2 - result.figures.participating_area_dm2
        yield f"  但没有参加的只有 {left_heads:,} 人、{format_area(left_area)} 平方米，补不上。"


def missing_words(area_dm2: int | None, heads: int | None) -> str:
    """What would be enough to pass, in one sentence."""
    if area_dm2 is None or heads is None:
        return "须参与的全部同意，再有多少人同意也补不上。"
    if not heads:
        return f"人数已经够了；再有合计 {format_area(area_dm2)} 平方米的业主参加并且都同意，就能通过。"
    if not area_dm2:
        return f"面积已经够了；再有 {heads:,} 人参加并且都同意，就能通过。"
    return f"再有 {heads:,} 人、合计 {format_area(area_dm2)} 平方米的业主参加并且都同意，就能通过。"


def _otherwise_lines(result: Result) -> Iterator[str]:
    if not result.sensitivity:
        return
    yield "【请注意】换一种算法，结果就不同："
    for other in result.sensitivity:
        yield f"  {treatment_words(other.conflicts, other.invalid)}：{verdict_words(other.passed)}"
        yield from (f"    {one.text}" for one in comparisons(other.figures, result.ruling))


def _deemed_lines(result: Result, deemed: Deemed) -> Iterator[str]:
    yield "【严格计票与“从多”并列】"
    yield f"  严格计票：{verdict_words(result.passed)}"
    follows = CHOICE_WORDS[deemed.follows] if deemed.follows else "无"
    yield (
        f"  未投票的视为从多（从“{follows}”，{deemed.heads:,} 人，{format_area(deemed.area_dm2)} 平方米）："
        f"{verdict_words(deemed.passed)}"
    )
    yield from (f"    {one.text}" for one in comparisons(deemed.figures, result.ruling))
    yield from (f"  {warning}" for warning in deemed.warnings)


def standing_lines(standing: Standing) -> Iterator[str]:
    """Every ballot that does not count by itself, by its row."""
    listed = {
        "被同一人的另一张票取代": [
            f"{_row(one.ballot)}，以{_row(one.by)}为准" for one in standing.superseded
        ],
        "共有人选的一样，并作一票": [_row(ballot) for ballot in standing.merged],
        "共有人意见不一": ["；".join(map(_row, conflict.ballots)) for conflict in standing.conflicts],
        "截止之后才投": [f"{_row(ballot)}，{instant_words(ballot.cast_at)}" for ballot in standing.late],
        "没有投票权": [f"{_row(one.ballot)}：{REASONS[one.reason]}" for one in standing.not_entitled],
        "无效票": [_row(ballot) for ballot in standing.invalid],
        "票号重复": [f"{_row(one.ballot)}，与{_row(one.first)}同号" for one in standing.duplicates],
    }
    if not any(listed.values()):
        return
    yield "没有单独计数的票"
    for label, rows in listed.items():
        if rows:
            yield (
                f"  {label}：{len(rows):,} 张"
                if label != "共有人意见不一"
                else f"  {label}：{len(rows):,} 户"
            )
            yield from (f"    {row}" for row in rows[:LONGEST_LIST])
            if len(rows) > LONGEST_LIST:
                yield f"    另有 {len(rows) - LONGEST_LIST:,} 张，见 --json 的输出。"


def _row(ballot: Ballot) -> str:
    file = f"{ballot.source} " if ballot.source else ""
    return f"{file}第 {ballot.row} 行（{ballot.unit_code}，票号 {ballot.ballot_no}）"


def closing_lines(ruling: Ruling, options: Options, warnings: Iterable[str], digest: str) -> Iterator[str]:
    """How it was counted, by which articles, what to mind, and the digest."""
    yield f"计票办法：{PRECEDENCE_WORDS[options.precedence]}。"
    yield (
        f"          共有人意见不一的{TREATMENT_WORDS[options.conflicts]}；无效票{TREATMENT_WORDS[options.invalid]}；"
        "弃权算参与、不算同意；没交票的不算参与。"
    )
    yield f"依据：{cited(ruling.citations)}"
    yield from (f"注意：{warning}" for warning in warnings)
    yield f"核对码：{digest}"
    yield "（名册、选票、规则相同，谁来重算，核对码都一样。）"


def gap_sheet(told: Mapping[str, Any]) -> str:
    """What is missing, building by building."""
    return "\n".join(_gap(told))


def _gap(told: Mapping[str, Any]) -> Iterator[str]:
    named = "" if told["item"] == told["basis"]["item"] else f"“{told['item']}” "
    yield f"表决事项：{named}{told['basis']['item_name']}"
    if told["passed"]:
        yield "按目前收到的票，已经够通过。"
    else:
        yield "按目前收到的票，还不够通过："
        yield from (
            f"  {_STEPS[one['step']]}：{one['text']}" for one in told["comparisons"] if not one["met"]
        )
        yield missing_words(told["missing_area_dm2"], told["missing_heads"])
    yield "各楼还没有参加的："
    for building in told["buildings"]:
        yield (
            f"  {building['building']}：{building['silent_heads']:,} 人，"
            f"{format_area(building['silent_area_dm2'])} 平方米（共 {building['total_heads']:,} 人，"
            f"{format_area(building['total_area_dm2'])} 平方米）"
        )
        if building["unsettled_units"]:
            yield f"    意见不一或者票无效，要补办：{'、'.join(building['unsettled_units'][:LONGEST_LIST])}"
    if told["suggested_buildings"]:
        yield f"未参加面积最多的先走：{'、'.join(told['suggested_buildings'])}，就可能够了。"
    yield from (f"注意：{warning}" for warning in told["warnings"])


def leak_sheet(leak: Leak) -> str:
    """What exact totals would give away."""
    return "\n".join(_leak(leak))


def _leak(leak: Leak) -> Iterator[str]:
    at_most = "" if leak.exact else "最多"
    yield f"名册上 {leak.owners:,} 人。假想投票 {len(leak.exposed)} 次，公布“同意”的精确面积和人数后，"
    yield f"投了什么会被推算出来的业主：平均{at_most} {leak.mean:.1f} 人，最坏{at_most} {leak.worst:,} 人。"
    if leak.worst:
        yield "建议：公开记名投票，或者只公布是否通过、占比取整到百分之一，精确数字封存交监票人。"
    else:
        yield "没有人会因为公布精确总数而被推算出来。"
    yield "全体一致时，任何名册都保不住秘密。"
