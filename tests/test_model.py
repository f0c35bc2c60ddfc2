"""The Mesa face: the engine's campaign, agents that read and write it, and what a Mesa user expects."""

import re
from pathlib import Path

import mesa
import networkx as nx
import numpy as np
import pytest
from mesa import DataCollector
from toy_case import write_toy_case

import sim
from sim.agents import Backer, Column, Faction, Place, Unit
from sim.arrays import array_namespace
from sim.engine import run_ensemble, run_numpy
from sim.errors import InputError
from sim.model import ConflictModel
from sim.rules import SCHEDULE, replace
from sim.rules.morale import target_logit
from sim.scenario import Scenario

DOCS = Path(__file__).parents[1] / "docs" / "mesa.md"
ENGINES = ("numpy", pytest.param("jax", marks=pytest.mark.slow))


@pytest.fixture(scope="module")
def toy(tmp_path_factory) -> Path:
    """The toy war with a third faction that is at war with nobody and stands in the capital."""
    folder = tmp_path_factory.mktemp("cases") / "toy"
    write_toy_case(folder, places=4, army_soldiers=9000, rebel_soldiers=9000)
    rows = {
        "factions": ["bystanders,Bystanders,other,100,200,,,made_up"],
        "relations": ["army,bystanders,neutral,made_up", "rebels,bystanders,neutral,made_up"],
        "deployments": ["bystanders,capital,1,made_up"],
        "recruitment": ["bystanders,hill,1,0.5,C,made_up"],
        "affinities": ["hill,bystanders,0,C,made_up", "valley,bystanders,0,C,made_up"],
    }
    for table, lines in rows.items():
        with (folder / f"{table}.csv").open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    return folder


@pytest.fixture
def model(toy) -> ConflictModel:
    return ConflictModel(toy, seed=3)


def units(model: ConflictModel) -> list[Unit]:
    return model.agents_by_type[Unit].to_list()


def states(model: ConflictModel) -> list:
    """The state on the eve and after each step, to the end."""
    kept = [model.state]
    while model.running:
        model.step()
        kept.append(model.state)
    return kept


def differing(a, b, rows: int | None = None) -> set[str]:
    """Fields in which two states differ; of longer arrays of units, only the first ``rows`` rows count."""
    return {
        name
        for name, x, y in zip(a._fields, a, b, strict=True)
        if not np.array_equal(x, y[:rows] if y.shape != x.shape else y, equal_nan=y.dtype.kind == "f")
    }


# The campaign is the engine's


def test_the_campaign_is_that_of_the_engine(model):
    days = run_numpy(model.world, model.params, model.seed, model.campaign.days)
    for day, (expected, state) in enumerate(zip(days, states(model)[::4], strict=True)):
        assert differing(expected, state) == set(), f"day {day}"
    assert model.places_fallen > 0


@pytest.mark.parametrize("scenario", ["toy", pytest.param("syria-2024", marks=pytest.mark.slow)])
def test_a_run_of_an_ensemble_is_repeated_by_its_seed(toy, scenario):
    result = sim.run(toy if scenario == "toy" else scenario, runs=2, seed=5, engine="numpy")
    model = ConflictModel(result.scenario, seed=result.runs["seed"][1], draw=1 + 5)
    days = states(model)[4::4]
    ids = np.array(model.case.faction_ids)
    control, factions = (table.query("run_id == 1") for table in (result.control, result.factions))
    assert list(control["controller"]) == list(ids[np.concatenate([s.controller for s in days])])
    assert list(control["contested"]) == list(np.concatenate([s.contested for s in days]))
    for name in ("killed", "deserted", "treasury_usd"):
        assert list(factions[name]) == list(np.concatenate([getattr(s, name) for s in days])), name
    assert model.places_fallen == result.runs["places_fallen"][1]


@pytest.mark.slow
def test_a_compiled_run_is_repeated_but_for_rounding(toy):
    """A step and an ensemble are different programs to the compiler, which rounds them differently."""
    result = sim.run(toy, runs=2, seed=5, engine="jax")
    model = ConflictModel(toy, seed=result.runs["seed"][1], draw=1 + 5, engine="jax")
    days = states(model)[4:13:4]
    control, factions = (t.query("run_id == 1 and day <= 3") for t in (result.control, result.factions))
    ids = np.array(model.case.faction_ids)
    assert list(control["controller"]) == list(ids[np.concatenate([s.controller for s in days])])
    for name in ("killed", "deserted", "treasury_usd"):
        own = np.concatenate([getattr(s, name) for s in days])
        np.testing.assert_allclose(factions[name], own, rtol=1e-3, atol=2, err_msg=name)


def test_rules_of_the_day_come_before_its_first_tick(toy):
    calls = []

    def noted(rule):
        def function(*arguments):
            calls.append((int(arguments[0].tick), rule.every))
            return rule.function(*arguments)

        return function

    rules = SCHEDULE
    for rule in SCHEDULE[0], SCHEDULE[-1]:
        rules = replace(rule.name, noted(rule), rules)
    model = ConflictModel(toy, seed=3, rules=rules, ticks_per_day=2, days=2)
    calls.clear()
    model.run_model()
    assert calls == [(0, "day"), (0, "tick"), (1, "tick"), (2, "day"), (2, "tick"), (3, "tick")]


def test_the_campaign_ends_with_its_last_day(toy):
    model = ConflictModel(toy, seed=3, days=2)
    assert model.running and model.day == 0
    model.run_model()
    assert (model.steps, model.day, model.running) == (8, 2.0, False)
    assert str(model.date) == "2030-03-03 00:00:00"
    last = model.state
    model.step()
    assert differing(last, model.state) == set()
    assert len(model.datacollector.get_model_vars_dataframe()) == 9


# Agents are views


def test_agents_are_the_units_that_have_soldiers(toy):
    arrival = {
        "id": "help",
        "kind": "reinforcement",
        "day": 2,
        "faction": "army",
        "place": "capital",
        "soldiers": 250,
    }
    model = ConflictModel(Scenario(name="toy", case=str(toy), events=[arrival]), seed=5)
    history = []
    while True:
        rows = [unit.row for unit in units(model)]
        assert sorted(rows) == list(np.flatnonzero(model.state.soldiers > 0))
        for unit in units(model):
            assert unit.cell is model.places[model.state.place[unit.row]]
            assert unit in unit.cell.agents
        assert sum(len(place.agents) for place in model.places) == len(rows)
        history.append(set(rows))
        if not model.running:
            break
        model.step()
    assert len(history[5] - history[4]) == 3  # 250 men in units of 100 arrive with day 2
    assert history[0] - history[-1]  # and some units dissolved


@pytest.mark.parametrize("kind", [Unit, Faction, Backer, Place])
def test_every_column_reads_and_writes_its_row(model, kind):
    objects = {Unit: units(model), Faction: model.factions, Backer: model.backers, Place: model.places}
    thing = objects[kind][-1]
    columns = {name: c for name, c in vars(kind).items() if isinstance(c, Column)}
    assert columns
    for name, column in columns.items():
        assert column.__doc__.endswith(".")
        array = getattr(model.state, column.field)
        array[thing.row] = 1
        assert getattr(thing, name) == 1
        if not column.writable:
            with pytest.raises(AttributeError, match="can only be read"):
                setattr(thing, name, 0)
            continue
        setattr(thing, name, 0)
        assert array[thing.row] == 0
        for bad in (-1, float("nan"), "much"):
            with pytest.raises(InputError, match=rf"{kind.__name__}\.{name}: .*; allowed: a (whole )?number"):
                setattr(thing, name, bad)


def test_properties_tell_what_the_case_and_the_state_say(model):
    capital, unit = model.place("capital"), units(model)[0]
    assert (capital.kind, capital.population, capital.controller, capital.cause) == (
        "capital",
        500_000,
        "army",
        "",
    )
    assert list(capital.position) == [20, model.case.places["lat"].iloc[-1]]
    assert {cell.place_id for cell in capital.neighborhood} == {"town-2"}
    assert capital.garrison["army"] == sum(u.soldiers for u in capital.agents if u.faction_id == "army")
    assert (unit.faction.faction_id, unit.place_id, unit.on_road, unit.destination_id) == (
        "army",
        "town-1",
        False,
        None,
    )
    assert unit.days_unpaid == unit.faction.arrears_days == model.state.arrears_days[0] > 0
    army, patron = model.faction("army"), model.backer("patron")
    assert army.soldiers == sum(u.soldiers for u in units(model) if u.faction is army)
    assert 0.5 <= army.condition("present_share") <= 0.7
    assert (army.stance_to("rebels"), army.stance_to("bystanders"), army.stance_to(army)) == (
        "hostile",
        "neutral",
        "allied",
    )
    assert patron.faction is army
    assert 2 * patron.commitment <= patron.sorties_per_day <= 6 * patron.commitment
    army.prospect = 0.25
    assert army.prospect == pytest.approx(0.25)
    while not any(unit.on_road for unit in units(model)):
        model.step()
    traveller = next(unit for unit in units(model) if unit.on_road)
    assert traveller.destination_id in {cell.place_id for cell in traveller.cell.neighborhood}
    traveller.cell = capital
    assert (traveller.on_road, traveller.destination_id, traveller.place_id) == (False, None, "capital")


@pytest.mark.parametrize("engine", ENGINES)
def test_what_agents_write_the_next_step_sees(toy, engine):
    calm, upset = (ConflictModel(toy, seed=3, engine=engine) for _ in range(2))
    for unit in upset.agents_by_type[Unit].select(lambda unit: unit.faction_id == "army"):
        unit.morale = 0.0
    for model in (calm, upset):
        model.step()
    assert upset.faction("army").deserted > 100 > calm.faction("army").deserted


def test_a_unit_moves_where_its_cell_is_set(model):
    unit = next(unit for unit in units(model) if unit.faction_id == "rebels")
    unit.mobile = False  # else it may march on
    unit.cell = model.place("town-2")
    assert (unit.place_id, unit in model.place("town-2").agents) == ("town-2", True)
    assert unit not in model.place("base").agents
    model.step()
    assert model.place("town-2").contested
    unit.place_id = "base"
    assert unit.cell is model.place("base") and not unit.on_road
    with pytest.raises(InputError, match=r"place: 'bas' is unknown \(did you mean 'base'\?\)"):
        unit.place_id = "bas"
    with pytest.raises(InputError, match="Unit.cell"):
        unit.cell = ConflictModel(model.campaign, seed=1).places[0]


def test_what_is_written_touches_neither_the_world_nor_an_older_state(model):
    world = [np.array(array) for array in model.world]
    model.step()
    older, kept = model.state, [np.array(array) for array in model.state]
    model.step()
    for array in model.state:
        array[...] = 1
    assert all(np.array_equal(a, b) for a, b in zip(world, model.world, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(kept, older, strict=True))
    eve = ConflictModel(model.campaign, seed=3)
    for array in eve.state:
        array[...] = 1
    assert all(np.array_equal(a, b) for a, b in zip(world, eve.world, strict=True))


def test_a_removed_unit_is_gone_with_its_soldiers(model):
    before, unit = model.faction("army").soldiers, units(model)[0]
    men, place = unit.soldiers, unit.cell
    unit.remove()
    assert model.faction("army").soldiers == before - men
    assert unit not in model.agents and unit not in place.agents and unit.cell is None
    model.step()
    assert unit.row not in {unit.row for unit in units(model)}


def test_pay_that_is_written_is_paid(toy):
    rise = {"id": "rise", "kind": "pay_rise", "day": 2, "faction": "army", "share": 0.5, "paid_after_days": 0}
    model = ConflictModel(Scenario(name="toy", case=str(toy), events=[rise]), seed=3)
    army = model.faction("army")
    army.pay_usd_month = 100.0
    model.run_for(4)
    assert army.pay_usd_month == pytest.approx(100)
    model.run_for(4)
    assert army.pay_usd_month == pytest.approx(150)  # the decree raises what is paid by then
    army.pay_usd_month = 0.0
    model.run_for(4)
    assert army.pay_usd_month == 0


def test_why_adds_up_to_the_target(model):
    model.run_for(6)
    target = target_logit(model.state, model.world, model.params)
    for unit in units(model)[::10]:
        why = unit.why()
        assert sum(why.values()) == pytest.approx(float(target[unit.row]), abs=1e-4)
    assert {"base", "pay", "belief in victory", "odds", "near home", "losses"} <= set(why)


# Nobody else's history changes


@pytest.mark.parametrize("engine", ENGINES)
def test_an_idle_unit_changes_nobody_elses_history(toy, engine):
    without, with_it = (ConflictModel(toy, seed=3, engine=engine) for _ in range(2))
    rows = len(without.state.soldiers)
    added = with_it.add_unit("bystanders", "town-1", 100)
    for one, other in zip(states(without), states(with_it), strict=True):
        # Its own faction's count, and the pay for one unit more.
        counts = {"soldiers_at", "morale_at", "strength_at", "strength_near"}
        assert differing(one, other, rows) <= counts | {"treasury_usd"}
        for field in counts:
            assert np.array_equal(getattr(one, field)[:, :2], getattr(other, field)[:, :2])
        assert np.array_equal(one.treasury_usd[:2], other.treasury_usd[:2])
    assert without.places_fallen > 0  # the front went over it
    assert added.place_id == "town-1" and added in with_it.agents


def test_what_a_user_changes_counts_in_the_next_orders(model):
    """Morale and hiding, too: handovers read the mean morale, and hidden men stand nowhere."""
    capital = next(place for place in model.places if place.garrison.get("army"))
    before, seen = model.state, []
    units = [unit for unit in capital.agents if unit.faction_id == "army"]
    for unit in units[1:]:
        unit.morale = 0.05
    units[0].hidden = True

    def command(state, *rest):
        seen.append((state.morale_at[capital.row, 0], state.soldiers_at[capital.row, 0]))
        return next(rule.function for rule in SCHEDULE if rule.name == "command")(state, *rest)

    stood = before.soldiers_at[capital.row, 0]
    assert capital.garrison["army"] == stood - units[0].soldiers
    model.rules = replace("command", command)
    model.step()
    assert seen[0] == (pytest.approx(0.05), stood - units[0].soldiers)


def test_an_added_unit_counts_from_the_first_order_on(model):
    before = model.state.strength_at.copy()
    unit = model.add_unit("army", "town-1", 5000, morale=0.9, home="town-1", name="guard")
    assert (unit.soldiers, unit.morale, unit.home, unit.mobile) == (5000, pytest.approx(0.9), "town-1", False)
    seen = []

    def command(state, *rest):
        seen.append(state.strength_at.copy())
        return next(rule.function for rule in SCHEDULE if rule.name == "command")(state, *rest)

    model.rules = replace("command", command)
    model.step()
    rise = seen[0] - before
    assert rise[1, 0] > 1000 and np.count_nonzero(rise) == 1
    for bad in (
        {"faction_id": "armi"},
        {"place_id": "nowhere"},
        {"soldiers": 0},
        {"soldiers": 1.5},
        {"morale": 2},
        {"affinity": -3},
        {"name": "guard"},
    ):
        with pytest.raises(InputError):
            model.add_unit(**{"faction_id": "army", "place_id": "base"} | bad)
    assert len(model.state.soldiers) == len(model.world.unit_key) == unit.row + 1  # the refused left no row


def test_the_luck_of_an_added_unit_hangs_on_its_name(toy):
    first, second = ConflictModel(toy, seed=3), ConflictModel(toy, seed=3)
    a, b = (first.add_unit("army", "capital", name=name) for name in "ab")
    only_b = second.add_unit("army", "capital", name="b")
    key = first.world.unit_key
    assert key[b.row] == second.world.unit_key[only_b.row] != key[a.row]
    assert len(set(key.tolist())) == len(key)


def test_looking_shuffling_and_writing_the_same_change_nothing(toy):
    plain, busy = ConflictModel(toy, seed=3), ConflictModel(toy, seed=3)
    busy.datacollector = DataCollector(
        model_reporters={"luck": lambda m: m.random.random()},
        agenttype_reporters={Unit: {"morale": "morale", "why": lambda unit: unit.why()["pay"]}},
    )

    def touch(unit):
        unit.morale, unit.soldiers = unit.morale, unit.soldiers
        unit.cell = unit.cell if not unit.on_road else unit._mesa_cell

    while busy.running:
        busy.agents_by_type[Unit].select(lambda unit: not unit.on_road).shuffle_do(touch)
        busy.step()
        plain.step()
    assert differing(plain.state, busy.state) == set()


# Seeds


def test_the_seed_is_the_run(toy):
    assert ConflictModel(toy, seed=3).random.random() == ConflictModel(toy, rng=3).random.random()
    assert ConflictModel(toy, seed="3").seed == ConflictModel(toy, seed=np.uint32(3)).seed == 3
    assert (
        ConflictModel(toy, rng=np.random.SeedSequence(1)).seed
        == ConflictModel(toy, rng=np.random.SeedSequence(1)).seed
    )
    drawn = {ConflictModel(toy).seed for _ in range(3)}
    assert len(drawn) == 3
    again = ConflictModel(toy, seed=(seed := drawn.pop()))
    assert np.array_equal(again.state.morale, ConflictModel(toy, seed=seed).state.morale)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seed": -1}, "seed: -1; allowed: a whole number from 0 to 4294967295"),
        ({"seed": 1.5}, "seed: 1.5; allowed"),
        ({"seed": 1, "rng": 2}, "seed: 1, rng: 2; allowed: one of the two"),
        ({"engine": "jx"}, "engine: 'jx' is unknown; allowed: jax, numpy"),
        ({"rules": abs}, "rules: .*; allowed: sim.rules.SCHEDULE or what sim.rules.replace, "),
        ({"moral_pay": 1}, r"ConflictModel: moral_pay: unknown key \(did you mean 'morale_pay'\?\)"),
        ({"morale_pay": 99}, "ConflictModel: parameters: morale_pay: 99 is out of range; allowed"),
        ({"settings": {"conditions.army.moral": 1}}, "ConflictModel: conditions.*moral.*; allowed"),
        ({"scenario": 3}, "scenario: 3; allowed"),
    ],
)
def test_mistakes_are_told_in_one_line(toy, arguments, message):
    with pytest.raises(InputError, match=message) as told:
        ConflictModel(**{"scenario": toy} | arguments)
    assert len(told.value.problems) == 1 and "\n" not in str(told.value)


# What a Mesa user expects


def test_agent_sets_work(model):
    army = model.agents_by_type[Unit].select(lambda unit: unit.faction_id == "army")
    assert army.agg("soldiers", sum) == model.faction("army").soldiers
    army.set("morale", 0.5)
    assert set(army.get("morale")) == {0.5}
    counts = model.agents_by_type[Unit].groupby("faction_id").count()
    assert counts["army"] == len(army) and set(counts) == {"army", "rebels", "bystanders"}
    army.shuffle_do(lambda unit: setattr(unit, "morale", unit.morale / 2))
    assert set(army.do("follow").map("why")[0]) and army.agg("morale", max) == 0.25
    assert army.sort("soldiers", ascending=True).get("soldiers")[0] == min(army.get("soldiers"))
    assert model.agents_by_type[Faction].get("faction_id") == model.case.faction_ids


def test_data_are_collected_on_the_eve_and_after_each_step(toy):
    class Watched(ConflictModel):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.datacollector = DataCollector(
                model_reporters={"day": "day"},
                agenttype_reporters={Unit: {"men": "soldiers", "at": "place_id"}},
            )

    model = Watched(scenario=toy, seed=3)
    model.run_for(8)
    assert model.datacollector.get_model_vars_dataframe()["day"].tolist() == [k / 4 for k in range(1, 9)]
    table = model.datacollector.get_agenttype_vars_dataframe(Unit)
    last = table.xs(8, level="Step")
    assert last["men"].sum() == sum(unit.soldiers for unit in units(model))
    frame = ConflictModel(toy, seed=3).datacollector.get_model_vars_dataframe()
    assert frame["seed"].tolist() == [3] and frame["government_soldiers"].iat[0] > 0


def test_batch_run_sweeps_and_repeats(toy):
    sweep = {"scenario": str(toy), "days": 2, "morale_pay": [0.3, 0.7]}
    rows = mesa.batch_run(ConflictModel, sweep, rng=[1, 2], display_progress=False)
    assert [(row["morale_pay"], row["seed"], row["Step"]) for row in rows] == [
        (0.3, 1, 8),
        (0.7, 1, 8),
        (0.3, 2, 8),
        (0.7, 2, 8),
    ]
    alone = ConflictModel(toy, seed=2, days=2, morale_pay=0.7)
    alone.run_model()
    assert rows[3]["government_morale"] == alone.government_morale != rows[2]["government_morale"]
    with pytest.warns(DeprecationWarning):
        rows = mesa.batch_run(ConflictModel, sweep, iterations=3, max_steps=3, display_progress=False)
    assert len({row["seed"] for row in rows}) == len(rows) == 6
    assert {row["day"] for row in rows} == {0.75}


def test_a_step_of_ones_own(toy):
    class Panic(ConflictModel):
        def step(self):
            if self.day == 1:
                self.agents_by_type[Unit].select(lambda unit: unit.faction_id == "army").set("morale", 0.0)
            super().step()

    panic, calm = Panic(toy, seed=3, days=2), ConflictModel(toy, seed=3, days=2)
    for model in (panic, calm):
        model.run_for(4)
    assert differing(panic.state, calm.state) == set()
    for model in (panic, calm):
        model.run_for(1)
    assert panic.faction("army").deserted > 10 * calm.faction("army").deserted
    panic.run_model()
    assert panic.steps == 8


def test_units_of_ones_own_kind(toy):
    class Company(Unit):
        def is_strong(self):
            return self.soldiers > 50

    class Companies(ConflictModel):
        unit_class = Company

    assert any(Companies(toy, seed=3).agents_by_type[Company].map("is_strong"))


def test_a_reset_makes_the_same_model_again(model, toy):
    parameters = {"scenario": toy, "seed": 3}
    model.run_for(3)
    again = type(model)(**parameters)
    assert (again.steps, again.running) == (0, True)
    assert again.places is not model.places and again.space.G.nodes[0]["pos"] == tuple(
        again.places[0].position
    )
    # Mesa's page passes an empty scenario of its own if this one is true.
    assert model.scenario.days == 10 and not model.scenario


def test_mesa_draws_the_model():
    pytest.importorskip("solara")
    from mesa.visualization import SpaceRenderer
    from mesa.visualization.components import AgentPortrayalStyle
    from mesa.visualization.mpl_space_drawing import draw_space

    def portrayal(unit):
        return AgentPortrayalStyle(size=unit.soldiers)

    model = ConflictModel("syria-2024", seed=3)
    axes = draw_space(
        model.space, portrayal, layout_alg=nx.get_node_attributes, layout_kwargs={"name": "pos"}
    )
    drawn = {tuple(point) for collection in axes.collections for point in collection.get_offsets().tolist()}
    assert {tuple(place.position) for place in model.places if place.agents} <= drawn
    for backend in ("matplotlib", "altair"):
        assert SpaceRenderer(model, backend=backend).setup_agents(portrayal).render().canvas is not None


# Rules of one's own


def cowardly(state, world, params, draws):
    """A third of every unit goes home at every tick."""
    xp = array_namespace(state.soldiers)
    leaves = xp.floor(state.soldiers / 3.0)
    return state._replace(deserted_now=leaves, soldiers=state.soldiers - leaves)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_replaced_rule_works_in_the_model_and_in_ensembles_alike(toy, engine):
    rules = replace("desertion", cowardly)
    model = ConflictModel(toy, seed=3, engine=engine, rules=rules)
    seeds = np.array([3], dtype=np.uint32)
    days = model.campaign.days
    record = run_ensemble(model.world, model.params, seeds, days, engine=engine, rules=rules).record
    kept = states(model)[4::4]
    assert np.array_equal(
        np.stack([s.soldiers_at.sum() for s in kept]),
        (record.soldiers_holder + record.soldiers_enemy).sum(-1)[0],
    )
    assert kept[0].deserted[0] > 1000


def no_return(state, world, params, draws):
    state._replace(morale=state.morale)


def wrong_shape(state, world, params, draws):
    return state._replace(morale=state.morale[:3])


def one_number(state, world, params, draws):
    return state._replace(morale=0.5)


def not_a_number(state, world, params, draws):
    return state._replace(morale=state.morale * np.float32(np.nan))


def wrong_kind(state, world, params, draws):
    return state._replace(morale=state.place)


def raises(state, world, params, draws):
    return state._replace(morale=state.morale / [][0])


def misspelt(state, world, params, draws):
    return state._replace(moral=state.morale)


def writes_state(state, world, params, draws):
    state.morale[0] = 1.0
    return state


def writes_world(state, world, params, draws):
    world.population[0] += 1
    return state


def branches(state, world, params, draws):
    if state.morale.mean() > 2:
        return state._replace(morale=state.morale * 0)
    return state


def masks(state, world, params, draws):
    return state._replace(killed=state.killed + state.soldiers[state.morale < 0].sum())


def numpy_function(state, world, params, draws):
    return state._replace(morale=np.minimum(state.morale, 1))


def python_number(state, world, params, draws):
    return state._replace(morale=state.morale * float(params.morale_pay) / float(params.morale_pay))


MISTAKES = [
    (no_return, "returned nothing; allowed: a State"),
    (wrong_shape, r"morale has shape \(3,\); allowed: \(\d+,\)"),
    (one_number, r"morale has shape \(\); allowed: \(\d+,\)"),
    (not_a_number, r"morale holds values that are not numbers \(nan\)"),
    (wrong_kind, "morale became int32; allowed: float32"),
    (raises, r"raised IndexError: list index out of range \(test_model.py, line \d+\)"),
    (misspelt, r"unexpected field names: \['moral'\] \(did you mean 'morale'\?\)"),
    (lambda state: state, "raised TypeError: .*takes 1 positional argument but 4 were given"),
    (writes_state, r"writes into an array in place; allowed: .* \(test_model.py, line \d+\)"),
    (writes_world, "writes into an array in place"),
]
NOT_COMPILED = [
    (branches, "asks whether an array value is true .* xp.where"),
    (masks, "picks entries by a mask.* xp.where"),
    (numpy_function, "hands an array to a function of NumPy"),
    (python_number, "uses an array value as a Python number"),
]


@pytest.mark.parametrize(
    ("rule", "engine", "message"),
    [(rule, engine, message) for rule, message in MISTAKES for engine in ("numpy", "jax")]
    + [(rule, "jax", message) for rule, message in NOT_COMPILED],
)
def test_a_mistaken_rule_is_named_in_one_line(model, rule, engine, message):
    rules = replace("desertion", rule)
    seeds = np.array([3], dtype=np.uint32)
    calls = [
        lambda: ConflictModel(model.campaign, seed=3, engine=engine, rules=rules),
        lambda: run_ensemble(model.world, model.params, seeds, 1, engine=engine, rules=rules),
    ]
    for call in calls:
        with pytest.raises(InputError, match=rf"rules: desertion: .*{message}") as told:
            call()
        assert len(told.value.problems) == 1 and "\n" not in str(told.value)


@pytest.mark.parametrize("rule", [rule for rule, _ in NOT_COMPILED])
def test_any_python_will_do_for_numpy(toy, rule):
    ConflictModel(toy, seed=3, rules=replace("desertion", rule)).step()


def test_an_unknown_rule_names_the_nearest():
    with pytest.raises(InputError, match=r"rules: desertions: unknown rule \(did you mean 'desertion'\?\)"):
        replace("desertions", cowardly)


# The page that tells all this


@pytest.mark.slow
def test_the_code_of_the_page_runs(capsys):
    blocks = re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
    assert len(blocks) >= 7
    names = {"__name__": "page"}
    for block in blocks:
        if "mesa.visualization" not in block:
            exec(compile(block, str(DOCS), "exec"), names)
    assert "syria-2024, seed 7, day 0.25 of 13" in capsys.readouterr().out


def test_the_page_for_the_browser_is_made(tmp_path):
    solara = pytest.importorskip("solara")
    (block,) = (
        b
        for b in re.findall(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.S)
        if "SolaraViz" in b
    )
    names = {"__name__": "page"}
    file = tmp_path / "page.py"
    file.write_text(block, encoding="utf-8")  # Solara reads the source of a component
    exec(compile(block, str(file), "exec"), names)
    box, context = solara.render(solara.AppLayout(children=[names["Page"]()]), handle_error=False)
    assert box is not None
    context.close()
