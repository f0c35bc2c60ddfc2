"""docs/validation.md from the scores that are kept beside this file; nothing is simulated.

python -m experiments.validation.page
"""

import json
from pathlib import Path

from experiments.study import markdown
from sim.cli.odd import refresh_regions
from sim.cli.skill import BASELINES, MEANINGS, figure

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "validation.md"
TARGETS = {
    "syria-2024": {
        "mae_days": (None, 0.8),
        "kendall_tau": (0.85, None),
        "coverage_90": (0.85, 0.95),
        "coverage_90_exact": (0.85, 0.95),
        "brier_skill_no_change": (0.7, None),
        "brier_skill_front_hindsight": (0.3, None),
        "displacement_ard": (None, 0.3),
    },
    "idlib-2020": {
        "brier_skill_no_change": (0.35, None),
        "false_falls": (None, 0.1),
        "held.idlib": (0.9, None),
    },
    "afghanistan-2021": {
        "brier_skill_no_change": (0.5, None),
        "brier_skill_front_hindsight": (0.3, None),
        "false_falls": (None, 0.1),
    },
}
"""At least, at most. Set before the first fit, but for the upper bound of ``coverage_90`` and all of
``coverage_90_exact``, which came later (docs/validation.md)."""

WAR_SCORES = (
    "brier_skill_front_hindsight",
    "brier_skill_no_loyalty",
    "mae_days",
    "kendall_tau",
    "false_falls",
    "coverage_90_exact",
)
"""The columns of the table of other wars, after the skill over no change."""


def main():
    PAGE.write_text(refreshed(PAGE.read_text("utf-8")), "utf-8")
    print(f"Page  {PAGE}")


def refreshed(text):
    """The page with its tables as the kept results have them."""
    return refresh_regions(text, {"scores": scores, "targets": targets, "ablations": ablations, "wars": wars})


def scores():
    """A table for each case: every score with every set of parameters."""
    kept = read_kept("scores.json")
    return "\n\n".join(_of_case(kept, case) for case in dict.fromkeys(row["case"] for row in kept["scores"]))


def _of_case(kept, case):
    by_name = {row["posterior"]: row for row in kept["scores"] if row["case"] == case}
    columns = {name: by_name[name] for name in kept["fitted"] if name in by_name}
    keys = [*MEANINGS, *(f"brier_skill_{baseline}" for baseline in BASELINES)]
    head = ["score", *(f"`{name}`" for name in columns)]
    fitted = ["fitted to it", *("yes" if case in kept["fitted"][name] else "no" for name in columns)]

    rows = [
        [f"`{key}`", *(_score(row, key, name == kept["default"]) for name, row in columns.items())]
        for key in keys
    ]
    table = markdown(head, [fitted, *rows])
    of = next(iter(columns.values()))
    about = f"**{case}**: {of['places']} places, of which {of['falls']} fall, {of['days']} days"
    command = f"holdfast skill {case} --posterior NAME --runs {of['runs']} --seed {of['seed']}"
    return f"{about}; `{command}`\n\n{table}"


def _score(row, key, with_error):
    """A score, with its standard error where it is wanted and there is one."""
    error = row["standard_error"][key] if with_error else None
    return figure(row[key]) + (f" ± {figure(error)}" if error is not None else "")


def _case(case, fitted):
    return f"{case}, fitted" if case in fitted else case


def targets():
    """What was aimed at, and what came of it with the default parameters."""
    kept = read_kept("scores.json")
    mine = {row["case"]: row for row in kept["scores"] if row["posterior"] == kept["default"]}
    rows = [
        [
            case,
            f"`{key}`",
            _aim(low, high),
            figure(_of(mine[case], key)),
            _met(_of(mine[case], key), low, high),
        ]
        for case, goals in TARGETS.items()
        if case in mine
        for key, (low, high) in goals.items()
    ]
    return markdown(["case", "score", "target", "reached", ""], rows)


def _of(row, key):
    """A score; ``held.PLACE`` is the share of runs in which that place never falls."""
    return row.get("held", {}).get(key.removeprefix("held.")) if key.startswith("held.") else row[key]


def _aim(low, high):
    if low is None:
        return f"≤ {high:g}"
    return f"≥ {low:g}" if high is None else f"{low:g} to {high:g}"


def _met(value, low, high):
    if value is None:
        return "not measured"
    missed = (low is not None and value < low) or (high is not None and value > high)
    return "missed" if missed else "met"


def wars():
    """A row per war of ``wars/``: its size and the main scores, with the default parameters."""
    kept = read_kept("wars.json")
    rows = [
        [
            f"[{row['case']}](../experiments/validation/wars/{row['case']}/case.md)",
            f"{row['falls']} of {row['places']}",
            str(row["days"]),
            _score(row, "brier_skill_no_change", with_error=True),
            *(_score(row, key, with_error=False) for key in WAR_SCORES),
        ]
        for row in kept["scores"]
    ]
    of = kept["scores"][0]
    about = "`holdfast skill experiments/validation/wars/WAR "
    about += f"--runs {of['runs']} --seed {of['seed']}`, parameters `{of['posterior']}`; ± standard error."
    head = ["war", "fall", "days", "`brier_skill_no_change`", *(f"`{key}`" for key in WAR_SCORES)]
    return f"{about}\n\n{markdown(head, rows)}"


def ablations():
    """A row per case and mechanism: skill without it, and what of the skill it earns."""
    kept = read_kept("ablations.json")
    fitted = read_kept("scores.json")["fitted"].get(kept["posterior"], [])
    rows = [
        [
            _case(row["case"], fitted),
            row["without"] or "nothing (the whole model)",
            f"{_number(row['skill'])} ± {row['skill_error']:.3f}",
            f"{_number(row['loss'], '+')} ± {row['loss_error']:.3f}" if row["without"] else "",
            f"{row['mae_days']:.1f}",
            figure(row["false_falls"]),
        ]
        for row in kept["rows"]
    ]
    head = ["case", "without", "Brier skill over no change", "earned by it", "`mae_days`", "`false_falls`"]
    about = f"{kept['runs']} runs of each, seed {kept['seed']}, parameters `{kept['posterior']}`; "
    about += "± standard error."
    return f"{about}\n\n{markdown(head, rows)}"


def _number(value, sign=""):
    return f"{value:{sign}.3f}".replace("-", "−")


def read_kept(name):
    """A file of results beside this one."""
    return json.loads((HERE / name).read_text("utf-8"))


if __name__ == "__main__":
    main()
