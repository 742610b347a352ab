#!/usr/bin/env bash
# Prove the two commands on a bare machine: tools/cleanroom.sh [demo] [test]     (as root)
#
# Makes a Debian 12 with nothing but python3, make and certificates, puts a clean clone of this repository into it,
# and runs `make demo` (until the page answers, then once more) and `make test` there, with times. Where packages come
# from is taken from this machine's own configuration of apt and pip; nothing of it stands here.
set -euo pipefail
cd "$(dirname "$0")/.."
suite=bookworm
# shellcheck disable=SC2016  # the fields are apt's, not the shell's
fields='$(CREATED_BY) $(REPO_URI) $(RELEASE) $(COMPONENT)'
port=${PORT:-8123}
room=${CLEANROOM:-}
keep=${KEEP:-}
page_seconds=600
[ $# -gt 0 ] || set -- demo test

[ "$(id -u)" -eq 0 ] || { echo "the clean room needs root (debootstrap, chroot)" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "install debootstrap first: apt-get install -y debootstrap" >&2; exit 2; }

mounts=()
leave() {
  [ -z "${server:-}" ] || kill -- "-$server" 2>/dev/null || true
  for mount in "${mounts[@]}"; do umount -l "$mount" 2>/dev/null || true; done
  # Never delete through a mount that would not go: the machine's own /dev could be behind it.
  if [ -n "$keep" ] || grep -q " $room/" /proc/mounts; then
    echo "kept: $room"
  else
    rm -rf --one-file-system "$room"
  fi
}

seconds_of() { # label, command …: run it and say how long it took
  local label=$1 began
  shift
  began=$(date +%s.%N)
  "$@"
  printf '%-34s %6.1f s\n' "$label" "$(echo "$(date +%s.%N) $began" | awk '{ print $1 - $2 }')" | tee -a "$times"
}

mirror_of_apt() {
  [ -n "${CLEANROOM_MIRROR:-}" ] && { echo "$CLEANROOM_MIRROR"; return; }
  apt-get indextargets --format "$fields" |
    awk -v suite=$suite '$1 == "Packages" && $3 == suite && $4 == "main" { print $2; exit }'
}

make_room() {
  local mirror
  chmod 755 "$room" # mktemp's 700 would shut every other user out of "/"
  mirror=$(mirror_of_apt)
  [ -n "$mirror" ] || { echo "apt knows no mirror of $suite; name one with CLEANROOM_MIRROR" >&2; exit 2; }
  debootstrap --variant=minbase --include=python3,make,ca-certificates "$suite" "$room" "$mirror" >"$room.log" 2>&1 ||
    { tail -n 20 "$room.log" >&2; exit 2; }
  rm -f "$room.log"
  apt-get indextargets --format "$fields" |
    awk -v suite=$suite '$1 == "Packages" && index($3, suite) == 1 && $4 == "main" { print "deb", $2, $3, $4 }' \
      >"$room/etc/apt/sources.list"
  apt-config dump | grep -i '^Acquire::https\?::proxy' >"$room/etc/apt/apt.conf.d/90proxy" || true
}

furnish() {
  cp /etc/resolv.conf /etc/hosts "$room/etc/"
  [ ! -e /etc/ssl/certs/ca-certificates.crt ] || cp -L /etc/ssl/certs/ca-certificates.crt "$room/etc/ssl/certs/"
  for folder in proc sys dev dev/shm; do
    [ -d "/$folder" ] || continue
    mkdir -p "$room/$folder"
    mount --bind "/$folder" "$room/$folder"
    mounts=("$room/$folder" "${mounts[@]}")
  done
  # The machine's own pip configuration, with the local folders it names.
  python3 -m pip config list 2>/dev/null | sed -n "s/^global\.\([a-z-]*\)='\(.*\)'$/\1 = \2/p" |
    { echo "[global]"; grep -v '^constraint' || true; } >"$room/etc/pip.conf" # constraints are files of this machine
  # A local index (…/simple) refers to the files beside it, hence its parent folder.
  local folder
  for folder in $( (env | grep '^PIP_'; cat "$room/etc/pip.conf") | grep -o '\(file://\)\?/[^ =]*' |
    sed 's|^file://||; s|/simple/*$||' | sort -u); do
    [ -d "$folder" ] || continue
    mkdir -p "$room$folder"
    mount --bind "$folder" "$room$folder"
    mounts=("$room$folder" "${mounts[@]}")
  done
}

inside() { # run a command in the clone, with a bare environment and this machine's ways to reach packages
  local passed=()
  while IFS= read -r name; do passed+=("$name=${!name}"); done < <(compgen -e | grep -i '^pip_\|_proxy$' | grep -vi '^pip_constraint$' || true)
  chroot "$room" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb "${passed[@]}" \
    sh -c 'cd /srv/linli && exec "$@"' sh "$@"
}

answers() { python3 -c 'import sys, urllib.request as u; sys.exit("邻里" not in u.urlopen(sys.argv[1], timeout=5).read().decode())' "http://127.0.0.1:$port/" 2>/dev/null; }

start_demo() {
  set -m
  inside make demo PORT="$port" >"$room/demo.log" 2>&1 &
  server=$!
  set +m
  local waited=0
  until answers; do
    sleep 0.5
    waited=$((waited + 1))
    if ! kill -0 "$server" 2>/dev/null || [ "$waited" -gt $((page_seconds * 2)) ]; then
      tail -n 30 "$room/demo.log" >&2
      exit 1
    fi
  done
}

stop_demo() {
  kill -TERM -- "-$server"
  wait "$server" || true
  server=
  while answers; do sleep 0.2; done # what answers next must be the next one
}

[ -n "$room" ] || room=$(mktemp -d /tmp/linli-cleanroom-XXXXXX)
times=$(mktemp)
trap leave EXIT
[ -x "$room/usr/bin/make" ] || seconds_of "a bare Debian 12" make_room
furnish
rm -rf "$room/srv/linli"
git clone -q . "$room/srv/linli"
for part in "$@"; do
  case $part in
    demo)
      seconds_of "make demo, fresh, page answers" start_demo
      tail -n 25 "$room/demo.log"
      stop_demo
      seconds_of "make demo, again, page answers" start_demo
      stop_demo
      ;;
    test) seconds_of "make test" inside make test CI=true ;;
    *) echo "demo or test, not $part" >&2; exit 2 ;;
  esac
done
echo
cat "$times"
rm -f "$times"
