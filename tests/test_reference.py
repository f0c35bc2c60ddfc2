"""The engine against the same rules written as plain Mesa objects (``benchmarks``), an independent check.

Without chance the two must agree tick by tick. With it they must agree in distribution: N runs of each start
from the same eves, and K statistics are compared, each at level ALPHA / K (Bonferroni), so that two right
implementations fail with a chance below ALPHA. Means are compared by paired z tests, distributions by
Kolmogorov-Smirnov (conservative, since the pairs share their eve), causes of fall by chi-square. The numbers
come from fixed seeds: a comparison that holds once does so again. What it can see is tested too.
"""

from contextlib import contextmanager

import numpy as np
import pytest
from scipy import stats
from toy_case import write_toy_case

from benchmarks.mesa_objects import War
from benchmarks.scripted_orders import SCRIPTED
from sim.build import build_world
from sim.draws import Draws
from sim.engine import run_ensemble, run_seeds, start, tick
from sim.parameters import Params, make_params
from sim.record import FACTION_COLUMNS
from sim.scenario import load_scenario
from sim.world import CAUSES, World

ALPHA = 0.001
SEED = np.asarray(7, dtype=np.uint32)
MEASURES = ("soldiers", "morale", "killed", "deserted", "surrendered")
DISHEARTENED = {"record_12m": (-1, -0.8), "arrears_months": (3, 5)}
WARS = {
    # name: (runs, days, soldiers per unit, parameters, case)
    "collapse": (
        300,
        8,
        100,
        {"desertion_midpoint": 0.25, "break_per_day": 0.3},
        {"places": 5, "rebel_soldiers": 3000, "conditions": {"army": DISHEARTENED}},
    ),
    "siege": (1500, 4, 1000, {"break_per_day": 0.3}, {"places": 3, "rebel_soldiers": 6000, "road_km": 25}),
}

WRITTEN_TWICE = (
    "The rules exist a second time, as plain objects, in benchmarks/mesa_objects.py and mesa_map.py: a rule "
    "changed on purpose must be changed there as well, or these tests left out "
    "(pytest --ignore tests/test_reference.py)."
)


@contextmanager
def written_twice():
    """Says with a failure what a changed rule has to do with it."""
    try:
        yield
    except AssertionError as failure:
        failure.add_note(WRITTEN_TWICE)
        raise


def toy_world(folder, name: str) -> World:
    """A toy war: an army that melts away, or a few large units that fight at even odds."""
    _, days, soldiers_per_unit, _, case = WARS[name]
    case = write_toy_case(folder / "toy", days=days, army_soldiers=9000, **case)
    return build_world(load_scenario(case).with_set({"soldiers_per_unit": soldiers_per_unit}))


def syria_world() -> World:
    """Eight factions, friends and neutrals among them, and a network of roads; few and large units."""
    return build_world(load_scenario("syria-2024").with_set({"soldiers_per_unit": 1000}))


def engine_runs(world: World, params: Params, seeds: np.ndarray, days: int) -> dict[str, np.ndarray]:
    """Daily series of the engine: [runs, days, factions or places]."""
    record = run_ensemble(world, params, seeds, days, rules=SCRIPTED).record
    series = {name: record.factions[..., FACTION_COLUMNS.index(name)] for name in MEASURES}
    return series | {"controller": record.controller, "cause": record.cause}


def reference_runs(world: World, params: Params, seeds: np.ndarray, days: int) -> dict[str, np.ndarray]:
    """The same series of the reference."""
    runs = [War(world, params, int(seed)).run_days(days) for seed in seeds]
    return {name: np.array([[day[name] for day in run] for run in runs]) for name in runs[0][0]}


def p_values(world: World, a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> dict[str, float]:
    """A p-value for each statistic in which two sets of runs from the same eves are compared."""
    days = a["soldiers"].shape[1]
    enemies_of_attackers = ((world.stance < 0) & world.opening[:, None]).any(axis=0)
    p = {}
    for name in MEASURES:
        for faction in np.flatnonzero(world.opening | enemies_of_attackers):
            for day in range(days // 4, days + 1, days // 4):
                x, y = (runs[name][:, day - 1, faction].astype(float) for runs in (a, b))
                what = f"{name} of faction {faction} on day {day}"
                p |= {f"mean {what}": paired(x, y), f"spread of {what}": same_spread(x, y)}
    fallen = [runs["controller"] != world.initial_controller for runs in (a, b)]
    for place in np.flatnonzero((fallen[0] | fallen[1]).any(axis=(0, 1))):
        x, y = (np.where(f[:, :, place].any(axis=1), f[:, :, place].argmax(axis=1), days) for f in fallen)
        p |= {f"mean fall of place {place}": paired(x, y), f"spread of its fall {place}": same_spread(x, y)}
        causes = [np.bincount(runs["cause"][:, -1, place], minlength=6) for runs in (a, b)]
        p[f"cause of its fall {place}"] = same_shares(np.array(causes))
    return p


def paired(x: np.ndarray, y: np.ndarray) -> float:
    """z test that the mean difference of pairs is 0."""
    difference = x - y
    if not difference.any():
        return 1.0
    error = difference.std(ddof=1) / len(difference) ** 0.5
    return float(2 * stats.norm.sf(abs(difference.mean()) / error)) if error else 0.0


def same_spread(x: np.ndarray, y: np.ndarray) -> float:
    """Kolmogorov-Smirnov test of one distribution, for integers and fractions alike."""
    return float(stats.ks_2samp(x, y, method="asymp").pvalue)


def same_shares(counts: np.ndarray) -> float:
    """Chi-square test of one distribution over classes; classes with few expected are put together."""
    total = counts.sum(axis=0)
    rare = total < 10
    pooled = np.column_stack([counts[:, ~rare], counts[:, rare].sum(axis=1)])
    pooled = pooled[:, pooled.sum(axis=0) >= 10]
    return float(stats.chi2_contingency(pooled).pvalue) if pooled.shape[1] > 1 else 1.0


def disagreements(p: dict[str, float]) -> dict[str, float]:
    """Statistics that differ at level ALPHA over all of them together."""
    return {name: value for name, value in p.items() if value < ALPHA / len(p)}


class Comparison:
    """The runs of both implementations in one toy war."""

    def __init__(self, folder, name: str) -> None:
        runs, self.days, _, parameters, _ = WARS[name]
        self.world, self.params = toy_world(folder, name), make_params(parameters)
        self.seeds = run_seeds(2030, runs)
        self.reference = reference_runs(self.world, self.params, self.seeds, self.days)

    def disagreements(self, **factors: float) -> dict[str, float]:
        """Where the engine, with some magnitudes multiplied, differs from the reference, without."""
        changed = {name: np.float32(getattr(self.params, name) * factor) for name, factor in factors.items()}
        engine = engine_runs(self.world, self.params._replace(**changed), self.seeds, self.days)
        return disagreements(p_values(self.world, engine, self.reference))


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    """Each toy war once, when it is first asked for."""
    made = {}

    def get(name: str) -> Comparison:
        if name not in made:
            made[name] = Comparison(tmp_path_factory.mktemp(name), name)
        return made[name]

    return get


@pytest.mark.slow
@pytest.mark.parametrize("war", WARS)
@written_twice()
def test_engine_and_reference_agree_in_distribution(comparison, war):
    assert comparison(war).disagreements() == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("war", "magnitude"),
    [
        ("collapse", "desertion_per_day"),
        ("collapse", "cascade_per_day"),
        ("collapse", "orderly_midpoint"),
        ("siege", "combat_loss_per_day"),
        ("siege", "break_per_day"),
        ("siege", "break_tempo"),
    ],
)
def test_a_fifth_more_of_one_magnitude_is_seen(comparison, war, magnitude):
    assert comparison(war).disagreements(**{magnitude: 1.2})


@pytest.mark.slow
@written_twice()
def test_engine_and_reference_agree_in_a_war_of_many_sides():
    world, params, seeds = syria_world(), make_params(), run_seeds(2030, 40)
    runs = [run(world, params, seeds, 13) for run in (engine_runs, reference_runs)]
    assert disagreements(p_values(world, *runs)) == {}


class SamePanic(War):
    """The reference with the engine's moments of panic."""

    def __init__(self, world: World, params: Params, seed: np.ndarray) -> None:
        super().__init__(world, params, int(seed))
        self.world, self.seed = world, seed

    def draw_panic(self) -> None:
        panic = Draws(self.seed, np.int32(self.ticks)).uniform("panic", self.world.pair_key)
        for place in self.places:
            place.panic = panic[place.index].tolist()


def without_losses() -> Params:
    """Nobody dies or deserts, and all that break withdraw if they can."""
    never = np.float32(1e-12)
    return make_params()._replace(
        combat_loss_per_day=never,
        desertion_per_day=never,
        cascade_per_day=never,
        orderly_midpoint=np.float32(-10),
    )


def test_a_failure_says_that_the_rules_exist_a_second_time():
    with pytest.raises(AssertionError) as told, written_twice():
        raise AssertionError
    assert "benchmarks/mesa_objects.py" in told.exconly()


@pytest.mark.parametrize("war", ["collapse", "siege", "syria"])
@written_twice()
def test_without_chance_they_agree_tick_by_tick(tmp_path, war):
    world, params, seed = (
        syria_world() if war == "syria" else toy_world(tmp_path, war),
        without_losses(),
        SEED,
    )
    state, reference = start(world, params, seed), SamePanic(world, params, seed)
    rows, units = np.array(list(reference.units)), list(reference.units.values())
    fought = taken = marched = 0
    for ticks in range(48):
        for every in ("day", "tick") if ticks % 4 == 0 else ("tick",):
            state = tick(state, world, params, seed, SCRIPTED, every)
        state = state._replace(tick=state.tick + np.int32(1))
        reference.step()
        for name in ("ln_odds", "supply", "soldiers_at", "strength_at"):
            own = [getattr(place, name.removesuffix("_at")) for place in reference.places]
            np.testing.assert_allclose(getattr(state, name), own, rtol=1e-4, atol=1e-4, err_msg=name)
        left = np.array([unit.soldiers > 0 for unit in units])
        np.testing.assert_array_equal(state.soldiers[rows] > 0, left)
        standing = [unit for unit in units if unit.soldiers]
        here = rows[left]
        np.testing.assert_array_equal(state.soldiers[here], [unit.soldiers for unit in standing])
        np.testing.assert_array_equal(state.place[here], [unit.cell.index for unit in standing])
        np.testing.assert_array_equal(
            state.road_slot[here] >= 0, [unit.road is not None for unit in standing]
        )
        np.testing.assert_allclose(state.morale[here], [unit.morale for unit in standing], atol=1e-5)
        np.testing.assert_array_equal(state.controller, [place.holder.index for place in reference.places])
        np.testing.assert_array_equal(state.cause, [CAUSES.index(place.cause) for place in reference.places])
        belief = [faction.prospect_logit for faction in reference.factions]
        np.testing.assert_allclose(state.prospect_logit, belief, rtol=1e-4, atol=1e-5)
        fought += state.contested.any()
        taken += (state.controller != world.initial_controller).any()
        marched += (state.road_slot[here] >= 0).any()
    # Otherwise nothing has been compared.
    assert min(fought, taken, marched) > 0


def test_the_reference_counts_every_soldier_once(tmp_path):
    war = War(toy_world(tmp_path, "collapse"), make_params(), 3)
    before = war.record()["soldiers"]
    after = war.run_days(12)[-1]
    lost = zip(*(after[name] for name in MEASURES if name != "morale"), strict=True)
    assert [sum(parts) for parts in lost] == before
    assert sum(after["deserted"]) > 0
    assert sum(after["surrendered"]) > 0
