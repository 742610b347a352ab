"""Credit codes, citizen IDs, mobile numbers and number plates. All numbers are samples or invented."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from linli.ground.kernel.codes import check_citizen_id, check_mobile, check_plate, check_uscc
from linli.ground.kernel.errors import Invalid

CHECKS = {"USCC": check_uscc, "ID": check_citizen_id, "MOBILE": check_mobile, "PLATE": check_plate}

GOOD = [
    # kind, as typed, normalised — law.md §9.1, §9.2, §9.7
    ("USCC", "91350100M000100Y43", "91350100M000100Y43"),
    ("USCC", "91370200163562681G", "91370200163562681G"),
    ("USCC", "91370211MA00000A96", "91370211MA00000A96"),
    ("USCC", "51370211MJ000000XE", "51370211MJ000000XE"),
    ("USCC", "113702110000000005", "113702110000000005"),
    ("USCC", " ９１３５０１００-m000100y4 3 ", "91350100M000100Y43"),
    ("ID", "11010519491231002X", "11010519491231002X"),
    ("ID", "440524188001010014", "440524188001010014"),
    ("ID", "370211190001010010", "370211190001010010"),
    ("ID", "110105 19491231 002x", "11010519491231002X"),
    ("MOBILE", "13812345678", "13812345678"),
    ("MOBILE", "+86 138-1234-5678", "13812345678"),
    ("MOBILE", "008619912345678", "19912345678"),
    ("PLATE", "鲁B12345", "鲁B12345"),
    ("PLATE", "鲁b·d12345", "鲁BD12345"),
    ("PLATE", "鲁U 12345D", "鲁U12345D"),
    ("PLATE", "鲁BDA1234", "鲁BDA1234"),
    ("PLATE", "鲁B9999警", "鲁B9999警"),
    ("PLATE", "粤Z1234港", "粤Z1234港"),
    ("PLATE", "鲁S1234应急", "鲁S1234应急"),
    ("PLATE", "使123456", "使123456"),
    ("PLATE", "123456使", "123456使"),
    ("PLATE", "WJ鲁12345", "WJ鲁12345"),
    ("PLATE", "VA12345", "VA12345"),
]


@pytest.mark.parametrize(("kind", "typed", "normal"), GOOD)
def test_a_good_number_is_read_however_it_is_typed(kind, typed, normal):
    assert CHECKS[kind](typed) == normal


BAD = [
    # kind, as typed, what is wrong
    ("USCC", "", "code_length"),
    ("USCC", "91350100M000100Y4", "code_length"),
    ("USCC", "91350100M000100Y44", "uscc_check"),
    ("USCC", "91350100M000100Y30", "uscc_organisation_check"),
    ("USCC", "91350100I000100Y43", "uscc_characters"),
    ("USCC", "9135010OM000100Y43", "uscc_characters"),
    ("USCC", "000000000000000000", "uscc_characters"),
    ("USCC", "９１３５０１００中文00100Y43", "uscc_characters"),
    ("ID", "1101051949123100", "code_length"),
    ("ID", "110105194912310021", "citizen_id_check"),
    ("ID", "370211190002290019", "citizen_id_birth"),  # 1900 was no leap year
    ("ID", "370211000001010010", "citizen_id_birth"),
    ("ID", "370211179901010010", "citizen_id_birth"),
    ("ID", "X10105194912310021", "citizen_id_characters"),
    ("ID", "11010519491231００2٣", "citizen_id_characters"),
    ("MOBILE", "12812345678", "mobile_characters"),
    ("MOBILE", "1381234567", "code_length"),
    ("MOBILE", "1381234567a", "mobile_characters"),
    ("MOBILE", "053286881234", "code_length"),
    ("PLATE", "", "plate"),
    ("PLATE", "鲁B1234I", "plate"),
    ("PLATE", "鲁BO1234", "plate"),
    ("PLATE", "鲁B1234", "plate"),
    ("PLATE", "鲁12345B", "plate"),
    ("PLATE", "台B12345", "plate"),
    ("PLATE", "鲁BL12345", "plate"),
    ("PLATE", "x" * 10_000, "plate"),
]


@pytest.mark.parametrize(("kind", "typed", "code"), BAD, ids=lambda value: value[:20])
def test_what_is_wrong_with_a_number_is_said(kind, typed, code):
    with pytest.raises(Invalid) as refusal:
        CHECKS[kind](typed)
    assert refusal.value.code == code
    assert refusal.value.message.endswith("。")


def test_nobody_is_born_tomorrow():
    assert check_citizen_id("11010519491231002X", today=date(1949, 12, 31))
    with pytest.raises(Invalid, match="不可能"):
        check_citizen_id("11010519491231002X", today=date(1949, 12, 30))


@pytest.mark.parametrize(("kind", "typed", "_"), BAD, ids=lambda value: value[:20])
def test_a_refusal_never_repeats_the_number(kind, typed, _):
    with pytest.raises(Invalid) as refusal:
        CHECKS[kind](typed)
    assert kind == "PLATE" or not typed or typed not in refusal.value.message


places = st.integers(0, 17)


@given(places, st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"))
@settings(deadline=None)
def test_one_mistyped_character_of_a_credit_code_is_noticed(place, typed):
    good = "91370211MA00000A96"
    wrong = good[:place] + typed + good[place + 1 :]
    if wrong != good:
        with pytest.raises(Invalid):
            check_uscc(wrong)


@given(places, st.sampled_from("0123456789"))
@settings(deadline=None)
def test_one_mistyped_digit_of_a_citizen_id_is_noticed(place, typed):
    good = "370211190001010010"
    wrong = good[:place] + typed + good[place + 1 :]
    if wrong != good:
        with pytest.raises(Invalid):
            check_citizen_id(wrong)


@given(st.from_regex("[1-9][1-9][0-9]{6}[0-9A-HJ-NPQRTUWXY]{8}", fullmatch=True))
@settings(deadline=None)
def test_a_second_opinion_agrees_on_every_credit_code_that_we_accept(start):
    """The library checks the outer character only; whatever passes ours passes there."""
    for inner in "0123456789X":
        code = start + inner + uscc.calc_check_digit(start + inner)
        assert uscc.is_valid(code)
        try:
            assert check_uscc(code) == code
            return
        except Invalid as refusal:
            assert refusal.code == "uscc_organisation_check"
    raise AssertionError("one of the inner check characters must fit")


def test_codes_of_rural_and_other_bodies_begin_with_a_letter():
    for first in ("N2", "Y1", "A1"):
        start = first + "370211MF000000"
        assert any(_accepted(start + inner) for inner in "0123456789X")


def _accepted(start):
    weights = [pow(3, place, 31) for place in range(17)]
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    total = sum(alphabet.index(character) * weight for character, weight in zip(start, weights, strict=True))
    try:
        return check_uscc(start + alphabet[-total % 31])
    except Invalid:
        return False
