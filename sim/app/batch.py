"""A batch of whole runs, with their units on the roads; and the act that changes their future.

The program is that of an ensemble, with more of each run kept. A compiler rounds a run alone and a run in a
batch differently, so there are always as many runs in a batch as in one of an ensemble: run k is then run k
of an ensemble with the same root seed, bit for bit.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.app.request import Request
from sim.app.worlds import world_of
from sim.arrays import Array
from sim.engine import (
    BATCH,
    RUN_AXES,
    Watch,
    compiled,
    for_runs,
    run_seeds,
    start,
)
from sim.parameters import Params, make_params
from sim.programs import keep_programs
from sim.record import Record
from sim.rules import SCHEDULE
from sim.rules.pay import DAYS_PER_MONTH
from sim.scenario import Scenario
from sim.scenario.events import Event
from sim.simulate import with_draws
from sim.state import UNIT_FIELDS, State, ticks_per_day
from sim.world import CONDITIONS, World

_ARREARS = list(CONDITIONS).index("arrears_months")
_AGAIN = "-again"


class Glance(NamedTuple):
    """Where the units are at the end of a tick, each [U]; see ``State``."""

    place: Array
    road_slot: Array
    road_km_left: Array
    soldiers: Array
    morale: Array


def _glance(state: State) -> Glance:
    return Glance(*(getattr(state, name) for name in Glance._fields))


def _whole(state: State) -> State:
    return state


WATCH = Watch(_glance, _whole)


class Batch(NamedTuple):
    """Runs of D days, each array with an axis [BATCH] in front."""

    scenario: Scenario  # what holds in the end
    world: World  # its arrays, with room; of each run where ``sim.engine.for_runs`` has made it, else of one
    params: Params  # the same
    eve: State
    record: Record  # [D]
    states: State  # [D] at the end of each day
    ticks: Glance  # [D, ticks]


def run_request(request: Request, runs: np.ndarray, past: Batch | None = None) -> Batch:
    """A full batch of runs of what was asked for.

    Args:
        request: what to run.
        runs: [BATCH] numbers of the runs in the ensemble: they give seeds and draws of parameters.
        past: the same runs without the act, if they have been run already.
    """
    seeds = run_seeds(request.seed, int(runs.max()) + 1)[runs]
    if past is None:
        world, params = _made(request.before, runs, request.seed)
        eve = _start()(world, params, seeds)
        past = _simulated(request.before, world, params, seeds, eve, request.before.days)
    return _act(request, runs, seeds, past) if request.acts else past


def _made(scenario: Scenario, runs: np.ndarray, seed: int) -> tuple[World, Params]:
    world, params = for_runs(world_of(scenario), make_params(scenario.parameters), BATCH)
    return world, with_draws(params, scenario, runs, seed)


def _act(request: Request, runs: np.ndarray, seeds: np.ndarray, past: Batch) -> Batch:
    """The runs with another future: they go on from the state at the end of the day of the act."""
    scenario, again = acted(request)
    world, params = _made(scenario, runs, request.seed)
    eve = _start()(world, params, seeds)
    past = _laid_out(past, scenario, world, eve)
    then = State(*(column[:, request.day - 1] for column in past.states))
    world = world._replace(event_delay_days=_held_back(world, scenario, again, then))
    more_owed = (np.asarray(eve.condition) - then.condition)[:, :, _ARREARS] * DAYS_PER_MONTH
    kept = then._replace(
        condition=np.asarray(eve.condition), arrears_days=np.maximum(then.arrears_days + more_owed, 0.0)
    )
    future = _simulated(scenario, world, params, seeds, kept, scenario.days - request.day)

    def joined(before: Any, after: Any) -> Any:
        pairs = zip(before, after, strict=True)
        return type(before)(*(np.concatenate([a[:, : request.day], b], axis=1) for a, b in pairs))

    return future._replace(
        eve=past.eve,
        record=joined(past.record, future.record),
        states=joined(past.states, future.states),
        ticks=joined(past.ticks, future.ticks),
    )


def acted(request: Request) -> tuple[Scenario, dict[str, str]]:
    """The scenario that holds after the act, with the decisions of the past that stand in it.

    A decision that has fired stands as it was. One that waits for a fall may have fired in one run and not in
    another: old and new are then both in the scenario, and each run gets the one or the other.

    Returns:
        The scenario, and the old id of each decision that stands in it a second time, by its new id.
    """
    wanted = {event.id: event for event in request.after.events}
    events: list[Event] = []
    again: dict[str, str] = {}
    for event in request.before.events:
        day = event.due(request.after.first_day)
        new = wanted.get(event.id)
        if day is not None and day <= request.day:
            wanted.pop(event.id, None)
            events.append(event)
        elif day is None and new != event:
            events.append(event)
            if new is not None:
                name = f"{event.id}{_AGAIN}"
                wanted[event.id] = new.model_copy(update={"id": name})
                again[name] = event.id
            else:
                again[event.id] = event.id
    kept = {event.id for event in events}
    later = [event for name, event in wanted.items() if event.id not in kept]
    return request.after.model_copy(update={"events": (*events, *later)}), again


def _held_back(world: World, scenario: Scenario, again: dict[str, str], then: State) -> np.ndarray:
    """Delay [BATCH, E] of decisions: never, for the old one where it has not fired, else for the new one."""
    delay = world.event_delay_days.copy()
    number = {event.id: row for row, event in enumerate(scenario.events)}
    for name, old in again.items():
        fired = np.isfinite(then.event_fired_day[:, number[old]])
        delay[:, number[old]] = np.where(fired, delay[:, number[old]], np.inf)
        if name != old:
            delay[:, number[name]] = np.where(fired, np.inf, delay[:, number[name]])
    return delay


def _laid_out(past: Batch, scenario: Scenario, world: World, eve: State) -> Batch:
    """The past with its units and decisions in the rows that they have in the new world."""
    ids = {event.id: row for row, event in enumerate(past.scenario.events)}
    events = np.full(len(world.event_kind), -1)
    events[: len(scenario.events)] = [ids.get(event.id, -1) for event in scenario.events]
    keys = {key: row for row, key in enumerate(past.world.unit_key.tolist()) if key}
    units = np.array([keys.get(key, -1) for key in world.unit_key.tolist()])

    def moved(name: str, column: np.ndarray) -> np.ndarray:
        if name in UNIT_FIELDS:
            rows = units
        elif name == "event_fired_day":
            rows = events
        else:
            return column
        new = np.asarray(getattr(eve, name))
        new = new.reshape(len(new), *[1] * (column.ndim - 2), -1)
        return np.where(rows >= 0, np.take(column, np.maximum(rows, 0), axis=-1), new)

    def relaid(part: Any) -> Any:
        return type(part)(*(moved(name, column) for name, column in part._asdict().items()))

    return past._replace(
        eve=relaid(past.eve), record=relaid(past.record), states=relaid(past.states), ticks=relaid(past.ticks)
    )


def _simulated(
    scenario: Scenario, world: World, params: Params, seeds: np.ndarray, kept: State, days: int
) -> Batch:
    """``days`` of the runs from a state on."""
    import jax

    function = compiled(days, ticks_per_day(world), SCHEDULE, WATCH)
    record, _, _, (ticks, states) = function(world, params, seeds, kept)
    return Batch(scenario, world, params, jax.device_get(kept), record, states, ticks)


@functools.cache
def _start() -> Callable[[World, Params, np.ndarray], State]:
    """The eve of each run, compiled."""
    import jax

    keep_programs()
    return jax.jit(jax.vmap(start, in_axes=(RUN_AXES, 0, 0)))
