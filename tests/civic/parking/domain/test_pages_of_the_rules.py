"""The pages of the parking mathematics: what they show is what comes out."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from linli.civic.parking.domain import theory
from linli.civic.parking.domain.gate.engines import block_of, figures, passage
from linli.civic.parking.domain.gate.figures import Figure
from linli.civic.parking.domain.gate.vehicles import Vehicles
from linli.civic.parking.domain.occupancy import experiment
from linli.civic.parking.domain.occupancy.day import Cars
from linli.civic.parking.domain.occupancy.specification import CarClass, OccupancySpecification, Stay
from linli.civic.parking.management.parking import parking
from tests.civic.parking.domain.gate_worlds import deterministic, gate

ROOT = Path(__file__).parents[4]
PAGES = ROOT / "docs" / "algorithms"
FILE = re.compile(r"`([a-z]+\.(?:csv|json))`:\n\n```(?:csv|json)\n(.*?)```", re.DOTALL)
STAY = Stay(distribution="exponential", mean_h=2.0, cv=1.0)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(
    "name",
    ["gate-queue.md", "occupancy.md", "forecast.md", "lottery.md", "parking-legal.md", "parking-plan.md"],
)
def test_the_commands_of_the_page_print_what_it_shows(name, tmp_path, monkeypatch):
    page = (PAGES / name).read_text("utf-8")
    monkeypatch.chdir(tmp_path)
    for file, content in FILE.findall(page):
        (tmp_path / file).write_text(content, "utf-8")
    raw = gzip.decompress((ROOT / "tests/data/birmingham-parking.csv.gz").read_bytes())
    (tmp_path / "birmingham-parking.csv").write_bytes(raw)
    shown = [
        example.partition("\n")
        for block in CONSOLE.findall(page)
        for example in re.split(r"^\$ linli parking ", block, flags=re.MULTILINE)[1:]
    ]
    assert shown
    for command, _, output in shown:
        wanted, _, cut = output.partition("……\n")
        done = CliRunner().invoke(parking, command.split())
        assert done.stdout.startswith(wanted) if output != wanted else done.stdout == wanted, done.stdout
        assert done.stdout.endswith(cut)


def test_the_example_by_hand_comes_out_as_it_is_written():
    page = (PAGES / "gate-queue.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (\d) \| (\d+) \| (\d+), (\d+) \| (\d+) \| (\d+) \| (\d+) \| (\d) \|$", page, re.MULTILINE
    )
    table = np.array(rows, dtype=float)
    arrivals = np.append(table[:, 1], 60.0)[None, :]
    specification = gate((60.0, 300.0), service=(deterministic(8.0),), lanes=2, storage_cars=1)
    vehicles = Vehicles(arrivals, np.zeros_like(arrivals), np.full((1, *arrivals.shape), 8.0))
    for engine in ("numpy", "numba"):
        passed = passage(specification, arrivals, vehicles.services[0][None], engine)
        starts = passed.starts[0, :5]
        np.testing.assert_array_equal(starts, table[:, 4])
        np.testing.assert_array_equal(starts - arrivals[0, :5], table[:, 5])
        np.testing.assert_array_equal(starts + 8.0, table[:, 6])
        waiting = [(starts[: n + 1] > arrivals[0, n]).sum() for n in range(5)]
        np.testing.assert_array_equal(waiting, table[:, 7])
        found = figures(
            specification, block_of(specification, vehicles, passed), np.zeros(1, dtype=np.int64), engine
        )
        assert found.totals[0, Figure.WAIT_S] / found.totals[0, Figure.VEHICLES] == 4.0
        assert found.totals[0, Figure.WAITED] == 3.0
        assert (found.totals[0, Figure.SPILLED], found.totals[0, Figure.SPILL_S]) == (1.0, 5.0)


def test_what_the_page_says_of_theory_is_right():
    page = " ".join((PAGES / "gate-queue.md").read_text("utf-8").split())
    rate = 410 / 3600
    exact = theory.transient_queue(2, [theory.Piece(900.0, rate)], 7.3, [900.0])[0]
    waiting = float(exact @ np.maximum(np.arange(len(exact)) - 2.0, 0.0))
    spilled = theory.spillback_probability(2, [theory.Piece(36_000.0, rate)], 7.3, 6, 36_000.0)
    for said in (
        f"0{rate * 7.3:.4f}"[1:] + " Erlang",
        f"(Erlang C) {theory.erlang_c(2, rate * 7.3):.2%}".replace("%", " %"),
        f"mean wait {theory.mmc_mean_wait(2, rate, 7.3):.3f} s",
        f"95 % quantile {theory.mmc_wait_quantile(2, rate, 7.3, 0.95):.3f} s",
        f"absorption) {spilled:.2%}".replace("%", " %"),
        f"waiting at 900 s {waiting:.4f} vehicles",
        f"probability {exact[9:].sum():.2%}".replace("%", " %"),
    ):
        assert said in page, said


def test_the_day_by_hand_comes_out_as_it_is_written(monkeypatch):
    page = (PAGES / "occupancy.md").read_text("utf-8")
    rows = re.findall(
        r"^\| \d \| ([\d.]+) \| ([\d.]+) \| (\d) \| (yes|no) \| ([\d.]+) \|$", page, re.MULTILINE
    )
    comes, leaves, taken = (np.array([float(row[column]) for row in rows]) for column in range(3))
    parked = np.array([row[3] == "yes" for row in rows])
    one = np.zeros(5, dtype=np.int64)
    cars = Cars(one[:1], np.array([3.0]), comes, leaves, one)
    monkeypatch.setattr(experiment, "draw_day", lambda *_: cars)
    visitors = CarClass(name="访客", at_midnight=1, per_hour=(1.0,) * 24, stay=STAY)
    specification = OccupancySpecification(
        seed=1, replications=1, bays=2, residents=None, classes=(visitors,), day_cv=0.0
    )
    days, _ = experiment.simulate_days(specification)
    there = [(comes < now) & (leaves > now) & parked for now in comes]
    assert [int(mask.sum()) + (now < 3.0) for mask, now in zip(there, comes, strict=True)] == taken.tolist()
    assert experiment.find_bays(cars, 2, experiment.place_cars).tolist() == parked.tolist()
    assert days.lost.sum() == 2 and "Two of five are lost" in page
    assert days.unmet_h.sum() == sum(float(row[4]) for row in rows) == 3.5
    assert (days.occupied[0, 0, 6], days.wanted[0, 0, 6]) == (1, 2)
    assert f"at nine bays lose {theory.erlang_b(9, 8.0):.2%}".replace("%", " %") in page
