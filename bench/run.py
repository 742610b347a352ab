"""Run the benchmarks, each in a process of its own, and tell what they measured."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"
OURSELVES = {"__init__", "run", "measure"}
FULL_RUN_SECONDS = 3600
QUICK_RUN_SECONDS = 120


def main() -> int:
    """Run what was asked for; 0 when every promise is kept, 1 when not, 2 when a benchmark broke."""
    arguments = _arguments()
    if arguments.result:
        return _run_here(arguments.names[0], arguments.quick, Path(arguments.result))
    known = sorted(path.stem for path in (ROOT / "bench").glob("*.py") if path.stem not in OURSELVES)
    unknown = sorted(set(arguments.names) - set(known))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    results = []
    for name in arguments.names or known:
        results.append(_run_apart(name, arguments.quick))
        print(_table(results[-1]), flush=True)
    path = _write(results, arguments.quick)
    print(f"\n{_closing(results)}\n{path.relative_to(ROOT)}")
    return _exit_code(results)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    parser.add_argument("names", nargs="*", help="which benchmarks; all of them when none is named")
    parser.add_argument("--quick", action="store_true", help="small inputs: does it still run?")
    parser.add_argument("--result", help=argparse.SUPPRESS)
    return parser.parse_args()


def _run_here(name: str, quick: bool, result: Path) -> int:
    try:
        measures = [measure.as_json() for measure in importlib.import_module(f"bench.{name}").run(quick)]
    except Exception:
        traceback.print_exc()
        return 2
    result.write_text(json.dumps(measures, ensure_ascii=False), encoding="utf-8")
    return 0


def _run_apart(name: str, quick: bool) -> dict[str, Any]:
    started = time.perf_counter()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=f"linli-bench-{name}-")))
        environment = os.environ | {"TMPDIR": str(folder), "LINLI_HOME": str(folder / "home")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # or each command compiles the house anew
        if _wants_postgres(name):
            from tools.run_postgres import cluster

            environment |= stack.enter_context(cluster(durable=True)).environment
        command = [sys.executable, "-m", "bench.run", name, "--result", str(folder / "result.json")]
        broken = _call(command + ["--quick"] * quick, environment, quick)
        measures = [] if broken else json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return {
        "benchmark": name,
        "seconds": round(time.perf_counter() - started, 1),
        "broken": broken,
        "measures": measures,
    }


def _call(command: list[str], environment: dict[str, str], quick: bool) -> str:
    limit = QUICK_RUN_SECONDS if quick else FULL_RUN_SECONDS
    try:
        done = subprocess.run(command, cwd=ROOT, env=environment, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"did not finish within {limit} s"
    return "" if done.returncode == 0 else f"exit code {done.returncode}"


def _wants_postgres(name: str) -> bool:
    source = (ROOT / "bench" / f"{name}.py").read_text(encoding="utf-8")
    return "\nPOSTGRES = True\n" in source


def _table(result: dict[str, Any]) -> str:
    lines = [f"\n{result['benchmark']}  ({result['seconds']} s)"]
    if result["broken"]:
        lines.append(f"  BROKEN: {result['broken']}")
    width = max((len(measure["name"]) for measure in result["measures"]), default=0)
    for measure in result["measures"]:
        lines.append(f"  {measure['name']:<{width}}  {_figure(measure)}")
    return "\n".join(lines)


def _figure(measure: dict[str, Any]) -> str:
    spread = "" if measure["spread"] is None else f" ± {measure['spread'] * 100:.0f} %"
    text = f"{_number(measure['value']):>12} {measure['unit']:<8}{spread:<8}"
    if measure["target"] is not None:
        sign = "≤" if measure["better"] == "lower" else "≥"
        text += f" {'met   ' if measure['met'] else 'MISSED'} {sign} {_number(measure['target'])}"
    return f"{text}  {measure['note']}".rstrip()


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _write(results: list[dict[str, Any]], quick: bool) -> Path:
    OUT.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC)
    path = OUT / f"{at:%Y%m%dT%H%M%SZ}.json"
    report = {
        "at": at.isoformat(timespec="seconds"),
        "quick": quick,
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processors": os.cpu_count(),
        },
        "results": results,
    }
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _closing(results: list[dict[str, Any]]) -> str:
    judged = [
        measure["met"] for result in results for measure in result["measures"] if measure["met"] is not None
    ]
    broken = sum(bool(result["broken"]) for result in results)
    return f"{sum(judged)} promises kept, {len(judged) - sum(judged)} missed, {broken} benchmarks broken"


def _exit_code(results: list[dict[str, Any]]) -> int:
    if any(result["broken"] for result in results):
        return 2
    missed = any(measure["met"] is False for result in results for measure in result["measures"])
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
