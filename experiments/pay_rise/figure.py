"""How much and how early a pay rise must come: figure and numbers."""

from pathlib import Path

import pandas as pd

import sim
from experiments.study import change_text, changes, markdown, paired, run_study, write_study
from sim.report.lines import Line, draw_lines

HERE = Path(__file__).parent
DAY, SHARE = "events.pay-decree.day", "events.pay-decree.share"
PAY = "conditions.syrian_government.pay_usd_month"
LOW, HIGH = 15, 40
"""Dollars a month on the eve, as conditions.csv has them."""


def rises_in_the_war():
    """Change of the probability by day and size, and the number of runs at each point."""
    points, falls = run_study(HERE / "sweep.toml")
    when = [f"paid from day {day:.0f}" for day in points[DAY]]
    none = (points[SHARE] == 0).to_numpy()
    found = changes(falls, int(none.argmax()))
    found.loc[none] = 0.0  # no rise is no rise, whatever the day
    return pd.concat([points.assign(when=when), found], axis=1), falls.shape[1]


def rises_before_it(sizes, runs):
    """The same rises had they been pay for long: each run draws from a range that is higher by the share."""
    worlds = {f"{size}": {PAY: [LOW * (1 + size), HIGH * (1 + size)]} for size in sizes if size}
    table = sim.compare("syria-2024", worlds, runs=runs, places=[]).table.set_index(["outcome", "world"])
    found = 100 * table.loc["capital_falls", ["difference", "low", "high"]]
    none = pd.DataFrame(0.0, index=["0"], columns=found.columns)
    return pd.concat([none, found]).assign(when="paid for long before the war", **{SHARE: sizes})


def main():
    in_the_war, runs = rises_in_the_war()
    sizes = sorted(in_the_war[SHARE].unique())
    found = pd.concat([rises_before_it(sizes, runs), in_the_war])
    by_day = list(found.groupby("when", sort=False))
    figure = draw_lines(
        [
            Line(when, *(rows[name].to_numpy() for name in (SHARE, "difference", "low", "high")))
            for when, rows in by_day
        ],
        title="What a pay rise changes, by its size and day",
        x_label="Rise as a share of pay (1 = doubled)",
        y_label="Change of the probability that Damascus falls, percentage points",
        notes=[f"{runs} runs at each point, compared run for run with no rise; bands: 95 % intervals."],
    )
    head = ["rise", *(f"+{100 * size:.0f} %" for size in sizes)]
    rows = [[when, *map(change_text, of_day.itertuples())] for when, of_day in by_day]
    write_study(HERE, figure, markdown(head, rows), paired(runs))


if __name__ == "__main__":
    main()
