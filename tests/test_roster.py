"""Who serves where: strength to the man, communities and homes as the case says, one roll for all worlds."""

import numpy as np
import pandas as pd
import pytest
from toy_case import write_toy_case

from sim.build import build_world
from sim.case.roads import road_distances_km
from sim.parameters import make_params
from sim.roster import NEAR_HOME_KM, Deployment, deploy, levies, muster_roll
from sim.scenario import Scenario, load_scenario
from sim.world import CONDITIONS, ON_THE_EVE, UPRISING


@pytest.fixture(scope="module")
def syria():
    return load_scenario("syria-2024").with_set({"events.pay-decree": "none"})


@pytest.fixture(scope="module")
def eve(syria):
    from sim.engine import start

    world = build_world(syria)
    return world, start(world, make_params(), np.uint32(11))


def test_rows_are_enough_for_every_deployment_and_no_more():
    rows = deploy(
        [Deployment("a", "x", 0.5, 1000), Deployment("a", "y", 0.5, 1001), Deployment("b", "x", 1, 99)], 100
    )
    assert rows.deployment.tolist() == [0] * 5 + [1] * 6 + [2]
    assert rows.rank.tolist() == [*range(5), *range(6), 0]


def test_strength_of_every_place_is_exact(syria, eve):
    world, state = eve
    case = syria.load_case()
    present = state.condition[:, list(CONDITIONS).index("present_share")]
    for row in case.deployments.itertuples():
        faction, place = case.faction_ids.index(row.faction_id), case.place_ids.index(row.place_id)
        mine = (
            (world.unit_faction == faction) & (world.unit_place == place) & (world.unit_event == ON_THE_EVE)
        )
        due = float(world.troops[faction]) * float(present[faction]) * row.share
        # To the next whole soldier; the half allows for float32 in the product.
        assert abs(state.soldiers[mine].sum() - due) <= 0.51
        assert (state.soldiers[mine] == np.floor(state.soldiers[mine])).all()
        # Evenly divided: no unit differs from another by more than a man.
        assert np.ptp(state.soldiers[mine]) <= 1


def test_communities_and_homes_come_out_as_recruited(syria):
    """Shares over all rows of a faction are those of recruitment.csv, but for rounding at each place."""
    case = syria.load_case()
    deployments = [
        Deployment(d.faction_id, d.place_id, d.share, troops)
        for d in case.deployments.itertuples()
        for troops in case.factions.troops_high[case.factions.id == d.faction_id]
    ]
    rows = deploy(deployments, 100)
    home, affinity = muster_roll(case, deployments, rows)
    faction_of = np.array([d.faction_id for d in deployments])[rows.deployment]
    at = np.array([case.place_ids.index(d.place_id) for d in deployments])[rows.deployment]
    felt = case.affinities.set_index(["group", "faction_id"]).affinity
    for faction, recruits in case.recruitment.groupby("faction_id"):
        mine = faction_of == faction
        posts = len(set(at[mine]))
        # Each place rounds each of its categories to whole units: at most one unit astray in each.
        rounding = posts / mine.sum()
        expected = pd.Series({g: felt.get((g, faction), 0.0) for g in recruits.group})
        for value, share in recruits.set_index("group").share.groupby(expected).sum().items():
            found = np.isclose(affinity[mine], value).mean()
            assert found == pytest.approx(share, abs=len(recruits) * rounding), (faction, value)


def test_soldiers_serve_near_home_as_often_as_the_case_says(tmp_path):
    """In the toy war hill and valley people live everywhere, so that the shares can be met."""
    case = load_scenario(write_toy_case(tmp_path / "toy", places=5)).load_case()
    deployments = [
        Deployment(d.faction_id, d.place_id, d.share, 40_000) for d in case.deployments.itertuples()
    ]
    rows = deploy(deployments, 100)
    home, affinity = muster_roll(case, deployments, rows)
    army = np.array([d.faction_id == "army" for d in deployments])[rows.deployment]
    at = np.array([case.place_ids.index(d.place_id) for d in deployments])[rows.deployment]
    near = road_distances_km(case)[at, home] <= NEAR_HOME_KM
    valley = np.isclose(affinity, 0.4)
    assert (home[army] >= 0).all()
    assert valley[army].mean() == pytest.approx(0.7, abs=0.02)
    assert near[army & valley].mean() == pytest.approx(0.3, abs=0.03)
    assert near[army & ~valley].mean() == pytest.approx(0.2, abs=0.03)


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "reinforcement", "faction": "hts", "place": "idlib", "soldiers": 3000},
        {"kind": "reinforcement", "faction": "syrian_government", "place": "latakia", "soldiers": 30_000},
        {"kind": "mobilisation", "faction": "syrian_government", "soldiers": 5000},
    ],
)
def test_a_deployment_more_changes_nobody_else(syria, eve, event):
    """Minimally different worlds: whoever was there keeps key, post, home and community."""
    before, _ = eve
    after = build_world(Scenario(**syria.as_dict() | {"events": [{"id": "more", "day": 2, **event}]}))
    rows = np.flatnonzero(after.unit_event < 0)
    assert len(after.unit_key) > len(rows) == len(before.unit_key)
    for name in (n for n in before._fields if n.startswith("unit_")):
        assert np.array_equal(getattr(before, name), getattr(after, name)[rows]), name
    assert len(set(after.unit_key.tolist())) == len(after.unit_key)


def test_no_two_units_of_a_case_share_a_key(eve):
    world, _ = eve
    assert len(set(world.unit_key.tolist())) == len(world.unit_key)


def test_one_levy_waits_where_the_people_like_somebody_who_does_not_hold_the_place(syria, eve):
    world, state = eve
    levy = world.unit_event == UPRISING
    assert world.unit_hidden[levy].all()
    assert not state.soldiers[levy].any()
    assert not state.mobile[levy].any()
    at, faction = world.unit_place[levy], world.unit_faction[levy]
    assert len(set(at)) == len(at)
    assert (world.acceptance[at, faction] > 0).all()
    outside = ~world.alliance[world.initial_controller]
    wanted = (np.where(outside, world.acceptance, 0) > 0).any(axis=1)
    assert set(at) <= set(np.flatnonzero(wanted))


def test_a_levy_is_of_the_faction_that_is_liked_and_near(tmp_path):
    """Hill people everywhere like the rebels, whose men stand at the base: 40, 80 and 120 km away."""
    case = load_scenario(write_toy_case(tmp_path / "toy", places=4)).load_case()
    liked = np.zeros((4, 2))
    liked[:, case.faction_ids.index("rebels")] = 0.1, 0.2, 0.0, -0.3
    found = [(levy.faction_id, levy.place_id, levy.event) for levy in levies(case, liked)]
    assert found == [("rebels", "town-1", UPRISING)]  # they hold the base, and nobody likes them farther on


def test_who_stands_in_an_enemy_s_place_on_the_eve_hides_unless_he_fights_for_the_country(syria, eve):
    world, _ = eve
    case = syria.load_case()
    foreign = ~world.alliance[world.unit_faction, world.initial_controller[world.unit_place]]
    local = ~np.isin(
        np.array(case.faction_ids)[world.unit_faction], [*case.opening_offensive, *case.government_side]
    )
    on_the_eve = world.unit_event == ON_THE_EVE
    assert np.array_equal(world.unit_hidden[on_the_eve], (foreign & local)[on_the_eve])
    assert world.unit_hidden[on_the_eve].any()
