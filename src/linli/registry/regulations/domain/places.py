"""A table inside a profile file, with its path: asks for values and notes what is missing or wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown
from linli.registry.regulations.domain.facts import CONFIDENCES, Kind

LARGEST_COUNT = 10_000
"""Days, years or persons; more is a slip of the keyboard."""

_FRACTION = re.compile(r"([0-9]{1,4})/([0-9]{1,4})")


class Place:
    """One table of a file. A wrong value is noted as a fault and answered with a harmless stand-in."""

    def __init__(self, path: str, faults: list[Invalid], table: dict[str, Any] | None = None) -> None:
        self.path = path
        self.faults = faults
        self.table = {} if table is None else table

    def fault(self, what: str) -> None:
        """Note a fault of this place."""
        self.faults.append(Invalid("profile_fault", "{path}：{what}", path=self.path, what=what))

    def inside(self, key: str) -> Place:
        """The table under a key; an empty one, noted, where there is none."""
        return self._at(f"{self.path} 的 {key}", self.table.get(key))

    def each(self, key: str) -> Iterator[tuple[str, Place]]:
        """Every table in the table under a key, with its name; nothing where the key is absent."""
        if key not in self.table:
            return
        outer = self.inside(key)
        for name in outer.table:
            yield name, self._at(f"{self.path} 的 {key}.{name}", outer.table[name])

    def list_of(self, key: str) -> list[Place]:
        """Every table in the list under a key."""
        rows = self.table.get(key, [])
        if not isinstance(rows, list):
            self.fault(f"{key} 应写成 [[{key}]]。")
            return []
        return [
            self._at(f"{self.path} 的{self._name(key, number, row)}", row)
            for number, row in enumerate(rows, 1)
        ]

    def _name(self, key: str, number: int, row: object) -> str:
        name = row.get("profile") if isinstance(row, dict) else None
        return (
            f"{'版本' if key == 'version' else key} {shown(str(name))}" if name else f"第 {number} 个 {key}"
        )

    def _at(self, path: str, found: object) -> Place:
        inner = Place(path, self.faults, found if isinstance(found, dict) else None)
        if not isinstance(found, dict):
            inner.fault("应是一张表。")
        return inner

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Note every key that does not belong here."""
        for key in self.table:
            if key not in known:
                self.fault(f"不认识“{shown(key)}”。")

    def text(self, key: str) -> str:
        """A text that is not blank."""
        value = self.table.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"缺少 {key}，或者它不是文字。")
            return ""
        return value

    def one_of(self, key: str, allowed: Sequence[str]) -> str:
        """One of a few words."""
        value = self.table.get(key)
        if value not in allowed:
            self.fault(f"{key} 应为 {' 或 '.join(allowed)}。")
            return allowed[0]
        return str(value)

    def confidence(self) -> str:
        """How sure the rule is: T, S, R, ? or D."""
        return self.one_of("confidence", tuple(CONFIDENCES))

    def day(self, key: str) -> date:
        """A day without a time."""
        value = self.table.get(key)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(f"{key} 应是日期，写成 2021-01-01 这样。")
            return date.min
        return value

    def fraction(self, key: str) -> tuple[int, int]:
        """A fraction above 0 and up to 1, written ``"2/3"``."""
        value = self.table.get(key)
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            self.fault(f'{key} 应是分数，写成 "2/3" 这样。')
            return 1, 2
        numerator, denominator = int(match[1]), int(match[2])
        if not 0 < numerator <= denominator:
            self.fault(f"分数“{value}”应大于 0 且不超过 1。")
            return 1, 2
        return numerator, denominator

    def value(self, kind: Kind) -> int | bool | str:
        """The ``value`` of a fact, by its kind."""
        value = self.table.get("value")
        if kind == "text":
            return self.text("value")
        if kind == "flag":
            if not isinstance(value, bool):
                self.fault("value 应为 true 或 false。")
            return value is True
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= LARGEST_COUNT:
            self.fault(f"value 应是 1 到 {LARGEST_COUNT} 的整数。")
            return 1
        return value
