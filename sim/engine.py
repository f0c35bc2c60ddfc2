"""One run and many runs of the rules.

The same rules are stepped in NumPy (``engine="numpy"``: no compiler, a debugger can stop inside a rule) or
compiled by JAX. An ensemble is a loop over days of a loop over ticks of a ``vmap`` over runs; batches go to
one thread per core. Randomness hangs on (seed, stream, index, tick) alone, so run k of an ensemble is
the run with that seed, whatever the batch and the number of workers.

There is one compiled program: each run has parameters of its own, and an ensemble repeats the same ones. A
run of a sweep thus equals the same run of an ensemble bit for bit. Sizes and days are rounded up (``room``),
so that scenarios of one case mostly share it.
"""

import functools
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from array_api_compat import is_jax_array

from sim.arrays import once
from sim.draws import Draws, pcg4d
from sim.errors import InputError
from sim.parameters import Params
from sim.programs import keep_programs
from sim.record import Record, record_day
from sim.room import days_with_room, with_room
from sim.rules import SCHEDULE, Rules, opening_state
from sim.rules.check import check_rules, read_rules
from sim.state import State, by_faction, ticks_per_day
from sim.world import VARYING, World

ENGINES = ("jax", "numpy")
BATCH = 8
"""Runs per compiled call: small enough for the processor's cache, large enough to hide call overhead."""
LARGEST_BATCHED_WORLD = 10_000
"""Units; beyond this one run alone fills the cache, and the batch is 1."""
RUN_AXES = World(**{name: 0 if name in VARYING else None for name in World._fields})
"""Which fields of a world have an axis [runs] in front when many runs are done at once."""

_NARROW = {np.dtype(np.float64): np.dtype(np.float32), np.dtype(np.int64): np.dtype(np.int32)}


class Watch(NamedTuple):
    """What else is kept of a run, beside its record: functions of the state at the end of each."""

    tick: Callable[[State], Any]
    day: Callable[[State], Any]


class Ensemble(NamedTuple):
    """Many runs: ``record`` with axes [runs, days, ...], ``condition`` [runs, F, C], ``seeds`` [runs]."""

    record: Record
    condition: np.ndarray
    soldiers_at_start: np.ndarray  # [runs, F]
    seeds: np.ndarray


def run_seeds(seed: int, runs: int, first: int = 0) -> np.ndarray:
    """Seeds (uint32) of replicates first, first + 1, ... of a root seed; the same for every scenario."""
    index = np.arange(first, first + runs, dtype=np.uint32)
    return pcg4d(
        index, *(np.full_like(index, word) for word in (seed & 0xFFFFFFFF, seed >> 32 & 0xFFFFFFFF, 0))
    )


def tick(state: State, world: World, params: Params, seed: np.ndarray, rules: Rules, every: str) -> State:
    """Apply the rules of one period ("day" or "tick") in order."""
    draws = Draws(seed, state.tick)
    for rule in rules:
        if rule.every == every:
            state = settle(rule.function(state, world, params, draws))
    return state


def settle(state: State) -> State:
    """End of a rule: numbers keep to 32 bits, and the compiler to working the rule out once."""
    if is_jax_array(state.soldiers):
        return once(state)
    return State(*(array.astype(_NARROW.get(array.dtype, array.dtype), copy=False) for array in state))


def start(world: World, params: Params, seed: np.ndarray) -> State:
    """The eve, for NumPy or JAX arrays alike."""
    return settle(opening_state(world, params, Draws(seed, seed.astype(np.int32) * 0)))


def run_numpy(
    world: World, params: Params, seed: int | np.ndarray, days: int, rules: Rules = SCHEDULE
) -> Iterator[State]:
    """Step one run in NumPy; yields the eve and then the state at the end of each day."""
    seed = np.asarray(seed, dtype=np.uint32)
    state = start(world, params, seed)
    yield state
    for _ in range(days):
        state = tick(state, world, params, seed, rules, "day")
        for _ in range(ticks_per_day(world)):
            state = tick(state, world, params, seed, rules, "tick")
            state = state._replace(tick=state.tick + np.int32(1))
        yield state


def for_runs(world: World, params: Params, runs: int) -> tuple[World, Params]:
    """The same world and parameters for each run: VARYING fields and parameters get an axis [runs] in front.

    Nothing is copied: the arrays are views that may not be written to.
    """

    def repeated(value: np.ndarray) -> np.ndarray:
        return np.broadcast_to(value, (runs, *np.shape(value)))

    varying = {name: repeated(getattr(world, name)) for name in VARYING}
    return world._replace(**varying), Params(*map(repeated, params))


def of_runs(world: World, params: Params, which: Any) -> tuple[World, Params]:
    """World and parameters of some runs (a slice or an array of numbers), or of one (a number)."""
    varying = {name: getattr(world, name)[which] for name in VARYING}
    return world._replace(**varying), Params(*(value[which] for value in params))


@functools.cache
def program(most_days: int, ticks: int, rules: Rules, watch: Watch | None = None) -> Any:
    """What ``compiled`` calls: the jitted function for runs of ``most_days`` or fewer."""
    import jax
    from jax import lax, numpy

    keep_programs()

    def runs(
        world: World, params: Params, seeds: np.ndarray, days: np.ndarray, kept: State | None = None
    ) -> tuple:
        # Runs are the inner loop: JAX reads a rule once, where it would read it twice with them outside.
        each = functools.partial(jax.vmap, in_axes=(0, RUN_AXES, 0, 0))

        def period(state: State, every: str) -> State:
            return each(functools.partial(tick, rules=rules, every=every))(state, world, params, seeds)

        def one_tick(state: State, _: None) -> tuple[State, Any]:
            state = period(state, "tick")
            state = state._replace(tick=state.tick + 1)
            return state, watch and jax.vmap(watch.tick)(state)

        def noted(state: State, ticked: Any) -> tuple:
            record = jax.vmap(record_day, in_axes=(0, RUN_AXES))(state, world)
            return record, watch and (ticked, jax.vmap(watch.day)(state))

        def one_day(day: int, so_far: tuple) -> tuple:
            state, notes = so_far
            state, ticked = lax.scan(one_tick, period(state, "day"), length=ticks)
            put = functools.partial(lax.dynamic_update_index_in_dim, index=day, axis=0)
            return state, jax.tree.map(put, notes, noted(state, ticked))

        def room(one: Any, size: int) -> Any:
            """Arrays [size, ...] for what there is of one day or tick [...]."""
            return jax.tree.map(lambda column: numpy.repeat(column[None], size, axis=0), one)

        eve = jax.vmap(start, in_axes=(RUN_AXES, 0, 0))(world, params, seeds) if kept is None else kept
        notes = room(noted(eve, watch and room(jax.vmap(watch.tick)(eve), ticks)), most_days)
        _, (records, watched) = lax.fori_loop(0, days, one_day, (eve, notes))
        men = jax.vmap(functools.partial(by_faction, world=world))(eve.soldiers)
        return records, eve.condition, men, watched

    return jax.jit(runs)


def compiled(
    days: int, ticks: int, rules: Rules = SCHEDULE, watch: Watch | None = None
) -> Callable[..., tuple]:
    """The ensemble function (world, params, seeds [n]) -> (records [n, days], condition, soldiers, watched).

    World and parameters as ``for_runs`` gives them, with room; another n is another program. A fourth
    argument is the state [n] that each run goes on from, in the place of its eve. ``watched`` is what a
    ``watch`` keeps of the ticks [n, days, ticks] and of the days [n, days], or None.
    """
    import jax

    # Here and not in the call: threads that began together would each compile their own.
    function = program(days_with_room(days), ticks, rules, watch)

    def runs_first(columns: Any, axis: int) -> Any:
        return jax.tree.map(lambda column: np.moveaxis(column[:days], axis, 0), columns)

    def call(world: World, params: Params, seeds: np.ndarray, *kept: State) -> tuple:
        result = function(world, params, seeds, np.int32(days), *kept)
        records, condition, men, watched = jax.device_get(result)
        if watch:
            watched = runs_first(watched[0], 2), runs_first(watched[1], 1)
        return runs_first(records, 1), condition, men, watched

    return call


def run_ensemble(
    world: World,
    params: Params,
    seeds: np.ndarray,
    days: int,
    *,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Runs of one world with the given seeds, in their order.

    Args:
        world: arrays of a scenario (NumPy).
        params: one value of each parameter.
        seeds: uint32 [runs].
        days: days to simulate.
        engine: "jax" or "numpy".
        rules: the schedule.
        workers: threads; by default one per core.
        progress: called with (runs done, runs) after every batch.

    Raises:
        InputError: unknown engine, no runs, no schedule, or a rule that ``check_rules`` refuses.
    """
    world, params = for_runs(world, params, len(seeds))
    return run_points(
        world, params, seeds, days, engine=engine, rules=rules, workers=workers, progress=progress
    )


def run_points(
    world: World,
    params: Params,
    seeds: np.ndarray,
    days: int,
    *,
    engine: str = "jax",
    rules: Rules = SCHEDULE,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Ensemble:
    """Runs of worlds that differ: run k has entry k of every parameter and of every VARYING field.

    Args:
        world: arrays of a scenario (NumPy), the VARYING ones with an axis [runs] in front.
        params: float32 [runs] of each parameter.
        seeds: uint32 [runs].
        days: days to simulate.
        engine: "jax" or "numpy".
        rules: the schedule.
        workers: threads; by default one per core.
        progress: called with (runs done, runs) after every batch.

    Raises:
        InputError: unknown engine, no runs, no schedule, or a rule that ``check_rules`` refuses.
    """
    if engine not in ENGINES:
        raise InputError([f"engine: {engine!r} is unknown; allowed: {', '.join(ENGINES)}"])
    if len(seeds) < 1 or days < 1:
        raise InputError([f"runs: {len(seeds)}, days: {days}; allowed: 1 or more of each"])
    if (rules := read_rules(rules)) != SCHEDULE:
        check_rules(*of_runs(world, params, 0), rules, engine)
    size = BATCH if len(world.unit_rank) <= LARGEST_BATCHED_WORLD else 1
    batches = [np.arange(i, min(i + size, len(seeds))) for i in range(0, len(seeds), size)]
    if engine == "jax":
        function = compiled(days, ticks_per_day(world), rules)
        call = functools.partial(_call_jax, function, with_room(world), params, seeds, size)
    else:
        call = functools.partial(_call_numpy, world, params, seeds, days, rules)
    done, parts = 0, []
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for part in pool.map(call, batches):
            parts.append(part)
            done += len(part[1])
            if progress:
                progress(done, len(seeds))
    record = Record(*(np.concatenate(columns) for columns in zip(*(part[0] for part in parts), strict=True)))
    record = record._replace(event_fired_day=record.event_fired_day[..., : len(world.event_kind)])
    condition, men = (np.concatenate([part[k] for part in parts]) for k in (1, 2))
    return Ensemble(record, condition, men, seeds)


def _call_jax(
    function: Callable, world: World, params: Params, seeds: np.ndarray, size: int, batch: np.ndarray
) -> tuple:
    """One batch, filled up to its size.

    One program thus serves every run of a world: a compiler may round differently in another batch.
    """
    padded = np.concatenate([batch, np.repeat(batch[-1:], size - len(batch))])
    records, condition, men, _ = function(*of_runs(world, params, padded), seeds[padded])
    return Record(*(column[: len(batch)] for column in records)), condition[: len(batch)], men[: len(batch)]


def _call_numpy(
    worlds: World, parameters: Params, seeds: np.ndarray, days: int, rules: Rules, batch: np.ndarray
) -> tuple:
    runs = []
    for k in batch:
        world, params = of_runs(worlds, parameters, k)
        eve, *states = run_numpy(world, params, seeds[k], days, rules)
        records = [record_day(state, world) for state in states]
        runs.append((_stack(records), eve.condition, by_faction(eve.soldiers, world)))
    of_batch, conditions, soldiers = zip(*runs, strict=True)
    return _stack(of_batch), np.stack(conditions), np.stack(soldiers)


def _stack(records: Sequence[Record]) -> Record:
    return Record(*map(np.stack, zip(*records, strict=True)))
