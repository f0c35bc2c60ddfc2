"""The wars of ``wars/``, coded by people who had not seen the model: scored with the default parameters.

    python -m experiments.validation.other_wars            # all of them, ten minutes on two cores
    python -m experiments.validation.other_wars mali-2012  # some, the others as they are kept

writes ``wars.json`` beside this file, and then docs/validation.md from it. After a change of the rules score
all of them. No rule and no parameter was set with these codings in view: a trial that is kept because of them
must say so in docs/trials.md.
"""

import sys

from experiments.validation import page
from experiments.validation.scores import HERE, RUNS, scores, write
from sim.errors import InputError
from sim.posterior import DEFAULT


def folders():
    """The case folders by name, sorted."""
    return {file.parent.name: file.parent for file in sorted((HERE / "wars").glob("*/case.toml"))}


def main(names):
    known = folders()
    if unknown := [name for name in names if name not in known]:
        raise InputError([f"{name}: no such war; allowed: {', '.join(known)}" for name in unknown])
    rows = {row["case"]: row for row in page.read_kept("wars.json")["scores"]}
    rows |= {name: scores(str(known[name]), DEFAULT, RUNS) for name in names or known}
    write("wars.json", {"scores": [rows[name] for name in known if name in rows]})
    page.main()


if __name__ == "__main__":
    main(sys.argv[1:])
