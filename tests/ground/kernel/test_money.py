"""Money: splitting without losing a fen, writing it for people and for bills, reading it back."""

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.money import LARGEST_FEN, format_fen, parse_yuan, rmb_words, split_fen
from linli.ground.kernel.text import natural_key

# --- splitting ----------------------------------------------------------------------------------------------

SPLITS = [
    # total in fen, weights, parts in fen — law.md §2.2
    (1_000_000, [8851, 12033, 6500], [323218, 439417, 237365]),
    (10_000, [1, 1, 1], [3334, 3333, 3333]),
    (100, [1] * 7, [15, 15, 14, 14, 14, 14, 14]),
    (100_001, [1] * 6, [16667, 16667, 16667, 16667, 16667, 16666]),
    (-10_000, [1, 1, 1], [-3334, -3333, -3333]),
    (0, [3, 4], [0, 0]),
    (5, [0, 1, 0], [0, 5, 0]),
    (2, [1, 1, 1], [1, 1, 0]),
    (10, [5, 5], [5, 5]),
]


@pytest.mark.parametrize(("total", "weights", "parts"), SPLITS)
def test_a_sum_is_split_to_the_last_fen(total, weights, parts):
    assert split_fen(total, weights) == parts


def test_equal_remainders_are_served_in_the_natural_order_of_unit_codes():
    codes = ["1-1-1001", "1-1-901", "1-1-102", "1-1-101"]
    assert split_fen(102, [1, 1, 1, 1], codes) == [25, 25, 26, 26]


def test_codes_that_read_alike_are_served_in_the_order_of_their_characters():
    assert split_fen(1, [1, 1], ["二号", "2号"]) == [0, 1]


REFUSED_WEIGHTS = [([], "no_weights"), ([1, -1], "negative_weight"), ([0, 0], "weights_all_zero")]


@pytest.mark.parametrize(("weights", "code"), REFUSED_WEIGHTS)
def test_weights_that_cannot_carry_a_sum_are_refused(weights, code):
    with pytest.raises(Invalid) as refusal:
        split_fen(100, weights)
    assert refusal.value.code == code


def test_a_key_for_each_weight_is_a_matter_of_the_program():
    with pytest.raises(ValueError, match="one key"):
        split_fen(1, [1, 1], ["a"])


weights_with_sum = st.lists(st.integers(0, 10**15), min_size=1, max_size=40).filter(any)


@given(st.integers(-(10**17), 10**17), weights_with_sum)
@settings(deadline=None)
def test_the_parts_add_up_and_none_is_a_whole_fen_off(total, weights):
    parts = split_fen(total, weights)
    whole = sum(weights)
    assert sum(parts) == total
    assert all(
        abs(part * whole - total * weight) < whole for part, weight in zip(parts, weights, strict=True)
    )


@given(st.integers(0, 10**12), weights_with_sum, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_rows_does_not_change_anybodys_part(total, weights, random):
    codes = [f"{n}-{n * 7 % 11}" for n in range(len(weights))]
    shuffled = list(range(len(weights)))
    random.shuffle(shuffled)
    parts = split_fen(total, weights, codes)
    again = split_fen(total, [weights[n] for n in shuffled], [codes[n] for n in shuffled])
    assert again == [parts[n] for n in shuffled]


@given(st.integers(0, 10**9), st.lists(st.integers(0, 5), min_size=2, max_size=20).filter(any))
@settings(deadline=None)
def test_who_weighs_more_never_pays_less(total, weights):
    codes = [str(n) for n in range(len(weights))]
    parts = split_fen(total, weights, codes)
    rows = sorted(zip(weights, parts, strict=True), key=lambda row: (row[0], row[1]))
    heavier_parts = [part for _, part in rows]
    assert heavier_parts == sorted(heavier_parts)
    by_code = sorted(range(len(weights)), key=lambda n: natural_key(codes[n]))
    for one, other in zip(by_code, by_code[1:], strict=False):
        assert weights[one] != weights[other] or parts[one] >= parts[other]


# --- figures ------------------------------------------------------------------------------------------------

FIGURES = [
    (123450, "1,234.50"),
    (5, "0.05"),
    (0, "0.00"),
    (-123450, "−1,234.50"),
    (10**11, "1,000,000,000.00"),
]


@pytest.mark.parametrize(("fen", "text"), FIGURES)
def test_fen_are_shown_as_yuan(fen, text):
    assert format_fen(fen) == text


def test_for_programs_the_commas_stay_out():
    assert format_fen(-123450, grouped=False) == "−1234.50"


READ = [
    ("1234.5", 123450),
    ("1,234.50", 123450),
    ("￥１，２３４．５０", 123450),
    ("¥ 1234.50", 123450),
    ("人民币1234.5元", 123450),
    ("1234圆", 123400),
    ("-3", -300),
    ("−3.00", -300),
    ("+0.05", 5),
    ("007.10000", 710),
    ("9999999999999999.99", LARGEST_FEN),
]


@pytest.mark.parametrize(("text", "fen"), READ)
def test_an_amount_is_read_as_people_write_it(text, fen):
    assert parse_yuan(text) == fen


NOT_READ = [
    ("", "not_a_number"),
    ("一百", "not_a_number"),
    ("1.2.3", "not_a_number"),
    ("NaN", "not_a_number"),
    ("Infinity", "not_a_number"),
    ("1e5", "not_a_number"),
    ("1,23.45", "not_a_number"),
    ("12,3456", "not_a_number"),
    ("٣", "not_a_number"),
    (".5", "not_a_number"),
    ("5.", "not_a_number"),
    ("{0}", "not_a_number"),
    ("0.005", "too_precise"),
    ("10000000000000000", "too_large"),
    ("9" * 10_000, "too_large"),
]


@pytest.mark.parametrize(("text", "code"), NOT_READ, ids=lambda value: str(value)[:20])
def test_what_is_no_exact_amount_is_refused_in_one_short_sentence(text, code):
    with pytest.raises(Invalid) as refusal:
        parse_yuan(text)
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")
    assert len(refusal.value.message) < 100


@given(st.integers(-LARGEST_FEN, LARGEST_FEN), st.booleans())
@settings(deadline=None)
def test_what_is_shown_is_read_back(fen, grouped):
    assert parse_yuan(format_fen(fen, grouped=grouped)) == fen


# --- bill characters ----------------------------------------------------------------------------------------

BILLS = [
    # yuan, bill characters — law.md §9.4, the first form where two are lawful
    ("1409.50", "壹仟肆佰零玖元伍角整"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    ("0.50", "伍角整"),
    ("0.05", "伍分"),
    ("100000000", "壹亿元整"),
    ("1000010.00", "壹佰万零壹拾元整"),
    # and the corners
    ("0", "零元整"),
    ("10", "壹拾元整"),
    ("0.11", "壹角壹分"),
    ("10.50", "壹拾元伍角整"),
    ("10.05", "壹拾元零伍分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("1007000", "壹佰万柒仟元整"),
    ("10070000", "壹仟零柒万元整"),
    ("100007000", "壹亿零柒仟元整"),
    ("110000001", "壹亿壹仟万零壹元整"),
    ("1000100000", "壹拾亿零壹拾万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000100000000", "壹万零壹亿元整"),
    ("1234500000000", "壹万贰仟叁佰肆拾伍亿元整"),
    ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("-5.20", "负伍元贰角整"),
]


@pytest.mark.parametrize(("yuan", "words"), BILLS)
def test_an_amount_on_a_bill(yuan, words):
    assert rmb_words(parse_yuan(yuan)) == words


def test_an_amount_that_has_no_characters_is_refused():
    for fen in (LARGEST_FEN + 1, -LARGEST_FEN - 1):
        with pytest.raises(Invalid, match="太大"):
            rmb_words(fen)


DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
SMALL = {"拾": 10, "佰": 100, "仟": 1000}


def read_bill(words: str) -> int:
    """An independent reader: the fen that a bank clerk reads out of bill characters."""
    if words[0] == "负":
        return -read_bill(words[1:])
    yuan, rest = words.split("元") if "元" in words else ("", words)
    fen = 0
    for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([角分])", rest):
        fen += DIGITS[digit] * (10 if unit == "角" else 1)
    return 100 * read_whole(yuan) + fen


def read_whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return read_whole(high) * size + read_whole(low)
    total = digit = 0
    for character in words:
        if character in SMALL:
            total += digit * SMALL[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


sparse_amounts = st.lists(st.sampled_from("0000123456789"), min_size=1, max_size=18).map(
    lambda digits: int("".join(digits))
)


@given(st.one_of(sparse_amounts, st.integers(-LARGEST_FEN, LARGEST_FEN)))
@settings(deadline=None, max_examples=500)
def test_bill_characters_are_read_back_and_well_formed(fen):
    words = rmb_words(fen)
    assert read_bill(words) == fen
    assert "零零" not in words
    assert not re.search("零[拾佰仟万亿角分整]", words)
    assert words.endswith(("整", "分"))
    assert words.count("元") <= 1


@given(
    st.one_of(sparse_amounts, st.integers(0, LARGEST_FEN)),
    st.one_of(sparse_amounts, st.integers(0, LARGEST_FEN)),
)
@settings(deadline=None)
def test_two_amounts_never_share_their_characters(one, other):
    assume(one != other)
    assert rmb_words(one) != rmb_words(other)
