"""The generated pages of docs/reference are what the source says today."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.house.tree import ROOT


def test_the_command_line_and_the_events_are_documented() -> None:
    """In a process of its own: what other tests have imported or patched must not colour the pages."""
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    command = [sys.executable, "tools/reference.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
