"""The decisions as a mixed-integer programme: what is opened and how much, under the rules that need no flows.

Columns: ``opened`` (0 or 1) and ``bays`` (whole) for each option, ``breaches`` for each option, one 0 or 1 for each
setting of each gate, then for every day and period the ``shortage`` by level and the ``walking``. What shortage and
walking depend on comes in as inequalities, one by one, as plans are tried (see ``network`` and ``walking``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from linli.civic.parking.domain.plan.network import Floats, Mask, Network
from linli.civic.parking.domain.plan.scenarios import Days
from linli.civic.parking.domain.plan.specification import Gate, GateSetting
from linli.civic.parking.domain.plan.walking import Prices

MOST_NODES = 200_000
"""Branches that the solver may look at; beyond them the step ends with the gap that it has reached."""


INFEASIBLE = 2
"""What the solver answers when no columns keep all rules."""


@dataclass(frozen=True, slots=True)
class Row:
    """One linear inequality ``low ≤ values · columns ≤ high``."""

    columns: Floats
    values: Floats
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What is opened: bays by option, and the setting of each gate."""

    bays: tuple[int, ...]
    settings: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found: its columns (none when there is no plan) and the bound that it proved."""

    columns: Floats | None
    bound: float


class Master:
    """The programme; it grows by the inequalities that are learned and is used for every question."""

    def __init__(self, network: Network, days: Days) -> None:
        specification = network.specification
        self.network, self.days = network, days
        self.gates: tuple[Gate, ...] = specification.gates
        self.blocks = days.count * len(specification.periods)
        count = len(network.options)
        self.settings: list[tuple[int, int, GateSetting]] = [
            (gate, index, setting)
            for gate, one in enumerate(self.gates)
            for index, setting in enumerate(one.settings)
        ]
        self.bays_at, self.breaches_at, self.settings_at = count, 2 * count, 3 * count
        self.shortage_at = self.settings_at + len(self.settings)
        self.walking_at = self.shortage_at + self.blocks * network.levels
        self.width = self.walking_at + self.blocks
        self.objectives = self._objectives()
        self.rows = self._rules()
        self.shortage_cuts: list[Row] = []
        self.walking_cuts: list[Row] = []
        self.walking_used: list[int] = []
        self._known: set[tuple[int, int, bytes]] = set()
        self._open_at = [
            [i for i, option in enumerate(network.options) if period in option.periods]
            for period in range(len(network.hours))
        ]
        self.low, self.high = np.zeros(self.width), np.full(self.width, np.inf)
        self.high[:count] = 1.0
        self.high[self.bays_at : self.breaches_at] = [option.most for option in network.options]
        self.high[self.settings_at : self.shortage_at] = 1.0
        self.whole = np.zeros(self.width)
        self.whole[: self.breaches_at] = 1
        self.whole[self.settings_at : self.shortage_at] = 1

    # --- what is asked ------------------------------------------------------------------------------------

    def _objectives(self) -> dict[str, Floats]:
        network, levels = self.network, self.network.levels
        found = {
            name: np.zeros(self.width) for name in ("violations", "unmet", "spillback", "walking", "cost")
        }
        found["violations"][self.breaches_at : self.settings_at] = 1.0
        by_block = np.outer(self.days.weights, network.hours).ravel()
        found["unmet"][self.shortage_at : self.walking_at] = np.outer(by_block, network.level_weights).ravel()
        found["walking"][self.walking_at :] = np.repeat(self.days.weights, len(network.hours))
        cost = found["cost"]
        for index, option in enumerate(network.options):
            cost[index] = option.fixed_fen
            cost[self.bays_at + index] = option.bay_fen
        for index, (_, _, setting) in enumerate(self.settings):
            cost[self.settings_at + index] = setting.cost_fen
            found["spillback"][self.settings_at + index] = self.excess(setting)
        self.cost_scale = max(1.0, float(cost.max(initial=0.0)) / 1000.0)
        self.total_shortage = np.zeros(self.width)
        last = np.zeros(levels)
        last[-1] = 1.0
        self.total_shortage[self.shortage_at : self.walking_at] = np.outer(by_block, last).ravel()
        return found

    def excess(self, setting: GateSetting) -> float:
        """By how much the chance of spilling back exceeds its target, summed over the peaks of the gate."""
        target = self.network.specification.spillback_target
        return sum(max(0.0, chance - target) for chance in setting.spillback.values())

    # --- what always holds --------------------------------------------------------------------------------

    def _rules(self) -> list[Row]:
        rows: list[Row] = []
        for index, option in enumerate(self.network.options):
            opened, bays, breaches = index, self.bays_at + index, self.breaches_at + index
            rows.append(row([bays, opened], [1, -option.most], high=0))
            rows.append(row([bays, opened], [1, -option.least], low=0))
            rows.append(row([bays, breaches], [1, -1], high=option.clean))
        for gate in range(len(self.gates)):
            columns = [self.settings_at + i for i, (of, _, _) in enumerate(self.settings) if of == gate]
            rows.append(row(columns, [1] * len(columns), low=1, high=1))
        return rows + self._street_rules()

    def _street_rules(self) -> list[Row]:
        specification = self.network.specification
        rows = []
        wanted = [(street.id, street.required) for street in specification.streets]
        wanted += [(lot.id, lot.required) for lot in specification.lots]
        for key, required in wanted:
            columns = self.options_of(key)
            if columns:
                rows.append(row(columns, [1] * len(columns), low=1 if required else -np.inf, high=1))
        for exclusion in specification.exclusions:
            columns = [column for member in exclusion.members for column in self.options_of(member)]
            if columns:
                rows.append(row(columns, [1] * len(columns), high=1))
        return rows

    def options_of(self, place: str) -> list[int]:
        """The options that open this street or lot; their indexes are also the columns of ``opened``."""
        return [
            i
            for i, option in enumerate(self.network.options)
            if self.network.places[option.place].id == place
        ]

    def choices(self) -> list[int]:
        """The columns that make one plan another: what is opened, and the settings of the gates."""
        return [*range(self.bays_at), *range(self.settings_at, self.shortage_at)]

    # --- what is learned ----------------------------------------------------------------------------------

    def block(self, day: int, period: int) -> int:
        """The number of a day and period."""
        return day * len(self.network.hours) + period

    def learn_shortage(self, day: int, period: int, level: int, nodes: Mask) -> bool:
        """The cars of these nodes less the bays that they can reach stay outside. False when known already."""
        block = self.block(day, period)
        key = (block, level, nodes.tobytes())
        if key in self._known:
            return False
        self._known.add(key)
        network = self.network
        reached: list[bool] = np.asarray(network.reach[nodes].any(axis=0)).tolist()
        columns = [self.bays_at + i for i in self._open_at[period] if reached[network.options[i].place]]
        standing = sum(
            place.standing[period] for place, there in zip(network.places, reached, strict=True) if there
        )
        cars = int(self.days.cars[day, period][nodes].sum())
        own = self.shortage_at + block * network.levels + level
        self.shortage_cuts.append(row([*columns, own], [1] * (len(columns) + 1), low=cars - standing))
        return True

    def learn_walking(self, day: int, period: int, prices: Prices) -> None:
        """The walking of a day and period is at least what these prices prove."""
        network, block = self.network, self.block(day, period)
        columns = [i for i in self._open_at[period] if prices.room_price[network.options[i].place] > 0]
        rates = [float(prices.room_price[network.options[i].place]) for i in columns]
        cars = self.days.cars[day, period]
        totals = np.array([float(cars[:size].sum()) for size in network.level_sizes])
        standing = np.array([float(place.standing[period]) for place in network.places])
        shortages = range(
            self.shortage_at + block * network.levels, self.shortage_at + (block + 1) * network.levels
        )
        self.walking_used.append(len(self.walking_cuts))
        self.walking_cuts.append(
            row(
                [*(self.bays_at + i for i in columns), *shortages, self.walking_at + block],
                [*rates, *prices.served_price, 1.0],
                low=prices.bound(totals, standing),
            )
        )

    def forget_walking(self) -> None:
        """Put all learned inequalities of walking aside; those that matter come back by being broken."""
        self.walking_used = []

    def recall_walking(self, columns: Floats) -> bool:
        """Use again, for each day and period, the learned inequality that these columns break most."""
        worst: dict[int, tuple[float, int]] = {}
        for number, one in enumerate(self.walking_cuts):
            broken = one.low - float(one.values @ columns[one.columns])
            block = int(one.columns[-1])
            if broken > 1e-6 * (1.0 + abs(one.low)) and broken > worst.get(block, (0.0, 0))[0]:
                worst[block] = (broken, number)
        fresh = {number for _, number in worst.values()}.difference(self.walking_used)
        self.walking_used += sorted(fresh)
        return bool(fresh)

    # --- solving ------------------------------------------------------------------------------------------

    def solve(
        self, objective: Floats, extra: Sequence[Row], *, whole: bool, gap: float, with_walking: bool
    ) -> Solved:
        """The best columns under all rules and everything learned. HiGHS, one thread, no clock."""
        rows = [*self.rows, *self.shortage_cuts, *extra]
        if with_walking:
            rows += [self.walking_cuts[number] for number in self.walking_used]
        starts = np.cumsum([0, *(len(one.columns) for one in rows)])
        matrix = csr_matrix(
            (
                np.concatenate([one.values for one in rows]),
                np.concatenate([one.columns for one in rows]),
                starts,
            ),
            shape=(len(rows), self.width),
        )
        answer = milp(
            objective,
            constraints=LinearConstraint(matrix, [one.low for one in rows], [one.high for one in rows]),
            integrality=self.whole if whole else None,
            bounds=Bounds(self.low, self.high),
            options={"mip_rel_gap": gap, "node_limit": MOST_NODES},
        )
        if answer.x is None:
            return Solved(None, np.inf if answer.status == INFEASIBLE else 0.0)
        bound = answer.mip_dual_bound if whole else answer.fun
        return Solved(answer.x, float(answer.fun if bound is None else bound))

    def decision(self, columns: Floats) -> Decision:
        """The decision in these columns, rounded to whole numbers."""
        bays = np.rint(columns[self.bays_at : self.breaches_at]).astype(int)
        chosen = columns[self.settings_at : self.shortage_at]
        settings = []
        for gate in range(len(self.gates)):
            mine = [(chosen[i], -index) for i, (of, index, _) in enumerate(self.settings) if of == gate]
            settings.append(-max(mine)[1])
        return Decision(tuple(int(count) for count in bays), tuple(settings))

    def nothing(self) -> Decision:
        """Open nothing and leave every gate as it is."""
        return Decision((0,) * len(self.network.options), (0,) * len(self.gates))

    def columns_of(self, decision: Decision) -> Floats:
        """The columns of a decision, without those of the single days."""
        opened = [float(count > 0) for count in decision.bays]
        breaches = [max(0, n - one.clean) for n, one in zip(decision.bays, self.network.options, strict=True)]
        settings = [float(decision.settings[gate] == index) for gate, index, _ in self.settings]
        columns = np.zeros(self.width)
        columns[: self.shortage_at] = [*opened, *decision.bays, *breaches, *settings]
        return columns

    def differs(self, decision: Decision, by: int) -> Row:
        """Every plan that opens or sets at least ``by`` things otherwise than this one."""
        columns = self.choices()
        chosen = self.columns_of(decision)[columns]
        signs = [1.0 if value == 0.0 else -1.0 for value in chosen]
        return row(columns, signs, low=by - float(chosen.sum()))


def row(
    columns: Sequence[int], values: Sequence[float], *, low: float = -np.inf, high: float = np.inf
) -> Row:
    """One inequality out of plain lists."""
    return Row(np.array(columns, dtype=np.int64), np.array(values, dtype=float), low, high)
