"""One run and many: the same run whatever the batch, the worker and the process; NumPy and JAX agree."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from small_world import ARMY, REBELS, SmallWorld, Unit
from toy_case import write_toy_case

from sim.build import build_world
from sim.engine import run_ensemble, run_numpy, run_seeds, tick
from sim.errors import InputError
from sim.parameters import make_params
from sim.record import FACTION_COLUMNS, Record
from sim.rules import SCHEDULE, replace
from sim.scenario import Scenario, load_scenario

ALPHA = 0.01  # chance that a family of statistical tests fails though nothing is wrong
SEED = 11


@pytest.fixture(scope="module")
def syria():
    """The largest shipped network, as others use it too: its program is compiled once."""
    scenario = load_scenario("syria-2024")
    return build_world(scenario), make_params(), scenario.days


@pytest.fixture(scope="module")
def many(syria):
    world, params, days = syria
    return run_ensemble(world, params, run_seeds(SEED, 33), days, workers=1)


def differing(a: Record, b: Record) -> list[str]:
    """Fields of two records that differ in any bit of any number."""
    return [name for name, x, y in zip(Record._fields, a, b, strict=True) if not np.array_equal(x, y)]


def column(record: Record, name: str) -> np.ndarray:
    """A column of the factions [runs, days, F]."""
    return record.factions[..., FACTION_COLUMNS.index(name)]


def runs_of(record: Record, which: slice) -> Record:
    return Record(*(array[which] for array in record))


@pytest.mark.slow
@pytest.mark.parametrize("runs", [1, 2, 5, 16])
def test_a_run_does_not_depend_on_how_many_there_are(syria, many, runs):
    world, params, days = syria
    few = run_ensemble(world, params, run_seeds(SEED, runs), days)
    assert differing(few.record, runs_of(many.record, slice(runs))) == []
    assert np.array_equal(few.condition, many.condition[:runs])


@pytest.mark.slow
def test_a_run_does_not_depend_on_its_neighbours_or_its_place_in_the_batch(syria, many):
    world, params, days = syria
    order = [32, 4, 16, 15, 0]
    shuffled = run_ensemble(world, params, run_seeds(SEED, 33)[order], days)
    assert differing(shuffled.record, runs_of(many.record, order)) == []
    alone = run_ensemble(world, params, run_seeds(SEED, 1, first=20), days)
    assert differing(alone.record, runs_of(many.record, slice(20, 21))) == []


@pytest.mark.slow
def test_a_run_does_not_depend_on_the_number_of_workers(syria, many):
    world, params, days = syria
    two = run_ensemble(world, params, run_seeds(SEED, 33), days, workers=2)
    assert differing(two.record, many.record) == []


@pytest.mark.slow
def test_runs_differ_from_each_other(many):
    histories = {factions.tobytes() for factions in many.record.factions}
    assert len(histories) == 33


@pytest.mark.slow
def test_numpy_and_jax_take_the_same_first_steps(syria, many):
    """Two days of four ticks each. Rounding moves a count that lies on a step by one, and seldom."""
    world, params, _ = syria
    numpy = run_ensemble(world, params, run_seeds(SEED, 4), 2, engine="numpy", workers=1)
    jax = Record(*(array[:4, :2] for array in many.record))
    assert np.array_equal(numpy.soldiers_at_start, many.soldiers_at_start[:4])
    for name in ("controller", "contested", "cause", "active", "present", "event_fired_day"):
        assert np.array_equal(getattr(numpy.record, name), getattr(jax, name)), name
    for name in ("soldiers_holder", "soldiers_enemy"):
        astray = np.abs(getattr(numpy.record, name) - getattr(jax, name))
        assert astray.max() <= 1, name
        assert (astray > 0).mean() < 0.01, name
    counts = slice(FACTION_COLUMNS.index("killed"), None)
    assert np.abs(numpy.record.factions[..., counts] - jax.factions[..., counts]).max() <= 2
    # Float32 has 7 digits; a few hundred operations a tick leave 4 of them.
    assert numpy.record.factions == pytest.approx(jax.factions, rel=1e-4, abs=2)
    shares = slice(FACTION_COLUMNS.index("morale"), FACTION_COLUMNS.index("pay_usd_month"))
    assert numpy.record.factions[..., shares] == pytest.approx(jax.factions[..., shares], abs=1e-4)
    assert np.abs(numpy.record.people[..., :4] - jax.people[..., :4]).max() <= 2
    assert numpy.record.people == pytest.approx(jax.people, rel=1e-4, abs=2)
    assert numpy.record.abroad == pytest.approx(jax.abroad, abs=2)
    assert numpy.record.backers == pytest.approx(jax.backers, rel=1e-4, abs=1e-4)
    assert numpy.condition == pytest.approx(many.condition[:4], rel=1e-6, abs=1e-6)


@pytest.mark.slow
def test_numpy_and_jax_agree_in_distribution_over_whole_runs(syria):
    """Whole runs are chaotic, so they are compared as samples of different seeds (Kolmogorov and Smirnov)."""
    world, params, days = syria
    jax = run_ensemble(world, params, run_seeds(1, 160), days).record
    numpy = run_ensemble(world, params, run_seeds(2, 32), days, engine="numpy").record
    outcomes = {
        "places changed": lambda r: (r.controller[:, -1] != world.initial_controller).sum(axis=1),
        "places changed early": lambda r: (r.controller[:, 5] != world.initial_controller).sum(axis=1),
        **{
            name: lambda r, name=name: column(r, name)[:, -1].sum(axis=1)
            for name in ("soldiers", "killed", "deserted", "surrendered", "defected_out", "treasury_usd")
        },
        "morale": lambda r: column(r, "morale")[:, -1].mean(axis=1),
    }
    for name, outcome in outcomes.items():
        assert stats.ks_2samp(outcome(jax), outcome(numpy)).pvalue > ALPHA / len(outcomes), name


@pytest.mark.slow
def test_every_soldier_is_somewhere_on_every_day(syria, many):
    """On the eve + called up + come over = present + killed + deserted + surrendered + gone over."""
    lost = ("killed", "deserted", "surrendered", "defected_out")
    gone = sum(column(many.record, name) for name in lost)
    came = column(many.record, "mobilised") + column(many.record, "defected_in")
    present = column(many.record, "soldiers")
    assert np.array_equal(many.soldiers_at_start[:, None, :] + came, present + gone)
    assert all(column(many.record, name).max() > 0 for name in lost)


_PRINT_HASH = """
import hashlib, sys
sys.path.insert(0, {tests!r})
from sim.engine import run_ensemble, run_seeds
from sim.parameters import make_params
from sim.scenario import load_scenario
from sim.build import build_world
world = build_world(load_scenario({case!r}))
ensemble = run_ensemble(world, make_params(), run_seeds(5, 2), 6, engine="numpy")
arrays = (*world, *ensemble.record, ensemble.condition)
print(hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest())
"""


@pytest.fixture(scope="module")
def toy(tmp_path_factory) -> Scenario:
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("case") / "toy", places=5))


@pytest.mark.slow
def test_two_processes_give_the_same_bits(toy):
    script = _PRINT_HASH.format(tests=str(Path(__file__).parent), case=toy.case)
    printed = set()
    for salt in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": salt}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        printed.add(done.stdout.strip())
    (only,) = printed
    assert len(only) == len(hashlib.sha256().hexdigest())


# From here on NumPy alone, in which a small war takes milliseconds.


@pytest.fixture(scope="module")
def toy_run(toy):
    """World and states of one run, on the eve and at the end of each day."""
    world = build_world(toy)
    return world, list(run_numpy(world, make_params(), 3, 8))


def test_numpy_counts_in_32_bits_like_the_compiled_engine(toy_run):
    _, states = toy_run
    eve, last = states[0], states[-1]
    widths = {
        n: (np.asarray(a).dtype.name, np.asarray(b).dtype.name)
        for n, a, b in zip(eve._fields, eve, last, strict=True)
    }
    assert {name: pair for name, pair in widths.items() if pair[0] != pair[1]} == {}


def test_rules_write_nothing_in_place(toy_run):
    """The eve of a run that has gone on is still the eve."""
    world, states = toy_run
    again = next(run_numpy(world, make_params(), 3, 8))
    assert all(np.array_equal(a, b) for a, b in zip(states[0], again, strict=True))
    assert not np.array_equal(states[0].soldiers, states[-1].soldiers)


def test_stop_and_resume_equals_straight_through(toy_run):
    world, states = toy_run
    state, seed = states[4], np.uint32(3)
    for _ in range(4):
        state = tick(state, world, make_params(), seed, SCHEDULE, "day")
        for _ in range(4):
            state = tick(state, world, make_params(), seed, SCHEDULE, "tick")
            state = state._replace(tick=state.tick + np.int32(1))
    assert all(np.array_equal(a, b) for a, b in zip(state, states[8], strict=True))


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "pay_rise", "faction": "army", "share": 0.5, "paid_after_days": 0.0},
        {"kind": "reinforcement", "faction": "army", "place": "capital", "soldiers": 5000},
        {"kind": "order_withdraw", "faction": "army", "place": "all"},
    ],
)
def test_worlds_are_the_same_until_they_differ(toy, toy_run, event):
    """An event of day 5 changes nobody's luck before it, and something after it."""
    changed = Scenario(**toy.as_dict() | {"events": [{"id": "later", "day": 5, **event}]})
    states = list(run_numpy(build_world(changed), make_params(), 3, 8))
    _, plain = toy_run
    rows = len(plain[0].soldiers)

    def same(a, b) -> bool:
        fields = (n for n in a._fields if n != "event_fired_day")
        return all(
            np.array_equal(
                getattr(a, n), getattr(b, n)[:rows] if getattr(a, n).shape == (rows,) else getattr(b, n)
            )
            for n in fields
        )

    assert [same(a, b) for a, b in zip(plain, states, strict=True)][:5] == [True] * 5
    assert not same(plain[8], states[8])


def test_progress_tells_how_far(toy):
    told = []
    run_ensemble(
        build_world(toy),
        make_params(),
        run_seeds(0, 20),
        1,
        engine="numpy",
        workers=1,
        progress=lambda done, total: told.append((done, total)),
    )
    assert told[-1] == (20, 20)
    assert told == sorted(told)
    assert {total for _, total in told} == {20}


@pytest.mark.parametrize(
    ("runs", "days", "engine", "said"),
    [
        (1, 1, "fortran", "engine: 'fortran' is unknown; allowed: jax, numpy"),
        (0, 1, "numpy", "runs: 0"),
        (1, 0, "numpy", "days: 0"),
    ],
)
def test_a_mistake_is_told_in_one_line(toy, runs, days, engine, said):
    with pytest.raises(InputError) as error:
        run_ensemble(build_world(toy), make_params(), run_seeds(0, runs), days, engine=engine)
    (line,) = error.value.problems
    assert said in line


def nobody_leaves(state, world, params, draws):
    """A desertion rule under which nobody leaves."""
    return state._replace(deserted_now=np.zeros_like(state.soldiers))


def test_a_rule_in_the_place_of_another_changes_the_outcome():
    sad = SmallWorld(
        units=[Unit(REBELS, 0, 5000), Unit(ARMY, 1, 5000)],
        active=(),
        conditions={ARMY: {"morale_shift": -6.0}, REBELS: {"morale_shift": -6.0}},
    )
    call = {"engine": "numpy", "workers": 1}
    arguments = (sad.world, make_params(), run_seeds(0, 2), 3)
    usual = run_ensemble(*arguments, **call).record
    changed = run_ensemble(*arguments, **call, rules=replace("desertion", nobody_leaves)).record
    assert (column(usual, "deserted")[:, -1] > 1000).all()
    assert not column(changed, "deserted").any()


@pytest.mark.parametrize("rules", [["desertion"], nobody_leaves, "desertion", ()])
def test_what_is_no_schedule_is_told_in_one_line(toy, rules):
    with pytest.raises(InputError, match="rules: .*; allowed: sim.rules.SCHEDULE or") as error:
        run_ensemble(build_world(toy), make_params(), run_seeds(0, 1), 1, engine="numpy", rules=rules)
    assert len(error.value.problems) == 1


def test_a_schedule_may_be_a_list(toy):
    world = build_world(toy)
    run_ensemble(world, make_params(), run_seeds(0, 1), 1, engine="numpy", rules=list(SCHEDULE))


def forgets_to_return(state, world, params, draws):
    state._replace(soldiers=state.soldiers)


def loses_a_unit(state, world, params, draws):
    return state._replace(soldiers=state.soldiers[1:])


def divides_by_nothing(state, world, params, draws):
    raise ZeroDivisionError("no soldiers")


@pytest.mark.parametrize(
    ("rule", "said"),
    [(forgets_to_return, "nothing"), (loses_a_unit, "soldiers"), (divides_by_nothing, "no soldiers")],
)
def test_a_rule_that_is_no_rule_is_named_in_one_line(toy, rule, said):
    with pytest.raises(InputError) as error:
        run_ensemble(
            build_world(toy), make_params(), run_seeds(0, 1), 1, engine="numpy", rules=replace("pay", rule)
        )
    (line,) = error.value.problems
    assert "pay" in line
    assert said in line
