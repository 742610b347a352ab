"""Write the generated pages of docs/reference: ``make docs``. ``--check`` only says what is out of date."""

from __future__ import annotations

import ast
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
WIDTH = 100
CLI_HEAD = """\
# The command line

Written by `make docs` from the commands themselves. Exit codes: 0 fine, 1 the answer is "no" (a verification
failed), 2 bad input or refused: one sentence on the error output, never a traceback.
"""
EVENTS_HEAD = """\
# Events

Written by `make docs` from the `events.py` of every capability and from the wiring table. An event is told
with `bus.publish`; its reactions run at once, in order, in the same transaction.
"""


def main(arguments: list[str]) -> int:
    """Write the pages, or name those that are out of date."""
    stale = [name for name, text in pages().items() if _on_disk(name) != text]
    if arguments == ["--check"]:
        print("\n".join(f"{name} is out of date: run make docs" for name in stale), file=sys.stderr)
        return 1 if stale else 0
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    return 0


def pages() -> dict[str, str]:
    """Every generated page by file name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.site.settings_test")
    import django

    django.setup()
    return {"cli.md": command_line(), "events.md": events()}


def command_line() -> str:
    """The help of every command and subcommand."""
    from linli.site.cli import linli

    parts = [CLI_HEAD]
    for path, command in _commands(("linli",), linli):
        context = click.Context(
            command, info_name=" ".join(path), terminal_width=WIDTH, max_content_width=WIDTH
        )
        help_text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
        parts.append(f"{'#' * min(len(path) + 1, 4)} {' '.join(path)}\n\n```text\n{help_text}\n```\n")
    return "\n".join(parts)


def events() -> str:
    """Every event, its fields, and who hears it."""
    from linli.site.wiring import REACTIONS

    heard = {
        f"{event.__module__}.{event.__qualname__}": [
            f"{reaction.__module__}.{reaction.__qualname__}".removeprefix("linli.") for reaction in reactions
        ]
        for event, reactions in REACTIONS.items()
    }
    parts = [EVENTS_HEAD]
    for path in sorted((ROOT / "src" / "linli").glob("*/*/events.py")):
        module = ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef):
                parts.append(_event(module, node, heard.get(f"{module}.{node.name}", [])))
    return "\n".join(parts)


def _event(module: str, node: ast.ClassDef, reactions: list[str]) -> str:
    fields = [
        f"- `{field.target.id}: {ast.unparse(field.annotation)}`"
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    ]
    told = (ast.get_docstring(node) or "").strip()
    hearers = ", ".join(f"`{name}`" for name in reactions) or "nobody yet"
    body = "\n".join(fields)
    name = f"{module.removeprefix('linli.').removesuffix('.events')}.{node.name}"
    return f"## {name}\n\n{told}\n\n{body}\n\nHeard by: {hearers}.\n"


def _commands(
    path: tuple[str, ...], command: click.Command
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path[-1])
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from _commands((*path, name), child)


def _on_disk(name: str) -> str:
    path = REFERENCE / name
    return path.read_text(encoding="utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
