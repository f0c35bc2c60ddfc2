"""Where people flee to: expected numbers on each way, day by day, from the states of a campaign.

The rules count people by place and not by way. A day's rules are repeated up to that of displacement, for
all days at once, and tell how many would take each way.
"""

import functools
from collections.abc import Callable

import numpy as np

from sim.app.campaign import Campaign
from sim.arrays import Array
from sim.draws import Draws
from sim.parameters import Params
from sim.programs import keep_programs
from sim.rules import SCHEDULE
from sim.rules.displacement import departures
from sim.state import State
from sim.world import World

_NAMES = [rule.name for rule in SCHEDULE]
_BEFORE = [rule.function for rule in SCHEDULE[: _NAMES.index("displacement")] if rule.every == "day"]


def flows(campaign: Campaign) -> np.ndarray:
    """Expected people on the way from each place to each [D, P, P + 1]; the last column leads abroad."""
    eve, states = campaign.eve, campaign.states
    begins = State(*(np.concatenate([np.asarray(a)[None], b[:-1]]) for a, b in zip(eve, states, strict=True)))
    seed = np.asarray(campaign.seed, dtype=np.uint32)
    return np.asarray(_compiled()(begins, campaign.world, campaign.params, seed))


def _on_the_way(state: State, world: World, params: Params, seed: Array) -> Array:
    draws = Draws(seed, state.tick)
    for rule in _BEFORE:
        state = rule(state, world, params, draws)
    _, leave, move, ways = departures(state, world, params, draws)
    return ways.people(leave + move)


@functools.cache
def _compiled() -> Callable[[State, World, Params, np.ndarray], Array]:
    import jax

    keep_programs()
    return jax.jit(jax.vmap(_on_the_way, in_axes=(0, None, None, None)))
