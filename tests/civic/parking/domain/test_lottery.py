"""The lottery: owners first, losers remembered, chance that nobody holds, and anyone gets the same list."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
from collections import Counter

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from linli.civic.parking.domain.lottery import drawing
from linli.civic.parking.domain.lottery.drawing import Opening, commitment_of, draw
from linli.civic.parking.domain.lottery.reading import read_applicants, read_order
from linli.civic.parking.domain.lottery.rules import Applicant
from linli.civic.parking.management.parking import parking
from linli.ground.kernel.errors import Invalid
from tests.refusing import refused

SECRET = "4f9c1e77a2d04b18"
OPENING = Opening(commitment_of(SECRET), SECRET, "双色球2026131期")
HEADER = "applicant_id,household,standing,car_order,need,lost_terms,had_bay\n"


def applicants(text: str) -> list[Applicant]:
    found, table = read_applicants((HEADER + text).splitlines(keepends=True))
    table.finish()
    return found


def order(text: str, bays: int = 1, **more) -> list[str]:
    return [one.applicant.id for one in draw(applicants(text), bays=bays, opening=OPENING, **more).placed]


# --- who goes before whom: each line of the table before the next one, whatever the chance --------------------

IN_THIS_ORDER = """
A1,3-2-501,owner,1,disabled,2,no
A2,3-2-502,owner,1,elderly,0,no
A3,3-2-503,owner,1,,3,no
A4,3-2-504,owner,1,,1,no
A5,3-2-505,owner,1,,0,no
A6,3-2-506,owner,1,,0,yes
A7,3-2-501,owner,2,disabled,0,no
A8,3-2-502,owner,2,,5,no
B1,5-1-101,tenant,1,disabled,9,no
B2,5-1-102,tenant,1,,0,no
C1,外-1,outsider,1,elderly,9,no
C2,外-2,outsider,1,,0,no
"""


@pytest.mark.parametrize("seed", range(20))
def test_need_goes_before_chance(seed: int):
    lines = IN_THIS_ORDER.strip().splitlines()
    random.Random(seed).shuffle(lines)
    expected = [line.split(",")[0] for line in IN_THIS_ORDER.strip().splitlines()]
    assert order("\n".join(lines)) == expected


def test_the_committee_may_order_the_criteria_otherwise_but_owners_stay_first():
    text = "A1,1,owner,2,,5,no\nA2,2,owner,1,,0,no\n"
    assert order(text) == ["A2", "A1"]
    assert order(text, criteria=read_order("standing,memory,car_order")) == ["A1", "A2"]
    with refused(Invalid, "owners_first"):
        read_order("memory,standing")
    with refused(Invalid, "no_such_criterion"):
        read_order("standing,price")
    with refused(Invalid, "criterion_twice"):
        read_order("standing,need,need")


# --- chance ---------------------------------------------------------------------------------------------------

EQUALS = "".join(f"N{number},户{number},owner,1,,0,no\n" for number in range(8))


def test_the_order_of_the_list_is_irrelevant():
    lines = EQUALS.splitlines()
    found = order("\n".join(lines))
    for seed in range(10):
        random.Random(seed).shuffle(lines)
        assert order("\n".join(lines)) == found


def test_every_number_can_be_recomputed_with_other_tools():
    """As ``sha256sum`` and ``openssl dgst -hmac`` would: nothing of ours in it."""
    drawn = draw(applicants(EQUALS), bays=3, opening=OPENING)
    seed = hashlib.sha256(
        f"linli lottery 1\n{SECRET}\n双色球2026131期\n{drawn.list_digest}".encode()
    ).hexdigest()
    assert drawn.seed == seed
    for one in drawn.placed:
        assert one.number == hmac.new(bytes.fromhex(seed), one.applicant.id.encode(), "sha256").hexdigest()
    assert [one.number for one in drawn.placed] == sorted(one.number for one in drawn.placed)


def test_everybody_is_first_equally_often():
    """Chi-square over 4,000 secrets and 8 applicants; 7 degrees of freedom, 0.1 % beyond 24.3."""
    found = applicants(EQUALS)
    firsts, lasts = Counter[str](), Counter[str]()
    for number in range(4_000):
        secret = f"secret number {number:06}"
        drawn = draw(found, bays=1, opening=Opening(commitment_of(secret), secret, "公开值"))
        firsts[drawn.placed[0].applicant.id] += 1
        lasts[drawn.placed[-1].applicant.id] += 1
    for counts in (firsts, lasts):
        assert sum((counts[f"N{number}"] - 500) ** 2 / 500 for number in range(8)) < 24.3


@given(st.text(min_size=1, max_size=20).filter(str.isprintable).map(str.strip).filter(bool))
def test_another_public_value_is_another_draw(public_value: str):
    drawn = draw(applicants(EQUALS), bays=1, opening=Opening(commitment_of(SECRET), SECRET, public_value))
    assert (drawn.seed == draw(applicants(EQUALS), bays=1, opening=OPENING).seed) == (
        public_value == OPENING.public_value
    )


def test_a_changed_list_is_another_draw():
    """Whoever holds the secret cannot add a friend afterwards without everybody's number changing."""
    one, other = applicants(EQUALS), applicants(EQUALS + "N9,户9,owner,1,,0,no\n")
    first, second = (draw(found, bays=3, opening=OPENING) for found in (one, other))
    assert first.list_digest != second.list_digest
    numbers = {placed.applicant.id: placed.number for placed in first.placed}
    assert all(numbers.get(placed.applicant.id) != placed.number for placed in second.placed)


def test_a_secret_that_does_not_open_the_commitment_draws_nothing():
    with refused(Invalid, "secret_does_not_open"):
        draw(applicants(EQUALS), bays=1, opening=Opening(OPENING.commitment, SECRET + "x", "公开值"))
    with refused(Invalid, "not_a_commitment"):
        draw(applicants(EQUALS), bays=1, opening=Opening("abc", SECRET, "公开值"))
    with refused(Invalid, "secret_too_short"):
        commitment_of("12345678")
    with refused(Invalid, "not_a_word"):
        draw(applicants(EQUALS), bays=1, opening=Opening(OPENING.commitment, SECRET, "两行\n"))


# --- rotation memory --------------------------------------------------------------------------------------------


def test_over_the_terms_everybody_has_a_bay_in_turn():
    """Six cars, two bays, six terms: with the memory everybody has a bay twice; the result feeds the next term."""
    text = "".join(f"N{number},户{number},owner,1,,0,no\n" for number in range(6))
    had = Counter[str]()
    for term in range(6):
        secret = f"the secret of term {term}"
        opening = Opening(commitment_of(secret), secret, f"第 {term} 期")
        drawn = draw(applicants(text), bays=2, opening=opening)
        had.update(one.applicant.id for one in drawn.placed if one.has_bay)
        text = "".join(
            f"{one.applicant.id},{one.applicant.household},owner,1,,{one.next_lost_terms},"
            f"{'yes' if one.has_bay else 'no'}\n"
            for one in drawn.placed
        )
    assert set(had.values()) == {2}


# --- the command ------------------------------------------------------------------------------------------------


def command(tmp_path, text: str | bytes, *more: str, opening: Opening = OPENING, bays: str = "3"):
    file = tmp_path / "applicants.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    options = ["--seed-commitment", opening.commitment, "--secret", opening.secret]
    options += ["--public-value", opening.public_value, "--bays", bays]
    return CliRunner().invoke(parking, ["lottery", str(file), *options, *more])


def test_sheet_table_and_data_tell_the_same(tmp_path):
    sheet = command(tmp_path, HEADER + IN_THIS_ORDER.strip())
    assert sheet.exit_code == 0
    assert "12 辆车申请，3 个车位，3 辆中签" in sheet.stdout
    assert "民法典第二百七十六条" in sheet.stdout
    data = json.loads(command(tmp_path, HEADER + IN_THIS_ORDER.strip(), "--json").stdout)
    rows = command(tmp_path, HEADER + IN_THIS_ORDER.strip(), "--csv").stdout.splitlines()
    assert [one["applicant_id"] for one in data["placed"]] == [row.split(",")[1] for row in rows[1:]]
    assert data["result_digest"] in sheet.stdout
    assert rows[1].endswith(",yes,0,yes")
    assert rows[-1].endswith(",no,1,no")


def test_more_bays_than_cars_is_no_fault(tmp_path):
    assert "8 辆中签" in command(tmp_path, HEADER + EQUALS, bays="20").stdout


def test_the_commitment_is_what_sha256sum_prints():
    done = CliRunner().invoke(parking, ["lottery", "--commit", SECRET])
    assert done.stdout.strip() == hashlib.sha256(SECRET.encode()).hexdigest()


GOOD = "A1,3-2-501,owner,1,,0,no\n"
MALFORMED = [
    ("", "文件是空的"),
    ("applicant_id,household,standing\nA1,1,owner\n", "表头缺少 car_order"),
    ("applicant_id，household，standing，car_order\n", "表头缺少"),
    (HEADER, "里面没有任何申请"),
    (HEADER + GOOD + GOOD, "applicant_id“A1”重复"),
    (HEADER + "A1,,owner,1,,0,no\n", "第 2 行：household 是空的"),
    (HEADER + "A1,1,业主,1,,0,no\n", "standing“业主”不对"),
    (HEADER + "A1,1,owner,0,,0,no\n", "car_order“0”不对"),
    (HEADER + "A1,1,owner,-1,,0,no\n", "car_order“-1”不对"),
    (HEADER + "A1,1,owner,1.5,,0,no\n", "car_order“1.5”不对"),
    (HEADER + "A1,1,owner,NaN,,0,no\n", "car_order“NaN”不对"),
    (HEADER + "A1,1,owner,,,0,no\n", "car_order“”不对"),
    (HEADER + "A1,1,owner,1,blind,0,no\n", "need“blind”不对"),
    (HEADER + "A1,1,owner,1,,many,no\n", "lost_terms“many”不对"),
    (HEADER + "A1,1,owner,1,,0,maybe\n", "had_bay“maybe”不对"),
    (HEADER + "A1,1,owner,1,,2,yes\n", "上期已有车位"),
    (HEADER + GOOD + "A2,3-2-501,owner,1,,0,no\n", "第 1 辆车在第 2 行已经申请过"),
    (HEADER + GOOD + "A2,3-2-501,tenant,2,,0,no\n", "在第 2 行写的是业主"),
    (HEADER + "A1,1,owner,1,,0\n", "应有 7 列，实有 6 列"),
    (HEADER + 'A1,"1,owner,1,,0,no\n', "不是 csv 格式"),
    ((HEADER + "A1,甲户,owner,1,,0,no\n").encode() + "A2,乙户,owner,1,,0,no\n".encode("gb18030"), "编码"),
    (b"PK\x03\x04", "工作簿"),
]


@pytest.mark.parametrize(("text", "told"), MALFORMED)
def test_a_wrong_list_is_refused_with_its_place(tmp_path, text, told):
    done = command(tmp_path, text)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_full_width_digits_are_read(tmp_path):
    done = command(tmp_path, HEADER + "Ａ１,３-２-５０１,owner,１,,０,no\n")
    assert "A1  中签" in done.stdout


@pytest.mark.parametrize("bays", ["0", "-3", "abc", "1.5", ""])
def test_no_bays_is_refused(tmp_path, bays):
    done = command(tmp_path, HEADER + GOOD, bays=bays)
    assert done.exit_code == 2
    assert "车位数" in done.stderr or "--bays" in done.stderr


@pytest.mark.parametrize("arguments", [[], ["x.csv"], ["x.csv", "--seed-commitment", "a" * 64]])
def test_what_is_missing_is_named(arguments):
    done = CliRunner().invoke(parking, ["lottery", *arguments])
    assert done.exit_code == 2
    assert "请写申请表" in done.stderr or "缺少 --" in done.stderr


def test_nothing_of_the_secret_is_needed_to_be_believed():
    """The digest of the result is of the order alone: two who recompute compare one line."""
    one = draw(applicants(EQUALS), bays=3, opening=OPENING)
    other = draw(list(reversed(applicants(EQUALS))), bays=3, opening=OPENING)
    assert (
        one.result_digest
        == other.result_digest
        == drawing._digest([[p.place, p.applicant.id, p.number, p.has_bay] for p in one.placed])
    )
