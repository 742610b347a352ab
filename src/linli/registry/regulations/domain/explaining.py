"""Tells in plain Chinese who decides a matter, by what majority, after which notice, by which articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linli.registry.regulations.domain.clocks import CIVIL_CODE, Deadline
from linli.registry.regulations.domain.facts import CONFIDENCES, FACTS
from linli.registry.regulations.domain.profiles import Citation, Fact, Profile, Ruling

BASES = {"participating": "参与表决的", "total": "全体业主的"}
CLASSES = {"ordinary": "一般事项", "special": "重大事项"}
REGIMES = {"CC2021": "民法典（2021年1月1日起）", "PL2007": "物权法（2020年12月31日止）"}

NOTICE_FACTS = (
    "notice_days", "fund_plan_post_days", "decision_publish_days", "covenant_publish_days",
    "publicity_min_days", "publicity_physical_required",
)  # fmt: skip
HEAD_FACTS = (
    "one_part_one_head", "developer_one_head", "same_buyer_one_head", "headcount_override_by_rules",
    "count_parking_area",
)  # fmt: skip
COMMITTEE_FACTS = (
    "committee_min", "committee_odd", "committee_term_max_years", "committee_extension_max_years",
    "committee_attendance", "committee_decision",
)  # fmt: skip
_ONLY_FOR = {
    "fund_plan_post_days": ("FUND_USE",),
    "covenant_publish_days": ("COVENANT", "ASSEMBLY_RULES"),
}


def cited(citations: Iterable[Citation]) -> str:
    """Citations in one line, each with how sure it is when the article itself was not read."""
    return "；".join(f"{one}{_doubt(one)}" for one in citations)


def _doubt(citation: Citation) -> str:
    return "" if citation.confidence == "T" else f"（{CONFIDENCES[citation.confidence]}）"


def explanation(profile: Profile, ruling: Ruling) -> str:
    """The whole answer, line by line."""
    return "\n".join(_lines(profile, ruling))


def _lines(profile: Profile, ruling: Ruling) -> Iterator[str]:
    regime = REGIMES.get(ruling.regime, ruling.regime)
    yield f"{profile.jurisdiction.name}，{profile.on.isoformat()}，适用{regime}"
    yield f"事项：{ruling.item_name}（{ruling.item}），{CLASSES[ruling.kind]}"
    yield from (f"注意：{warning}" for warning in ruling.warnings)
    yield "谁来决定：全体业主共同决定；成立了业主大会的，由业主大会决定。租户不参加表决。"
    yield (
        f"多少人参加：专有部分面积占比{ruling.quorum.words}、并且人数占比{ruling.quorum.words}的业主参与表决"
        f"（{ruling.quorum.short_words}），两样都要够。"
    )
    yield (
        f"多少人同意：{BASES[ruling.base]}专有部分面积{ruling.approval.words}、并且{BASES[ruling.base]}人数"
        f"{ruling.approval.words}同意（{ruling.approval.short_words}），两样都要够。弃权不算同意。"
    )
    yield "怎样通知："
    yield from _facts(
        profile, [name for name in NOTICE_FACTS if ruling.item in _ONLY_FOR.get(name, (ruling.item,))]
    )
    yield "怎样数人数和面积："
    yield from _facts(profile, HEAD_FACTS)
    if ruling.item == "COMMITTEE_ELECTION":
        yield "业主委员会："
        yield from _facts(profile, COMMITTEE_FACTS)
    yield f"依据：{cited(ruling.citations)}"
    yield "适用的规则："
    for version in profile.versions:
        yield (
            f"  {version.title}（{version.profile}），{version.in_force_from.isoformat()} 起施行，"
            f"{version.verified_on.isoformat()} 核对，{CONFIDENCES[version.confidence]}"
        )
    yield "本说明不是法律意见；有争议时以法律、法规原文和主管部门的解释为准。"


def _facts(profile: Profile, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        fact = profile.fact(name)
        if fact is not None:
            yield f"  {FACTS[name].told(fact.value)}。{_source(fact)}"


def _source(fact: Fact) -> str:
    note = f"；{fact.note}" if fact.note else ""
    return f"（{fact.citation}{_doubt(fact.citation)}{note}）"


def deadline_lines(profile: Profile, found: Iterable[Deadline]) -> Iterator[str]:
    """The dates as a list, the counting written out."""
    yield f"{profile.jurisdiction.name}，业主大会会议的法定日期"
    for deadline in found:
        yield f"{deadline.on.isoformat()}  {deadline.duty}。"
        yield f"            {_counting(deadline)}{_source(deadline.fact)}"
    yield f"算法：往后数的，当天不算，最后一天是休息日的顺延到下一个工作日（{CIVIL_CODE}）；往前数的不顺延。"


def _counting(deadline: Deadline) -> str:
    unit = "日" if deadline.unit == "days" else "年"
    if deadline.direction == "backward":
        hint = "；这天是休息日，宜提前" if deadline.rest_day else ""
        return f"{deadline.start.isoformat()} 往前数 {deadline.count} {unit}{hint}"
    moved = f"，{deadline.counted_to.isoformat()} 是休息日，顺延" if deadline.moved else ""
    waiting = "，暂定（该年放假安排未公布）" if deadline.provisional else ""
    return f"{deadline.start.isoformat()} 次日起数 {deadline.count} {unit}{moved}{waiting}"
