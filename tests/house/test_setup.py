"""Setting up fails in one sentence, in Chinese and in English, and never with a traceback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

PYTHON_OF_2020 = '#!/bin/sh\ncase "$1" in -V) echo Python 3.8.10 ;; *) exit 1 ;; esac\n'
PYTHON_WITHOUT_VENV = f"""#!/bin/sh
case "$2" in *ensurepip*) exit 1 ;; esac
exec {sys.executable} "$@"
"""
FULL_DISK = (
    "#!/bin/sh\nprintf 'Filesystem 1M-blocks Used Available Use%% Mounted\\n/dev/x 100 95 5 95%% /\\n'\n"
)
REFUSING = "#!/bin/sh\nexit 100\n"


def _run(
    script: str, *arguments: str, stubs: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("LINLI_", "MAKE", "MFLAGS"))
    }
    if stubs:
        environment["PATH"] = f"{stubs}{os.pathsep}{environment['PATH']}"
    return subprocess.run(
        [ROOT / "tools" / script, *arguments],
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def _stub(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def _is_one_sentence(done: subprocess.CompletedProcess[str], chinese: str, english: str) -> None:
    lines = done.stderr.strip().splitlines()
    assert done.returncode != 0
    assert len(lines) == 2, done.stderr
    assert chinese in lines[0] and english in lines[1], done.stderr


def test_no_python(tmp_path: Path) -> None:
    done = _run("setup.sh", "runtime", PYTHON="python-of-nowhere", VENV=str(tmp_path / "venv"))
    _is_one_sentence(done, "没有找到 python-of-nowhere", "was not found")


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    python = _stub(tmp_path, "python-of-2020", PYTHON_OF_2020)
    done = _run("setup.sh", "runtime", PYTHON=python, VENV=str(tmp_path / "venv"))
    _is_one_sentence(done, "版本太旧（Python 3.8.10）", "3.11 or newer is needed")


def test_a_full_disk(tmp_path: Path) -> None:
    _stub(tmp_path, "df", FULL_DISK)
    done = _run("setup.sh", "runtime", stubs=tmp_path, PYTHON=sys.executable, VENV=str(tmp_path / "venv"))
    _is_one_sentence(done, "只剩 5 MB，需要 900 MB", "5 MB free")


def test_no_venv_module_and_no_right_to_install_it(tmp_path: Path) -> None:
    for name in ("apt-get", "sudo"):
        _stub(tmp_path, name, REFUSING)
    python = _stub(tmp_path, "python-bare", PYTHON_WITHOUT_VENV)
    done = _run("setup.sh", "runtime", stubs=tmp_path, PYTHON=python, VENV=str(tmp_path / "venv"))
    _is_one_sentence(
        done, "缺少 venv 模块：请先运行 sudo apt-get install -y python3", "lacks its venv module"
    )


@pytest.mark.parametrize("port", ["0", "99999", "http", "8000x"])
def test_a_port_that_is_none(port: str) -> None:
    _is_one_sentence(_run("demo.sh", PORT=port), f"现在是“{port}”", "from 1 to 65535")


def test_a_port_that_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = _run("demo.sh", PORT=str(port), VENV=sys.prefix)
    _is_one_sentence(done, f"端口 {port} 已被占用", f"Port {port} is taken")


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = _run("demo.sh", PORT="18999", VENV=sys.prefix, LINLI_HOME=str(tmp_path / "file" / "home"))
    _is_one_sentence(done, "不能写入文件夹", "cannot be written")


def test_system_packages_that_may_not_be_installed_are_named_with_the_command(tmp_path: Path) -> None:
    for name in ("apt-get", "sudo"):
        _stub(tmp_path, name, REFUSING)
    _stub(tmp_path, "fc-list", "#!/bin/sh\n")
    done = _run("system_packages.sh", "tests", stubs=tmp_path)
    _is_one_sentence(
        done,
        "fontconfig fonts-wqy-microhei。请先运行：sudo apt-get install",
        "fonts-wqy-microhei. Run: sudo apt-get",
    )
