"""House rules about code: who may enter which room, and what may be done there.

Each rule takes a tree and returns its faults, each with file and line; no faults is fine.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.tree import Module, Tree, capability_of, room_of

PUBLIC_ROOMS = frozenset({"actions", "queries", "events", "domain"})
TABLE_ROOMS = frozenset({"models", "queries", "actions"})
CLOCKLESS_ROOMS = frozenset({"domain", "actions", "policies", "events", "models", "queries"})
CLOCKS = frozenset({"now", "today", "utcnow"})
CONVERTERS = frozenset({"localtime", "localdate"})  # they read the clock only when they are given no time
CLOCK_OWNERS = frozenset({"datetime", "date", "timezone", "dt"})
FORBIDDEN_NAMES = frozenset({"utils", "helpers", "common", "services", "managers", "misc", "lib", "tools"})
IMPURE_MODULES = frozenset(
    {"time", "os", "io", "socket", "subprocess", "secrets", "uuid", "pathlib", "tempfile"}
)
COMMANDS_OF_THE_KERNEL = frozenset({"linli.ground.kernel.commands", "linli.ground.kernel.terminal"})
IMPURE_CALLS = frozenset({"open", "print", "input"})
SEEDED = frozenset({"Random", "default_rng", "Generator", "SeedSequence", "PCG64", "PCG64DXSM", "Philox"})
MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 50
VERIFIER_LINES = 600  # the offline verifier: one file of the standard library alone, the named exception
VERIFIER = "linli.ground.journal.verifier"


def other_capabilities_by_public_rooms(tree: Tree) -> list[str]:
    """A capability is entered through ``actions queries events domain`` and through no other room."""
    faults = []
    for module in tree.modules():
        here = module.capability
        if here is None:
            continue
        for found in module.imports:
            there = capability_of(found.target)
            if there in (None, here) or (found.for_types_only and room_of(found.target) == "models"):
                continue
            room = room_of(found.target)
            if room not in PUBLIC_ROOMS:
                faults.append(_at(module, found.line, f"enters {there} through {room or 'no room'}"))
            elif _private_part(found.target):
                faults.append(_at(module, found.line, f"enters a private part: {found.target}"))
    return faults


def tables_only_in_their_rooms(tree: Tree) -> list[str]:
    """``.objects`` and ``.save(`` stand in models, queries and actions, and nowhere else."""
    faults = []
    for module in tree.modules():
        if module.capability is None or module.room is None or module.room in TABLE_ROOMS:
            continue
        for node in ast.walk(module.tree):
            if not isinstance(node, ast.Attribute):
                continue
            if node.attr in ("objects", "_default_manager"):
                faults.append(_at(module, node.lineno, "asks a table; that belongs into queries"))
            elif node.attr == "save" and not _is_of(node, ("image", "picture", "canvas", "figure")):
                faults.append(_at(module, node.lineno, "saves; that belongs into actions"))
    return faults


def no_clock_inside(tree: Tree) -> list[str]:
    """The time is an argument: no ``now()`` or ``today()`` in the rooms that decide and write."""
    faults = []
    for module in tree.modules():
        if module.room not in CLOCKLESS_ROOMS and not module.is_pure:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Attribute) and node.attr in CLOCKS and _is_of(node, CLOCK_OWNERS):
                faults.append(
                    _at(module, node.lineno, f"looks at the clock ({node.attr}); take `at` instead")
                )
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CLOCKS:
                faults.append(
                    _at(module, node.lineno, f"looks at the clock ({node.func.id}); take `at` instead")
                )
    return faults


def rules_are_pure(tree: Tree) -> list[str]:
    """Kernel, domain and events: no framework, no clock, no global chance, no files."""
    faults = []
    for module in tree.modules():
        if not module.is_pure or module.name in COMMANDS_OF_THE_KERNEL:
            continue
        for found in module.imports:
            root = found.target.split(".")[0]
            if root == "django" or root in IMPURE_MODULES:
                faults.append(_at(module, found.line, f"imports {root}"))
        for node in ast.walk(module.tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in IMPURE_CALLS
            ):
                faults.append(_at(module, node.lineno, f"calls {node.func.id}()"))
            elif isinstance(node, ast.Attribute) and _is_of(node, ("random",)) and node.attr not in SEEDED:
                faults.append(_at(module, node.lineno, f"uses global chance: random.{node.attr}"))
    return faults


def files_and_functions_are_short(tree: Tree) -> list[str]:
    """A file has at most 400 lines, a function at most 50."""
    faults = []
    for module in tree.modules():
        most = VERIFIER_LINES if module.name == VERIFIER else MOST_LINES_OF_A_FILE
        lines = module.source.count("\n")
        if lines > most:
            faults.append(f"{module.place}: {lines} lines, more than {most}; make a package of it")
        for node in ast.walk(module.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None:
                length = node.end_lineno - node.lineno + 1
                if length > MOST_LINES_OF_A_FUNCTION:
                    faults.append(_at(module, node.lineno, f"{node.name} has {length} lines, more than 50"))
    return faults


def no_bags(tree: Tree) -> list[str]:
    """Nothing is called utils, helpers or common: such a name says nothing, and anything fits in."""
    faults = []
    for module in tree.modules():
        for part in module.name.split(".")[1:]:
            if part.strip("_") in FORBIDDEN_NAMES:
                faults.append(f"{module.place}: `{part}` is a bag, not a name")
    return faults


def everything_says_what_it_is(tree: Tree) -> list[str]:
    """Every module opens with one line; every public action, query, policy and rule says what it does."""
    faults = []
    for module in tree.modules():
        if module.tree.body and not ast.get_docstring(module.tree):
            faults.append(f"{module.place}: the module does not say what it is")
        if module.room not in ("actions", "queries", "policies", "domain", "events") and not module.is_pure:
            continue
        for node in module.tree.body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and not ast.get_docstring(node):
                faults.append(_at(module, node.lineno, f"{node.name} does not say what it is"))
    return faults


def capabilities_open_empty(tree: Tree) -> list[str]:
    """The ``__init__`` of a storey or capability is empty: entering a house runs nothing."""
    faults = []
    for module in tree.modules():
        parts = module.name.split(".")
        if module.place.endswith("__init__.py") and 1 < len(parts) <= 3 and module.tree.body:
            faults.append(f"{module.place}: should be empty")
    return faults


def every_folder_is_a_package(tree: Tree) -> list[str]:
    """A folder of modules has an ``__init__``; without it the import contracts would not see what lies in it."""
    folders = {path.parent for path in tree.package.rglob("*.py")}
    return [
        f"{tree.place(folder)}: has no __init__.py" for folder in sorted(folders) if not _is_package(folder)
    ]


def _is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def actions_say_who_and_when(tree: Tree) -> list[str]:
    """A public action takes keywords only and says who and when: ``actor`` first, ``at`` last.

    What the house does by itself (sending what is due) has no actor but always a time. A part of a bulk act takes
    its ``slot`` first instead: the act that closes the slot says who and when.
    """
    faults = []
    for module, function in _public_actions(tree):
        arguments = [argument.arg for argument in function.args.kwonlyargs]
        if function.args.args or function.args.posonlyargs:
            faults.append(_at(module, function.lineno, f"{function.name} takes arguments by position"))
        elif arguments[:1] in (["slot"], ["slots"]):
            continue
        elif "actor" in arguments[1:] or "at" in arguments[:-1] or not {"actor", "at"} & set(arguments):
            faults.append(
                _at(module, function.lineno, f"{function.name} should take `actor` first and `at` last")
            )
    return faults


def _public_actions(tree: Tree) -> Iterator[tuple[Module, ast.FunctionDef]]:
    """The functions that others may call: all of ``actions.py``, or what ``actions/__init__.py`` hands on."""
    handed_on = {
        (found.target.rpartition(".")[0], found.target.rpartition(".")[2])
        for module in tree.modules()
        if module.room == "actions" and module.place.endswith("__init__.py")
        for found in module.imports
    }
    for module in tree.modules():
        if module.room != "actions" or module.name.startswith("linli.ground."):
            continue
        whole = module.place.endswith("/actions.py")
        for node in module.tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if whole or (module.name, node.name) in handed_on:
                yield module, node


def _clock(call: ast.Call) -> str | None:
    """The clock that a call reads; ``localdate(at)`` reads none, ``localdate()`` does."""
    function = call.func
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    if name in CONVERTERS and (call.args or call.keywords):
        return None
    if isinstance(function, ast.Attribute) and not _is_of(function, CLOCK_OWNERS):
        return None
    return name if name in CLOCKS | CONVERTERS else None


def _private_part(target: str) -> bool:
    return any(part.startswith("_") and not part.startswith("__") for part in target.split(".")[3:])


def _is_of(node: ast.Attribute, owners: tuple[str, ...] | frozenset[str]) -> bool:
    value = node.value
    name = value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""
    return name in owners


def _at(module: Module, line: int, fault: str) -> str:
    return f"{module.place}:{line}: {fault}"


RULES = {
    rule.__name__: rule
    for rule in (
        other_capabilities_by_public_rooms,
        tables_only_in_their_rooms,
        no_clock_inside,
        rules_are_pure,
        files_and_functions_are_short,
        no_bags,
        everything_says_what_it_is,
        capabilities_open_empty,
        every_folder_is_a_package,
        actions_say_who_and_when,
    )
}
