#!/usr/bin/env bash
# Install packages with apt, where we may: as root, or with a sudo that asks nothing. Exit 1 where we may not.
set -euo pipefail
cd "$(dirname "$0")/.."
. tools/say.sh

command -v apt-get >/dev/null 2>&1 || exit 1
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null || exit 1
  as_root=(sudo -n)
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
    -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# The distribution would start a database of its own on a port; we never use it, so it is not made.
no_cluster=/etc/postgresql-common/createcluster.d/linli.conf
cleanup() { [ -z "${made_no_cluster:-}" ] || "${as_root[@]}" rm -f "$no_cluster"; }
trap cleanup EXIT
case " $* " in
  *" postgresql"*)
    made_no_cluster=yes
    "${as_root[@]}" mkdir -p "${no_cluster%/*}"
    echo "create_main_cluster = false" | "${as_root[@]}" tee "$no_cluster" >/dev/null
    ;;
esac

say "正在用 apt 安装：$*" "Installing with apt: $*"
apt install --no-install-recommends "$@" >/dev/null 2>&1 && exit 0
apt update >/dev/null || true
apt install --no-install-recommends "$@" >/dev/null
