"""The wars of ``wars/``, coded by people who had not seen the model: scored with the default parameters.

    python -m experiments.validation.other_wars            # all of them, a quarter of an hour on two cores
    python -m experiments.validation.other_wars mali-2012  # some, the others as they are kept

writes ``wars.json`` beside this file, and then docs/validation.md from it. No rule and no parameter was set
with these codings in view: a trial that is kept because of them must say so in docs/trials.md.
"""

import json
import sys

from experiments.validation import page
from experiments.validation.scores import HERE, scores, write
from sim.posterior import DEFAULT

RUNS = 500


def folders():
    """The case folders, sorted."""
    return sorted(file.parent for file in (HERE / "wars").glob("*/case.toml"))


def main(names):
    chosen = [folder for folder in folders() if folder.name in names or not names]
    rows = kept() | {folder.name: scores(str(folder), DEFAULT, RUNS) for folder in chosen}
    write("wars.json", {"posterior": DEFAULT, "scores": [rows[f.name] for f in folders() if f.name in rows]})
    page.main()


def kept():
    """What was scored before, by war."""
    file = HERE / "wars.json"
    return (
        {row["case"]: row for row in json.loads(file.read_text("utf-8"))["scores"]} if file.exists() else {}
    )


if __name__ == "__main__":
    main(sys.argv[1:])
