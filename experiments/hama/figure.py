"""Hold or withdraw from Hama: figure and numbers."""

from pathlib import Path

import sim
from experiments.study import markdown, paired, write_study
from sim.report.comparison import difference_text, draw_comparison

HERE = Path(__file__).parent
RUNS = 300
WORLDS = {"hold Hama": {}, "leave Hama": {"events.hama.kind": "order_withdraw"}}
SHOWN = (
    "capital_falls",
    "fallen_day.hama",
    "fallen_day.homs",
    "capital_fallen_day",
    "surrendered",
    "deserted",
)


def _row(of_outcome):
    """The label of an outcome, and its difference in each world."""
    first = of_outcome.iloc[0]
    label = f"{first.label}, percentage points" if first.unit == "share" else first.label
    return [
        label,
        *(difference_text(row.difference, row.low, row.high, row.unit) for row in of_outcome.itertuples()),
    ]


def main():
    ordered = sim.load_scenario(HERE / "scenario.toml")
    results = {name: sim.run(ordered.with_set(changes), runs=RUNS) for name, changes in WORLDS.items()}
    comparison = sim.compare_results(
        sim.run("syria-2024", runs=RUNS), results, places=["hama", "homs", "latakia", "tartus"]
    )
    table = comparison.table.set_index(["outcome", "world"])
    rows = [_row(table.loc[outcome]) for outcome in SHOWN]
    head = ["difference from no order, with 95 % interval", *WORLDS]
    write_study(HERE, draw_comparison(comparison), markdown(head, rows), paired(RUNS))


if __name__ == "__main__":
    main()
