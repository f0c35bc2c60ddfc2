"""The front that moves on roads: where it stands, and which speed fits."""

from dataclasses import replace

import numpy as np
import pytest
from toy_case import write_toy_case

from sim.case import case_folder, load_case
from sim.case.history import whole_history
from sim.skill.front import (
    SPEEDS_KM_PER_DAY,
    best_speed,
    front_brier,
    front_of,
    front_probability,
    fronts_elsewhere,
)
from sim.skill.measures import skill_over

NEVER = np.inf


def toy(folder, **options):
    return load_case(write_toy_case(folder, places=4, days=5, **options))


def front(case):
    return front_of(case, whole_history(case))


def test_distance_is_along_roads_from_the_attackers_places(tmp_path):
    assert front(toy(tmp_path)).km.tolist() == [NEVER, 40, 80, 120]


def test_it_has_come_n_minus_a_half_days_on_day_n():
    reached = front_probability(np.array([NEVER, 40, 80, 120]), 40, 5)
    assert reached.tolist() == [[0] * 5, [0, 1, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1]]
    assert not front_probability(np.array([0.0, 40]), 0, 5).any()


def test_the_speed_that_fits_best_is_the_slowest_of_the_best(tmp_path):
    case = toy(tmp_path, fallen={"town-1": 2, "town-2": 3, "capital": 4})
    # 40 km in 1.5 days, 80 in 2.5, 120 in 3.5 but not in 2.5: 34.3 to 48 km a day.
    assert best_speed([front(case)]) == 35
    assert front_brier(front(case), 35) == 0
    assert front_brier(front(case), 0) == pytest.approx((4 + 3 + 2) / 20)


def test_the_mean_over_cases_decides(tmp_path):
    fast = front(toy(tmp_path / "a", fallen={"town-1": 2, "town-2": 3, "capital": 4}))
    slow = front(toy(tmp_path / "b", fallen={"town-1": 5}))
    sums = {v: front_brier(fast, v) + front_brier(slow, v) for v in SPEEDS_KM_PER_DAY}
    between = best_speed([fast, slow])
    assert sums[between] == min(sums.values())
    assert best_speed([slow]) < between < best_speed([fast])


def test_cases_without_a_record_do_not_decide(tmp_path):
    case = toy(tmp_path, fallen={"town-1": 2})
    silent = replace(case, held=case.held.iloc[:0], control_timeline=case.control_timeline.iloc[:0])
    assert best_speed([front(silent), front(case)]) == best_speed([front(case)])
    assert np.isnan(best_speed([front(silent)])) and np.isnan(best_speed([]))


def test_without_attackers_there_is_no_front(tmp_path):
    case = toy(tmp_path)
    assert front(replace(case, opening_offensive=())) is None
    nowhere = case.places.assign(initial_controller="army")
    assert front(replace(case, places=nowhere)) is None


def test_it_passes_friends_by_and_all_others_fall():
    syria = load_case(case_folder("syria-2024"))
    km = dict(zip(syria.place_ids, front(syria).km, strict=True))
    assert km["idlib"] == km["azaz"] == NEVER  # of the attackers, of their allies
    assert np.isfinite(km["raqqa"]) and np.isfinite(km["damascus"])


def test_other_cases_are_the_shipped_ones_but_this():
    assert sorted(f.history.days for f in fronts_elsewhere("syria-2024")) == [10, 79]
    assert sorted(f.history.days for f in fronts_elsewhere("my-own-war")) == [10, 13, 79]


@pytest.mark.parametrize(("name", "skill"), [("syria-2024", 0.56), ("afghanistan-2021", 0.15)])
def test_with_hindsight_it_is_a_strong_baseline(name, skill):
    known = front(load_case(case_folder(name)))
    best = front_brier(known, best_speed([known]))
    assert skill_over(best, front_brier(known, 0)) == pytest.approx(skill, abs=0.005)
