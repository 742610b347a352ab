"""Reading rolls, ballots and lists: what is taken, what is folded, what is refused, each with its row."""

from __future__ import annotations

from datetime import date

import pytest

from linli.civic.voting.domain import reading
from linli.civic.voting.domain.deeming import Delivery
from linli.civic.voting.domain.election import Candidate
from linli.civic.voting.domain.entitlement import Unit
from linli.ground.kernel.errors import Invalid
from tests.civic.voting.domain.rules import at

ROLL = "unit_code,area_m2,owner_ids,holder\n"
BALLOTS = "ballot_no,unit_code,voter_id,choice,channel,cast_at\n"


def _roll(*rows: str, header: str = ROLL) -> tuple[list[Unit], list[str]]:
    units, table = reading.read_roll([header, *(f"{row}\n" for row in rows)])
    return units, [fault.message for fault in table.faults]


def _ballot_faults(*rows: str, header: str = BALLOTS) -> list[str]:
    _, table = reading.read_ballots([header, *(f"{row}\n" for row in rows)])
    return [fault.message for fault in table.faults]


def test_a_plain_roll_is_read_as_it_stands() -> None:
    units, faults = _roll("1-101,88.50,A,owner", "1-102,100,B;C,owner", "1-103,60.5,DEV,developer")
    assert faults == []
    assert units == [
        Unit(2, "1-101", 8850, ("A",), "owner"),
        Unit(3, "1-102", 10000, ("B", "C"), "owner"),
        Unit(4, "1-103", 6050, ("DEV",), "developer"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        "１－１０１,８８．５０,Ａ；Ｂ,ｏｗｎｅｒ",
        " 1-101 , 88.50 , A ; B , owner ",
        '"1-101","88.50","B;A;B;","owner"',
        "1-101,88.50㎡,B;A,owner\r",
        "\u200b1-101,88.500,A;B,owner",
    ],
)
def test_however_it_was_typed_it_is_the_same_unit(row: str) -> None:
    units, faults = _roll(row)
    assert faults == []
    assert [unit[1:5] for unit in units] == [("1-101", 8850, ("A", "B"), "owner")]


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers() -> None:
    units, faults = _roll("", "1-101,88.50,A,owner", ",,,", "1-102,90,B,owner", "")
    assert faults == []
    assert [unit.row for unit in units] == [3, 5]


def test_columns_may_stand_in_any_order_and_others_are_named() -> None:
    units, table = reading.read_roll(["电话,holder,owner_ids,Area_M2 ,unit_code\n", "1,owner,A,88,1-1\n"])
    assert units == [Unit(2, "1-1", 8800, ("A",), "owner")]
    assert table.ignored == ("电话",)


def test_parking_areas_are_read_where_they_are_given() -> None:
    header = ROLL.strip() + ",parking_area_m2\n"
    units, faults = _roll("1-1,88,A,owner,12.5", "1-2,88,B,owner,", "1-3,88,C,owner,0", header=header)
    assert faults == []
    assert [unit.parking_area_dm2 for unit in units] == [1250, 0, 0]


def test_quoted_cells_may_hold_commas_and_line_breaks() -> None:
    units, table = reading.read_roll([ROLL, '1-1,"1,234.50",A,owner\n', '1-2,88,"A\n', 'B",owner\n'])
    assert table.faults == []
    assert [unit.area_dm2 for unit in units] == [123450, 8800]
    assert units[1].owners == ("A B",)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        (["1-1,abc,A,owner"], "名册第 2 行：面积“abc”不是数字。"),
        (["1-1,NaN,A,owner"], "名册第 2 行：面积“NaN”不是数字。"),
        (["1-1,88,A,owner", "1-2,-5,B,owner"], "名册第 3 行：面积“-5”应大于零。"),
        (["1-1,0,A,owner"], "名册第 2 行：面积“0”应大于零。"),
        (["1-1,88.505,A,owner"], "名册第 2 行：面积“88.505”的小数太多，最多 2 位。"),
        (["1-1,,A,owner"], "名册第 2 行：面积“”不是数字。"),
        (["1-1,88,,owner"], "名册第 2 行：owner_ids 里没有业主。"),
        (["1-1,88,;;,owner"], "名册第 2 行：owner_ids 里没有业主。"),
        (["1-1,88,A,tenant"], "名册第 2 行：holder“tenant”不对，应为 owner、developer 之一。"),
        (["1-1,88,A,owner", "1-1,90,B,owner"], "名册第 3 行：unit_code“1-1”重复，第 2 行已经有了。"),
        ([",88,A,owner"], "名册第 2 行：unit_code 是空的。"),
        (["1-1,88,A"], "名册第 2 行：应有 4 列，实有 3 列。"),
        (["1-1,88,A,owner,x"], "名册第 2 行：应有 4 列，实有 5 列。"),
        ([], "名册：里面没有任何房屋。"),
        (['1-1,"88,A,owner'], "名册第 2 行：引号没有成对，或者换行不对，不是 csv 格式。"),
    ],
)
def test_a_wrong_roll_is_refused_with_its_row(rows: list[str], fault: str) -> None:
    assert _roll(*rows)[1][0] == fault


@pytest.mark.parametrize("area", ["-1", "abc", "99999999999"])
def test_a_wrong_parking_area_is_refused(area: str) -> None:
    faults = _roll(f"1-1,88,A,owner,{area}", header=ROLL.strip() + ",parking_area_m2\n")[1]
    assert faults[0].startswith("名册第 2 行：")


@pytest.mark.parametrize(
    ("header", "fault"),
    [
        ("unit_code,owner_ids,holder\n", "表头缺少 area_m2；现有：unit_code，owner_ids，holder"),
        ("unit_code;area_m2;owner_ids;holder\n", "各列用英文逗号隔开"),
        ("\n", "现有：空"),
        ("unit_code,area_m2,area_m2,owner_ids,holder\n", "表头里 area_m2 出现了 2 次"),
        ('"unit_code,area_m2\n', "引号没有成对"),
    ],
)
def test_a_wrong_header_is_refused(header: str, fault: str) -> None:
    faults = _roll("1-1,88,A,owner", header=header)[1]
    assert fault in faults[0]


def test_many_faults_are_one_sentence_that_says_how_many() -> None:
    _, table = reading.read_roll([ROLL, "1-1,x,A,owner\n", "1-2,88,,owner\n"])
    with pytest.raises(reading.TableFaults, match="不是数字（另有 1 处错误，在第 3 行）。$") as refused:
        table.finish()
    assert len(refused.value.faults) == 2


def test_every_row_with_a_fault_is_named_as_long_as_a_sentence_holds_them() -> None:
    _, table = reading.read_roll([ROLL, *(f"1-{n},x,,owner\n" for n in range(3))])
    with pytest.raises(reading.TableFaults, match="（另有 5 处错误，在第 3、4、2 行）。$"):
        table.finish()
    _, table = reading.read_roll([ROLL, *(f"1-{n},x,A,owner\n" for n in range(60))])
    with pytest.raises(reading.TableFaults, match="（另有 59 处错误，在第 3、4、5、.*、22 行等处）。$"):
        table.finish()
    _, table = reading.read_roll([ROLL.replace("\n", ",unit_code,holder\n")])
    with pytest.raises(reading.TableFaults, match="（另有 1 处错误，在第 1 行）。$"):
        table.finish()


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",1-1,A,agree,paper,2026-05-20T10:00", "表决票第 2 行：ballot_no 是空的。"),
        ("1,,A,agree,paper,2026-05-20T10:00", "表决票第 2 行：unit_code 是空的。"),
        ("1,1-1,,agree,paper,2026-05-20T10:00", "表决票第 2 行：voter_id 是空的。"),
        ("1,1-1,A,,paper,2026-05-20T10:00", "表决票第 2 行：choice 是空的。"),
        (
            "1,1-1,A,yes,paper,2026-05-20T10:00",
            "表决票第 2 行：choice“yes”不对，应为 agree、against、abstain、invalid 之一。",
        ),
        (
            "1,1-1,A,agree,fax,2026-05-20T10:00",
            "表决票第 2 行：channel“fax”不对，应为 paper、meeting、door、online、proxy 之一。",
        ),
        (
            "1,1-1,A,agree,paper,",
            "表决票第 2 行：cast_at“”不是有效的时间，应写成 2026-06-01T18:00+08:00 这样。",
        ),
        (
            "1,1-1,A,agree,paper,2026-05-20",
            "表决票第 2 行：cast_at“2026-05-20”不是有效的时间，应写成 2026-06-01T18:00+08:00 这样。",
        ),
        (
            "1,1-1,A,agree,paper,2026-13-20T10:00",
            "表决票第 2 行：cast_at“2026-13-20T10:00”不是有效的时间，应写成 2026-06-01T18:00+08:00 这样。",
        ),
    ],
)
def test_a_wrong_ballot_is_refused_with_its_row(row: str, fault: str) -> None:
    assert _ballot_faults(row) == [fault]


def test_only_the_blank_cells_of_a_column_are_noted() -> None:
    rows = [f"{number},1-1,A,agree,paper,2026-05-20T10:00" for number in ("1", "", "3")]
    assert _ballot_faults(*rows) == ["表决票第 3 行：ballot_no 是空的。"]


def test_an_item_column_must_be_filled() -> None:
    header = BALLOTS.strip() + ",item\n"
    assert _ballot_faults("1,1-1,A,agree,paper,2026-05-20T10:00,", header=header) == [
        "表决票第 2 行：item 是空的。"
    ]


def test_times_of_all_zones_are_one() -> None:
    stamps = [
        "2026-05-20T10:00",
        "2026-05-20 10:00:00",
        "2026-05-20T02:00:00Z",
        "2026-05-20T03:00+01:00",
        "2026/5/20 10:00",
    ]
    for whole in (stamps, stamps[:4]):
        rows = [f"{n},1-1,A,agree,paper,{stamp}\n" for n, stamp in enumerate(whole)]
        ballots, table = reading.read_ballots([BALLOTS, *rows])
        assert table.faults == []
        assert {ballot.cast_at for ballot in ballots} == {at(20, 10)}
        assert all(ballot.cast_at.utcoffset() == at(20).utcoffset() for ballot in ballots)


def test_a_table_without_ballots_is_no_fault() -> None:
    ballots, table = reading.read_ballots([BALLOTS])
    assert (ballots, table.faults, len(table)) == ([], [], 0)


def test_a_missing_column_leaves_no_rows() -> None:
    for read in (reading.read_ballots, reading.read_scope, reading.read_deliveries, reading.read_candidates):
        rows, table = read(["x\n", "1\n"])
        assert rows == []
        assert "表头缺少" in table.faults[0].message


def test_scope_deliveries_and_candidates() -> None:
    scope, table = reading.read_scope(["unit_code\n", "1-1\n", "1-2\n"])
    assert (scope, table.faults) == (["1-1", "1-2"], [])
    deliveries, table = reading.read_deliveries(["unit_code,delivered_at\n", "1-1,2026-05-20T10:00\n"])
    assert (deliveries, table.faults) == ([Delivery(2, "1-1", at(20, 10))], [])
    candidates, table = reading.read_candidates(
        ["candidate_id,name,born_on\n", "c1,王一,1980-01-02\n", "c2,李二,\n"]
    )
    assert table.faults == []
    assert candidates == [
        Candidate(2, "c1", "王一", born_on=date(1980, 1, 2)),
        Candidate(3, "c2", "李二"),
    ]


@pytest.mark.parametrize(
    ("read", "lines", "fault"),
    [
        (reading.read_scope, ["unit_code\n"], "列支范围：里面没有任何房屋。"),
        (
            reading.read_scope,
            ["unit_code\n", "1-1\n", "1-1\n"],
            "列支范围第 3 行：unit_code“1-1”重复，第 2 行已经有了。",
        ),
        (reading.read_candidates, ["candidate_id\n"], "候选人名单：里面没有任何候选人。"),
        (reading.read_candidates, ["candidate_id,kind\n", "c1,cat\n"], "候选人名单第 2 行：kind“cat”不对"),
        (
            reading.read_candidates,
            ["candidate_id,born_on\n", "c1,1980\n"],
            "候选人名单第 2 行：born_on“1980”不是有效的日期",
        ),
        (
            reading.read_deliveries,
            ["unit_code,delivered_at\n", "1-1,昨天\n"],
            "送达表第 2 行：delivered_at“昨天”不是有效的时间",
        ),
    ],
)
def test_wrong_lists_are_refused(read, lines, fault) -> None:
    _, table = read(lines)
    assert table.faults[0].message.startswith(fault)


def test_an_instant_that_overflows_is_refused() -> None:
    with pytest.raises(Invalid):
        reading.parse_instant("0001-01-01T00:00+14:00", what="cast_at")
    assert "cast_at" in _ballot_faults("1,1-1,A,agree,paper,0001-01-01T00:00+14:00")[0]
