"""Real processes on a real file: several write at once, one is killed, and nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

WRITER = """
import sys
import django
django.setup()
from datetime import UTC, datetime
from django.db import transaction
from linli.ground.journal import actions as journal
from linli.ground.kernel.actor import system
from linli.registry.places.models import Place

for number in range(int(sys.argv[2])):
    at = datetime.now(UTC)
    with transaction.atomic():
        code = f"{sys.argv[1]}-{number}"
        place = Place.objects.create(kind="district", name=code, code=code, path="/", sort_key=code)
        index = journal.append(
            compound_id=0, stream="x", kind="place.add", body={}, rows=[place], by=system("test"), at=at
        )
    print(index, place.pk, flush=True)
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An installation on SQLite, on disk, with its tables."""
    home = tmp_path_factory.mktemp("installation")
    path = Path(__file__).parents[3] / "src"
    found = {
        name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "EXPECT_"))
    } | {
        "LINLI_HOME": str(home),
        "LINLI_DATABASE": f"sqlite:///{home}/linli.sqlite3",
        "DJANGO_SETTINGS_MODULE": "linli.site.settings_test",
        "PYTHONPATH": str(path),
    }
    migrate = "import django; django.setup(); from django.core.management import call_command; "
    migrate += "call_command('migrate', verbosity=0)"
    subprocess.run([sys.executable, "-c", migrate], env=found, check=True)
    return found


def writer(environment, name: str, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, name, str(count)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def verdict(environment):
    """What the command says about the database."""
    command = [sys.executable, "-m", "linli.site.cli", "verify", "--db", "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def test_writers_at_once_and_one_that_is_killed_lose_nothing_that_was_acknowledged(environment):
    victim, others = (
        writer(environment, "victim", 10_000),
        [writer(environment, str(n), 60) for n in range(2)],
    )
    assert victim.stdout is not None
    acknowledged = [victim.stdout.readline() for _ in range(25)]
    victim.kill()
    acknowledged += victim.stdout.read().splitlines()
    for process in others:
        told, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        acknowledged += told.splitlines()
    indices = [int(line.split()[0]) for line in acknowledged if line.strip() and len(line.split()) == 2]
    assert len(indices) == len(set(indices)) >= 145
    told = verdict(environment)
    assert told["valid"], told["findings"]
    assert told["acts"] == told["rows"] >= max(indices) + 1
