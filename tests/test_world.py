"""The arrays of a scenario: what the case says, in the order of its files, in 32 bits."""

import datetime

import numpy as np
import pytest
from small_world import ARMY, REBELS, Backer, Decree, SmallWorld, Unit
from toy_case import write_toy_case

from sim.build import build_world
from sim.parameters import make_params
from sim.rules.fields import supply_bases
from sim.scenario import Scenario, load_scenario
from sim.world import ALLIED, CONDITIONS, EVENT_KINDS, HOSTILE, NEUTRAL, PLACE_KINDS, TERRAINS, World


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return load_scenario(write_toy_case(tmp_path_factory.mktemp("case") / "toy", places=4))


@pytest.fixture(scope="module")
def world(toy):
    return build_world(toy)


def with_events(toy: Scenario, *events: dict) -> World:
    return build_world(Scenario(**toy.as_dict() | {"events": list(events)}))


def test_numbers_are_narrow(world):
    assert {np.asarray(array).dtype.name for array in world} <= {"float32", "int32", "uint32", "bool"}


def test_helper_of_these_tests_builds_worlds_of_the_same_form(world):
    helper = SmallWorld(
        units=[Unit(REBELS, 0), Unit(ARMY, 1)],
        backers=[Backer(ARMY)],
        events=[Decree("offensive_start", day=1)],
    ).world
    for name in World._fields:
        ours, theirs = np.asarray(getattr(helper, name)), np.asarray(getattr(world, name))
        assert ours.dtype == theirs.dtype, name
        assert ours.ndim == theirs.ndim, name


def test_places_and_roads(world):
    assert world.place_kind.tolist() == [PLACE_KINDS.index(k) for k in ("base", "town", "town", "capital")]
    assert world.terrain.tolist() == [TERRAINS.index(t) for t in ("plain", "plain", "plain", "urban")]
    assert world.initial_controller.tolist() == [1, 0, 0, 0]
    assert world.road_km[0].tolist() == [0, 40, 80, 120]
    assert np.array_equal(world.road_km, world.road_km.T)
    assert len(world.hops) >= 3  # enough steps for a value to cross the map
    padding = world.neighbour == np.arange(4)[:, None]
    assert padding.sum(axis=1).tolist() == [1, 0, 0, 1]
    assert (world.neighbour_km[padding] == np.float32(1e9)).all()
    assert (world.neighbour_km[~padding] == 40).all()


def test_acceptance_is_the_mean_over_communities(world):
    # 30 % hill people (army -0.4, rebels 0.6), 70 % valley people (army 0.4, rebels -0.3); at the base 80/20.
    army, rebels = world.acceptance.T
    assert army[1:] == pytest.approx(0.3 * -0.4 + 0.7 * 0.4)
    assert rebels[1:] == pytest.approx(0.3 * 0.6 + 0.7 * -0.3, abs=1e-6)
    assert (army[0], rebels[0]) == pytest.approx((0.8 * -0.4 + 0.2 * 0.4, 0.8 * 0.6 + 0.2 * -0.3))


def test_communities_are_whole_people_who_sum_to_the_population(toy, world):
    groups = toy.load_case().groups
    hill = groups.index("hill")
    assert world.community_people.shape == (4, 2)
    assert (world.community_people.sum(axis=1) == world.population).all()
    assert world.community_people[:, hill].tolist() == [40_000, 15_000, 15_000, 150_000]
    assert world.group_affinity[hill].tolist() == pytest.approx([-0.4, 0.6])
    syria = build_world(load_scenario("syria-2024"))
    people = syria.community_people
    assert (people == np.floor(people)).all()
    assert (people.sum(axis=1) == syria.population).all()
    share = syria.community_people / np.maximum(syria.population, 1)[:, None]
    assert share @ syria.group_affinity == pytest.approx(syria.acceptance, abs=0.01)


def test_an_aid_corridor_has_rations_and_an_end(toy):
    corridor = {
        "id": "c",
        "kind": "aid_corridor",
        "place": "town-1",
        "rations_per_day": 500,
        "duration_days": 4,
    }
    world = with_events(toy, corridor | {"day": 2})
    assert world.event_size.tolist() == [500]
    assert world.event_duration_days.tolist() == [4]
    assert world.event_place.tolist() == [1]


def test_bases_are_seats_crossings_and_the_greatest_deployments(world):
    # Of the army a quarter is in each town, half in the capital.
    army, rebels = supply_bases(world, make_params()).T
    assert army.tolist() == [False, True, True, True]
    assert rebels.tolist() == [True, False, False, True]
    scenario = load_scenario("afghanistan-2021")
    case, taliban = scenario.load_case(), supply_bases(build_world(scenario), make_params())[:, 3]
    assert case.faction_ids[3] == "taliban"
    held = case.places["initial_controller"] == "taliban"
    crossings = set(case.places["id"][held & (case.places["kind"] == "crossing")])
    assert set(case.places["id"][held & taliban]) == crossings | {"gereshk", "panjwai", "sayed-abad", "obe"}


def test_a_backer_without_a_mandate_fights_every_enemy_of_its_client():
    scenario = load_scenario("syria-2024")
    case, fights = scenario.load_case(), build_world(scenario).backer_fights
    only = {"united_states": ["islamic_state"], "united_states_sfa": ["islamic_state"]}
    for backer, row in zip(case.backer_ids, fights, strict=True):
        named = [f for f, yes in zip(case.faction_ids, row, strict=True) if yes]
        assert named == only.get(backer, case.faction_ids)


def test_stances_are_symmetric_and_alliance_includes_oneself():
    world = build_world(load_scenario("syria-2024"))
    assert np.array_equal(world.stance, world.stance.T)
    assert (np.diag(world.stance) == ALLIED).all()
    assert np.diag(world.alliance).all()
    case = load_scenario("syria-2024").load_case()
    for a, f in enumerate(case.faction_ids):
        assert {case.faction_ids[b] for b in np.flatnonzero(world.alliance[a])} == set(case.alliance_of(f))
    for row in case.relations.itertuples():
        a, b = case.faction_ids.index(row.a), case.faction_ids.index(row.b)
        named = {HOSTILE: "hostile", NEUTRAL: "neutral", 1: "truce", ALLIED: "allied"}
        assert named[int(world.stance[a, b])] == row.stance


def test_conditions_come_from_the_case_then_from_the_scenario(toy, world):
    column = list(CONDITIONS).index("cohesion")
    assert (world.condition_low[0, column], world.condition_high[0, column]) == pytest.approx((0.3, 0.5))
    fixed = build_world(toy.with_set({"conditions.army.cohesion": 0.9}))
    assert fixed.condition_low[0, column] == fixed.condition_high[0, column] == np.float32(0.9)
    untouched = [name for name in World._fields if name not in ("condition_low", "condition_high")]
    assert all(np.array_equal(getattr(world, name), getattr(fixed, name)) for name in untouched)


def test_what_a_case_does_not_say_is_neutral(toy, world):
    shift = list(CONDITIONS).index("morale_shift")
    assert (world.condition_low[:, shift] == 0).all()
    assert (world.condition_high[:, shift] == 0).all()
    assert np.isfinite(world.condition_low).all()
    assert np.isfinite(world.condition_high).all()
    assert (world.condition_low <= world.condition_high).all()


def test_there_are_rows_for_the_middle_of_the_range_of_strength(world):
    assert world.tick_days == 0.25
    army = world.unit_faction == 0
    # 6,000 men on paper, 0.5 to 0.7 present: half in the capital, a quarter in each of two towns.
    assert np.bincount(world.unit_place[army], minlength=4).tolist() == [0, 9, 9, 18]
    assert np.bincount(world.unit_place[~army], minlength=4).tolist() == [34, 0, 0, 0]
    assert (world.unit_event == -1).all()


def test_smaller_units_are_more_units_with_the_same_men(toy):
    fine = build_world(toy.with_set({"soldiers_per_unit": 1}))
    assert np.bincount(fine.unit_faction).tolist() == [3600, 3400]


def test_events_are_dated_from_the_first_day(toy):
    world = with_events(
        toy,
        {"id": "a", "kind": "pay_rise", "faction": "army", "share": 0.5, "day": 3, "paid_after_days": 2.0},
        {
            "id": "b",
            "kind": "order_hold",
            "faction": "army",
            "place": "all",
            "date": datetime.date(2030, 3, 3),
        },
        {
            "id": "c",
            "kind": "backer_attention",
            "backer": "patron",
            "attention": 0.25,
            "when_fallen": "town-1",
            "delay_days": 2.0,
        },
    )
    kinds = [EVENT_KINDS[k] for k in world.event_kind]
    assert kinds == ["pay_rise", "order_hold", "backer_attention"]
    assert world.event_day.tolist() == [3, 3, np.inf]
    assert world.event_trigger.tolist() == [-1, -1, 1]
    assert world.event_delay_days.tolist() == [0, 0, 2]
    assert world.event_paid_after_days.tolist() == [2, np.inf, np.inf]
    assert world.event_place.tolist()[1] == -1
    assert world.event_size.tolist() == [0.5, 0, 0.25]
    assert world.event_faction.tolist() == [0, 0, -1]
    assert world.event_backer.tolist() == [-1, -1, 0]


def test_a_mobilisation_is_spread_like_the_deployments(toy):
    world = with_events(
        toy, {"id": "m", "kind": "mobilisation", "faction": "army", "soldiers": 2000, "day": 2}
    )
    called = world.unit_event == 0
    assert np.bincount(world.unit_place[called], minlength=4).tolist() == [0, 5, 5, 10]
