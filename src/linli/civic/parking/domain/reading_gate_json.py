"""JSON specifications, read with the place of every value, so that a refusal can name it."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from linli.ground.kernel.errors import Invalid
from linli.ground.kernel.text import shown

FREE_KEYS = frozenset({"name", "note", "source", "date"})
"""Keys that every object may carry for its readers; nothing is computed from them."""

_KINDS = {dict: "一个对象 {}", list: "一个列表 []", str: "文字", bool: "真假值", type(None): "空值 null"}


class _Repeating(dict[str, Any]):
    """An object in which a key was written more than once."""

    repeated: str = ""


def _object_of(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    marked = _Repeating(found)
    marked.repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return marked


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) <= 18 else float(digits)


def fault(place: str, words: str, **data: str | int) -> Invalid:
    """The refusal of one value: its place, then what is wrong with it."""
    return Invalid("bad_specification", "{place}：" + words + "。", None, place=place, **data)


def parse_specification(lines: Iterable[str]) -> Fields:
    """The object that the lines hold. Refuses what is no JSON, naming line and column, and other values."""
    text = "\n".join(line.rstrip("\r\n") for line in lines)
    try:
        value = json.loads(text, object_pairs_hook=_object_of, parse_constant=float, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise _unreadable(text, error) from None
    except RecursionError:
        raise Invalid("too_deep", "规格里的括号套得太深，读不了。") from None
    return Fields.of(value, "规格")


def _unreadable(text: str, error: json.JSONDecodeError) -> Invalid:
    here = text[error.pos : error.pos + 1]
    if not here.strip():
        why = "写到这里断了，可能少了括号或引号"
    elif "０" <= here <= "９" or here in "，：；“”‘’（）【】｛｝－．":
        why = f"“{here}”是全角字符，请改成半角"
    else:
        why = f"从“{shown(text[error.pos : error.pos + 12])}”起读不懂"
    return Invalid(
        "not_json",
        "第 {line} 行第 {column} 列不是合法的 JSON：{why}。",
        line=error.lineno,
        column=error.colno,
        why=why,
    )


@dataclass(frozen=True, slots=True)
class Fields:
    """One object of a specification and the place where it stands (empty for the outermost)."""

    values: dict[str, Any]
    place: str

    @classmethod
    def of(cls, value: Any, place: str) -> Fields:
        """The object at ``place``. Refuses any other kind of value, and a key that is written twice."""
        if not isinstance(value, dict):
            raise fault(place, "应是一个对象 {{}}，收到的是{got}", got=described(value))
        if isinstance(value, _Repeating):
            raise fault(place, "“{key}”写了两次", key=shown(value.repeated))
        return cls(value, "" if place == "规格" else place)

    def at(self, key: str) -> str:
        """The place of a key of this object, as ``service[0].mean_s``."""
        return f"{self.place}.{key}" if self.place else key

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return self.values.get(key) is not None

    def only(self, keys: Collection[str]) -> None:
        """Refuse a key that means nothing here, so that a slip of the pen is not passed over in silence."""
        for key in self.values:
            if key not in keys and key not in FREE_KEYS:
                known = "、".join(sorted(keys))
                raise fault(self.at(shown(key)), "没有这一项；这里可以写 {keys}", keys=known)

    def value(self, key: str) -> Any:
        """The value of a key. Refuses a missing one."""
        if key not in self.values:
            raise fault(self.at(key), "缺少这一项")
        return self.values[key]

    def number(
        self,
        key: str,
        *,
        default: float | None = None,
        at_least: float | None = None,
        above: float | None = None,
        at_most: float | None = None,
    ) -> float:
        """A finite number within bounds."""
        if default is not None and not self.has(key):
            return default
        return number_at(self.value(key), self.at(key), at_least=at_least, above=above, at_most=at_most)

    def whole(self, key: str, *, at_least: int, at_most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        if default is not None and not self.has(key):
            return default
        number = self.number(key, at_least=at_least, at_most=at_most)
        if number != int(number):
            raise fault(self.at(key), "要写整数，收到的是 {got}", got=told(number))
        value = self.values[key]
        return value if isinstance(value, int) else int(number)

    def items(self, key: str, *, least: int = 0, most: int = 10_000) -> list[tuple[Any, str]]:
        """The items of a list, each with its place; a missing list is empty where that is allowed."""
        if least == 0 and not self.has(key):
            return []
        value = self.value(key)
        if not isinstance(value, list):
            raise fault(self.at(key), "应是一个列表 []，收到的是{got}", got=described(value))
        if len(value) < least:
            raise fault(self.at(key), "至少要写 {least} 项，这里有 {got} 项", least=least, got=len(value))
        if len(value) > most:
            raise fault(self.at(key), "最多写 {most} 项，这里有 {got} 项", most=most, got=len(value))
        return [(item, f"{self.at(key)}[{index}]") for index, item in enumerate(value)]

    def rows(self, key: str, *, least: int = 0, most: int = 10_000) -> list[Fields]:
        """The objects of a list."""
        return [Fields.of(item, place) for item, place in self.items(key, least=least, most=most)]

    def word(self, key: str, choices: Collection[str]) -> str:
        """One of the given words."""
        value = self.value(key)
        if not isinstance(value, str) or value not in choices:
            known = "、".join(choices)
            raise fault(self.at(key), "只能是 {choices}，收到的是{got}", choices=known, got=described(value))
        return value


def number_at(
    value: Any,
    place: str,
    *,
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
) -> float:
    """The finite number at ``place``, within bounds. Refuses text, true and false, NaN and the infinite."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise fault(place, "要写数字（半角、不加引号），收到的是{got}", got=described(value))
    if math.isnan(value):
        raise fault(place, "NaN 不是一个数")
    if math.isinf(value):
        raise fault(place, "数大得没有边了")
    if above is not None and value <= above:
        raise fault(place, "要大于 {bound}，收到的是 {got}", bound=told(above), got=told(value))
    if at_least is not None and value < at_least:
        raise fault(place, "不能小于 {bound}，收到的是 {got}", bound=told(at_least), got=told(value))
    if at_most is not None and value > at_most:
        raise fault(place, "不能大于 {bound}，收到的是 {got}", bound=told(at_most), got=told(value))
    return float(value)


def described(value: Any) -> str:
    """A wrong value, as a refusal repeats it."""
    if isinstance(value, str):
        return f"文字“{shown(value)}”"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"数 {told(value)}"
    return next(words for kind, words in _KINDS.items() if isinstance(value, kind))


def told(number: float) -> str:
    """A number without a needless tail."""
    return f"{number:.15g}"
