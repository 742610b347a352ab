"""House rules about what is written down: no addresses and machines, locks, READMEs, links, settings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from tests.house.tree import Module, Tree, capability_of

THIS_FILE = "tests/house/papers.py"
TEXT = (
    ".py",
    ".md",
    ".toml",
    ".cfg",
    ".ini",
    ".sh",
    ".html",
    ".css",
    ".js",
    ".json",
    ".lock",
    ".in",
    ".yml",
    ".svg",
    "",
)
ELSEWHERE = (
    (
        re.compile(r"://[a-z0-9.-]*(?:pypi|pythonhosted|npmjs|debian|ubuntu|tsinghua|aliyun|ustc)\b"),
        "a registry's address",
    ),
    (re.compile(r"(?<![\w/.*-])/(?:home|root|work|Users)/\w"), "a path of one machine"),
    (re.compile(r"file:/{3}"), "a path of one machine"),
    (re.compile(r"--(?:extra-)?index-url\b"), "an index"),
    (re.compile(r"\b(?:claude|anthropic|chatgpt|openai|copilot|llm)\b", re.IGNORECASE), "a tool's name"),
)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b|coming soon|敬请期待")
FRAGMENT = re.compile(r"^(?:[#*\s-]*)(?:Added|Changed|Fixed)\b", re.MULTILINE)


def nothing_of_one_machine(tree: Tree) -> list[str]:
    """No registry's address, machine path or tool's name stands anywhere in the repository."""
    faults = []
    for path in tree.files(*TEXT):
        place = tree.place(path)
        if place == THIS_FILE or path.stat().st_size > 2_000_000:
            continue
        for number, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            faults += [f"{place}:{number}: {what}" for pattern, what in ELSEWHERE if pattern.search(line)]
    return faults


def locks_name_no_place(tree: Tree) -> list[str]:
    """A lock pins every package by version and hash, names no address, and agrees with the other locks."""
    faults: list[str] = []
    pins: dict[str, dict[str, set[str]]] = {}  # package → lock → versions, one for each range of Pythons
    for path in sorted((tree.root / "requirements").glob("*.lock")):
        text = path.read_text("utf-8")
        if re.search(r"https?:|file:|--find|--index", text):
            faults.append(f"{tree.place(path)}: names an address")
        for entry in re.split(r"\n(?=[A-Za-z0-9])", text.strip()):
            found = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+)", entry)
            if found and "--hash=sha256:" in entry:
                pins.setdefault(found[1].lower(), {}).setdefault(path.name, set()).add(found[2])
            else:
                faults.append(
                    f"{tree.place(path)}: {entry.splitlines()[0]!r} is not pinned by version and hash"
                )
    for name, locks in pins.items():
        if len({frozenset(versions) for versions in locks.values()}) > 1:
            faults.append(f"requirements: the locks disagree on {name}: {locks}")
    return faults + list(_wishes_without_lock(tree))


def every_capability_has_its_page(tree: Tree) -> list[str]:
    """A capability has a README; whom it says it ``Calls`` agrees with the imports, both ways."""
    faults = []
    capabilities = tree.capabilities()
    calls = _calls(tree)
    for name, folder in capabilities.items():
        page = folder / "README.md"
        told = _told(page.read_text("utf-8")) if page.exists() else None
        if told is None:
            faults.append(f"{tree.place(folder)}: has no README.md that says whom it `Calls`")
            continue
        real = {other.rpartition(".")[2] for other in calls.get(name, ())}
        known = {other.rpartition(".")[2] for other in capabilities}
        faults += [f"{tree.place(page)}: Calls does not name `{gone}`" for gone in sorted(real - told)]
        faults += [
            f"{tree.place(page)}: Calls names `{ghost}`, which it does not import"
            for ghost in sorted(told & known - real)
        ]
    return faults


def no_dead_links(tree: Tree) -> list[str]:
    """Every link between our pages leads to a file, and to a heading of it where it names one."""
    faults = []
    for path in tree.files(".md"):
        text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.S)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = unquote(target).partition("#")
            goal = (path.parent / file).resolve() if file else path
            if not goal.exists():
                faults.append(f"{tree.place(path)}: {target} leads nowhere")
            elif anchor and goal.suffix == ".md" and anchor not in _anchors(goal):
                faults.append(f"{tree.place(path)}: {target} names no heading")
    return faults


def changelog_speaks_to_users(tree: Tree) -> list[str]:
    """A fragment of ``changelog.d`` has a plain name and says what was Added, Changed or Fixed."""
    faults = []
    for path in sorted((tree.root / "changelog.d").glob("*")):
        if not re.fullmatch(r"[a-z0-9-]+\.md", path.name):
            faults.append(
                f"{tree.place(path)}: the name should be lower-case words joined by -, ending in .md"
            )
        elif not FRAGMENT.search(path.read_text("utf-8")):
            faults.append(f"{tree.place(path)}: does not begin a line with Added, Changed or Fixed")
    return faults


def every_setting_is_explained(tree: Tree) -> list[str]:
    """docs/reference/settings.md explains every ``LINLI_…`` that is read, and no other."""
    page = tree.root / "docs" / "reference" / "settings.md"
    told = (
        set(re.findall(r"^\|\s*`(LINLI_[A-Z_]+)`", page.read_text("utf-8"), re.MULTILINE))
        if page.exists()
        else set()
    )
    read = _settings_read(tree)
    unknown = [
        f"{place}: {name} is no setting"
        for place, name in _settings_used(tree)
        if name not in _settings_made(tree)
    ]
    faults = unknown + [
        f"docs/reference/settings.md: does not explain {name}" for name in sorted(read - told)
    ]
    return faults + [
        f"docs/reference/settings.md: explains {name}, which is not read" for name in sorted(told - read)
    ]


def nothing_is_left_unfinished(tree: Tree) -> list[str]:
    """No mark of unfinished work stands in the source."""
    faults = []
    for path in tree.files(".py", ".html", ".js", ".css"):
        place = tree.place(path)
        if place.startswith("src/"):
            for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
                if UNFINISHED.search(line):
                    faults.append(f"{place}:{number}: {line.strip()[:60]!r}")
    return faults


def _wishes_without_lock(tree: Tree) -> Iterator[str]:
    """The names of every ``.in`` file that its lock does not pin."""
    for path in sorted((tree.root / "requirements").glob("*.in")):
        lock = path.with_suffix(".lock")
        locked = lock.read_text("utf-8").lower() if lock.exists() else ""
        for line in path.read_text("utf-8").splitlines():
            found = re.match(r"([A-Za-z0-9][A-Za-z0-9._-]*)", line)
            if found and not re.search(rf"^{re.escape(found[1].lower())}(\[.*)?==", locked, re.MULTILINE):
                yield f"{tree.place(path)}: {found[1]} is not locked"


def _calls(tree: Tree) -> dict[str, set[str]]:
    """Which capability imports which; what only the type checker sees does not count."""
    calls: dict[str, set[str]] = {}
    for module in tree.modules():
        here = module.capability
        for found in module.imports if here else ():
            there = capability_of(found.target)
            if there and there != here and not found.for_types_only:
                calls.setdefault(str(here), set()).add(there)
    return calls


def _told(text: str) -> set[str] | None:
    """The capabilities that the page names in backticks after ``Calls:`` or under the heading ``## Calls``."""
    found = re.search(
        r"^#+ Calls *\n(.*?)(?=^#|\Z)|\bCalls\W*:(.*?)(?=\n\s*\n|\Z)", text, re.MULTILINE | re.DOTALL
    )
    if found is None:
        return None
    names = re.findall(r"`([a-z_.]+)`", found[1] or found[2])
    return {
        re.sub(r"^(?:linli\.)?(?:(?:ground|registry|civic|outward)\.)?", "", name).split(".")[0]
        for name in names
    }


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _settings_read(tree: Tree) -> set[str]:
    """The names given to the typed readers of the environment, anywhere in the package."""
    names = set()
    for module in tree.modules():
        names |= set(_read_in(module))
    return names


def _settings_made(tree: Tree) -> set[str]:
    """The names that the settings file gives a value to."""
    source = (tree.package / "site" / "settings.py").read_text("utf-8")
    return set(re.findall(r"^(LINLI_[A-Z_]+)\b", source, re.MULTILINE))


def _settings_used(tree: Tree) -> Iterator[tuple[str, str]]:
    """Every ``settings.LINLI_…`` and ``getattr(settings, "LINLI_…")``, with its place."""
    for module in tree.modules():
        for found in re.finditer(r"\bsettings(?:\.|, \")(LINLI_[A-Z_]+)", module.source):
            yield f"{module.place}:{module.source.count(chr(10), 0, found.start()) + 1}", found[1]


def _read_in(module: Module) -> Iterator[str]:
    for node in ast.walk(module.tree):
        name: ast.AST | None = None
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            name = node.args[0] if ast.unparse(node.func.value) in ("environment", "os.environ") else None
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name = node.slice
        if isinstance(name, ast.Constant) and str(name.value).startswith("LINLI_"):
            yield str(name.value)


RULES = {
    rule.__name__: rule
    for rule in (
        nothing_of_one_machine,
        locks_name_no_place,
        every_capability_has_its_page,
        no_dead_links,
        changelog_speaks_to_users,
        every_setting_is_explained,
        nothing_is_left_unfinished,
    )
}
