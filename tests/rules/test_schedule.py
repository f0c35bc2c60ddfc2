"""The order of a tick, and putting another rule in its place."""

import dataclasses

import pytest

from sim.errors import InputError
from sim.rules import SCHEDULE, Rule, insert, remove, replace, schedule_table


def idle(state, world, params, draws):
    """Does nothing."""
    return state


def test_the_schedule_can_be_read_as_a_table():
    table = schedule_table()
    assert [row["name"] for row in table] == [rule.name for rule in SCHEDULE]
    assert [row["order"] for row in table] == list(range(1, len(SCHEDULE) + 1))
    assert all(row["does"] and row["mechanism"] for row in table)
    assert {row["every"] for row in table} == {"day", "tick"}
    # A day's rules come before its first tick, so the table reads in the order of what happens.
    periods = [row["every"] for row in table]
    assert periods == sorted(periods)


def test_a_rule_is_replaced_in_its_place_and_nothing_else_is():
    rules = replace("desertion", idle)
    assert [rule.name for rule in rules] == [rule.name for rule in SCHEDULE]
    changed = [new for old, new in zip(SCHEDULE, rules, strict=True) if new != old]
    assert changed == [Rule("desertion", "tick", idle)]
    assert changed[0].does == "Does nothing."
    twice = replace("combat", idle, rules)
    assert [rule.name for rule in twice if rule.function is idle] == ["combat", "desertion"]


def test_a_rule_is_put_in_and_taken_out_again():
    mine = Rule("mine", "tick", idle)
    rules = insert(mine, before="breaking")
    names = [rule.name for rule in rules]
    assert names[names.index("mine") + 1] == "breaking"
    assert remove("mine", rules) == SCHEDULE
    assert "desertion" not in [rule.name for rule in remove("desertion")]
    assert insert(mine, "combat", SCHEDULE[-6:])[0] == mine


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: insert(Rule("mine", "tick", idle), "braking"),
            r"rules: braking: unknown rule \(did you",
        ),
        (
            lambda: remove("dessertion"),
            "rules: dessertion: unknown rule .*; allowed: events,",
        ),
        (lambda: insert(idle, "breaking"), r"rules: .*idle.* is not a rule; allowed: Rule\("),
        (
            lambda: insert(Rule("pay", "tick", idle), "pay"),
            "rules: pay: the schedule has such a rule",
        ),
        (lambda: Rule("mine", "hour", idle), "rules: mine: every: 'hour'; allowed: day, tick"),
        (lambda: Rule("mine", "tick", 3), "rules: mine: 3 cannot be called; allowed: a function"),
    ],
)
def test_a_mistake_is_named_in_one_line(call, said):
    with pytest.raises(InputError, match=said) as told:
        call()
    assert len(told.value.problems) == 1


def test_a_mistake_is_named():
    with pytest.raises(
        InputError, match=r"dessertion: unknown rule \(did you mean 'desertion'\?\); allowed: events,"
    ):
        replace("dessertion", idle)
    with pytest.raises(InputError, match="desertion: 3 cannot be called"):
        replace("desertion", 3)


def test_rules_cannot_be_changed_by_accident():
    with pytest.raises(dataclasses.FrozenInstanceError):
        SCHEDULE[0].name = "other"
