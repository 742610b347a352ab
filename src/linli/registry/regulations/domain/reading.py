"""Reads profile files (TOML text) into a law book; every fault is told with the file and the place in it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping

from linli.ground.kernel.errors import Invalid
from linli.registry.regulations.domain.checking import faults_between
from linli.registry.regulations.domain.facts import FACTS
from linli.registry.regulations.domain.places import Place
from linli.registry.regulations.domain.profiles import (
    LAST_DAY,
    Citation,
    Fact,
    Jurisdiction,
    LawBook,
    Majority,
    Matter,
    MatterRule,
    Thresholds,
    Version,
)
from linli.registry.regulations.domain.thresholds import Threshold

_FILE_KEYS = ("jurisdiction", "version", "matters")
_VERSION_KEYS = (
    "profile", "title", "regime", "from", "to", "verified_on", "confidence", "thresholds", "matters", "facts",
)  # fmt: skip
_CITATION_KEYS = ("source", "article", "confidence")


class ProfileFaults(Invalid):
    """What is wrong with the profile files; ``faults`` holds one refusal for each, in order."""

    def __init__(self, faults: list[Invalid]) -> None:
        more = f"（另有 {len(faults) - 1} 处错误）" if len(faults) > 1 else ""
        super().__init__("profile_faults", "规则文件有误：{first}{more}", first=faults[0].message, more=more)
        self.faults = tuple(faults)


def read_law_book(files: Mapping[str, str], *, onto: LawBook | None = None) -> LawBook:
    """The law book in these files (name to text), added to ``onto``.

    Refuses with every fault by its place (:class:`ProfileFaults`): what is no TOML, a missing or unknown
    key, a fraction out of range, an unknown matter or fact, a gap or overlap in time, a circular parent.
    """
    faults: list[Invalid] = []
    jurisdictions = dict(onto.jurisdictions) if onto else {}
    versions = list(onto.versions) if onto else []
    matters = dict(onto.matters) if onto else {}
    for name, text in files.items():
        place = _parse(name, text, faults)
        if place is None:
            continue
        place.refuse_unknown(_FILE_KEYS)
        matters.update(_matters(place))
        found = _jurisdiction(place)
        if found is not None:
            if found.code in jurisdictions:
                place.fault(f"地区“{found.code}”已经有了。")
            jurisdictions[found.code] = found
            versions.extend(_versions(place, found))
    if not faults:
        faults.extend(faults_between(jurisdictions, versions, matters))
    if faults:
        raise ProfileFaults(faults)
    return LawBook(jurisdictions, tuple(versions), matters)


def _parse(name: str, text: str, faults: list[Invalid]) -> Place | None:
    root = Place(name, faults)
    try:
        root.table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        root.fault(f"不是 TOML 格式（{error}）。")
        return None
    return root


def _matters(file: Place) -> dict[str, Matter]:
    found = {}
    for code, place in file.each("matters"):
        place.refuse_unknown(("name", "otherwise"))
        otherwise = place.text("otherwise") if "otherwise" in place.table else None
        found[code] = Matter(code, place.text("name"), otherwise)
    return found


def _jurisdiction(file: Place) -> Jurisdiction | None:
    if "jurisdiction" not in file.table:
        if "version" in file.table:
            file.fault("缺少 jurisdiction。")
        return None
    place = file.inside("jurisdiction")
    place.refuse_unknown(("code", "name", "parent"))
    parent = place.text("parent") if "parent" in place.table else None
    return Jurisdiction(place.text("code"), place.text("name"), parent)


def _versions(file: Place, jurisdiction: Jurisdiction) -> list[Version]:
    return [_version(place, jurisdiction) for place in file.list_of("version")]


def _version(place: Place, jurisdiction: Jurisdiction) -> Version:
    place.refuse_unknown(_VERSION_KEYS)
    title = place.text("title")
    first, last = place.day("from"), place.day("to") if "to" in place.table else LAST_DAY
    if last < first:
        place.fault(f"施行期间颠倒：{first} 在 {last} 之后。")
    thresholds = _thresholds(place.inside("thresholds"), title) if "thresholds" in place.table else None
    if thresholds is not None and "regime" not in place.table:
        place.fault("写了表决比例（thresholds），就要写明 regime。")
    return Version(
        profile=place.text("profile"),
        jurisdiction=jurisdiction.code,
        title=title,
        in_force_from=first,
        in_force_to=last,
        verified_on=place.day("verified_on"),
        confidence=place.confidence(),
        regime=place.text("regime") if "regime" in place.table else "",
        thresholds=thresholds,
        matters={code: _matter_rule(inner, title) for code, inner in place.each("matters")},
        facts={name: _fact(name, inner, title) for name, inner in place.each("facts")},
    )


def _thresholds(place: Place, title: str) -> Thresholds:
    place.refuse_unknown(("base", "quorum", "ordinary", "special"))
    base = place.one_of("base", ("participating", "total"))
    majorities = [_majority(place.inside(key), title) for key in ("quorum", "ordinary", "special")]
    return Thresholds("total" if base == "total" else "participating", *majorities)


def _majority(place: Place, title: str) -> Majority:
    place.refuse_unknown(("fraction", "bound", *_CITATION_KEYS))
    return Majority(_threshold(place), _citation(place, title))


def _threshold(place: Place) -> Threshold:
    numerator, denominator = place.fraction("fraction")
    inclusive = place.one_of("bound", ("inclusive", "strict")) == "inclusive"
    if numerator == denominator and not inclusive:
        place.fault("超过全部是做不到的，bound 应为 inclusive。")
    return Threshold(numerator, denominator, inclusive)


def _citation(place: Place, title: str) -> Citation:
    source = place.text("source") if "source" in place.table else title.split("（", maxsplit=1)[0]
    return Citation(source, place.text("article"), place.confidence())


def _matter_rule(place: Place, title: str) -> MatterRule:
    place.refuse_unknown(("class", *_CITATION_KEYS))
    kind = place.one_of("class", ("ordinary", "special"))
    return MatterRule("special" if kind == "special" else "ordinary", _citation(place, title))


def _fact(name: str, place: Place, title: str) -> Fact:
    known = FACTS.get(name)
    if known is None:
        place.fault("没有这样的规则名。")
        return Fact(False, Citation("", "", "?"))
    value_keys = ("fraction", "bound") if known.kind == "share" else ("value",)
    place.refuse_unknown((*value_keys, "note", *_CITATION_KEYS))
    value = _threshold(place) if known.kind == "share" else place.value(known.kind)
    note = place.text("note") if "note" in place.table else ""
    return Fact(value, _citation(place, title), note)
