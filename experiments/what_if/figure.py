"""What if: other Decembers of 2024, with the shipped posterior; figure and numbers."""

from pathlib import Path

import numpy as np

import sim
from experiments.study import markdown, paired, write_study
from sim.parameters import REGISTRY
from sim.posterior import DEFAULT
from sim.report.comparison import difference_text, draw_comparison

HERE = Path(__file__).parent
RUNS = 400
ARMY, RISE = "syrian_government", 0.5
LOW, HIGH = 15, 40
"""Dollars a month on the eve, as conditions.csv has them."""
DECREED_DAY = 8
SHOWN = ("capital_falls", "capital_fallen_day", "places_fallen", "deserted", "displaced_peak")


def raised_before(days_earlier):
    """Settings of a rise decreed and paid so many days before 4 December, when it was decreed.

    On the first day or after it, it is an event; before it, what soldiers count as theirs on the eve: the
    rise as far as it has come through in ``pay_smoothing_days``.
    """
    day = DECREED_DAY - days_earlier
    if day >= 1:
        return {"events.pay-decree.day": day, "events.pay-decree.paid_after_days": 0}
    counted = 1 + RISE * (1 - np.exp((day - 1) / REGISTRY["pay_smoothing_days"].default))
    pay = [round(float(end * counted), 2) for end in (LOW, HIGH)]
    return {"events.pay-decree": "none", f"conditions.{ARMY}.pay_usd_month": pay}


def attentive(*backers):
    """Events that turn backers to their clients, wholly and from the first day on."""
    return [
        {"id": f"{backer}-turns", "kind": "backer_attention", "backer": backer, "day": 1, "attention": 1.0}
        for backer in backers
    ]


HAMA = {"id": "hama", "kind": "order_hold", "faction": ARMY, "place": "hama"}
WORLDS = {
    "paid rise a week earlier": (raised_before(7), []),
    "paid rise a month earlier": (raised_before(30), []),
    "paid rise three months earlier": (raised_before(91), []),
    "backers undistracted": ({}, attentive("russia", "iran_gov", "iran")),
    "Hama ordered to hold": ({}, [HAMA | {"when_fallen": "aleppo", "delay_days": 1.0}]),
    "southern front quiet": ({"conditions.southern_operations_room.present_share": 0.0}, []),
}
"""Name -> what is set, and what is decreed besides."""


def world(base, settings, events):
    """The scenario so changed."""
    tables = base.as_dict()
    return sim.Scenario(**tables | {"events": [*tables.get("events", ()), *events]}).with_set(settings)


def main():
    base = sim.load_scenario("syria-2024")
    results = {name: sim.run(world(base, *change), runs=RUNS) for name, change in WORLDS.items()}
    comparison = sim.compare_results(sim.run(base, runs=RUNS), results, places=["hama", "homs"])
    table = comparison.table.set_index(["world", "outcome"])
    shown = [outcome for outcome in SHOWN if outcome in comparison.table["outcome"].unique()]
    labels = [table.loc[(next(iter(WORLDS)), outcome), "label"] for outcome in shown]
    rows = [[name, *(_difference(table.loc[(name, outcome)]) for outcome in shown)] for name in WORLDS]
    head = ["difference from the war as it was, with 95 % interval", *labels]
    about = f"Parameters `{DEFAULT}`, {paired(RUNS)}"
    write_study(HERE, draw_comparison(comparison), markdown(head, rows), about)


def _difference(row):
    return difference_text(row["difference"], row["low"], row["high"], row["unit"])


if __name__ == "__main__":
    main()
