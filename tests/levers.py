"""Paired ensembles of Syria 2024 that differ by one lever, for the tests of what must come out.

Runs are made as users' runs are: run k with draw k of the default posterior. All worlds share their shapes,
so that one program is compiled; a lever that is not pulled has an event that never comes.
"""

from typing import NamedTuple

import numpy as np

from sim.build import build_world
from sim.engine import for_runs, run_points, run_seeds
from sim.parameters import make_params
from sim.posterior import drawn
from sim.record import FACTION_COLUMNS, PEOPLE_COLUMNS, Record
from sim.rules import SCHEDULE
from sim.scenario import Scenario, load_scenario
from sim.tables import fallen
from sim.world import CONDITIONS

RUNS, LEAST_Z = 256, 3.3
ARMY = "syrian_government"
LEVERS = [
    {"id": "pay", "kind": "pay_rise", "faction": ARMY, "share": 2.0, "paid_after_days": 0.0, "day": 1},
    {"id": "withdraw", "kind": "order_withdraw", "faction": ARMY, "place": "hama", "day": 1},
    {"id": "leave-saraqib", "kind": "order_withdraw", "faction": ARMY, "place": "saraqib", "day": 1},
    {"id": "hold", "kind": "order_hold", "faction": ARMY, "place": "hama", "day": 1},
    {"id": "attention", "kind": "backer_attention", "backer": "russia", "attention": 1.0, "day": 1},
    {"id": "leave", "kind": "backer_withdrawal", "backer": "russia", "day": 1},
    {
        "id": "food",
        "kind": "aid_corridor",
        "place": "aleppo",
        "rations_per_day": 50_000,
        "duration_days": 9,
        "day": 4,
    },
    {"id": "help", "kind": "reinforcement", "faction": ARMY, "place": "hama", "soldiers": 5000, "day": 1},
]
NUMBER = {lever["id"]: number for number, lever in enumerate(LEVERS)}


class Outcome(NamedTuple):
    """Of each run: place-days lost, day of fall by place, dead of the army, people.

    A fall that never comes counts on the day after the last.
    """

    lost: np.ndarray
    day: dict[str, np.ndarray]
    killed: np.ndarray
    fallen: np.ndarray
    people: dict[str, np.ndarray]
    record: Record

    def first(self, runs):
        """The same of the first runs alone."""
        return Outcome(
            self.lost[:runs],
            {place: day[:runs] for place, day in self.day.items()},
            self.killed[:runs],
            self.fallen[:runs],
            {name: people[:runs] for name, people in self.people.items()},
            Record(*(column[:runs] for column in self.record)),
        )


class Syria:
    """The campaign with levers that can be pulled."""

    def __init__(self):
        self.scenario = Scenario(name="levers", case="syria-2024", events=LEVERS)
        self.case, self.world = self.scenario.load_case(), build_world(self.scenario)
        self.army = self.case.faction_ids.index(ARMY)

    def run(
        self,
        days=None,
        *,
        unpaid=False,
        condition=("morale_shift", 0.0),
        rules=SCHEDULE,
        runs=RUNS,
        world=None,
        posterior=None,
        **parameters,
    ):
        """The outcome with levers pulled on ``days``, a condition of the army and parameters changed."""
        world = world or self.world
        event_day = np.full(len(LEVERS), np.inf, np.float32)
        for lever, day in (days or {}).items():
            event_day[NUMBER[lever]] = day
        low, high = world.condition_low.copy(), world.condition_high.copy()
        key, value = condition
        low[self.army, list(CONDITIONS).index(key)] = value
        high[self.army, list(CONDITIONS).index(key)] = value
        paid = np.full(len(LEVERS), np.inf if unpaid else 0.0, np.float32)
        changed = world._replace(
            event_day=event_day, event_paid_after_days=paid, condition_low=low, condition_high=high
        )
        record = shipped(changed, self.scenario.days, runs, rules, parameters, posterior).record
        down = fallen(record.controller, changed)
        day = np.where(down.any(axis=1), down.argmax(axis=1) + 1, self.scenario.days + 1)
        by_place = dict(zip(self.case.place_ids, day.T, strict=True))
        people = dict(zip(PEOPLE_COLUMNS, np.moveaxis(record.people, -1, 0), strict=True))
        killed = record.factions[:, -1, self.army, FACTION_COLUMNS.index("killed")]
        return Outcome(down.sum(axis=(1, 2)).astype(float), by_place, killed, down, people, record)


def shipped(world, days, runs, rules=SCHEDULE, parameters=None, posterior=None):
    """An ensemble with a posterior; ``parameters`` are numbers, or arrays of one for each run."""
    parameters = parameters or {}
    worlds, params = for_runs(world, make_params(), runs)
    columns = drawn(posterior, {}, np.arange(runs)) | {
        name: np.broadcast_to(np.float32(value), runs) for name, value in parameters.items()
    }
    return run_points(worlds, params._replace(**columns), run_seeds(0, runs), days, rules=rules)


def shipped_case(name, runs, settings=None):
    """World and ensemble of another scenario with the default posterior."""
    scenario = load_scenario(name).with_set(settings or {})
    world = build_world(scenario)
    return scenario, world, shipped(world, scenario.days, runs)


def z_of(smaller, larger):
    """Mean paired difference in its standard errors."""
    difference = np.asarray(larger, dtype=float) - np.asarray(smaller, dtype=float)
    return difference.mean() / max(difference.std(ddof=1) / np.sqrt(len(difference)), 1e-12)


def assert_less(smaller, larger):
    """Paired, one-sided: ``smaller`` lies below ``larger`` on average."""
    assert z_of(smaller, larger) > LEAST_Z
