"""Gather every text that people read into the English catalogue, and compile it: ``make messages``.

Chinese is the source language and needs no catalogue. ``--check`` changes nothing and exits with 1 when the
catalogue on disk is not what the source says, or not complete.
"""

from __future__ import annotations

import ast
import io
import re
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "linli"
PO = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "Refusal": (2,),
    "Invalid": (2,),
    "Conflict": (2,),
    "NotAllowed": (2,),
    "NotFound": (2,),
}
CHINESE = re.compile("[\u4e00-\u9fff]")
STATUTE = re.compile(
    "[^，。]*第[一二三四五六七八九十百千零〇、至第条款项]+(条|款|项)"
)  # law is data, and never translated
NUMERALS = re.compile("[零〇一二两三四五六七八九十百千万亿]+")
# Methods whose argument is looked for or cut away, not said.
SEARCHING = frozenset(
    {
        "count",
        "replace",
        "split",
        "strip",
        "lstrip",
        "rstrip",
        "startswith",
        "endswith",
        "join",
        "find",
        "get",
    }
    | {"removeprefix", "removesuffix", "compile", "match", "fullmatch", "search", "sub", "index", "partition"}
)


def main(arguments: list[str]) -> int:
    """Update the catalogue, or only check it."""
    if arguments == ["--check"]:
        found = faults()
        print("\n".join(found), file=sys.stderr)
        return 1 if found else 0
    catalogue = _read()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(_as_po(catalogue))
    MO.write_bytes(_as_mo(catalogue))
    untranslated = sum(not _is_translated(message) for message in catalogue if message.id)
    print(f"{len(catalogue)} texts, {untranslated} without English: {PO.relative_to(ROOT)}")
    return 0


def faults() -> list[str]:
    """What is wrong with the catalogue on disk; nothing when it is complete and up to date."""
    kept, source = _read(), extracted()
    texts = [message for message in kept if message.id]
    missing = [message for message in source if message.id and message.id not in kept]
    found = [f"not in the catalogue (run make messages): {_told(message)}" for message in missing]
    found += [f"no longer in the source: {_told(message)}" for message in texts if message.id not in source]
    found += [f"has no English: {_told(message)}" for message in texts if not _is_translated(message)]
    found += [
        f"the placeholders differ: {_told(message)}" for message in texts if not _same_placeholders(message)
    ]
    if not MO.exists() or MO.read_bytes() != _as_mo(kept):
        found.append("django.mo is not compiled from django.po (run make messages)")
    return found


def extracted() -> Catalog:
    """Every Chinese text of the source, without places, so that moving code changes nothing."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]
    catalogue = _empty()
    for _, _, text, comments, context in extract_from_dir(PACKAGE, methods, options, KEYWORDS):
        if CHINESE.search(_texts(text)[0]) and not _is_data(_texts(text)[0]):
            catalogue.add(text, auto_comments=comments, context=context)
    return catalogue


def extract_words(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: Any
) -> Iterator[tuple[int, str | None, Any, Any]]:
    """What Babel finds in Python, and besides the Chinese words of choices and tables.

    A word is the label of a choice, the value of a table, an argument, or a constant of its own; members of
    lists are not, for lists hold what is looked for in texts.
    """
    source = fileobj.read()
    yield from extract_python(io.BytesIO(source), keywords, comment_tags, options)  # type: ignore[misc]
    for parent in ast.walk(ast.parse(source)):
        for node in (said for one in _said_by(parent) for said in _alternatives(one)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value):
                yield node.lineno, None, node.value, []


def _alternatives(node: ast.expr) -> list[ast.expr]:
    """Either of two sentences."""
    if isinstance(node, ast.IfExp):
        return [*_alternatives(node.body), *_alternatives(node.orelse)]
    return [node]


def _said_by(node: ast.AST) -> list[ast.expr]:
    if isinstance(node, ast.ClassDef) and any("Choices" in ast.unparse(base) for base in node.bases):
        values = [child.value for child in node.body if isinstance(child, ast.Assign)]
        return [value.elts[-1] for value in values if isinstance(value, ast.Tuple)]
    if isinstance(node, ast.Dict):  # the values, and of pairs (subject and text of a message) both
        return [
            part
            for value in node.values
            for part in (value.elts if isinstance(value, ast.Tuple) else [value])
        ]
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        return [] if name in SEARCHING else [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return) and node.value is not None:
        return [node.value, *_of_several(node)]
    return []


def _of_several(node: ast.Assign | ast.AnnAssign | ast.Return) -> list[ast.expr]:
    """The words of ``ONE, OTHER = "一", "二"``, and those that begin the lines of a table of tuples."""
    if not isinstance(node.value, ast.Tuple):
        return []
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
        return node.value.elts
    return [line.elts[0] for line in node.value.elts if isinstance(line, ast.Tuple) and line.elts]


def _empty() -> Catalog:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    return Catalog(
        locale="en", domain="django", project="linli", fuzzy=False, creation_date=day, revision_date=day
    )


def _read() -> Catalog:
    if not PO.exists():
        return _empty()
    with PO.open("rb") as file:
        kept = read_po(file, locale="en", domain="django")
    catalogue = _empty()
    for message in kept:
        if message.id:
            catalogue[message.id] = message
    return catalogue


def _as_po(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return buffer.getvalue()


def _as_mo(catalogue: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _is_translated(message: Message) -> bool:
    said = _texts(message.string)
    return bool(said) and all(said) and not message.fuzzy


def _same_placeholders(message: Message) -> bool:
    if not _is_translated(message):
        return True
    said = [_placeholders(text) for text in _texts(message.string)]
    wanted = _placeholders(_texts(message.id)[-1])
    return all(found <= wanted for found in said) and said[-1] == wanted


def _placeholders(text: str) -> set[str]:
    found = set(re.findall(r"%\((\w+)\)", text))
    try:
        found |= {field for _, field, _, _ in string.Formatter().parse(text) if field}
    except ValueError:
        return found
    return found


def _is_data(text: str) -> bool:
    """Clauses and rows of numerals are data, and nobody's sentence."""
    return bool(STATUTE.fullmatch(text) or NUMERALS.fullmatch(text))


def _texts(said: object) -> list[str]:
    """One text, or the singular and the plurals."""
    return list(said) if isinstance(said, list | tuple) else [str(said or "")]


def _told(message: Message) -> str:
    return repr(_texts(message.id)[0][:60])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
