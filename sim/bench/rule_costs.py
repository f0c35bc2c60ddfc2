"""What each rule costs: its compiled function alone, on a batch of runs in the middle of the campaign.

A schedule without the rule would be no measure: what the others do depends on it. The rule's function is
compiled with what it reads as inputs and what it changes as outputs, as in the ensemble, where a barrier
stands between the rules; the time of a call that does nothing is taken off. A rule of the day is spread over
its ticks. The costs add up to more than the whole: alone, a rule finds its inputs and leaves its outputs
farther from the processor.
"""

import time
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.bench.process import repeated
from sim.build import build_world
from sim.draws import Draws
from sim.engine import BATCH, run_numpy, run_seeds
from sim.parameters import make_params
from sim.rules import RuleFunction, Rules
from sim.scenario import Scenario
from sim.state import State, ticks_per_day

_CALLS = 5


def rule_costs(scenario: Scenario, rules: Rules, repeats: int) -> dict[str, Any]:
    """Nanoseconds per unit and tick by rule, median and best of repeats."""
    import jax

    world, params, seeds = build_world(scenario), make_params(), run_seeds(0, BATCH)
    campaigns = [list(run_numpy(world, params, seed, scenario.days // 2)) for seed in seeds]
    active = sum(int((days[0].soldiers > 0).sum()) for days in campaigns)
    states = State(*(np.stack(field) for field in zip(*(days[-1] for days in campaigns), strict=True)))
    arguments = jax.device_put((states, world, params, seeds))

    def nanoseconds(function: RuleFunction) -> list[float]:
        call = jax.jit(jax.vmap(_changes(function), in_axes=(0, None, None, 0)))
        jax.block_until_ready(call(*arguments))
        times = []
        for _ in range(repeats):
            began = time.perf_counter()
            for _ in range(_CALLS):
                jax.block_until_ready(call(*arguments))
            times.append((time.perf_counter() - began) / _CALLS * 1e9)
        return times

    empty = min(nanoseconds(lambda state, *_: state._replace(tick=state.tick + 1)))
    median, best = {}, {}
    for rule in rules:
        share = 1.0 / (active * (ticks_per_day(world) if rule.every == "day" else 1))
        cost = repeated([max(value - empty, 0.0) * share for value in nanoseconds(rule.function)])
        median[rule.name], best[rule.name] = cost["median"], cost["best"]
    return {"ns_per_unit_tick": median, "best_ns_per_unit_tick": best, "empty_call_us": empty / 1e3}


def _changes(function: RuleFunction) -> Callable:
    """The rule as (state, world, params, seed) -> the fields that it changes."""

    def call(state: State, world: Any, params: Any, seed: Any) -> dict[str, Any]:
        after = function(state, world, params, Draws(seed, state.tick))
        fields = zip(State._fields, state, after, strict=True)
        return {name: new for name, old, new in fields if new is not old}

    return call
