#!/usr/bin/env bash
# What the tests need from the system: a browser, a library of its driver, a Chinese font, PostgreSQL.
# Only what is missing is installed, and looked for again; where it may not be installed, the command is told.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

has_browser() {
  [ -z "${LINLI_CHROMIUM:-}" ] || return 0
  local name
  for name in chromium chromium-browser google-chrome-stable google-chrome; do
    command -v "$name" >/dev/null 2>&1 && return 0
  done
  return 1
}
has_libatomic() { ldconfig -p 2>/dev/null | grep -q 'libatomic\.so\.1' || /sbin/ldconfig -p | grep -q 'libatomic\.so\.1'; }
has_font() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=zh)" ]; }
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null 2>&1; }

missing() {
  local packages=()
  if [ "$1" = tests ]; then
    has_browser || packages+=(chromium)
    has_libatomic || packages+=(libatomic1)
    has_font || packages+=(fontconfig fonts-wqy-microhei)
  fi
  has_postgres || packages+=(postgresql)
  echo "${packages[*]}"
}

purpose=${1:-tests} # tests, or bench: PostgreSQL alone
wanted=$(missing "$purpose")
[ -n "$wanted" ] || exit 0
# shellcheck disable=SC2086  # a list of package names
if tools/apt_install.sh $wanted && [ -z "$(missing "$purpose")" ]; then
  exit 0
fi
wanted=$(missing "$purpose")
stop "测试还需要这些系统软件包：$wanted。请先运行：sudo apt-get install -y --no-install-recommends $wanted" \
  "The tests need these system packages: $wanted. Run: sudo apt-get install -y --no-install-recommends $wanted"
