"""Pictures of numbers as inline SVG, drawn on the server: they print, and need no script.

Colours are classes (``f1`` fills, ``s1`` strokes), so that themes and paper can change them. Each has
a label for those who do not see it, and belongs above a table with the same numbers (``ui.figure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 640
MOST_SERIES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one layer: its word, and a value for each place on the axis."""

    name: str
    values: Sequence[int]


def bars(rows: Sequence[tuple[str, int]], *, label: str, unit: str = "", texts: Sequence[str] = ()) -> Markup:
    """Lying bars, longest scale 100 %; ``texts`` replace the printed values."""
    largest = max((value for _, value in rows), default=0) or 1
    parts: list[str] = []
    for index, (name, value) in enumerate(rows):
        top = index * 40
        written = texts[index] if texts else f"{value:,}{unit}"
        length = _part(value, largest, 430)
        parts.append(
            f'<text x="0" y="{top + 24}">{escape(_cut(name, 10))}</text>'
            f'<rect class="track" x="130" y="{top + 10}" width="430" height="20" rx="4"/>'
            f'<rect class="f1" x="130" y="{top + 10}" width="{length}" height="20" rx="4"/>'
            f'<text class="value" x="{WIDTH}" y="{top + 25}" text-anchor="end">{escape(written)}</text>'
        )
    return _svg(parts, height=max(len(rows), 1) * 40, label=label)


def lines(series: Sequence[Series], places: Sequence[str], *, label: str, height: int = 260) -> Markup:
    """Lines over an axis that begins at zero; the second line is dashed, the last values are written."""
    assert len(series) <= MOST_SERIES
    top = _round_up(max((max(one.values, default=0) for one in series), default=0))
    left, right, floor = 52, WIDTH - 96, height - 26
    parts = _grid(top, left, right, floor)
    step = (right - left) / max(len(places) - 1, 1)
    for index, place in enumerate(places):
        if len(places) <= 12 or index % (len(places) // 6) == 0:
            parts.append(
                f'<text x="{left + index * step:.1f}" y="{height - 6}" text-anchor="middle">'
                f"{escape(place)}</text>"
            )
    for index, one in enumerate(series):
        dots = [
            f"{left + at * step:.1f},{floor - value / top * (floor - 14):.1f}"
            for at, value in enumerate(one.values)
        ]
        dash = " dash" if index % 2 else ""
        parts.append(f'<polyline class="line s{index + 1}{dash}" points="{" ".join(dots)}"/>')
    parts.extend(_end_labels(series, right, floor, top))
    return _svg(parts, height=height, label=label)


def stacked(parts: Sequence[tuple[str, int]], *, label: str) -> Markup:
    """One bar in pieces, in the order given; use ``ui.legend`` for the words."""
    whole = sum(value for _, value in parts) or 1
    drawn: list[str] = []
    start = 0.0
    for index, (_, value) in enumerate(parts):
        width = value / whole * WIDTH
        drawn.append(
            f'<rect class="f{index % MOST_SERIES + 1}" x="{start:.1f}" '
            f'y="0" width="{max(width - 2, 0):.1f}" height="28"/>'
        )
        start += width
    return _svg(drawn, height=28, label=label)


def gauge(part: int, whole: int, *, label: str, text: str) -> Markup:
    """A half circle that fills; ``text`` stands inside."""
    share = min(max(part / whole, 0), 1) if whole else 0
    length = 3.14159265 * 84
    body = [
        '<path class="line axis" d="M16 104a84 84 0 0 1 168 0" stroke-width="14"/>',
        f'<path class="line s1" d="M16 104a84 84 0 0 1 168 0" stroke-width="14" '
        f'stroke-dasharray="{share * length:.1f} {length:.1f}"/>',
        f'<text class="value" x="100" y="98" text-anchor="middle">{escape(text)}</text>',
    ]
    return _svg(body, height=116, label=label, width=200)


def spark(values: Sequence[int], *, label: str) -> Markup:
    """A tiny line for a table cell."""
    top, count = max(values, default=0) or 1, max(len(values) - 1, 1)
    dots = [f"{2 + at / count * 68:.1f},{22 - value / top * 18:.1f}" for at, value in enumerate(values)]
    body = [f'<polyline class="line s1" points="{" ".join(dots)}"/>']
    if dots:
        x, y = dots[-1].split(",")
        body.append(f'<circle class="f1" cx="{x}" cy="{y}" r="2.5"/>')
    return Markup('<svg class="chart spark" viewBox="0 0 72 24" role="img" aria-label="{}">').format(
        label
    ) + Markup("".join(body) + "</svg>")


def share(part: int, whole: int) -> str:
    """A percentage for a width, with one decimal, kept within 0 and 100."""
    return f"{min(max(part / whole * 100, 0), 100):.1f}" if whole else "0"


def _svg(parts: Sequence[str], *, height: int, label: str, width: int = WIDTH) -> Markup:
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        width, height, label
    )
    return head + Markup("".join(parts) + "</svg>")


def _grid(top: int, left: int, right: int, floor: int) -> list[str]:
    drawn = []
    for quarter in range(5):
        y = floor - quarter / 4 * (floor - 14)
        drawn.append(f'<path class="axis" d="M{left} {y:.1f}H{right}"/>')
        drawn.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{top * quarter // 4:,}</text>')
    return drawn


def _end_labels(series: Sequence[Series], right: int, floor: int, top: int) -> list[str]:
    """The word and last value beside each line, kept apart from each other."""
    wanted = sorted(
        (
            (floor - one.values[-1] / top * (floor - 14), index)
            for index, one in enumerate(series)
            if one.values
        )
    )
    drawn, lowest = [], float("-inf")
    for y, index in wanted:
        placed = max(y, lowest + 16)
        lowest = placed
        one = series[index]
        drawn.append(
            f'<circle class="f{index + 1}" cx="{right}" cy="{y:.1f}" r="3.5"/>'
            f'<text class="value" x="{right + 9}" y="{placed + 4:.1f}">'
            f"{escape(_cut(one.name, 4))} {one.values[-1]:,}</text>"
        )
    return drawn


def _round_up(value: int) -> int:
    """The next round number that four steps divide."""
    step = 4
    while step < value:
        step = step * 5 // 2 if str(step)[0] == "4" else step * 2
    return max(step, 4)


def _part(value: int, whole: int, length: int) -> str:
    return f"{max(value, 0) / whole * length:.1f}"


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
