# shellcheck shell=bash
# Sourced by the scripts beside it: one sentence, in Chinese and in English.

say() { printf '%s\n  %s\n' "$1" "$2"; }

stop() {
  printf '%s\n  %s\n' "$1" "$2" >&2
  exit 1
}
