"""Every score of every shipped case, and what each mechanism earns: simulated anew and kept.

    python -m experiments.validation.scores

writes ``scores.json`` and ``ablations.json`` beside this file, and then docs/validation.md from them.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import sim
from experiments.validation import page
from sim.case import shipped_cases
from sim.posterior import DEFAULT, load_posterior, shipped_posteriors
from sim.skill.ablations import ablate

HERE = Path(__file__).parent
RUNS, SEED = 500, 0


def main(runs=RUNS):
    names = ["prior", *shipped_posteriors()]
    scored = [
        {"posterior": name, **asdict(sim.score(sim.load_scenario(case), runs, SEED, posterior=name))}
        for name in names
        for case in shipped_cases()
    ]
    described = [load_posterior(name).described() for name in names]
    fitted = {name: list((load_posterior(name).provenance or {}).get("cases", {})) for name in names}
    write("scores.json", {"default": DEFAULT, "fitted": fitted, "posteriors": described, "scores": scored})
    earned = [
        row._asdict() for case in shipped_cases() for row in ablate(sim.load_scenario(case), runs, SEED)
    ]
    write("ablations.json", {"posterior": DEFAULT, "runs": runs, "seed": SEED, "rows": earned})
    page.main()


def write(name, content):
    (HERE / name).write_text(json.dumps(content, indent=1, allow_nan=True) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
