"""Pictures of numbers as inline SVG, drawn on the server: they print, and need no script.

Colours are classes (``f1`` fills, ``s1`` strokes), so that themes and paper can change them. Each has
a label for those who do not see it, and belongs above a table with the same numbers (``ui.figure``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH = 640
NARROW = 340
MOST_SERIES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """One line or one layer: its word, and a value for each place on the axis."""

    name: str
    values: Sequence[int]


def bars(rows: Sequence[tuple[str, int]], *, label: str, unit: str = "", texts: Sequence[str] = ()) -> Markup:
    """Lying bars beside their words; the longest fills the line. ``texts`` replace the printed values."""
    largest = max((value for _, value in rows), default=0)
    lines = [
        Markup(
            '<li><span>{}</span><svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%" '
            'rx="4"/><rect class="fill" width="{}%" height="100%" rx="4"/></svg><b>{}</b></li>'
        ).format(name, share(value, largest), texts[index] if texts else f"{value:,}{unit}")
        for index, (name, value) in enumerate(rows)
    ]
    return (
        Markup('<ul class="bars" aria-label="{}">').format(label) + Markup("").join(lines) + Markup("</ul>")
    )


def lines(series: Sequence[Series], places: Sequence[str], *, label: str) -> Markup:
    """Lines over an axis that begins at zero, every second one dashed; drawn for wide and narrow screens."""
    assert len(series) <= MOST_SERIES
    wide = _lines(series, places, _Frame(WIDTH, 260, 52, 104, 1), label)
    every = 3 if len(places) > 8 else 2 if len(places) > 4 else 1
    narrow = _lines(series, places, _Frame(NARROW, 210, 44, 14, every), label)
    words = [
        Markup(
            '<li><svg class="chart" viewBox="0 0 12 12" aria-hidden="true"><rect class="f{}" width="12" '
            'height="12" rx="3"/></svg>{}</li>'
        ).format(index + 1, _with_last(one))
        for index, one in enumerate(series)
    ]
    return (
        Markup('<div class="only-d">')
        + wide
        + Markup('</div><div class="only-m">')
        + narrow
        + Markup('<ul class="legend">')
        + Markup("").join(words)
        + Markup("</ul></div>")
    )


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


@dataclass(frozen=True, slots=True)
class _Frame:
    """Room for lines: ``left`` for the scale, ``right`` for the words at the ends (if it is wide)."""

    width: int
    height: int
    left: int
    right: int
    every: int

    @property
    def floor(self) -> int:
        return self.height - 26

    def x(self, index: int, count: int) -> float:
        return self.left + index * (self.width - self.left - self.right) / max(count - 1, 1)

    def y(self, value: float, top: int) -> float:
        return self.floor - value / top * (self.floor - 14)


def _lines(series: Sequence[Series], places: Sequence[str], frame: _Frame, label: str) -> Markup:
    top = _round_up(max((max(one.values, default=0) for one in series), default=0))
    parts = _grid(top, frame)
    for index, place in enumerate(places):
        if (len(places) - 1 - index) % frame.every == 0:
            x = frame.x(index, len(places))
            anchor = "end" if frame.right < 20 and index == len(places) - 1 else "middle"
            parts.append(
                f'<text x="{x:.1f}" y="{frame.height - 6}" text-anchor="{anchor}">{escape(place)}</text>'
            )
    for index, one in enumerate(series):
        dots = " ".join(
            f"{frame.x(at, len(places)):.1f},{frame.y(value, top):.1f}" for at, value in enumerate(one.values)
        )
        parts.append(f'<polyline class="line s{index + 1}{" dash" if index % 2 else ""}" points="{dots}"/>')
    if frame.right > 20:
        parts.extend(_end_labels(series, frame, top))
    return _svg(parts, height=frame.height, label=label, width=frame.width)


def _grid(top: int, frame: _Frame) -> list[str]:
    drawn = []
    for quarter in range(5):
        y = frame.y(top * quarter / 4, top)
        drawn.append(f'<path class="axis" d="M{frame.left} {y:.1f}H{frame.width - frame.right}"/>')
        drawn.append(
            f'<text x="{frame.left - 8}" y="{y + 4:.1f}" text-anchor="end">{top * quarter // 4:,}</text>'
        )
    return drawn


def _end_labels(series: Sequence[Series], frame: _Frame, top: int) -> list[str]:
    """The word and last value beside each line, kept apart from each other."""
    wanted = sorted((frame.y(one.values[-1], top), index) for index, one in enumerate(series) if one.values)
    drawn, lowest, x = [], float("-inf"), frame.width - frame.right
    for y, index in wanted:
        lowest = max(y, lowest + 16)
        drawn.append(
            f'<circle class="f{index + 1}" cx="{x}" cy="{y:.1f}" r="3.5"/>'
            f'<text class="value" x="{x + 9}" y="{lowest + 4:.1f}">{escape(_with_last(series[index]))}</text>'
        )
    return drawn


def _with_last(one: Series) -> str:
    return f"{_cut(one.name, 6)} {one.values[-1]:,}" if one.values else _cut(one.name, 6)


def _round_up(value: int) -> int:
    """The next scale whose quarters are round numbers."""
    power = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if step * power * 4 >= value:
                return step * power * 4
        power *= 10


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
