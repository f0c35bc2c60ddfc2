"""Nothing that a browser sends is trusted."""

from typing import Any

import pytest

from sim.app.request import read_request
from sim.errors import InputError

GOOD = {"scenario": "syria-2024", "seed": 3}


def reinforced(day: int) -> dict[str, Any]:
    who = {"kind": "reinforcement", "faction": "hts", "place": "hama"}
    return {"id": f"day-{day}", "day": day, "soldiers": 60_000, **who}


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (None, "request: None"),
        ([], "request"),
        ({}, "scenario: None is unknown"),
        ({"scenario": "../../etc/passwd"}, "allowed: afghanistan-2021"),
        ({"scenario": "/etc"}, "is unknown"),
        (GOOD | {"seed": -1}, "seed: -1"),
        (GOOD | {"seed": 1.5}, "seed: 1.5"),
        (GOOD | {"seed": True}, "seed: True"),
        (GOOD | {"settings": []}, "settings"),
        (GOOD | {"settings": {"case": 1}}, "unknown lever"),
        (GOOD | {"settings": {"days": 3000}}, "unknown lever"),
        (GOOD | {"settings": {"soldiers_per_unit": 1}}, "unknown lever"),
        (GOOD | {"settings": {"morale_pai": 1}}, "did you mean 'morale_pay'"),
        (GOOD | {"settings": {"morale_pay": "0.5"}}, "allowed: a number"),
        (GOOD | {"settings": {"morale_pay": 99}}, "out of range"),
        (GOOD | {"settings": {"conditions.hts.cohesion": [0.9, 0.1]}}, "low above high"),
        (GOOD | {"settings": {"conditions.nobody.cohesion": 0.5}}, "nobody"),
        (GOOD | {"events": {}}, "events"),
        (GOOD | {"events": [3]}, "events"),
        (GOOD | {"events": [{"id": "a"}] * 49}, "48 at most"),
        (GOOD | {"events": [{"id": "a", "kind": "revolt", "day": 1}]}, "revolt"),
        (GOOD | {"events": [reinforced(1), reinforced(2)]}, "120,000 soldiers"),
        (GOOD | {"events": [reinforced(1) | {"soldiers": 10**400}]}, "100,000 at most"),
        (GOOD | {"act": 4}, "act: 4"),
        (GOOD | {"act": {"day": 3, "settings": 5}}, "settings: 5"),
        (GOOD | {"act": {"day": 13}}, "act.day: 13"),
        (GOOD | {"act": {"day": 3, "settings": {"conditions.hts.present_share": 0.5}}}, "shapes the eve"),
    ],
)
def test_a_bad_request_is_told_in_plain_lines(bad: Any, said: str) -> None:
    with pytest.raises(InputError) as told:
        read_request(bad)
    assert said in str(told.value)
    assert "--set" not in str(told.value)


def test_a_request_is_what_it_says() -> None:
    request = read_request(
        GOOD
        | {"settings": {"morale_pay": 1}, "act": {"day": 4, "settings": {"morale_news": 0.2}, "events": []}}
    )
    assert request.before.parameters == {"morale_pay": 1} and request.before.events
    assert request.after.parameters == {"morale_pay": 1, "morale_news": 0.2} and not request.after.events
    assert request.acts and not request.past.acts and request.past.key != request.key


def test_an_act_on_the_eve_holds_from_the_first_day() -> None:
    change = {"settings": {"morale_pay": 1.9, "conditions.syrian_government.present_share": 0.5}}
    request = read_request(GOOD | {"act": {"day": 0, **change}})
    assert request.before == request.after and request.after.parameters == {"morale_pay": 1.9}
    assert request.key == read_request(GOOD | change).key


def test_requests_of_the_same_campaign_have_one_key() -> None:
    assert read_request(GOOD).key == read_request(GOOD | {"settings": {}, "events": None, "act": None}).key
    assert read_request(GOOD).key != read_request(GOOD | {"seed": 4}).key
