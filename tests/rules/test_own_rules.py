"""A rule of one's own is tried before a run: what it does to soldiers and numbers must add up."""

import numpy as np
import pytest
from small_world import ARMY, REBELS, SmallWorld, Unit

from sim.errors import InputError
from sim.parameters import make_params
from sim.rules import SCHEDULE, Rule, insert
from sim.rules.check import check_rules

WAR = SmallWorld(units=[Unit(REBELS, 0, 3000), Unit(ARMY, 1, 2000)])


def checked(function, before="breaking", every="tick") -> None:
    check_rules(WAR.world, make_params(), insert(Rule("mine", every, function), before))


def sick(state, world, params, draws):
    """A hundredth of each unit dies and is counted."""
    dead = state.soldiers // 100
    return state._replace(soldiers=state.soldiers - dead, killed_now=state.killed_now + dead)


def uncounted(state, world, params, draws):
    return state._replace(soldiers=state.soldiers - state.soldiers // 100)


def uncounted_from_the_second_day(state, world, params, draws):
    return uncounted(state, world, params, draws) if state.tick >= 4 else state


def counted_over_others(state, world, params, draws):
    """Writes over the dead of combat, as rules did once."""
    dead = state.soldiers // 100
    return state._replace(soldiers=state.soldiers - dead, killed_now=dead)


def from_nowhere(state, world, params, draws):
    return state._replace(soldiers=state.soldiers + 5)


def recruits(state, world, params, draws):
    men = np.bincount(world.unit_faction, np.full(len(state.soldiers), 5.0))
    return state._replace(soldiers=state.soldiers + 5, mobilised=state.mobilised + men)


def changes_sides(state, world, params, draws):
    """The books of both factions together would still add up."""
    return state._replace(soldiers=state.soldiers + np.float32([10, -10]))


def half_men(state, world, params, draws):
    return state._replace(soldiers=state.soldiers - 0.5, killed_now=state.killed_now + 0.5)


def below_nothing(state, world, params, draws):
    more = state.soldiers + 1
    return state._replace(soldiers=state.soldiers - more, killed_now=state.killed_now + more)


def elated(state, world, params, draws):
    return state._replace(morale=state.morale + 1)


def divided_by_nothing(state, world, params, draws):
    with np.errstate(divide="ignore"):
        return state._replace(treasury_usd=1 / np.zeros_like(state.treasury_usd))


@pytest.mark.parametrize("rules", [SCHEDULE, insert(Rule("sick", "tick", sick), before="combat")])
def test_rules_that_count_everybody_pass(rules):
    check_rules(WAR.world, make_params(), rules)


@pytest.mark.parametrize("function", [sick, recruits])
@pytest.mark.parametrize(("every", "before"), [("day", "news"), ("tick", "breaking"), ("tick", "control")])
def test_so_do_they_wherever_they_stand(function, every, before):
    checked(function, before, every)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (
            uncounted,
            "soldiers: 30 of faction 0 vanish uncounted; allowed: added to killed_now, deserted_now",
        ),
        (uncounted_from_the_second_day, "soldiers: .* vanish uncounted"),
        (counted_over_others, "soldiers: .* vanish uncounted"),
        (from_nowhere, "soldiers: 5 of faction 0 appear uncounted; allowed: added to mobilised"),
        (changes_sides, "soldiers: 10 of faction 0 appear uncounted"),
        (half_men, r"soldiers holds .*\.5; allowed: whole numbers, 0 or more"),
        (below_nothing, "soldiers holds -1; allowed: whole numbers, 0 or more"),
        (elated, r"morale holds 1\..*; allowed: 0 to 1"),
        (divided_by_nothing, r"treasury_usd holds values that are not numbers \(inf\); allowed: finite"),
    ],
)
def test_a_rule_whose_numbers_do_not_add_up_is_named_in_one_line(function, said):
    with pytest.raises(InputError, match=f"rules: mine: {said}") as told:
        checked(function)
    assert len(told.value.problems) == 1
