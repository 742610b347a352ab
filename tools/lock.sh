#!/usr/bin/env bash
# Resolve requirements/*.in into locks: every file by hash, no address of any index, nothing newer than the date.
set -euo pipefail
cd "$(dirname "$0")/../requirements"
newest=${NEWEST:-2026-11-09}
uv=$(cd .. && readlink -f "${VENV:-.venv}")/bin/uv

compile() {
  "$uv" pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url \
    --no-emit-find-links --no-header --no-annotate --exclude-newer "$newest" "$@"
}

compile runtime.in -o runtime.lock
compile dev.in -c runtime.lock -o dev.lock
compile planning.in -c dev.lock -o planning.lock
compile bench.in -c dev.lock -o bench.lock
