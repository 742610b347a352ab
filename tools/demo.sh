#!/usr/bin/env bash
# Set everything up, seed the demo compound if there is none, and serve it: `make demo`.
#
# PORT=8000, RESET=1 starts over, LINLI_HOME=var holds everything that is kept. Every fault is one sentence.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

PORT=${PORT:-8000}
VENV=${VENV:-.venv}
export LINLI_HOME=${LINLI_HOME:-var} LINLI_DEMO=${LINLI_DEMO:-1}
unset PYTHONDONTWRITEBYTECODE PYTHONHOME PYTHONPATH DJANGO_SETTINGS_MODULE
needed_mb=300

require_port_number() {
  case $PORT in
    '' | *[!0-9]*) stop "PORT 应是 1 到 65535 的数字，现在是“$PORT”。" "PORT should be a number from 1 to 65535, not \"$PORT\"." ;;
  esac
  [ "$PORT" -ge 1 ] && [ "$PORT" -le 65535 ] ||
    stop "PORT 应是 1 到 65535 的数字，现在是“$PORT”。" "PORT should be a number from 1 to 65535, not \"$PORT\"."
}

require_free_port() {
  "$VENV/bin/python" - "$PORT" 2>/dev/null <<'PROBE' ||
import socket, sys
with socket.socket() as probe:
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", int(sys.argv[1])))
PROBE
    stop "端口 $PORT 已被占用：请关掉占用它的程序，或换一个端口：make demo PORT=$((PORT < 65535 ? PORT + 1 : 8000))。" \
      "Port $PORT is taken: close the program that uses it, or choose another: make demo PORT=$((PORT < 65535 ? PORT + 1 : 8000))."
}

require_home() {
  mkdir -p "$LINLI_HOME" 2>/dev/null && [ -w "$LINLI_HOME" ] ||
    stop "不能写入文件夹 $LINLI_HOME：请检查权限，或用 LINLI_HOME 指定别的文件夹。" \
      "The folder $LINLI_HOME cannot be written: check its permissions, or name another with LINLI_HOME."
  local free_mb
  free_mb=$(df -Pm "$LINLI_HOME" | awk 'NR == 2 { print $4 }')
  [ "$free_mb" -ge "$needed_mb" ] ||
    stop "磁盘空间不够：$LINLI_HOME 只剩 $free_mb MB，需要 $needed_mb MB。" \
      "Not enough disk space: $free_mb MB free in $LINLI_HOME, $needed_mb MB needed."
}

start_over() {
  case ${LINLI_DATABASE:-} in
    '' | sqlite:*) ;;
    *) stop "RESET=1 只清演示用的 SQLite，不动 LINLI_DATABASE 指定的数据库：请自行清空它。" \
      "RESET=1 clears the SQLite of the demo only, not the database of LINLI_DATABASE: please clear that yourself." ;;
  esac
  say "正在清空 $LINLI_HOME，从头开始 …" "Clearing $LINLI_HOME and starting over …"
  # Only what Linli itself puts there: the folder may be one that somebody named by mistake.
  (cd "$LINLI_HOME" && rm -rf keys media static checkpoints linli.sqlite3 linli.sqlite3-wal linli.sqlite3-shm)
}

require_port_number
tools/setup.sh runtime
require_free_port
require_home
case ${RESET:-} in
  '' | 0 | no) ;;
  *) start_over ;;
esac
"$VENV/bin/linli" init
"$VENV/bin/linli" demo --port "$PORT"
exec "$VENV/bin/linli" serve --port "$PORT"
