"""Benchmarks tell what they promise, are timed in turn, and each module can be run by name."""

from __future__ import annotations

import ast

import pytest
from bench.measure import Measure, interleave, ratio

from tests.house.tree import ROOT

MODULES = sorted(
    path for path in (ROOT / "bench").glob("*.py") if path.stem not in ("__init__", "run", "measure")
)


@pytest.mark.parametrize(
    ("value", "target", "better", "met"),
    [
        (4.0, 5.0, "lower", True),
        (6.0, 5.0, "lower", False),
        (60.0, 50.0, "higher", True),
        (1.0, None, "lower", None),
    ],
)
def test_a_promise_is_kept_or_missed(value, target, better, met) -> None:
    assert Measure(name="x", value=value, unit="s", target=target, better=better).met is met


def test_the_spread_is_half_the_range_over_the_median() -> None:
    assert Measure(name="x", value=2.0, unit="s", runs=(1.0, 2.0, 3.0)).spread == 0.5
    assert Measure(name="x", value=2.0, unit="s", runs=(2.0,)).spread is None


def test_candidates_are_timed_in_turn_and_the_order_turns() -> None:
    order: list[str] = []
    times = interleave({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, rounds=2, warm=1)
    assert order == ["b", "a", "a", "b", "b", "a"]
    assert len(times["a"].wall) == len(times["b"].cpu) == 2


def test_ratios_are_taken_round_by_round() -> None:
    assert ratio([10.0, 30.0, 20.0], [1.0, 2.0, 4.0]) == (10.0, (10.0, 15.0, 5.0))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_benchmark_has_one_door(path) -> None:
    functions = {
        node.name: node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)
    }
    assert [argument.arg for argument in functions["run"].args.args] == ["quick"]
