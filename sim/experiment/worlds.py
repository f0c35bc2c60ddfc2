"""The worlds of a design's points, without building each one: which entry of which array a factor sets."""

from collections.abc import Sequence

import numpy as np

from sim.build import build_world
from sim.engine import for_runs
from sim.errors import InputError
from sim.experiment.design import Factor
from sim.experiment.vary import DUMMY, at_point
from sim.parameters import Params, make_params
from sim.posterior import drawn
from sim.scenario import Scenario
from sim.world import VARYING, World

ROSTER = "unit_"
"""Fields of a world that begin so say how armies are cut into units."""


class PointWorlds:
    """World and parameters at any points of a design; picklable, so that it travels to workers.

    A factor's entries are found by building the world twice, with either end of its range. Where a factor
    also changes how many units an army has (``present_share`` of a faction, ``soldiers`` of an event), the
    units stay those of the scenario itself and hold more or fewer men.
    """

    def __init__(self, scenario: Scenario, factors: Sequence[Factor]) -> None:
        """Find the entries.

        Args:
            scenario: what is the same at every point.
            factors: columns of the points.

        Raises:
            InputError: a factor changes something that all runs of a sweep share.
        """
        self.factors = tuple(factors)
        names = [factor.name for factor in factors]
        values = [factor.levels or (factor.low, factor.high) for factor in factors]
        self.scenario = at_point(scenario, names, [of[0] for of in values])
        own = build_world(scenario)
        roster = {name: getattr(own, name) for name in World._fields if name.startswith(ROSTER)}
        self.world: World = build_world(self.scenario)._replace(**roster)
        self.params: Params = make_params(self.scenario.parameters)
        self._entries: list[tuple[int, str, tuple[np.ndarray, ...]]] = []
        self._parameters: list[tuple[int, str]] = []
        problems: list[str] = []
        for column, (name, of) in enumerate(zip(names, values, strict=True)):
            if name in Params._fields:
                self._parameters.append((column, name))
            elif name != DUMMY and len(of) > 1:
                other = build_world(at_point(self.scenario, [name], [of[-1]]))
                problems += self._find(column, name, other)
        if problems:
            raise InputError(problems)

    def _find(self, column: int, name: str, other: World) -> list[str]:
        shared = [
            field
            for field, a, b in zip(World._fields, self.world, other, strict=True)
            if not field.startswith(ROSTER) and field not in VARYING and not np.array_equal(a, b)
        ]
        if shared:
            what = ", ".join(shared)
            return [f"vary.{name}: changes {what}, which all runs of a sweep share; allowed: in [set]"]
        for field in VARYING:
            differs = getattr(self.world, field) != getattr(other, field)
            if differs.any():
                self._entries.append((column, field, np.nonzero(differs)))
        return []

    def at(
        self, points: np.ndarray, replicates: np.ndarray | None = None, seed: int = 0
    ) -> tuple[World, Params]:
        """World and parameters for ``sim.engine.run_points``.

        Args:
            points: float64 [n, k], one row per run.
            replicates: int [n], which replicate of its point a run is; by default the first.
            seed: root seed; both say which draw of a posterior a run takes.
        """
        world, params = for_runs(self.world, self.params, len(points))
        numbers = points.astype(np.float32)
        fields = {field: getattr(world, field).copy() for _, field, _ in self._entries}
        for column, field, where in self._entries:
            fields[field][(slice(None), *where)] = numbers[:, column, None]
        chosen = {name: numbers[:, column] for column, name in self._parameters}
        which = np.zeros(len(points), dtype=int) if replicates is None else replicates
        draws = drawn(self.scenario.posterior, self.scenario.parameters, which, seed)
        return world._replace(**fields), params._replace(**{**draws, **chosen})
