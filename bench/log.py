"""The log against the floor of its hash: appending to the tree, and its root in one go."""

from __future__ import annotations

import hashlib

from bench.measure import Measure, interleave
from linli.ground.kernel import merkle


def run(quick: bool) -> list[Measure]:
    """How much longer the tree takes than the bare hashing that it cannot do without."""
    count = 20_000 if quick else 200_000
    entries = [b"%064d" % number for number in range(count)]

    def floor() -> None:
        for entry in entries:
            hashlib.sha256(b"\x00" + entry).digest()
            hashlib.sha256(b"\x01" + entry).digest()

    def tree() -> None:
        merkle.root([merkle.leaf_hash(entry) for entry in entries])

    times = interleave({"floor": floor, "tree": tree}, rounds=3 if quick else 5)
    ratios = tuple(ours / bare for ours, bare in zip(times["tree"].cpu, times["floor"].cpu, strict=True))
    return [
        Measure(
            name="log.root_over_hashlib_floor",
            value=sorted(ratios)[len(ratios) // 2],
            unit="x",
            target=2.0,
            runs=ratios,
            note=f"{count} leaves",
        )
    ]
