"""The tipping point in initial morale: figure and numbers."""

from pathlib import Path

from experiments.study import crossing, markdown, run_study, shares, write_study
from sim.report.lines import Line, draw_lines

HERE = Path(__file__).parent
SHIFT = "conditions.syrian_government.morale_shift"
LEVELS = (0.9, 0.5, 0.1)


def main():
    points, falls = run_study(HERE / "sweep.toml")
    shift, found = points[SHIFT].to_numpy(), shares(falls)
    figure = draw_lines(
        [Line("", shift, *(found[name].to_numpy() for name in ("share", "low", "high")))],
        title="Damascus falls, by the morale of the government's soldiers on the eve",
        x_label="Shift of morale, logit (0 = as coded; +1 lifts a morale of 0.50 to 0.73)",
        y_label="Share of runs in which Damascus falls",
        notes=[f"{falls.shape[1]} runs at each point; band: 95 % interval."],
    )
    rows = [
        [f"falls in {100 * level:.0f} % of runs", f"{crossing(shift, found['share'], level):+.2f}"]
        for level in LEVELS
    ]
    write_study(HERE, figure, markdown(["Damascus", "shift of morale (logit)"], rows))


if __name__ == "__main__":
    main()
