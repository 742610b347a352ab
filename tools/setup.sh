#!/usr/bin/env bash
# Make the Python environment: tools/setup.sh runtime | dev | bench
#
# A venv in $VENV (.venv), the packages of requirements/<name>.lock by hash, and the command `linli` in it.
# What already stands is not done again. Every fault is one sentence, in Chinese and English.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

lock=${1:?which lock: runtime, dev or bench}
PYTHON=${PYTHON:-python3}
VENV=${VENV:-.venv}
case $lock in
  runtime) wanted_mb=900 ;;
  *) wanted_mb=1800 ;;
esac

# The environment may forbid byte code; then every start would compile every module anew.
unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

require_python() {
  command -v "$PYTHON" >/dev/null 2>&1 ||
    stop "没有找到 $PYTHON：请先安装 Python 3.11 或更新的版本。" \
      "$PYTHON was not found: please install Python 3.11 or newer."
  new_enough "$PYTHON" ||
    stop "$PYTHON 的版本太旧（$("$PYTHON" -V 2>&1)）：需要 3.11 或更新的版本，可用 make demo PYTHON=python3.12 指定。" \
      "$PYTHON is too old ($("$PYTHON" -V 2>&1)): 3.11 or newer is needed; name another with make demo PYTHON=python3.12."
}

require_space() {
  local free_mb
  free_mb=$(df -Pm . | awk 'NR == 2 { print $4 }')
  [ "$free_mb" -ge "$wanted_mb" ] ||
    stop "磁盘空间不够：$PWD 只剩 $free_mb MB，需要 $wanted_mb MB。" \
      "Not enough disk space: $free_mb MB free in $PWD, $wanted_mb MB needed."
}

# Debian and Ubuntu ship Python without the venv module's pip.
require_venv_module() {
  "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null && return
  local package=python3-venv version
  version=$("$PYTHON" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
  [ "$(readlink -f "$(command -v "$PYTHON")")" = "$(readlink -f /usr/bin/python3 2>/dev/null)" ] ||
    package=python$version-venv
  tools/apt_install.sh "$package" ||
    stop "Python 缺少 venv 模块：请先运行 sudo apt-get install -y $package，再运行一次本命令。" \
      "Python lacks its venv module: run sudo apt-get install -y $package, then this command again."
}

make_venv() {
  [ -x "$VENV/bin/python" ] && new_enough "$VENV/bin/python" && "$VENV/bin/python" -m pip --version >/dev/null 2>&1 &&
    return
  require_python
  require_space
  require_venv_module
  say "正在建立 Python 环境 $VENV …" "Making the Python environment $VENV …"
  "$PYTHON" -m venv --clear "$VENV" ||
    stop "建立 Python 环境 $VENV 失败，原因见上面一行。" "The Python environment $VENV could not be made; see the line above."
}

install_lock() {
  local file=requirements/$lock.lock stamp=$VENV/.linli-$lock wanted log count
  wanted="$(sha256sum <"$file") $("$VENV/bin/python" -V)"
  [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return
  require_space
  count=$(grep -c '^[a-zA-Z0-9]' "$file")
  say "正在安装 $count 个锁定的软件包（第一次需要下载）…" \
    "Installing $count locked packages (the first time they are downloaded) …"
  log=$(mktemp)
  # No byte code now: what is used is compiled when it is first used, the rest never.
  if ! "$VENV/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --no-compile \
    --require-hashes --no-deps --only-binary :all: -r "$file" >"$log" 2>&1; then
    explain_pip "$log"
  fi
  rm -f "$log"
  printf '%s\n' "$wanted" >"$stamp"
}

explain_pip() {
  tail -n 8 "$1" >&2
  if grep -q 'No space left on device' "$1"; then
    rm -f "$1"
    stop "磁盘满了，软件包没有装完：请腾出空间再运行一次。" "The disk is full: free some space and run this again."
  fi
  rm -f "$1"
  stop "软件包没有装上（原因见上面）：请检查网络，或为 pip 设置镜像（PIP_INDEX_URL）后再运行一次。" \
    "The packages could not be installed (see above): check the network, or set a pip mirror (PIP_INDEX_URL), and run this again."
}

make_venv
install_lock
"$VENV/bin/python" tools/link_package.py
