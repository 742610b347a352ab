"""Camps and common ground, on generated groups whose truth is known."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb
from random import Random
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.civic.deliberation.domain import camps
from linli.civic.deliberation.domain.camps import place_people
from linli.civic.deliberation.domain.common_ground import Answer, Opinions, Voices, find_opinions
from linli.civic.deliberation.domain.reading import read_answers, read_wording
from linli.civic.deliberation.domain.reporting import opinion_lines, told_opinions
from linli.ground.kernel.errors import Invalid

CHOICES = ("agree", "disagree", "pass")


class Truth(NamedTuple):
    """Whom a generated person belongs to, and what every camp thinks of every statement."""

    camp_of: dict[str, int]
    leaning: list[list[bool]]

    def shared(self, yes: bool) -> set[str]:
        """The statements that every camp accepts, or that every camp rejects."""
        columns = zip(*self.leaning, strict=True)
        return {f"s{number}" for number, camps in enumerate(columns, 1) if set(camps) == {yes}}


def generated(
    camps: int, *, people: int, statements: int, answered: float, seed: int
) -> tuple[list[Answer], Truth]:
    """People of known camps: statements 1–4 are common ground, 5–6 common objection, the rest by camp.

    Each answers as the camp does nine times of ten, skips some and passes on a few.
    """
    chance = Random(seed)
    leaning = [[chance.random() < 0.5 for _ in range(statements)] for _ in range(camps)]
    for camp in leaning:
        camp[:6] = [True] * 4 + [False] * 2
    truth = Truth({f"p{number}": number % camps for number in range(people)}, leaning)
    answers = []
    for person, camp in truth.camp_of.items():
        for number in range(statements):
            if chance.random() > answered:
                continue
            agrees = leaning[camp][number] == (chance.random() < 0.9)
            choice = "pass" if chance.random() < 0.05 else "agree" if agrees else "disagree"
            answers.append(Answer(len(answers) + 2, person, f"s{number + 1}", choice))
    return answers, truth


def likeness(truth: Truth, found: Opinions) -> float:
    """How well the camps fit the truth: 1 for the same, about 0 for chance (adjusted Rand index)."""
    camp_of = {person: camp.name for camp in found.camps for person in camp.members}
    pairs = Counter((truth.camp_of[person], camp) for person, camp in camp_of.items())
    rows, columns = Counter(truth.camp_of[person] for person in camp_of), Counter(camp_of.values())
    both = sum(comb(number, 2) for number in pairs.values())
    one, other = (sum(comb(number, 2) for number in counted.values()) for counted in (rows, columns))
    expected = one * other / comb(len(camp_of), 2)
    return 1.0 if one == other == both else (both - expected) / ((one + other) / 2 - expected)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("number", [2, 3, 4])
def test_known_camps_are_found(number: int, seed: int) -> None:
    answers, truth = generated(number, people=240, statements=40, answered=0.6, seed=seed)
    found = find_opinions(answers)
    assert len(found.camps) == number
    assert likeness(truth, found) > 0.9


@pytest.mark.parametrize("seed", range(12))
def test_one_mind_is_not_split(seed: int) -> None:
    answers, _ = generated(1, people=150, statements=30, answered=0.5, seed=seed)
    assert len(find_opinions(answers).camps) == 1


@pytest.mark.parametrize("number", [1, 2, 3])
def test_known_common_ground_is_found_and_nothing_else(number: int) -> None:
    for seed in range(4):
        answers, truth = generated(number, people=240, statements=30, answered=0.6, seed=seed)
        found = find_opinions(answers)
        assert {one.statement_id for one in found.common_ground} == truth.shared(True)
        assert {one.statement_id for one in found.common_objection} == truth.shared(False)


def test_what_divides_is_told_with_both_sides() -> None:
    answers, _ = generated(2, people=200, statements=30, answered=0.7, seed=3)
    found = find_opinions(answers)
    assert found.divisive
    strongest = found.divisive[0]
    sides = {
        name: voices.leans("agree") > voices.leans("disagree") for name, voices in strongest.voices.items()
    }
    assert set(sides.values()) == {True, False}
    assert "人同意；" in strongest.reason
    assert "人不同意。" in strongest.reason


def test_the_reason_of_common_ground_counts_every_camp() -> None:
    answers = [
        Answer(2, f"p{n}", f"s{s}", "agree" if s == 1 or (n < 10) == (s % 2 == 0) else "disagree")
        for n in range(20)
        for s in range(1, 9)
    ]
    found = find_opinions(answers)
    assert [len(camp.members) for camp in found.camps] == [10, 10]
    assert found.common_ground[0].reason == (
        "甲营 10 人表态，10 人同意；乙营 10 人表态，10 人同意；每个营垒都至少六成同意。"
    )
    assert found.common_ground[0].strength == Voices(10, 0, 0, 10).leans("agree")


@pytest.mark.parametrize(
    ("voices", "share"),
    [
        (Voices(3, 0, 0, 3), Fraction(4, 5)),
        (Voices(2, 0, 0, 2), Fraction(3, 4)),  # all of a small camp
        (Voices(2, 0, 0, 3), 0),  # two voices do not speak for three
        (Voices(4, 0, 0, 40), 0),  # nor four for forty
        (Voices(8, 0, 0, 40), Fraction(9, 10)),
        (Voices(6, 3, 1, 10), Fraction(7, 12)),
    ],
)
def test_few_voices_do_not_speak_for_a_camp(voices: Voices, share: Fraction) -> None:
    assert voices.leans("agree") == share


def test_who_answered_little_is_not_placed() -> None:
    answers, _ = generated(2, people=100, statements=20, answered=0.9, seed=1)
    found = find_opinions(
        [*answers, Answer(0, "newcomer", "s1", "agree"), Answer(0, "newcomer", "s2", "pass")]
    )
    assert found.unplaced == ("newcomer",)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(1, 3))
def test_the_order_of_answers_changes_nothing(seed: int, number: int) -> None:
    answers, _ = generated(number, people=30, statements=10, answered=0.7, seed=seed)
    shuffled = list(answers)
    Random(seed + 1).shuffle(shuffled)
    assert find_opinions(shuffled) == find_opinions(answers)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 4), st.sampled_from(CHOICES)), min_size=1, max_size=40
    )
)
def test_any_answers_get_an_answer(rows: list[tuple[int, int, str]]) -> None:
    distinct = {(person, statement): choice for person, statement, choice in rows}
    answers = [Answer(n, f"p{p}", f"s{s}", choice) for n, ((p, s), choice) in enumerate(distinct.items())]
    found = find_opinions(answers)
    placed = [person for camp in found.camps for person in camp.members]
    assert sorted([*placed, *found.unplaced]) == sorted(found.people)
    assert 0 <= found.separation <= 1
    assert list(opinion_lines(found, {}))


def test_no_answers_are_refused() -> None:
    with pytest.raises(Invalid, match="还没有任何表态"):
        find_opinions([])


@pytest.mark.parametrize("matrix", [np.ones((8, 4)), np.zeros((3, 3)), np.ones((1, 1))])
def test_people_of_one_voice_are_one_camp(matrix) -> None:
    assert place_people(matrix).camps == 1


def test_the_rounds_end_even_where_people_still_move(monkeypatch) -> None:
    monkeypatch.setattr(camps, "ROUNDS", 1)
    answers, truth = generated(3, people=90, statements=30, answered=0.8, seed=2)
    assert likeness(truth, find_opinions(answers)) > 0.5


def test_who_was_placed_wrongly_moves_to_those_who_answer_alike(monkeypatch) -> None:
    """Six against six, and one of the first six placed with the others; one round is enough to move."""
    answers = np.array([[1.0] * 8] * 6 + [[-1.0] * 8] * 6)
    wrong = np.array([0] * 5 + [1] * 7)
    for rounds in (1, 100):
        monkeypatch.setattr(camps, "ROUNDS", rounds)
        moved = camps._by_their_answers(wrong, answers, np.ones(answers.shape, dtype=bool))
        assert moved.tolist() == [0] * 6 + [1] * 6


def test_nobody_who_answered_is_no_camp() -> None:
    assert place_people(np.full((3, 4), np.nan)).camps == 0


# --- reading and telling ----------------------------------------------------------------------------------

HEADER = "person_id,statement_id,choice\n"


def test_answers_are_read_with_their_faults() -> None:
    answers, table = read_answers([HEADER, "p1,s1,agree\n", "p2,s1,pass\n"])
    assert (answers[1], table.faults) == (Answer(3, "p2", "s1", "pass"), [])
    for lines, fault in (
        ([HEADER, "p1,s1,maybe\n"], "表态表第 2 行：choice“maybe”不对"),
        ([HEADER, "p1,s1,agree\n", "p1,s1,agree\n"], "表态表第 3 行：这个人对这条意见在第 2 行已经表过态。"),
        ([HEADER, ",s1,agree\n"], "表态表第 2 行：person_id 是空的。"),
        ([HEADER], "表态表：里面没有任何表态。"),
        (["a,b\n"], "表态表第 1 行：表头缺少"),
    ):
        _, table = read_answers(lines)
        assert table.faults[0].message.startswith(fault)


def test_wording_is_read_with_its_faults() -> None:
    wording, table = read_wording(["statement_id,text\n", "s1,门口应设坡道\n"])
    assert (wording, table.faults) == ({"s1": "门口应设坡道"}, [])
    for lines in (
        ["statement_id\n", "s1\n"],
        ["statement_id,text\n", "s1,\n"],
        ["statement_id,text\n", "s1,a\n", "s1,b\n"],
    ):
        assert read_wording(lines)[1].faults


def test_the_findings_are_told_in_words_and_as_data() -> None:
    answers, _ = generated(2, people=100, statements=20, answered=0.9, seed=1)
    found = find_opinions([*answers, Answer(0, "newcomer", "s1", "agree")])
    text = "\n".join(opinion_lines(found, {"s1": "门口应设坡道"}))
    assert "大家分成 2 个营垒" in text
    assert "门口应设坡道" in text
    assert "1 人表态太少" in text
    told = told_opinions(found, {"s1": "门口应设坡道"})
    assert [camp["size"] for camp in told["camps"]] == [len(camp.members) for camp in found.camps]
    assert {"门口应设坡道", ""} == {one["text"] for one in told["common_ground"]}
    alone, _ = generated(1, people=20, statements=8, answered=0.9, seed=2)
    text = "\n".join(opinion_lines(find_opinions(alone), {}))
    assert "看不出成形的营垒" in text
    assert "全体 " in text and "甲营" not in text
