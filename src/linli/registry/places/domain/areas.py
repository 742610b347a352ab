"""When an area can stand in the register, and when somebody should look at the paper again.

Source of the order register, survey, contract: 建筑物区分所有权解释 art. 8.
"""

from __future__ import annotations

from datetime import date

from linli.ground.kernel.area import format_area
from linli.ground.kernel.errors import Invalid
from linli.registry.places.domain import clauses

LARGEST_DM2 = 100_000_000
"""One square kilometre: larger than anything that is one exclusive part."""

USUAL_HOME_DM2 = (1_000, 100_000)
"""A home outside of 10 to 1,000 m² is nearly always a slip of the decimal point."""

LEAP = 2
"""An area that becomes this many times larger or smaller is looked at twice."""

RANK = {"property_register": 0, "survey": 1, "contract": 2}
"""The sources by their weight in law; whatever stands in none of them has the least."""


def require_possible(area_dm2: int) -> int:
    """Refuse an area of nothing, or larger than a square kilometre."""
    if not 0 < area_dm2 < LARGEST_DM2:
        raise Invalid("area_out_of_range", "面积应大于 0，小于 100 万平方米。", field="area")
    return area_dm2


def require_source(source: str) -> str:
    """Refuse an area that comes from nowhere."""
    if source not in RANK:
        raise Invalid(
            "area_source_missing", "请选面积来源：登记簿、测绘还是合同。", clause=clauses.AREA, field="source"
        )
    return source


def require_past(day: date | None, today: date, *, field: str) -> date | None:
    """Refuse a day that has not come yet, or that lies before anybody measured."""
    if day is not None and not date(1900, 1, 1) <= day <= today:
        raise Invalid("day_impossible", "日期不能晚于今天，也不能早于 1900 年。", field=field)
    return day


def doubt(
    *, kind: str, before_dm2: int | None, after_dm2: int, before_source: str, source: str
) -> Invalid | None:
    """Why somebody should look at the paper again before this area stands; None when nothing is odd."""
    if kind == "home" and not USUAL_HOME_DM2[0] <= after_dm2 <= USUAL_HOME_DM2[1]:
        return Invalid(
            "area_doubtful",
            "一套住宅 {after} 平方米，很少见，像是点错了小数点。请对照原件，没错就勾选下面一格。",
            field="sure",
            after=format_area(after_dm2),
        )
    if before_dm2 and not before_dm2 <= after_dm2 * LEAP <= before_dm2 * LEAP * LEAP:
        return Invalid(
            "area_doubtful",
            "面积从 {before} 改成 {after} 平方米，差了一倍以上。请对照原件，没错就勾选下面一格。",
            field="sure",
            before=format_area(before_dm2),
            after=format_area(after_dm2),
        )
    if before_dm2 and RANK[source] > RANK.get(before_source, len(RANK)):
        return Invalid(
            "area_source_weaker",
            "现在的面积来源在法律上更优先：先看登记簿，再看测绘，最后看合同。确是原来登错了，请勾选下面一格。",
            clause=clauses.AREA,
            field="sure",
        )
    return None
