"""Pictures of numbers keep to their frame, say what they show, and carry no style of their own."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.web import charts, qr
from linli.ground.web.charts import Series

numbers = st.integers(0, 10**9)


def parsed(markup):
    return ElementTree.fromstring(f"<x>{markup}</x>")


@given(st.lists(st.tuples(st.text("甲乙丙<&\"'", max_size=12), numbers), max_size=8))
def test_bars_stay_within_their_line(rows):
    drawn = parsed(charts.bars(rows, label="图"))
    widths = [float(one.get("width").rstrip("%")) for one in drawn.iter("rect") if one.get("class") == "fill"]
    assert len(widths) == len(rows) and all(0 <= width <= 100 for width in widths)


@given(st.lists(st.lists(numbers, min_size=1, max_size=14), min_size=1, max_size=6))
def test_lines_stay_within_their_frame(values):
    series = [Series(f"线{index}", one) for index, one in enumerate(values)]
    for drawing in parsed(charts.lines(series, [f"{n}月" for n in range(14)], label="图")).iter("svg"):
        width, height = (int(word) for word in drawing.get("viewBox").split()[2:])
        for line in drawing.iter("polyline"):
            for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", line.get("points")):
                assert 0 <= float(x) <= width and 0 <= float(y) <= height


@given(st.lists(st.tuples(st.just("甲"), numbers), max_size=6))
def test_pieces_add_up_to_the_whole(parts):
    widths = [float(one.get("width")) for one in parsed(charts.stacked(parts, label="图")).iter("rect")]
    assert sum(widths) <= charts.WIDTH + 1


@pytest.mark.parametrize(
    ("largest", "top"), [(0, 4), (4, 4), (5, 8), (2204, 2400), (99, 120), (100, 120), (10**6, 1200000)]
)
def test_scales_have_round_quarters(largest, top):
    assert charts._round_up(largest) == top


def test_labels_are_text_and_never_markup():
    for drawn in (
        charts.bars([("<i>", 1)], label='"><script>'),
        charts.lines([Series("<i>", [1, 2])], ["<i>", "二"], label="<u>"),
        charts.stacked([("a", 1)], label="<u>"),
        charts.spark([1, 2], label="<u>"),
        charts.gauge(1, 2, label="<u>", text="<i>"),
        qr.code("https://linli.localhost/v/1", "<u>"),
    ):
        assert not re.search(r"<(i|u|script)>", drawn)
        assert "style=" not in drawn
        parsed(drawn)


def test_nothing_to_show_is_no_fault():
    for drawn in (
        charts.bars([], label="x"),
        charts.lines([], [], label="x"),
        charts.stacked([], label="x"),
        charts.spark([], label="x"),
        charts.gauge(0, 0, label="x", text=""),
    ):
        parsed(drawn)


def test_seven_lines_are_too_many_to_tell_apart():
    with pytest.raises(AssertionError):
        charts.lines([Series("x", [1])] * 7, ["一"], label="x")


@pytest.mark.parametrize(
    ("part", "whole", "text"), [(1, 4, "25.0"), (5, 4, "100.0"), (-1, 4, "0.0"), (1, 0, "0")]
)
def test_shares_are_kept_between_nothing_and_all(part, whole, text):
    assert charts.share(part, whole) == text
