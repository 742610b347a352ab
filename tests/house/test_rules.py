"""The house rules hold for the house as it stands."""

from __future__ import annotations

import pytest

from tests.house import pages, papers, walls
from tests.house.tree import Tree

RULES = walls.RULES | pages.RULES | papers.RULES


@pytest.mark.parametrize("rule", RULES)
def test_the_house_keeps_its_rule(rule: str) -> None:
    faults = RULES[rule](Tree())
    assert not faults, f"{RULES[rule].__doc__}\n" + "\n".join(faults)
