"""How the rules read: what a page says it calls, what counts as speech, where a view is found."""

from __future__ import annotations

import ast

import pytest

from tests.house import pages, papers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "# x\n\n## Calls\n\n`journal`, `linli.registry.people.queries`\n\n## Words\n`voting`\n",
            {"journal", "people"},
        ),
        ("Called by: `requests`. Calls: `journal.append` and `places`.\n\nThe end.", {"journal", "places"}),
        ("**Calls**: nothing of ours.", set()),
        ("It calls home.", None),
    ],
)
def test_a_readme_says_whom_it_calls(text: str, told: set[str] | None) -> None:
    assert papers._told(text) == told


@pytest.mark.parametrize(
    ("source", "spoken"),
    [
        ('"""文档: 不算"""', []),
        ('X = re.compile("号?")', []),
        ('X = "说话, 算数"', ["说话, 算数"]),
        ('X = f"余额: {y}"', ["余额: "]),
    ],
)
def test_speech_is_neither_docstring_nor_pattern(source: str, spoken: list[str]) -> None:
    assert [node.value for node in pages._spoken_strings(ast.parse(source))] == spoken


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("您好，邻居", True),
        ("您好,邻居", False),
        ("时间 12:30", True),
        ("见第3条；", True),
        ("结束.", False),
        ("第 2.5 条", True),
    ],
)
def test_half_width_after_chinese_is_seen(text: str, fine: bool) -> None:
    assert (pages.HALF_WIDTH.search(text) is None) == fine
