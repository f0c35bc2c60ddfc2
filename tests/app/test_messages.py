"""Messages hold what the contract with the browser says, in shape, type and sense."""

import functools

import numpy as np
import pytest

from sim.app.campaign import Campaign, simulate
from sim.app.columns import Message, message, to_byte
from sim.app.ensemble import Ensemble, ensemble_message
from sim.app.geo import geography
from sim.app.messages import ABROAD, campaign_message
from sim.app.pool import Pool
from sim.app.request import read_request
from sim.record import FACTION_COLUMNS

TYPES = {"u8": np.uint8, "u16": np.uint16, "f32": np.float32, "i32": np.int32}


@functools.cache
def campaign() -> Campaign:
    return simulate(read_request({"scenario": "syria-2024", "seed": 5}))


def columns(sent: Message) -> dict[str, np.ndarray]:
    content, buffers = sent
    assert len(content["columns"]) == len(buffers)
    return {
        column["name"]: np.frombuffer(data, TYPES[column["dtype"]]).reshape(column["shape"])
        for column, data in zip(content["columns"], buffers, strict=True)
    }


def test_columns_are_little_endian_and_in_order() -> None:
    content, buffers = message(
        {"kind": "x"}, {"a": np.array([[1, 2]], np.uint16), "b": np.zeros(0, np.float32)}
    )
    assert content["columns"][0] == {"name": "a", "dtype": "u16", "shape": [1, 2]}
    assert buffers == [b"\x01\x00\x02\x00", b""]
    assert to_byte(np.array([-1.0, 0.5, 2.0])).tolist() == [0, 128, 255]


@pytest.mark.slow
def test_a_campaign_message_has_every_column() -> None:
    content, _ = sent = campaign_message(campaign())
    found = columns(sent)
    days, places, factions = 13, 70, 8
    daily = {"control", "contested", "cause", "residents", "displaced_hosted", "fled", "returned", "aid_need"}
    assert all(found[name].shape == (days + 1, places) for name in daily | {"aid_shortfall"})
    assert found["soldiers"].shape == found["morale"].shape == (days + 1, places, factions)
    assert found["series"].shape == (days + 1, factions, len(FACTION_COLUMNS))
    assert found["displaced_total"].shape == (days + 1,)
    assert found["control"][0].tolist() == campaign().world.initial_controller.tolist()
    assert content["series"] == list(FACTION_COLUMNS)
    assert found["condition"].shape == (factions, len(content["conditions"]))
    drawn = found["condition"][0, content["conditions"].index("pay_usd_month")]
    assert campaign().world.condition_low[0].min() <= drawn <= campaign().world.condition_high[0].max()
    assert content["events"][0]["day"] == 8
    assert {"day", "kind", "place", "text"} == set(content["log"][0])
    assert content["summary"]["run_seed"] == campaign().seed


@pytest.mark.slow
def test_soldiers_stand_somewhere_or_are_on_a_road_or_lie_low() -> None:
    found = columns(campaign_message(campaign()))
    states, faction = campaign().states, campaign().world.unit_faction
    for day in (1, 5, 13):
        moving = (found["move_tick"] == 4 * day) & (found["move_progress"] < 255)
        # A column that has a road behind it to the last 1/510 counts as arrived, and only in its mark.
        road = np.bincount(faction, states.soldiers[day - 1] * (states.road_slot[day - 1] >= 0), 8)
        told = np.bincount(found["move_faction"][moving], found["move_soldiers"][moving], 8)
        assert np.all(told <= road + 1e-3)
        hidden = np.bincount(faction, states.soldiers[day - 1] * states.hidden[day - 1], 8)
        total = np.bincount(faction, states.soldiers[day - 1], 8)
        assert found["soldiers"][day].sum(axis=0) + road + hidden == pytest.approx(total)


@pytest.mark.slow
def test_moves_are_along_roads_in_the_order_of_time() -> None:
    found = columns(campaign_message(campaign()))
    world = campaign().world
    assert np.all(np.diff(found["move_tick"].astype(int)) >= 0)
    assert found["move_tick"].min() >= 1 and found["move_tick"].max() <= 4 * 13
    joined = (world.neighbour[found["move_from"]] == found["move_to"][:, None]).any(axis=1)
    assert joined.all() and (found["move_from"] != found["move_to"]).all()


@pytest.mark.slow
def test_flows_are_of_the_size_of_those_who_flee() -> None:
    found = columns(campaign_message(campaign()))
    fled = np.diff(found["fled"].sum(axis=1))
    told = np.bincount(found["flow_day"], found["flow_people"], 14)[1:]
    assert np.all(told > 0.3 * fled - 1000)  # ways of few people are left out
    assert told.sum() > 0.3 * fled.sum() > 0
    assert np.all(told < 2.0 * fled + 1000)  # who moves on is told too
    goals = found["flow_to"]
    assert np.all((goals < 70) | (goals == ABROAD))


@pytest.mark.slow
def test_an_ensemble_message_counts_runs() -> None:
    ensemble, pool = Ensemble(campaign().request, 12), Pool(1)
    while ensemble.done < ensemble.runs:
        ensemble.go_on(pool)
    content, _ = sent = ensemble_message(ensemble)
    found = columns(sent)
    assert content["runs"] == 12 and found["fallen"].shape == (13, 70)
    assert np.all(found["fall_day"].sum(axis=1) == 12)
    assert found["bands"].shape == (len(content["band_names"]), 3, 13)
    names = content["band_names"]
    assert {"syrian_government.soldiers", "places_fallen", "displaced_total"} <= set(names)
    held = [row for name, row in zip(names, found["bands"], strict=True) if name.endswith(".held")]
    assert np.shape(held) == (8, 3, 13) and 0 <= np.min(held) and np.max(held) <= 70
    assert np.all(np.diff(found["bands"], axis=1) >= 0)


@pytest.mark.parametrize("name", ["syria-2024", "idlib-2020", "afghanistan-2021"])
def test_geography_names_its_parts_by_number(name: str) -> None:
    geo = geography(read_request({"scenario": name}).before)
    places, factions = len(geo["places"]), len(geo["factions"])
    assert all(0 <= end < places for road in geo["roads"] for end in road[:2])
    assert all(row["faction"] < factions and row["place"] < places for row in geo["recorded"]["control"])
    assert all(1 <= row["day"] <= geo["days"] for row in geo["recorded"]["control"])
    assert geo["basemap"]["bbox"] and geo["government_side"]
    assert len(geo["recorded"]["fallen_day"]) == places
