"""Text as people type it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.ground.kernel.text import bigrams, fold, hide_numbers, mask_name, mask_phone, natural_key, shown

FOLDED = [
    # as typed, folded
    ("３号楼　２单元", "3号楼 2单元"),
    ("  王  秀兰\t", "王 秀兰"),
    ("１１８．６４㎡", "118.64m2"),
    ("Ａ座（东）", "A座(东)"),
    ("\ufeff3-2-501\u200b", "3-2-501"),
    ("一\x00二\r\n三", "一 二 三"),
    ("残\ud800缺", "残缺"),
    ("阿依古丽·买买提", "阿依古丽·买买提"),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "folded"), FOLDED)
def test_what_looks_the_same_becomes_the_same(typed, folded):
    assert fold(typed) == folded


@given(st.text())
@settings(deadline=None)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_a_long_wrong_value_is_repeated_only_in_part():
    assert shown("九" * 10_000_000) == "九" * 40 + "…"
    assert shown(" 短 ") == "短"


ORDERS = [
    # each list stands in the order a reader expects
    ["1号楼", "2号楼", "10号楼", "11号楼"],
    ["一号楼", "二号楼", "十号楼", "十一号楼", "二十号楼", "二十三号楼", "一百零五号楼"],
    ["1-2-101", "1-10-101", "2-1-101"],
    ["二单元", "3单元", "十单元"],
    ["一〇一", "102", "一〇三", "1001"],
    ["3-101", "3-101A", "3-101b", "3-102"],
    ["99999999", "100000000", "999999999", "1000000000"],
    ["A座2", "a座10", "B座1"],
]


@pytest.mark.parametrize("names", ORDERS, ids=lambda names: names[0])
def test_places_sort_as_a_reader_counts(names):
    shuffled = names[::-1]
    assert sorted(shuffled, key=natural_key) == names


def test_a_name_that_begins_with_a_hundred_flowers_is_no_number():
    assert natural_key("百合苑") == "百合苑"
    assert natural_key("千禧园十里") == "千禧园00000010里"


SAME = [
    ("2号楼", "二号楼"),
    ("２号楼", "2号楼"),
    ("02号楼", "2号楼"),
    ("十二", "12"),
    ("十", "10"),
    ("一千零一", "1001"),
    ("A座", "a座"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_to_write_a_number_sort_alike(one, other):
    assert natural_key(one) == natural_key(other)


@given(st.integers(0, 10**30), st.integers(0, 10**30))
@settings(deadline=None)
def test_keys_of_numbers_sort_as_the_numbers(one, other):
    assert (natural_key(f"{one}号") < natural_key(f"{other}号")) == (one < other)


@pytest.mark.parametrize("text", ["9" * 10_000, "九" * 10_000, "九" * 10_000 + "十", "千" * 10_000])
def test_a_number_without_end_has_a_key_too(text):
    assert natural_key("2号") < natural_key(text)


MASKED_NAMES = [
    ("王秀兰", "王**"),
    ("王芳", "王*"),
    ("欧阳春华", "欧***"),
    ("阿依古丽·买买提", "阿*******"),
    (" 李四 ", "李*"),
    ("张", "张*"),
    ("", ""),
]


@pytest.mark.parametrize(("name", "masked"), MASKED_NAMES)
def test_strangers_see_of_a_name_its_first_character(name, masked):
    assert mask_name(name) == masked


MASKED_PHONES = [
    ("13812345678", "138****5678"),
    ("138 1234 5678", "138****5678"),
    ("138-1234-5678", "138****5678"),
    ("１３８１２３４５６７８", "138****5678"),
    ("+8613812345678", "+86*******5678"),
    ("86881234", "******34"),
    ("110", "***"),
    ("", ""),
]


@pytest.mark.parametrize(("phone", "masked"), MASKED_PHONES)
def test_strangers_never_see_the_middle_of_a_phone_number(phone, masked):
    assert mask_phone(phone) == masked


PAIRS = [
    ("单元门坏了", ["单元", "元门", "门坏", "坏了"]),
    ("３号楼，门 app", ["3号", "号楼", "门", "ap", "pp"]),
    ("门", ["门"]),
    ("？！", []),
]


@pytest.mark.parametrize(("text", "pairs"), PAIRS)
def test_pairs_of_neighbouring_characters(text, pairs):
    assert bigrams(text) == pairs


HIDDEN = [
    ("打 13800012345 找我", "打 138******45 找我"),
    ("１３８００１２３４５６", "１３８******５６"),
    ("370211199001011234", "370*************34"),
    ("单号 20261120-1042，3-2-501，0532-85001234", "单号 20261120-1042，3-2-501，0532-85001234"),
    ("2026112013800012345678", "2026112013800012345678"),
]


@pytest.mark.parametrize(("typed", "shown_text"), HIDDEN)
def test_numbers_of_people_in_a_text_become_unreadable_and_others_stay(typed, shown_text):
    assert hide_numbers(typed) == shown_text
