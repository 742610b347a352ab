"""The import contracts hold, and each of them bites when it is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

HEAD = '"""A sin."""\n\n'
ROOMS = "src/linli/registry/annexe"
SINS = {
    # contract → files that break it, and what the report must name
    "Five storeys, imports only go down": (
        {"src/linli/registry/places/sin_up.py": "import linli.civic.requests.events\n"},
        "linli.registry is not allowed to import linli.civic",
    ),
    "Floors of the ground": (
        {"src/linli/ground/kernel/sin.py": "import linli.ground.web\n"},
        "linli.ground.kernel is not allowed to import linli.ground.web",
    ),
    "Floors of the registry": (
        {"src/linli/registry/places/sin_floor.py": "import linli.registry.people.apps\n"},
        "linli.registry.places is not allowed to import linli.registry.people",
    ),
    "Floors of civic life": (
        {"src/linli/civic/voting/sin.py": "import linli.civic.requests.events\n"},
        "linli.civic.voting is not allowed to import linli.civic.requests",
    ),
    "What faces outward stands apart from each other": (
        {
            "src/linli/outward/exchange/__init__.py": None,
            "src/linli/outward/exchange/sin.py": "import linli.outward.transparency\n",
        },
        "linli.outward.exchange is not allowed to import linli.outward.transparency",
    ),
    "The rooms of a capability": (
        {
            "src/linli/civic/annexe/models.py": "import linli.civic.annexe.actions\n",
            "src/linli/civic/annexe/actions.py": "",
            "src/linli/civic/annexe/__init__.py": None,
        },
        "linli.civic.annexe.models is not allowed to import linli.civic.annexe.actions",
    ),
    "Kernel, domain and events know no framework": (
        {
            "src/linli/civic/voting/domain/__init__.py": None,
            "src/linli/civic/voting/domain/sin.py": "import linli.ground.db.sin_between\n",
            "src/linli/ground/db/sin_between.py": "import django\n",
        },
        "linli.civic.voting.domain is not allowed to import django",
    ),
    "No circles anywhere": (
        {
            "src/linli/ground/kernel/sin_a.py": "import linli.ground.kernel.sin_b\n",
            "src/linli/ground/kernel/sin_b.py": "import linli.ground.kernel.sin_a\n",
        },
        "sin_a",
    ),
    "Faces never touch the tables": (
        {
            "src/linli/outward/annexe/__init__.py": None,
            "src/linli/outward/annexe/views.py": "import linli.outward.annexe.models\n",
            "src/linli/outward/annexe/models.py": "",
        },
        "linli.outward.annexe.views is not allowed to import linli.outward.annexe.models",
    ),
}


def _lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "400", "NO_COLOR": "1"}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


def test_all_contracts_are_kept() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy in which every contract is broken once."""
    root = tmp_path_factory.mktemp("contracts")
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "migrations")
    shutil.copytree(ROOT / "src" / "linli", root / "src" / "linli", ignore=ignored)
    contracts = (ROOT / ".importlinter").read_text(encoding="utf-8")
    (root / ".importlinter").write_text(contracts.replace("exhaustive = true", ""), encoding="utf-8")
    for files, _ in SINS.values():
        for place, text in files.items():
            path = root / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("" if text is None else HEAD + text, encoding="utf-8")
    done = _lint_imports(root)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("contract", SINS)
def test_a_broken_contract_is_named(report: str, contract: str) -> None:
    assert f"{contract} BROKEN" in report
    assert SINS[contract][1] in report


def test_every_contract_has_a_sin_that_proves_it() -> None:
    lines = (ROOT / ".importlinter").read_text(encoding="utf-8").splitlines()
    assert {line.removeprefix("name = ") for line in lines if line.startswith("name = ")} == set(SINS)


def test_a_room_that_nobody_planned_is_seen(tmp_path: Path) -> None:
    """Exhaustive contracts: a folder that stands on no floor is a fault, not an exception."""
    ignored = shutil.ignore_patterns("__pycache__", "static", "templates", "migrations")
    shutil.copytree(ROOT / "src" / "linli", tmp_path / "src" / "linli", ignore=ignored)
    shutil.copy(ROOT / ".importlinter", tmp_path)
    (tmp_path / "src/linli/civic/annexe").mkdir()
    (tmp_path / "src/linli/civic/annexe/__init__.py").touch()
    (tmp_path / "src/linli/registry/places/cellar.py").write_text(HEAD, encoding="utf-8")
    done = _lint_imports(tmp_path)
    assert done.returncode == 1
    assert "annexe" in done.stdout and "cellar" in done.stdout, done.stdout
