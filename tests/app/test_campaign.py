"""The campaign of the page is run 0 of the ensemble, and an act leaves its past alone: bit for bit."""

import functools

import numpy as np
import pytest

from sim import ConflictModel
from sim.app.batch import run_request
from sim.app.campaign import Campaign, simulate
from sim.app.downloads import scenario_file
from sim.app.places import Standpoint, place_message
from sim.app.request import read_request
from sim.app.worlds import world_of
from sim.build import build_world
from sim.engine import run_points, run_seeds
from sim.errors import InputError
from sim.record import FACTION_COLUMNS, Record
from sim.room import UNITS, with_room
from sim.scenario import Scenario, load_scenario
from sim.simulate import worlds_of
from sim.state import ticks_per_day
from sim.world import World

pytestmark = pytest.mark.slow
ASKED = {"scenario": "syria-2024", "seed": 5}
GOVERNMENT = "syrian_government"
DAY = 6


@functools.cache
def untouched() -> Campaign:
    return simulate(read_request(ASKED))


def acted(**act: object) -> Campaign:
    return simulate(
        read_request(ASKED | {"act": {"day": DAY, "settings": {}, "events": None} | act}), untouched()
    )


def differing(one: Record, other: Record, days: slice = slice(None)) -> list[str]:
    """Columns that differ; events that only one of them has are left out."""
    events = min(one.event_fired_day.shape[-1], other.event_fired_day.shape[-1])
    pairs = zip(one._fields, one, other, strict=True)
    cut = {name: (a[:, days], b[:, days]) for name, a, b in pairs}
    a, b = cut["event_fired_day"]
    cut["event_fired_day"] = (a[..., :events], b[..., :events])
    return [name for name, (a, b) in cut.items() if not np.array_equal(a, b, equal_nan=True)]


def reinforced(day: int, place: str = "hama", soldiers: int = 3000) -> dict[str, object]:
    return {
        "id": f"help-{place}",
        "kind": "reinforcement",
        "day": day,
        "faction": GOVERNMENT,
        "place": place,
        "soldiers": soldiers,
    }


def decree() -> dict[str, object]:
    return {"id": "pay-decree", "kind": "pay_rise", "faction": GOVERNMENT, "day": 8, "share": 0.5}


def test_a_campaign_is_run_0_of_the_ensemble() -> None:
    scenario = load_scenario("syria-2024")
    ensemble = run_points(*worlds_of(scenario, np.arange(3), 5), run_seeds(5, 3), scenario.days)
    first = Record(*(column[:1] for column in ensemble.record))
    assert differing(untouched().record, first) == []
    assert np.array_equal(untouched().ensemble.soldiers_at_start, ensemble.soldiers_at_start[:1])
    assert np.array_equal(untouched().ensemble.condition, ensemble.condition[:1])


def test_a_batch_of_the_page_is_a_batch_of_the_ensemble_under_changed_levers() -> None:
    changes = {"morale_pay": 1.5, f"conditions.{GOVERNMENT}.pay_usd_month": 120.0}
    hold = {"id": "hold", "kind": "order_hold", "day": 2, "faction": GOVERNMENT, "place": "all"}
    request = read_request(ASKED | {"settings": changes, "events": [hold]})
    scenario = load_scenario("syria-2024").with_set(changes)
    scenario = Scenario(**scenario.as_dict() | {"events": [hold]})
    numbers = np.arange(8)
    there = run_points(*worlds_of(scenario, numbers, 5), run_seeds(5, 8), scenario.days)
    assert differing(run_request(request, numbers).record, there.record) == []


def test_a_quick_world_is_the_world() -> None:
    events = [reinforced(4), decree(), reinforced(6, "homs")]
    for settings in (
        {},
        {f"conditions.{GOVERNMENT}.present_share": 0.8, f"conditions.{GOVERNMENT}.cohesion": [0.1, 0.2]},
    ):
        scenario = read_request(ASKED | {"events": events, "settings": settings}).before
        quick, slow = world_of(scenario), with_room(build_world(scenario), UNITS)
        assert [
            name for name in World._fields if not np.array_equal(getattr(quick, name), getattr(slow, name))
        ] == []


def test_an_act_that_changes_nothing_changes_nothing() -> None:
    same = acted()
    assert differing(same.record, untouched().record) == []
    assert np.array_equal(same.ticks.soldiers, untouched().ticks.soldiers)


def test_an_act_keeps_the_past_and_changes_the_future() -> None:
    changed = acted(settings={f"conditions.{GOVERNMENT}.pay_usd_month": 300.0, "morale_pay": 2.0})
    assert differing(changed.record, untouched().record, slice(0, DAY)) == []
    assert "factions" in differing(changed.record, untouched().record, slice(DAY, DAY + 1))
    now, then = changed.ticks, untouched().ticks
    assert np.array_equal(now.soldiers[:DAY], then.soldiers[:DAY])
    assert np.array_equal((now.morale * now.soldiers)[:DAY], (then.morale * then.soldiers)[:DAY])


def test_an_act_whose_units_stand_in_other_rows_keeps_the_past() -> None:
    changed = acted(events=[decree(), reinforced(DAY + 1)])
    assert differing(changed.record, untouched().record, slice(0, DAY)) == []
    column = FACTION_COLUMNS.index("mobilised")
    more = changed.record.factions[0, DAY, 0, column] - untouched().record.factions[0, DAY, 0, column]
    assert more == 3000


def test_the_past_of_an_act_can_have_an_act_of_its_own_settings() -> None:
    before = {"morale_pay": 1.8}
    request = read_request(
        ASKED | {"settings": before, "act": {"day": 3, "settings": {"morale_pay": 0.4}, "events": None}}
    )
    past = simulate(read_request(ASKED | {"settings": before}))
    assert differing(simulate(request).record, past.record, slice(0, 3)) == []
    assert differing(simulate(request).record, simulate(request, past).record) == []


def test_arrears_of_an_act_are_owed_from_then_on() -> None:
    key = f"conditions.{GOVERNMENT}.arrears_months"
    changed = acted(settings={key: 6.0})
    column = FACTION_COLUMNS.index("arrears_days")
    assert changed.record.factions[0, DAY, 0, column] > untouched().record.factions[0, DAY, 0, column] + 120


def test_a_file_of_decisions_made_on_the_way_repeats_the_campaign() -> None:
    changed = acted(events=[decree(), reinforced(DAY + 2)])
    assert "help-hama" in scenario_file(changed)
    levers = acted(settings={"morale_pay": 2.0})
    with pytest.raises(InputError, match=f"changed on day {DAY}"):
        scenario_file(levers)


def test_stepping_the_mesa_model_gives_the_campaign() -> None:
    campaign = untouched()
    model = ConflictModel("syria-2024", seed=campaign.seed, draw=campaign.request.seed)
    for day in range(3):
        for _ in range(ticks_per_day(model.world)):
            model.step()
        assert np.array_equal(model.state.controller, campaign.record.controller[0, day])
        there = campaign.states.soldiers[day][: len(model.state.soldiers)]
        # NumPy and the compiler round differently in the last digit: a man or two.
        assert np.abs(model.state.soldiers - there).sum() < 1e-3 * there.sum()


def test_a_place_is_read_off_the_mesa_model() -> None:
    campaign = untouched()
    standpoint = Standpoint(campaign)
    model = standpoint.go_to(3)
    assert model.day == 3.0
    assert (
        sum(unit.soldiers for unit in model.agents_by_type[model.unit_class])
        == campaign.states.soldiers[2].sum()
    )
    content, buffers = place_message(standpoint, model.place("hama").row, 3)
    units = [unit for unit in model.agents_by_type[model.unit_class] if unit.place_id == "hama"]
    ours = [unit for unit in units if unit.faction_id == GOVERNMENT]
    men = sum(unit.soldiers for unit in ours)
    pay = sum(unit.why()["home lost"] * unit.soldiers for unit in ours) / men
    assert content["terms"][GOVERNMENT]["home lost"] == pytest.approx(pay, abs=1e-3)
    assert sum(unit["soldiers"] for unit in content["units"]) == sum(unit.soldiers for unit in units)
    assert "tending to" in content["note"] and buffers == []


def test_a_standpoint_serves_other_levers_and_gives_way_to_other_units() -> None:
    standpoint = Standpoint(untouched())
    assert standpoint.of(acted(settings={"morale_pay": 2.0})) is standpoint
    assert standpoint.of(acted(events=[decree(), reinforced(DAY + 1)])) is not standpoint
