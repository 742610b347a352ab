"""The history of the tables: named, one line without forks, schema only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT

FOLDERS = sorted((ROOT / "src" / "linli").glob("*/*/migrations"))
NAME = re.compile(r"\d{4}_[a-z][a-z0-9_]*")
MEANINGLESS = re.compile(r"\d{4}_(auto|merge|alter_|initial_\d|update|change|hotfix)")
DATA = ("RunPython",)


def _name(folder: Path) -> str:
    return folder.parent.name


def _migrations(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def faults_of(folder: Path) -> list[str]:
    """What is wrong with the migrations of one capability."""
    faults = []
    names = [path.stem for path in _migrations(folder)]
    for number, path in enumerate(_migrations(folder), 1):
        if not NAME.fullmatch(path.stem) or MEANINGLESS.match(path.stem):
            faults.append(f"{path.stem}: the name does not say what it does")
        if not path.stem.startswith(f"{number:04d}_"):
            faults.append(f"{path.stem}: should have the number {number:04d}")
        source = path.read_text(encoding="utf-8")
        faults += [
            f"{path.stem}: changes data ({word}); that is a job" for word in DATA if f".{word}(" in source
        ]
        earlier = [name for label, name in _dependencies(source) if label == folder.parent.name]
        if earlier != names[number - 2 : number - 1] * (number > 1):
            faults.append(f"{path.stem}: follows {earlier}, not the one before it")
    return faults


def _dependencies(source: str) -> list[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "dependencies":
            assert isinstance(node.value, ast.List)
            pairs = [element for element in node.value.elts if isinstance(element, ast.Tuple)]
            return [ast.literal_eval(pair) for pair in pairs]
    return []


@pytest.mark.parametrize("folder", FOLDERS, ids=_name)
def test_migrations_are_named_linear_and_schema_only(folder: Path) -> None:
    assert not faults_of(folder)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"0001_initial": [], "0002_auto_2026": ["0001_initial"]}, "does not say what it does"),
        (
            {"0001_initial": [], "0002_a": ["0001_initial"], "0003_b": ["0001_initial"]},
            "not the one before it",
        ),
        ({"0001_initial": [], "0003_b": ["0001_initial"]}, "should have the number 0002"),
        ({"0001_initial": [], "0002_fill": ["0001_initial"]}, "changes data"),
    ],
)
def test_a_crooked_history_is_seen(tmp_path: Path, files: dict[str, list[str]], told: str) -> None:
    folder = tmp_path / "annexe" / "migrations"
    folder.mkdir(parents=True)
    for name, earlier in files.items():
        dependencies = [("annexe", other) for other in earlier]
        operations = "migrations.RunPython(fill)" if name.endswith("fill") else ""
        text = f"class Migration:\n    dependencies = {dependencies}\n    operations = [{operations}]\n"
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    assert any(told in fault for fault in faults_of(folder)), faults_of(folder)
