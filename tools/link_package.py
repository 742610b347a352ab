"""Make ``linli`` importable and runnable in this environment, straight from ``src``.

Done by hand: an editable install would need a build tool that a fresh environment may lack and may
not be able to fetch. Three small files: a path file, a command, and what ``linli --version`` reads.
"""

from __future__ import annotations

import sysconfig
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMAND = """\
#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
'''
import sys

from linli.site.cli import main

if __name__ == "__main__":  # a second process reads this file, too
    sys.exit(main())
"""


def main() -> None:
    """Write what is missing or different; do nothing in an environment where pip has installed us."""
    packages = Path(sysconfig.get_path("purelib"))
    if _installed_by_pip():
        return
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    for old in packages.glob("linli-*.dist-info"):
        (old / "METADATA").unlink(missing_ok=True)
        old.rmdir()
    _write(packages / "linli.pth", f"{ROOT / 'src'}\n")
    _write(
        packages / f"linli-{version}.dist-info" / "METADATA",
        f"Metadata-Version: 2.1\nName: linli\nVersion: {version}\n",
    )
    command = Path(sysconfig.get_path("scripts")) / "linli"
    _write(command, COMMAND)
    command.chmod(0o755)


def _installed_by_pip() -> bool:
    try:
        return bool(metadata.distribution("linli").read_text("INSTALLER"))
    except metadata.PackageNotFoundError:
        return False


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
