"""Items on one paper, the gap building by building, the digest, and the sheet that is read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from linli.civic.voting.domain import digest, items, reading
from linli.civic.voting.domain.ballots import Ballot
from linli.civic.voting.domain.deeming import Delivery, deem
from linli.civic.voting.domain.entitlement import Unit, build_roll
from linli.civic.voting.domain.gap import find_gap
from linli.civic.voting.domain.reporting import told_gap, told_result
from linli.civic.voting.domain.sheet import gap_sheet, missing_words, result_sheet
from linli.civic.voting.domain.tally import Options, Result, tally
from linli.civic.voting.domain.thresholds import Figures, comparisons, missing
from linli.ground.kernel.errors import Invalid
from tests.civic.voting.domain.rules import CC_ORDINARY, CC_SPECIAL, PL_ORDINARY, at

CLOSED_AT = at(20, 18)
MATTERS = ("FUND_USE", "COVENANT")
UNITS = [Unit(n + 2, f"{n // 3 + 1}-{n}", 10_000, (f"o{n}",), "owner") for n in range(9)]
ROLL = build_roll(UNITS)


def _ballot(n: int, choice: str = "agree", **more: object) -> Ballot:
    code = UNITS[n].code
    return Ballot(n + 2, f"b{n}", code, f"o{n}", choice, "paper", at(3))._replace(**more)


def _counted(*ballots: Ballot, ruling=CC_ORDINARY, roll=ROLL, **options: str) -> Result:
    return tally(ballots, roll, ruling, closed_at=CLOSED_AT, options=Options(**options))


# --- items ---------------------------------------------------------------------------------------


def test_matters_of_items_are_told_by_code_by_label_or_by_the_whole_paper() -> None:
    asked = items.read_items(["FUND_USE", "屋面=COVENANT"])
    assert asked.matter_of("屋面", MATTERS) == "COVENANT"
    assert asked.matter_of("COVENANT", MATTERS) == "COVENANT"
    assert asked.matter_of("1", MATTERS) == "FUND_USE"
    assert asked.matter_of("FUND_UES", MATTERS) == "FUND_UES"  # a slip is not taken for a label
    assert items.read_items(["1=FUND_USE"]).matter_of("2", MATTERS) == "2"


@pytest.mark.parametrize(("words", "fault"), [([], "缺少 --item"), (["FUND_USE", "COVENANT"], "几个事项")])
def test_unclear_items_are_refused(words, fault) -> None:
    with pytest.raises(Invalid, match=fault):
        items.read_items(words)


def test_every_item_has_its_box_the_asked_one_first() -> None:
    ballots = [_ballot(0, item="COVENANT"), _ballot(1, item="FUND_USE"), _ballot(2, item="COVENANT")]
    found = items.boxes(ballots, items.read_items(["FUND_USE"]), has_items=True, matters=MATTERS)
    assert [(name, len(box)) for name, box in found] == [("FUND_USE", 1), ("COVENANT", 2)]


def test_the_labels_come_in_the_order_in_which_they_were_asked() -> None:
    ballots = [_ballot(0, item="COVENANT"), _ballot(1, item="屋面"), _ballot(2, item="电梯")]
    asked = items.read_items(["电梯=FUND_USE", "屋面=FUND_USE"])
    found = items.boxes(ballots, asked, has_items=True, matters=MATTERS)
    assert [name for name, _ in found] == ["电梯", "屋面", "COVENANT"]


def test_an_asked_matter_without_ballots_is_an_empty_box_but_labels_are_not() -> None:
    asked = items.read_items(["FUND_USE"])
    found = items.boxes([_ballot(0, item="COVENANT")], asked, has_items=True, matters=MATTERS)
    assert [(name, len(box)) for name, box in found] == [("FUND_USE", 0), ("COVENANT", 1)]
    found = items.boxes([_ballot(0, item="10"), _ballot(1, item="9")], asked, has_items=True, matters=MATTERS)
    assert [name for name, _ in found] == ["9", "10"]


def test_without_an_item_column_all_is_one_box() -> None:
    for word, name in (("FUND_USE", "FUND_USE"), ("屋面=FUND_USE", "屋面")):
        found = items.boxes([_ballot(0)], items.read_items([word]), has_items=False, matters=MATTERS)
        assert [(label, len(box)) for label, box in found] == [(name, 1)]
    with pytest.raises(Invalid, match="没有 item 列"):
        items.boxes([], items.read_items(["1=FUND_USE", "2=COVENANT"]), has_items=False, matters=MATTERS)


# --- the gap ----------------------------------------------------------------------------------------


def test_the_gap_says_what_is_missing_and_where() -> None:
    result = _counted(_ballot(0), _ballot(1), _ballot(2), _ballot(3), _ballot(4, "invalid"))
    gap = find_gap(result, ROLL, {unit.code: unit.area_dm2 for unit in UNITS})
    assert [(b.code, len(b.participating_groups), len(b.silent_groups)) for b in gap.buildings] == [
        ("1", 3, 0),
        ("2", 1, 1),
        ("3", 0, 3),
    ]
    assert gap.buildings[1].unsettled_units == ["2-4"]
    assert gap.suggested == ("3",)
    told = told_gap(result, gap, item="X", warnings=["提示"])
    assert (told["missing_area_dm2"], told["missing_heads"]) == (20_000, 2)
    sheet = gap_sheet(told)
    assert sheet.startswith(
        "表决事项：“X” 选聘、续聘和解聘物业服务人\n按目前收到的票，还不够通过：\n  参加的：3 × 4"
    )
    assert "再有 2 人、合计 200.00 平方米的业主参加并且都同意，就能通过。" in sheet
    assert "意见不一或者票无效，要补办：2-4" in sheet
    assert "未参加面积最多的先走：3，就可能够了。" in sheet


def test_an_owner_in_two_buildings_stands_in_both_and_is_reached_once() -> None:
    roll = build_roll([*UNITS[:8], UNITS[8]._replace(code="4-1", owners=("o7",))])
    result = _counted(roll=roll)
    areas = dict.fromkeys(roll.group_of_unit, 10_000)
    gap = find_gap(result, roll, areas)
    assert gap.in_several_buildings == 1
    assert sum(len(building.groups) for building in gap.buildings) == roll.total_heads + 1
    assert gap.suggested == ("1", "2")
    few = _counted(*(_ballot(n, "against") for n in range(7)), roll=roll)
    assert find_gap(few, roll, areas).suggested == ()  # all that is left would not do
    most = _counted(*(_ballot(n) for n in range(3, 6)), roll=roll)
    assert find_gap(most, roll, areas).suggested == ("1",)


def test_a_gap_that_is_closed_or_can_never_be_closed() -> None:
    passed = _counted(*(_ballot(n) for n in range(6)))
    areas = {unit.code: unit.area_dm2 for unit in UNITS}
    assert find_gap(passed, ROLL, areas).suggested == ()
    assert "已经够通过" in gap_sheet(told_gap(passed, find_gap(passed, ROLL, areas), item="X", warnings=()))
    all_of_us = replace(CC_ORDINARY, approval=replace(CC_ORDINARY.approval, denominator=1, inclusive=True))
    lost = _counted(_ballot(0, "against"), ruling=all_of_us)
    assert find_gap(lost, ROLL, areas).suggested == ()
    assert "再有多少人同意也补不上" in gap_sheet(
        told_gap(lost, find_gap(lost, ROLL, areas), item="X", warnings=())
    )


# --- the digest -----------------------------------------------------------------------------------------


def test_the_digest_changes_with_every_input_and_with_nothing_else() -> None:
    ballots = [_ballot(0), _ballot(1, "against")]
    base = digest.digest_of_ballots(ballots)
    assert (
        digest.digest_of_ballots([b._replace(row=b.row + 9, source="x") for b in reversed(ballots)]) == base
    )
    for name, value in (
        ("choice", "abstain"),
        ("channel", "door"),
        ("voter_id", "z"),
        ("cast_at", at(4)),
        ("item", "i"),
    ):
        assert digest.digest_of_ballots([ballots[0]._replace(**{name: value}), ballots[1]]) != base
    units = digest.digest_of_units(UNITS)
    assert digest.digest_of_units(reversed(UNITS)) == units
    assert digest.digest_of_units([UNITS[0]._replace(area_dm2=1), *UNITS[1:]]) != units
    assert digest.digest_of_units([]) == digest.digest_of_ballots([]) == digest.digest_of_words([])
    assert digest.digest_of_deliveries([Delivery(2, "1", at(1))]) != digest.digest_of_deliveries(
        [Delivery(2, "1", at(2))]
    )


# --- the sheet --------------------------------------------------------------------------------------------


def test_every_comparison_is_written_out() -> None:
    """3 × 58,940.00 against 2 × 92,417.00, as it is read aloud."""
    figures = Figures(9_241_700, 90, 5_894_000, 60, 5_894_000, 60, 0, 0, 0, 0)
    area, heads, *_ = comparisons(figures, CC_ORDINARY)
    assert area.plain_text.endswith("184,834.00: 面积不够")
    assert heads.plain_text == heads.text
    assert area.text == "3 × 58,940.00 = 176,820.00 < 2 × 92,417.00 = 184,834.00: 面积还差 2,671.34 平方米"
    assert heads.text == "3 × 60 = 180 = 2 × 90 = 180: 人数刚好够（“以上”含本数）"
    assert missing(figures, CC_ORDINARY)[:2] == (267_134, 0)


def test_half_is_not_more_than_half() -> None:
    figures = Figures(9000, 9, 6000, 6, 3000, 3, 3000, 3, 0, 0)
    *_, area, heads = comparisons(figures, CC_ORDINARY)
    assert heads.text == "2 × 3 = 6 = 1 × 6 = 6: 人数还差 1 人（刚好一样多，不算超过）"
    assert area.text.endswith("面积还差 0.01 平方米（刚好一样多，不算超过）")
    assert area.plain_text.endswith("面积不够（刚好一样多，不算超过）")


def test_under_the_property_law_the_whole_is_everybody() -> None:
    figures = Figures(9000, 9, 6000, 6, 4000, 4, 0, 0, 2000, 2)
    *_, area, heads = comparisons(figures, PL_ORDINARY)
    assert heads.text == "2 × 4 = 8 < 1 × 9 = 9: 人数还差 1 人"
    assert area.missing == 501


def _sheet(result: Result, **more: object) -> str:
    told = {"item": result.ruling.item, "deemed": None, "warnings": ("提示",), "digest": "f" * 64} | more
    return result_sheet(result, **told)  # type: ignore[arg-type]


def test_the_sheet_tells_all_that_did_not_count() -> None:
    shared = build_roll([*UNITS[:8], UNITS[8]._replace(owners=("x", "y", "z"))])
    conflict = [
        Ballot(30 + n, f"c{n}", UNITS[8].code, who, choice, "online", at(3))
        for n, (who, choice) in enumerate((("x", "agree"), ("y", "against"), ("z", "agree")))
    ]
    ballots = [
        *(_ballot(n) for n in range(5)),
        _ballot(0, ballot_no="again", row=20, channel="online"),
        _ballot(5, cast_at=at(21), row=21),
        _ballot(6, "invalid", row=22),
        _ballot(7, voter_id="stranger", row=23),
        _ballot(7, unit_code="99", row=24, ballot_no="u"),
        _ballot(7, row=25, ballot_no="b0"),
        *conflict,
    ]
    sheet = _sheet(_counted(*ballots, roll=shared))
    for line in (
        "结果：没有通过",
        "被同一人的另一张票取代：1 张",
        "第 20 行（1-0，票号 again），以第 2 行（1-0，票号 b0）为准",
        "共有人意见不一：1 户",
        "截止之后才投：1 张",
        "没有投票权：2 张",
        "投票人不是这套房屋的业主",
        "名册上没有这套房屋",
        "无效票：1 张",
        "票号重复：1 张",
        "【请注意】换一种算法，结果就不同：",
        "弃权算参与、不算同意；没交票的不算参与。",
        "注意：提示",
        "核对码：" + "f" * 64,
    ):
        assert line in sheet, line
    assert "选同意" not in sheet


def test_a_verdict_against_says_at_once_which_shares_are_short() -> None:
    assert "原因：参加的面积不够，参加的人数不够。" in _sheet(_counted(*(_ballot(n) for n in range(5))))
    divided = [_ballot(n, "agree" if n < 3 else "against") for n in range(6)]
    assert "原因：同意的面积不够，同意的人数不够。" in _sheet(_counted(*divided))
    assert "原因" not in _sheet(_counted(*(_ballot(n) for n in range(6))))


@pytest.mark.parametrize(
    ("area", "heads", "sentence"),
    [
        (20_000, 2, "再有 2 人、合计 200.00 平方米的业主参加并且都同意，就能通过。"),
        (2_050, 0, "人数已经够了；再有合计 20.50 平方米的业主参加并且都同意，就能通过。"),
        (0, 3, "面积已经够了；再有 3 人参加并且都同意，就能通过。"),
        (None, 3, "须参与的全部同意，再有多少人同意也补不上。"),
    ],
)
def test_what_is_missing_is_one_sentence(area, heads, sentence) -> None:
    assert missing_words(area, heads) == sentence


@pytest.mark.parametrize(
    ("closed_at", "words"),
    [
        (at(20, 18), "2026年5月20日 18:00（北京时间）"),
        (at(20, 18, 0, 1), "2026年5月20日 18:00:01（北京时间）"),
        (reading.read_closing("2026-05-20"), "2026年5月20日 24:00（北京时间）"),
    ],
)
def test_instants_are_told_to_the_second_where_it_matters(closed_at, words) -> None:
    assert f"投票截止：{words}" in _sheet(replace(_counted(), closed_at=closed_at))


def test_long_lists_are_cut_on_the_sheet_and_say_so() -> None:
    ballots = [_ballot(0, ballot_no=str(n), row=n, cast_at=at(21)) for n in range(250)]
    sheet = _sheet(_counted(*ballots))
    assert "截止之后才投：250 张" in sheet
    assert "另有 50 张" in sheet


def test_the_sheet_of_a_label_without_a_closing_and_with_co_owners_who_agree() -> None:
    shared = build_roll([*UNITS[:8], UNITS[8]._replace(owners=("x", "y"))])
    ballots = [_ballot(8, voter_id="x"), _ballot(8, voter_id="y", ballot_no="2", row=3, item="屋面")]
    result = replace(_counted(*ballots, roll=shared), closed_at=None)
    sheet = _sheet(result, item="屋面")
    assert "表决事项：“屋面” " in sheet
    assert "投票截止" not in sheet
    assert "共有人选的一样，并作一票：1 张" in sheet
    told = told_result(result, item="屋面", deemed=None, warnings=(), digests={})
    assert told["closed_at"] is None
    assert [(one["row"], one["item"]) for one in told["merged"]] == [(3, "屋面")]


def test_who_took_part_without_a_choice_stands_in_the_sheet() -> None:
    sheet = _sheet(_counted(_ballot(0, "invalid"), _ballot(1), invalid="participate"))
    assert "没有有效意见的：1 人，100.00 平方米" in sheet


def test_what_cannot_be_made_up_for_is_said() -> None:
    lost = _counted(*(_ballot(n, "against") for n in range(6)))
    assert not lost.is_reachable
    assert "但没有参加的只有 3 人、300.00 平方米，补不上。" in _sheet(lost)
    all_of_us = replace(CC_ORDINARY, approval=replace(CC_ORDINARY.approval, denominator=1, inclusive=True))
    never = _counted(_ballot(0, "against"), ruling=all_of_us)
    assert "再有多少人同意也补不上" in _sheet(never)
    assert "面积不够，须全部同意" in _sheet(never)
    assert not never.is_reachable


def test_strict_and_deemed_stand_side_by_side() -> None:
    result = _counted(*(_ballot(n) for n in range(4)))
    deemed = deem(result, ROLL, [Delivery(n, UNITS[n].code, at(2)) for n in range(4, 7)])
    sheet = _sheet(result, deemed=deemed)
    assert "严格计票：没有通过" in sheet
    assert "未投票的视为从多（从“同意”，3 人，300.00 平方米）：通过" in sheet
    told = told_result(result, item="X", deemed=deemed, warnings=(), digests={"roll": "1"})
    assert (told["passed"], told["strict"]["passed"], told["deemed"]["passed"]) == (False, False, True)
    nobody = deem(_counted(), ROLL, [])
    assert "（从“无”，0 人，0.00 平方米）" in _sheet(result, deemed=nobody)


def test_a_special_matter_says_so() -> None:
    sheet = _sheet(_counted(*(_ballot(n) for n in range(6)), ruling=CC_SPECIAL))
    assert "，重大事项" in sheet
    assert "四分之三以上，含本数" in sheet
    assert "四、还差多少" not in sheet
