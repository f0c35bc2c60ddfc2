"""Every score of every shipped case, and what each mechanism earns: simulated anew and kept.

    python -m experiments.validation.scores

writes ``scores.json`` and ``ablations.json`` beside this file, and then docs/validation.md from them.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

import sim
from experiments.validation import page
from sim.case import shipped_cases
from sim.posterior import DEFAULT, load_posterior, shipped_posteriors
from sim.skill import score_result
from sim.skill.ablations import ablate

HERE = Path(__file__).parent
RUNS, SEED = 500, 0
NOTED = {"idlib-2020": ("idlib",)}
"""Cities that held, and that runs should let hold."""


def main(runs=RUNS):
    names = ["prior", *shipped_posteriors()]
    scored = [scores(case, name, runs) for name in names for case in shipped_cases()]
    fitted = {name: load_posterior(name).described()["fitted"] for name in names}
    write("scores.json", {"default": DEFAULT, "fitted": fitted, "scores": scored})
    earned = [
        row._asdict() for case in shipped_cases() for row in ablate(sim.load_scenario(case), runs, SEED)
    ]
    write("ablations.json", {"posterior": DEFAULT, "runs": runs, "seed": SEED, "rows": earned})
    page.main()


def scores(case, posterior, runs):
    """The score card of a case, and the share of runs in which each of its cities of note never falls."""
    result = sim.run(case, runs, SEED, posterior=posterior)
    never = np.isinf(result.fall_day).mean(axis=0)
    places = result.case.place_ids
    held = {place: float(never[places.index(place)]) for place in NOTED.get(case, ())}
    return {"posterior": posterior, "held": held, **asdict(score_result(result))}


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1, allow_nan=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
