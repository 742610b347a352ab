"""Pages turn by key: forwards and back, nothing twice, nothing lost, and no address can be made up."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from linli.ground.kernel.errors import Invalid
from linli.ground.web import paging


def turn(address, numbers, size=3):
    """A page of the numbers, the largest first."""

    def fetch(after, before, limit):
        if after:
            return [number for number in numbers if number < after[0]][:limit]
        if before:
            return sorted(number for number in numbers if number > before[0])[:limit]
        return numbers[:limit]

    return paging.page(RequestFactory().get(address), fetch, lambda number: [number], size=size)


@given(st.integers(0, 25), st.integers(1, 6))
def test_every_row_is_seen_once_forwards_and_back(count, size):
    numbers = list(range(count, 0, -1))
    page, pages = turn("/list/?status=open", numbers, size), []
    pages.append(page.rows)
    while page.older:
        assert "status=open" in page.older
        page = turn(page.older, numbers, size)
        pages.append(page.rows)
    assert [row for rows in pages for row in rows] == numbers
    for rows in reversed(pages[:-1]):
        page = turn(page.newer, numbers, size)
        assert page.rows == rows
    assert page.newer == ""


def test_a_row_added_meanwhile_is_neither_lost_nor_shown_twice():
    first = turn("/list/", [5, 4, 3, 2, 1])
    assert turn(first.older, [6, 5, 4, 3, 2, 1]).rows == [2, 1]


@pytest.mark.parametrize("cursor", ["x", "WzFd:abc:def", "' OR 1=1", "[1]"])
def test_a_made_up_cursor_is_refused(cursor):
    with pytest.raises(Invalid, match="请回到列表第一页"):
        paging.read_cursor(cursor, path="/list/")


def test_a_changed_cursor_is_refused():
    good = paging.write_cursor(["2026-11-22", 7], path="/list/")
    assert paging.read_cursor(good, path="/list/") == ["2026-11-22", 7]
    with pytest.raises(Invalid):
        paging.read_cursor(good[:-1] + ("A" if good[-1] != "A" else "B"), path="/list/")
    assert paging.read_cursor("", path="/list/") is None


def test_a_cursor_of_another_list_is_refused():
    foreign = paging.write_cursor(["2026-11-22", 7], path="/list/")
    with pytest.raises(Invalid, match="请回到列表第一页"):
        paging.read_cursor(foreign, path="/other/")
