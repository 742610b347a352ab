"""The rules run without any framework: proved by importing each of them where there is none."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.house.tree import ROOT, Tree

PROBE = """
import importlib, sys

class NoFramework:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "django":
            raise ImportError(f"{name} is out of reach")

sys.meta_path.insert(0, NoFramework())
failed = []
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except Exception as fault:
        failed.append(f"{name}: {fault!r}")
print("\\n".join(failed))
sys.exit(bool(failed))
"""


def _import_without_framework(*names: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", PROBE, *names]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_kernel_domain_and_events_start_no_framework() -> None:
    names = [module.name for module in Tree().modules() if module.is_pure]
    assert len(names) > 20, "there are pure rooms to be tried"
    done = _import_without_framework(*names)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_probe_sees_a_framework() -> None:
    done = _import_without_framework("linli.site.apps")
    assert done.returncode == 1
    assert "django" in done.stdout


@pytest.mark.parametrize(("arguments", "answer"), [(("rmb", "1640902"), "壹万陆仟肆佰零玖元零贰分\n")])
def test_a_rule_command_starts_no_framework(arguments: tuple[str, ...], answer: str) -> None:
    blocked = PROBE.split("failed = []", maxsplit=1)[0]
    run = f"{blocked}\nfrom linli.site.cli import linli\nlinli({list(arguments)!r}, prog_name='linli')"
    done = subprocess.run([sys.executable, "-c", run], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, answer), done.stderr
