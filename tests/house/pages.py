"""House rules about what people see: wording, translation, inline code, and who may open a page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, TemplateSyntaxError, nodes

from tests.house.tree import Module, Tree

CJK = "\u4e00-\u9fff"
HALF_WIDTH = re.compile(rf"[{CJK}][,;:?!](?![/\d])|[{CJK}]\.(?=\s|$)")
PATTERN_FUNCTIONS = frozenset(
    {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}
)
TRANSLATORS = frozenset({"_", "gettext", "ngettext", "pgettext", "gettext_lazy", "ngettext_lazy", "N_"})
REFUSALS = frozenset({"Refusal", "Invalid", "Conflict", "NotAllowed", "NotFound"})
WITHOUT_PAGES = frozenset({"linli.civic.voting", "linli.civic.parking", "linli.civic.deliberation"})
SAMPLES = "src/linli/ground/web/templates/web/style"  # the style guide, for those who build pages
FACES = frozenset({"views", "forms"})
INLINE = (
    (
        re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", re.IGNORECASE),
        "a script inside the page",
    ),
    (re.compile(r"<style[\s>]", re.IGNORECASE), "a style sheet inside the page"),
    (re.compile(r"\sstyle\s*=\s*[\"']", re.IGNORECASE), "a style inside an element"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE), "a script inside an element"),
    (re.compile(r"\bhref\s*=\s*[\"']javascript:", re.IGNORECASE), "a script as an address"),
)


def chinese_has_chinese_punctuation(tree: Tree) -> list[str]:
    """After a Chinese character stands ，。：；？！ and not its half-width look-alike."""
    faults = []
    for path in tree.templates():
        text = re.sub(
            r"\{#.*?#\}", lambda found: re.sub(r"[^\n]", " ", found[0]), path.read_text("utf-8"), flags=re.S
        )
        for number, line in enumerate(text.splitlines(), 1):
            faults += [
                f"{tree.place(path)}:{number}: {found[0]!r}" for found in HALF_WIDTH.finditer(_own(line))
            ]
    for module in tree.modules():
        for node in _spoken_strings(module.tree):
            found = HALF_WIDTH.search(_own(node.value))
            if found and not _is_table(node.value):
                faults.append(f"{module.place}:{node.lineno}: {found[0]!r} in {node.value[:40]!r}")
    return faults


def every_text_can_be_translated(tree: Tree) -> list[str]:
    """Chinese stands in ``_("…")`` or ``{% trans %}`` in templates, and in ``_("…")`` in forms and views.

    The words of models and domain tables are gathered by tools/messages.py and translated where they are shown.
    """
    faults = []
    for path in tree.templates():
        if not tree.place(path).startswith(SAMPLES):
            faults += [f"{tree.place(path)}:{line}: {text[:40]!r}" for line, text in _untranslated(path)]
    for module in tree.modules():
        if module.room in FACES:
            wrapped = set(_wrapped(module.tree))
            for node in _spoken_strings(module.tree):
                if re.search(f"[{CJK}]", node.value) and id(node) not in wrapped:
                    faults.append(f"{module.place}:{node.lineno}: {node.value[:40]!r}")
    return faults


def a_refusal_says_one_text(tree: Tree) -> list[str]:
    """The sentence of a refusal is one literal; what is put together or chosen cannot be looked up in English."""
    faults = []
    for module in tree.modules():
        if (module.capability or "") in WITHOUT_PAGES or module.room == "management":
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Call) or _name_of(node.func) not in REFUSALS or len(node.args) < 2:
                continue
            if not isinstance(node.args[1], ast.Constant | ast.Name | ast.Attribute):
                faults.append(f"{module.place}:{node.lineno}: {ast.unparse(node.args[1])[:60]}")
    return faults


def templates_hold_no_inline_code(tree: Tree) -> list[str]:
    """The content policy forbids scripts and styles inside a page; the browser would drop them silently."""
    faults = []
    for path in tree.templates():
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            faults += [
                f"{tree.place(path)}:{number}: {what}" for pattern, what in INLINE if pattern.search(line)
            ]
    return faults


def every_page_says_who_may_open_it(tree: Tree) -> list[str]:
    """Every view named in a ``urls.py`` carries an access decision (``@access.…``)."""
    modules = {module.name: module for module in tree.modules()}
    faults = []
    for module in modules.values():
        if not module.place.endswith("urls.py") or module.name.startswith("linli.site"):
            continue
        for view, line in _routed(module.tree):
            function = _find_view(modules, module, view)
            if function is None:
                faults.append(f"{module.place}:{line}: {view} was not found beside its address")
            elif not any(_is_access(decorator) for decorator in function.decorator_list):
                faults.append(f"{module.place}:{line}: {view} does not say who may open it")
    return faults


def _spoken_strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """The string literals that are neither docstrings nor patterns nor keys of a lookup."""
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in PATTERN_FUNCTIONS
        ):
            silent |= {id(part) for argument in node.args[:1] for part in ast.walk(argument)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node


def _own(text: str) -> str:
    """Without what is quoted: that is to be typed as it stands."""
    return re.sub("“[^”]*”", "“”", text)


def _is_table(text: str) -> bool:
    """Lines of a csv file are data, not speech."""
    return text.count(",") > 1 and not re.search("[，。；？！]", text)


def _wrapped(tree: ast.Module) -> Iterator[int]:
    """The literals inside a call that translates, or inside a refusal, which the web edge translates."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name_of(node.func) in TRANSLATORS | REFUSALS:
            yield from (id(part) for part in ast.walk(node))


def _name_of(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _untranslated(path: Path) -> Iterator[tuple[int, str]]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    try:
        template = environment.parse(path.read_text("utf-8"))
    except TemplateSyntaxError as fault:
        yield fault.lineno, str(fault)
        return
    translated = {
        id(constant)
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in TRANSLATORS
        for constant in call.find_all(nodes.Const)
    }
    for node in template.find_all((nodes.TemplateData, nodes.Const)):
        text = node.data if isinstance(node, nodes.TemplateData) else node.value
        if isinstance(text, str) and id(node) not in translated:
            for offset, line in enumerate(text.splitlines()):
                if re.search(f"[{CJK}]", re.sub("<!--.*?-->", "", line)):
                    yield node.lineno + offset, line.strip()


def _routed(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """The second argument of every ``path(…)`` and ``re_path(…)``, as written."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) > 1):
            continue
        if node.func.id in ("path", "re_path"):
            target = node.args[1]
            if not (isinstance(target, ast.Call) and getattr(target.func, "id", "") == "include"):
                yield ast.unparse(target), node.lineno


def _find_view(modules: dict[str, Module], urls: Module, view: str) -> ast.FunctionDef | None:
    """Follow ``views.cast`` to the function, through one re-export of a package."""
    package = urls.name.rpartition(".")[0]
    holder, _, name = view.rpartition(".")
    places = [found.target for found in urls.imports if found.target.split(".")[-1] == (holder or name)]
    starts = [place if holder else place.rpartition(".")[0] for place in places] or [
        f"{package}.{holder or 'views'}"
    ]
    for start in starts:
        for candidate in [start, *(other for other in modules if other.startswith(f"{start}."))]:
            for node in modules[candidate].tree.body if candidate in modules else ():
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return node
    return None


def _is_access(decorator: ast.expr) -> bool:
    return ast.unparse(decorator).startswith("access.")


RULES = {
    rule.__name__: rule
    for rule in (
        chinese_has_chinese_punctuation,
        every_text_can_be_translated,
        a_refusal_says_one_text,
        templates_hold_no_inline_code,
        every_page_says_who_may_open_it,
    )
}
