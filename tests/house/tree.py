"""The source tree as the house rules see it: storeys, capabilities, rooms and what imports what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STOREYS = ("ground", "registry", "civic", "outward", "site")
MECHANISMS = ("kernel", "db", "web")  # floors of the ground that have no rooms
NOT_OURS = frozenset(
    {
        ".git",
        ".venv",
        "var",
        "node_modules",
        "__pycache__",
        ".hypothesis",
        ".mypy_cache",
        ".ruff_cache",
        "out",
    }
    | {".import_linter_cache", ".pytest_cache", "build"}
)


@dataclass(frozen=True, slots=True)
class Import:
    """One import: the dotted name it reaches, its line, and whether only the type checker sees it."""

    target: str
    line: int
    for_types_only: bool


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file of ours. ``place`` is its path from the root, ``name`` its dotted name."""

    place: str
    name: str
    source: str
    tree: ast.Module
    imports: tuple[Import, ...]

    @property
    def capability(self) -> str | None:
        """``linli.civic.voting`` for whatever lies in it; None in a mechanism, the site or a storey."""
        return capability_of(self.name)

    @property
    def room(self) -> str | None:
        """``views``, ``actions``, …: the room of the capability it lies in; None outside of rooms."""
        return room_of(self.name)

    @property
    def is_pure(self) -> bool:
        """Whether it must know neither framework nor clock: kernel, domain, events."""
        return self.name.startswith("linli.ground.kernel") or self.room in ("domain", "events")


class Tree:
    """A checkout to be judged: the real one, or a copy in which a sin was planted."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root

    @property
    def package(self) -> Path:
        """The folder of the package ``linli``."""
        return self.root / "src" / "linli"

    def modules(self) -> Iterator[Module]:
        """Every Python file of the package except migrations, parsed."""
        for path in sorted(self.package.rglob("*.py")):
            if "migrations" not in path.parts:
                yield parsed(self.root, path, path.stat().st_mtime_ns)

    def capabilities(self) -> dict[str, Path]:
        """Every capability that holds more than an empty ``__init__``, by dotted name."""
        found = {}
        for folder in sorted(self.package.glob("*/*")):
            name = f"linli.{folder.parent.name}.{folder.name}"
            if (
                capability_of(name) == name
                and any(file.name != "__init__.py" for file in folder.glob("*.py"))
                or capability_of(name) == name
                and (folder / "domain").is_dir()
            ):
                found[name] = folder
        return found

    def templates(self) -> Iterator[Path]:
        """Every template of every capability."""
        yield from sorted(self.package.glob("*/*/templates/**/*.html"))

    def files(self, *suffixes: str) -> Iterator[Path]:
        """Every file of the checkout that is ours, of these suffixes (all when none is given)."""
        yield from sorted(_walk(self.root, suffixes))

    def place(self, path: Path) -> str:
        """The path from the root, for people."""
        return path.relative_to(self.root).as_posix()


def capability_of(name: str) -> str | None:
    """The capability a dotted name lies in."""
    parts = name.split(".")
    if len(parts) < 3 or parts[0] != "linli" or parts[1] in ("site", "locale"):
        return None
    if parts[1] == "ground" and parts[2] in MECHANISMS:
        return None
    return ".".join(parts[:3]) if parts[1] in STOREYS else None


def room_of(name: str) -> str | None:
    """The room a dotted name lies in."""
    parts = name.split(".")
    return parts[3] if capability_of(name) and len(parts) > 3 else None


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.endswith(".egg-info") or path.name.startswith(".coverage"):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _walk(path, suffixes)
        elif path.is_file() and (not suffixes or path.suffix in suffixes):
            yield path


@lru_cache(maxsize=8192)
def parsed(root: Path, path: Path, changed_at: int) -> Module:
    """Read and parse one file; ``changed_at`` only tells when the answer is stale."""
    assert changed_at
    place = path.relative_to(root)
    parts = place.with_suffix("").parts[1:]
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source, filename=str(place))
    package = parts[:-1]
    return Module(place.as_posix(), name, source, tree, tuple(_imports(tree, package)))


def _imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[Import]:
    for node, for_types in _walk_with_guard(tree, False):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, for_types)
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            for alias in node.names:
                yield Import(".".join([*base, alias.name]), node.lineno, for_types)


def _walk_with_guard(node: ast.AST, guarded: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Every node, with whether it stands under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        inside = guarded or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test))
        yield child, inside
        yield from _walk_with_guard(child, inside)
