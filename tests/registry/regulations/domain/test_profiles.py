"""What holds where and when: resolution by place and day, rulings, and what a reader refuses."""

from __future__ import annotations

from datetime import date

import pytest

from linli.ground.kernel.errors import Invalid, NotFound
from linli.registry.regulations.domain.explaining import explanation
from linli.registry.regulations.domain.facts import CONFIDENCES, FACTS
from linli.registry.regulations.domain.profiles import LawBook, Profile
from linli.registry.regulations.domain.reading import ProfileFaults, read_law_book
from linli.registry.regulations.domain.reporting import explained
from linli.registry.regulations.domain.thresholds import Threshold
from linli.registry.regulations.queries import law_book, law_book_with


def at(day: str, profile: str = "cn-3702-qingdao") -> Profile:
    return law_book().resolve(profile, on=date.fromisoformat(day))


# --- resolution ---------------------------------------------------------------------------------------

# where, when                       | the versions that hold, the nearest first
HELD = """
cn-3702-qingdao     2026-06-01      | cn-3702-qingdao cn-37-shandong cn-national-cc2021
370211              2026-06-01      | cn-3702-qingdao cn-37-shandong cn-national-cc2021
3702                2021-05-01      | cn-3702-qingdao cn-37-shandong-2009 cn-national-cc2021
cn-3702-qingdao     2021-04-30      | cn-37-shandong-2009 cn-national-cc2021
cn-3702-qingdao     2021-02-15      | cn-37-shandong-2009 cn-national-cc2021
cn-3702-qingdao     2021-01-01      | cn-37-shandong-2009 cn-national-cc2021
cn-3702-qingdao     2020-12-31      | cn-37-shandong-2009 cn-national-pl2007
cn-3702-qingdao     2019-06-01      | cn-37-shandong-2009 cn-national-pl2007
cn-3702-qingdao     2008-06-01      | cn-national-pl2007
cn-37-shandong      2021-12-02      | cn-37-shandong-2009 cn-national-cc2021
cn-37-shandong      2021-12-03      | cn-37-shandong cn-national-cc2021
cn-national-pl2007  2026-06-01      | cn-national-cc2021
cn                  2007-10-01      | cn-national-pl2007
"""


@pytest.mark.parametrize("line", HELD.strip().splitlines())
def test_at_every_level_the_version_in_force_holds_and_else_its_parents(line: str) -> None:
    question, _, answer = line.partition("|")
    profile, day = question.split()
    assert [version.profile for version in at(day, profile).versions] == answer.split()


def test_before_all_rules_there_is_nothing_to_count_by() -> None:
    with pytest.raises(NotFound, match="2007-09-30 没有收录适用的规则"):
        at("2007-09-30")


def test_an_unknown_profile_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(NotFound, match="没有“mars”这套规则；可用的有：.*cn-3702-qingdao"):
        at("2026-06-01", "mars")


def test_naming_a_version_of_another_time_is_told() -> None:
    assert "不适用；当日适用" in at("2019-06-01").warnings[0]
    assert at("2019-06-01", "3702").warnings == ()


# --- rulings ---------------------------------------------------------------------------------------------

# matter                      | class under the Property Law, the Civil Code, in Qingdao today
CLASSES = """
ASSEMBLY_RULES              | ordinary ordinary ordinary
COVENANT                    | ordinary ordinary ordinary
COMMITTEE_ELECTION          | ordinary ordinary ordinary
MANAGER_APPOINTMENT         | ordinary ordinary ordinary
FUND_USE                    | special ordinary ordinary
FUND_RAISING                | special special special
REBUILD                     | special special special
COMMON_PART_USE             | ordinary special special
OTHER_MAJOR                 | ordinary ordinary ordinary
COMMITTEE_ALLOWANCE         | ordinary ordinary ordinary
SHARED_COST_STANDARD        | ordinary ordinary ordinary
SERVICE_AND_FEE_PLAN        | ordinary ordinary ordinary
COMMON_FUNDS_RULES          | ordinary ordinary ordinary
COMMITTEE_DECISION_REVERSAL | ordinary ordinary ordinary
"""


@pytest.mark.parametrize("line", CLASSES.strip().splitlines())
def test_every_matter_has_its_class(line: str) -> None:
    item, _, classes = (part.strip() for part in line.partition("|"))
    for profile, kind in zip(
        (at("2020-06-01", "cn"), at("2021-02-01", "cn"), at("2026-06-01")), classes.split(), strict=True
    ):
        assert profile.ruling(item).kind == kind


def test_every_known_matter_is_in_the_table() -> None:
    assert {line.split("|")[0].strip() for line in CLASSES.strip().splitlines()} == set(law_book().matters)


def test_the_shares_of_both_regimes() -> None:
    new, old = at("2026-06-01").ruling("FUND_RAISING"), at("2020-06-01").ruling("FUND_RAISING")
    assert (new.regime, new.base, new.quorum, new.approval) == (
        "CC2021",
        "participating",
        Threshold(2, 3, True),
        Threshold(3, 4, True),
    )
    assert (old.regime, old.base, old.quorum, old.approval) == (
        "PL2007",
        "total",
        Threshold(1, 2, False),
        Threshold(2, 3, True),
    )


def test_a_matter_that_no_rule_names_counts_as_another_with_a_warning() -> None:
    ruling = at("2020-06-01").ruling("COMMON_PART_USE")
    assert ruling.counts_as == "OTHER_MAJOR"
    assert any("没有单列" in warning for warning in ruling.warnings)
    assert any("第十一条第七项" in str(citation) for citation in ruling.citations)
    assert at("2026-06-01").ruling("COMMON_PART_USE").counts_as == "COMMON_PART_USE"


def test_an_unknown_matter_is_refused() -> None:
    with pytest.raises(Invalid, match="没有“PARTY”这样的表决事项；可用的有：ASSEMBLY_RULES"):
        at("2026-06-01").ruling("PARTY")


def test_the_nearest_rule_cites_every_level() -> None:
    cited = [str(citation) for citation in at("2026-06-01").ruling("FUND_USE").citations]
    assert cited == [
        "《青岛市物业管理条例》第三十条第一款第四项、第三十一条",
        "《山东省物业管理条例》第二十四条第一款第五项",
        "《民法典》第二百七十八条第一款第五项",
        "《民法典》第二百七十八条第二款、第一千二百五十九条",
    ]


@pytest.mark.parametrize(
    ("day", "name", "value"),
    [
        ("2026-06-01", "committee_min", 3),
        ("2021-02-01", "committee_min", 5),
        ("2026-06-01", "committee_attendance", Threshold(1, 2, False)),
        ("2021-02-01", "committee_attendance", Threshold(2, 3, True)),
        ("2026-06-01", "prep_form_days", 30),
        ("2021-02-01", "prep_form_days", 60),
        ("2026-06-01", "first_meeting_days", 60),
        ("2026-06-01", "reelect_before_days", 60),
        ("2021-02-01", "reelect_before_days", 90),
        ("2026-06-01", "notice_days", 15),
        ("2026-06-01", "filing_to", "街道办事处（镇人民政府）"),
        ("2026-06-01", "headcount_override_by_rules", True),
        ("2026-06-01", "count_parking_area", False),
        ("2026-06-01", "interim_management_committee", False),
    ],
)
def test_qingdao_differs_from_shandong_where_its_regulation_does(day: str, name: str, value: object) -> None:
    fact = at(day).fact(name)
    assert fact is not None
    assert fact.value == value


def test_what_no_level_lays_down_is_nothing() -> None:
    assert at("2026-06-01", "cn").fact("handover_days") is None


def test_every_shipped_rule_says_where_it_stands_and_how_sure_it_is() -> None:
    for version in law_book().versions:
        citations = [rule.citation for rule in version.matters.values()]
        citations += [fact.citation for fact in version.facts.values()]
        if version.thresholds:
            citations += [
                getattr(version.thresholds, name).citation for name in ("quorum", "ordinary", "special")
            ]
        assert all(one.source and one.article and one.confidence in CONFIDENCES for one in citations), (
            version.profile
        )
        assert version.in_force_from <= version.in_force_to
        assert version.verified_on == date(2026, 11, 22)


def test_every_fact_has_a_sentence_and_is_used_by_the_shipped_rules() -> None:
    used = {name for version in law_book().versions for name in version.facts}
    assert used == set(FACTS)
    assert all(name.sentence and (name.kind != "flag" or name.otherwise) for name in FACTS.values())


@pytest.mark.parametrize(
    ("threshold", "words"),
    [
        (Threshold(1, 2, False), "过半数"),
        (Threshold(2, 3, True), "三分之二以上"),
        (Threshold(2, 3, False), "超过三分之二"),
        (Threshold(7, 12, True), "12分之七以上"),
    ],
)
def test_a_share_is_told_as_the_law_tells_it(threshold: Threshold, words: str) -> None:
    assert threshold.words == words
    assert threshold.short_words == ("含本数" if threshold.inclusive else "不含本数")


def test_the_boundary_counts_for_yi_shang_and_not_for_guo_ban() -> None:
    assert Threshold(2, 3, True).is_met(6, 9)
    assert not Threshold(1, 2, False).is_met(3, 6)
    assert Threshold(1, 2, False).is_met(4, 7)
    assert not Threshold(2, 3, True).is_met(6_666_666, 10_000_000)


# --- explaining -------------------------------------------------------------------------------------------


def test_the_explanation_says_who_by_what_majority_after_which_notice() -> None:
    profile = at("2026-06-01")
    text = explanation(profile, profile.ruling("FUND_RAISING"))
    for words in (
        "全体业主共同决定",
        "三分之二以上",
        "四分之三以上",
        "15 日前，通知全体业主",
        "决定作出之日起 3 日内公示",
        "公示不少于 3 日",
        "在显著位置公开张贴",
        "《青岛市物业管理条例》第三十条第一款第五项、第三十一条",
        "《民法典》第二百七十八条第一款第六项",
        "2026-11-22 核对",
    ):
        assert words in text, words
    assert "维修资金使用方案" not in text
    assert "维修资金使用方案" in explanation(profile, profile.ruling("FUND_USE"))
    assert "由 3 人以上组成" in explanation(profile, profile.ruling("COMMITTEE_ELECTION"))
    assert "凭业务经验，未见条文" in text  # parking areas


def test_the_explanation_under_the_property_law() -> None:
    profile = at("2019-06-01", "cn")
    text = explanation(profile, profile.ruling("COMMON_PART_USE"))
    assert "全体业主的专有部分面积过半数" in text
    assert "注意：当时的规则没有单列" in text
    told = explained(profile, profile.ruling("COMMON_PART_USE"))
    assert told["regime"] == "PL2007"
    assert told["versions"][0]["in_force_to"] == "2020-12-31"
    assert told["facts"]["temporary_meeting_share"]["value"]["fraction"] == "1/5"


# --- what the reader refuses --------------------------------------------------------------------------------

PLACE = '[jurisdiction]\ncode = "x"\nname = "某地"\nparent = "cn"\n'
VERSION = (
    '[[version]]\nprofile = "x-1"\ntitle = "某条例（试行）"\nfrom = 2022-01-01\nto = 2022-12-31\n'
    'verified_on = 2026-01-01\nconfidence = "T"\n'
)
LATER = VERSION.replace("x-1", "x-2").replace("2022-01-01", "2023-01-01").replace("to = 2022-12-31\n", "")
FACT = '[version.facts]\nnotice_days = { value = 10, article = "第一条", confidence = "T" }\n'
MAJORITY = 'fraction = "2/3"\nbound = "inclusive"\narticle = "第一条"\nconfidence = "T"\n'
THRESHOLDS = 'regime = "CC2021"\n[version.thresholds]\nbase = "total"\n' + "".join(
    f"[version.thresholds.{name}]\n{MAJORITY}" for name in ("quorum", "ordinary", "special")
)
GOOD = PLACE + VERSION + FACT


def _faults(text: str) -> list[str]:
    with pytest.raises(ProfileFaults) as refused:
        law_book_with({"own.toml": text})
    return [fault.message for fault in refused.value.faults]


def test_good_rules_of_ones_own_are_read() -> None:
    book = law_book_with({"own.toml": GOOD.replace("to = 2022-12-31\n", "")})
    fact = book.resolve("x-1", on=date(2026, 6, 1)).fact("notice_days")
    assert fact is not None
    assert (fact.value, fact.citation.source) == (10, "某条例")
    assert law_book_with({}) is law_book()
    everything = law_book_with({"own.toml": PLACE + VERSION + THRESHOLDS})
    assert everything.resolve("x", on=date(2022, 6, 1)).ruling("FUND_USE").base == "total"


REFUSED = [
    ("fraction above 1", PLACE + VERSION + THRESHOLDS.replace("2/3", "4/3", 1), "own.toml 的版本 x-1 的 thresholds 的 quorum：分数“4/3”应大于 0 且不超过 1。"),
    ("fraction of 0", PLACE + VERSION + THRESHOLDS.replace("2/3", "0/3", 1), "分数“0/3”应大于 0"),
    ("no fraction", PLACE + VERSION + THRESHOLDS.replace("2/3", "两成", 1), "fraction 应是分数"),
    ("more than all", PLACE + VERSION + THRESHOLDS.replace("2/3", "3/3", 1).replace("inclusive", "strict", 1), "超过全部是做不到的"),
    ("unknown bound", PLACE + VERSION + THRESHOLDS.replace("inclusive", "about", 1), "bound 应为 inclusive 或 strict。"),
    ("unknown base", PLACE + VERSION + THRESHOLDS.replace('"total"', '"some"'), "base 应为 participating 或 total。"),
    ("no regime", PLACE + VERSION + THRESHOLDS.replace('regime = "CC2021"\n', ""), "就要写明 regime"),
    ("missing majority", PLACE + VERSION + THRESHOLDS.partition("[version.thresholds.special]")[0], "thresholds 的 special：应是一张表"),
    ("gap in time", PLACE + VERSION + LATER.replace("2023-01-01", "2023-01-02"), "版本 x-1 与 x-2：施行时间有空档：前者到 2022-12-31，后者从 2023-01-02 起。"),
    ("overlap in time", PLACE + VERSION + LATER.replace("2023-01-01", "2022-12-31"), "版本 x-1 与 x-2：施行时间重叠：前者到 2022-12-31，后者从 2022-12-31 起。"),
    ("overlap without end", PLACE + VERSION.replace("to = 2022-12-31\n", "") + LATER, "施行时间重叠：前者（没有写 to）"),
    ("backwards", PLACE + VERSION.replace("to = 2022-12-31", "to = 2021-12-31"), "施行期间颠倒"),
    ("unknown matter", PLACE + VERSION + '[version.matters]\nPARTY = { class = "ordinary", article = "一", confidence = "T" }\n', "版本 x-1 的 matters.PARTY：没有“PARTY”这样的表决事项。"),
    ("unknown class", PLACE + VERSION + '[version.matters]\nFUND_USE = { class = "grave", article = "一", confidence = "T" }\n', "matters.FUND_USE：class 应为 ordinary 或 special。"),
    ("unknown otherwise", '[matters.PARTY]\nname = "聚会"\notherwise = "FEAST"\n', "事项 PARTY 的 otherwise：没有“FEAST”"),
    ("unknown parent", PLACE.replace('"cn"', '"moon"'), "地区 x：上级“moon”没有收录。"),
    ("own parent", PLACE.replace('"cn"', '"x"'), "地区 x：上级绕成了圈：x → x。"),
    ("unknown fact", GOOD.replace("notice_days", "notice_hours"), "facts.notice_hours：没有这样的规则名。"),
    ("fact below 1", GOOD.replace("value = 10", "value = 0"), "facts.notice_days：value 应是 1 到 10000 的整数。"),
    ("fact of words", GOOD.replace("value = 10", 'value = "ten"'), "value 应是 1 到"),
    ("fact yes or no", GOOD.replace("notice_days = { value = 10", "committee_odd = { value = 1"), "value 应为 true 或 false。"),
    ("fact without text", GOOD.replace("notice_days = { value = 10", "filing_to = { value = 1"), "facts.filing_to：缺少 value"),
    ("fact without article", GOOD.replace('article = "第一条", ', ""), "facts.notice_days：缺少 article"),
    ("unknown confidence", GOOD.replace('confidence = "T" }', 'confidence = "sure" }'), "confidence 应为 T 或 S 或 R 或 ? 或 D。"),
    ("unknown key", PLACE + 'colour = "red"\n', "own.toml 的 jurisdiction：不认识“colour”。"),
    ("unknown table", PLACE + "[extra]\n", "own.toml：不认识“extra”。"),
    ("no date", GOOD.replace("from = 2022-01-01", 'from = "2022"'), "版本 x-1：from 应是日期"),
    ("a time for a date", GOOD.replace("from = 2022-01-01", "from = 2022-01-01T00:00:00"), "from 应是日期"),
    ("no name", VERSION, "own.toml：缺少 jurisdiction。"),
    ("nameless version", PLACE + VERSION.replace('profile = "x-1"\n', ""), "第 1 个 version：缺少 profile"),
    ("version no list", PLACE.replace("[jurisdiction]", "version = 1\n[jurisdiction]"), "version 应写成 [[version]]。"),
    ("matters no table", "matters = 1\n", "matters：应是一张表。"),
    ("matter no table", "[matters]\nPARTY = 1\n", "matters.PARTY：应是一张表。"),
    ("taken name", PLACE + VERSION.replace("x-1", "cn-37-shandong"), "版本 cn-37-shandong：这个名字已经用过了。"),
    ("taken place", PLACE.replace('"x"', '"37"'), "地区“37”已经有了。"),
    ("no TOML", "[jurisdiction\n", "own.toml：不是 TOML 格式"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "fault"), REFUSED, ids=[row[0] for row in REFUSED])
def test_wrong_rules_are_refused_with_the_place(name: str, text: str, fault: str) -> None:
    assert any(fault in told for told in _faults(text)), _faults(text)


def test_a_circle_of_several_is_found_and_named() -> None:
    other = PLACE.replace('"x"', '"y"').replace('"cn"', '"x"')
    with pytest.raises(ProfileFaults, match="上级绕成了圈：x → y → x"):
        law_book_with({"x.toml": PLACE.replace('"cn"', '"y"'), "y.toml": other})


def test_a_lead_into_a_circle_is_found_too() -> None:
    files = {
        name: PLACE.replace('"x"', f'"{name}"').replace('"cn"', f'"{parent}"')
        for name, parent in (("a", "b"), ("b", "c"), ("c", "b"))
    }
    with pytest.raises(ProfileFaults, match="另有 2 处错误"):
        law_book_with(files)


def test_a_place_without_majorities_anywhere_cannot_decide() -> None:
    book: LawBook = read_law_book(
        {"own.toml": PLACE.replace('parent = "cn"\n', "") + VERSION + '[matters.M]\nname = "事"\n'}
    )
    profile = book.resolve("x", on=date(2022, 6, 1))
    with pytest.raises(NotFound, match="没有规定表决比例"):
        profile.ruling("M") if profile.thresholds else None
    with pytest.raises(NotFound, match="没有关于“事”的规则"):
        profile.ruling("M")
