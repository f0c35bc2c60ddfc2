"""The tipping point in morale: figure and numbers."""

from pathlib import Path

import numpy as np

from experiments.study import crossing, markdown, run_study, shares, write_study
from sim.report.lines import Line, draw_lines

HERE = Path(__file__).parent
SHIFT = "conditions.syrian_government.morale_shift"
LEVELS = (0.9, 0.5, 0.1)
SWEEPS = {"drawn parameters": "sweep.toml", "one world": "one_world.toml"}


def main():
    lines, columns = [], []
    for label, file in SWEEPS.items():
        points, falls = run_study(HERE / file)
        shift, found = points[SHIFT].to_numpy(), shares(falls)
        lines.append(Line(label, shift, *(found[name].to_numpy() for name in ("share", "low", "high"))))
        columns.append([_text(crossing(shift, found["share"], level)) for level in LEVELS])
    figure = draw_lines(
        lines,
        title="Damascus falls, by a lasting shift of the army's morale",
        x_label="Shift of morale, logit (0 = as coded; +1 lifts a morale of 0.50 to 0.73)",
        y_label="Share of runs in which Damascus falls",
        notes=[f"{falls.shape[1]} runs at each point; band: 95 % interval."],
    )
    labels = [f"falls in {100 * level:.0f} % of runs" for level in LEVELS]
    rows = [list(row) for row in zip(labels, *columns, strict=True)]
    table = markdown(["Damascus", *(f"{label}: shift (logit)" for label in SWEEPS)], rows)
    write_study(HERE, figure, table, f"{falls.shape[1]} runs at each point, seed 0.")


def _text(shift):
    return "nowhere tried" if np.isnan(shift) else f"{shift:+.2f}"


if __name__ == "__main__":
    main()
