"""What a distracted backer costs: figure and numbers."""

from pathlib import Path

import pandas as pd

from experiments.study import change_text, changes, markdown, paired, run_study, write_study
from sim.report.lines import Line, draw_lines

HERE = Path(__file__).parent
RUSSIA, IRAN = "events.russia.attention", "events.iran.attention"
IRAN_IS = {0.0: "Iran looks elsewhere", 1.0: "Iran attends fully"}


def main():
    points, falls = run_study(HERE / "sweep.toml")
    full = int((points[[RUSSIA, IRAN]] == 1).all(axis=1).to_numpy().argmax())
    found = pd.concat([points, changes(falls, full)], axis=1)
    by_iran = [(IRAN_IS[attention], rows) for attention, rows in found.groupby(IRAN)]
    figure = draw_lines(
        [
            Line(name, *(rows[column].to_numpy() for column in (RUSSIA, "difference", "low", "high")))
            for name, rows in by_iran
        ],
        title="What the distraction of the government's backers costs",
        x_label="Russia's attention from the first day on (0 = looks elsewhere, 1 = full)",
        y_label="Change of the probability that Damascus falls, percentage points",
        notes=[
            f"{falls.shape[1]} runs at each point, compared run for run with the full attention of both; "
            "bands: 95 % intervals."
        ],
    )
    head = ["Russia's attention", *(f"{attention:g}" for attention in points[RUSSIA].unique())]
    table = [[name, *map(change_text, rows.itertuples())] for name, rows in by_iran]
    write_study(HERE, figure, markdown(head, table), paired(falls.shape[1]))


if __name__ == "__main__":
    main()
