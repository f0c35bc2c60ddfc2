"""What is handed over from Python: numbers of NumPy and pandas are numbers, and a slip is one clear line."""

import numpy as np
import pytest

import sim
from sim.errors import InputError

SYRIA = "syria-2024"


def run(**options):
    return sim.run(SYRIA, **{"runs": 1, "engine": "numpy"} | options)


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: run(runs=2.5), "runs: 2.5 is out of range; allowed: a whole number, 1 or more"),
        (lambda: run(runs="4"), "runs: '4' is out of range; allowed: a whole number, 1 or more"),
        (lambda: run(runs=True), "runs: True is out of range"),
        (lambda: run(seed=-1), f"seed: -1 is out of range; allowed: a whole number, 0 to {2**64 - 1}"),
        (lambda: run(seed=None), "seed: None is out of range"),
        (lambda: run(rules=["desertion"]), "rules: ['desertion']; allowed: sim.rules.SCHEDULE or"),
        (lambda: run(rules=len), "rules: <built-in function len>; allowed: sim.rules.SCHEDULE or"),
        (lambda: run(settings={"days": 0}), "days: 0 is not valid; allowed: a whole number of days"),
        (lambda: run(settings={"mrale_pay": 1}), "mrale_pay: unknown key (did you mean 'morale_pay'?)"),
        (
            lambda: sim.compare(SYRIA, {"morale_pay": 1}),
            "worlds: {'morale_pay': 1}; allowed: {name: settings}",
        ),
        (lambda: sim.compare_results(1, 2), "others: 2; allowed: {name: result}"),
        (lambda: sim.ConflictModel(seed=7.5), "seed: 7.5; allowed: a whole number from 0"),
        (lambda: sim.open("nowhere"), "nowhere: there is no such folder; allowed: a folder written by"),
    ],
)
def test_a_slip_is_one_line(call, line):
    with pytest.raises(InputError) as raised:
        call()
    (problem,) = raised.value.problems
    assert problem.startswith(line)


def test_numbers_of_numpy_are_numbers():
    settings = {"morale_pay": np.float32(1), "days": np.int64(2), "events.pay-decree": "none"}
    settings["conditions.hts.cohesion"] = np.array([0.5, 0.6])
    result = run(runs=np.int64(1), seed=np.uint32(4), settings=settings)
    assert (result.scenario.days, result.manifest["seed"]) == (2, 4)
    assert result.scenario.parameters["morale_pay"] == 1.0
    assert result.scenario.conditions["hts"]["cohesion"] == (0.5, 0.6)
    of_a_row = result.runs.iloc[0].seed  # of mixed columns: a float
    assert sim.ConflictModel(seed=float(of_a_row), morale_pay=np.float32(1)).seed == of_a_row
