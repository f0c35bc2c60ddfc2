"""The baseline without loyalty: the same model, in which no army has a mind of its own.

Left out are news, pay, morale, desertion and defection. Everybody believes in victory as he did on the eve,
and is at even morale throughout, at which a soldier counts as one in a fight (``muster``) and a line breaks
by odds, losses and isolation alone (``breaking``): units still fight, break, withdraw and give up, and
commands still order garrisons out. What is left is a model of numbers, arms and roads.
"""

from collections.abc import Callable

import numpy as np

from sim.arrays import array_namespace
from sim.draws import Draws
from sim.engine import run_points
from sim.parameters import Params
from sim.results import Result
from sim.rules import SCHEDULE, Rule, Rules
from sim.rules.muster import EVEN_MORALE, muster
from sim.simulate import worlds_of
from sim.state import State
from sim.tables import fallen
from sim.world import World

LEFT_OUT = ("news", "pay", "morale", "desertion", "defection")


def even_morale(state: State, world: World, params: Params, draws: Draws) -> State:
    """All are at even morale, on the eve and whoever joins later, and of the belief of the eve."""
    xp = array_namespace(state.soldiers)
    morale = xp.full_like(state.morale, EVEN_MORALE)
    state = state._replace(morale=morale, prospect_logit=state.prospect_at_start)
    return muster(state, world, params, draws)


def without_loyalty(rules: Rules = SCHEDULE) -> Rules:
    """The schedule without the rules of loyalty, ``even_morale`` in the place of the first of them."""
    first = next((k for k, rule in enumerate(rules) if rule.name in LEFT_OUT), 0)
    kept = [[r for r in part if r.name not in LEFT_OUT] for part in (rules[:first], rules[first:])]
    return (*kept[0], Rule("even morale", "day", even_morale), *kept[1])


def fallen_without_loyalty(
    result: Result,
    rules: Rules = SCHEDULE,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Whether each place has fallen [R, D, P], had nobody in the runs of a result any loyalty.

    Args:
        result: gives scenario, seeds and engine.
        rules: the schedule it was made with.
        workers: threads; by default one per core.
        progress: called with (runs done, runs).
    """
    scenario = result.scenario
    world, params = worlds_of(scenario, result.runs["run_id"].to_numpy(), result.manifest["seed"])
    ensemble = run_points(
        world,
        params,
        result.runs["seed"].to_numpy(dtype=np.uint32),
        scenario.days,
        engine=result.manifest["engine"],
        rules=without_loyalty(rules),
        workers=workers,
        progress=progress,
    )
    return fallen(ensemble.record.controller, world)
