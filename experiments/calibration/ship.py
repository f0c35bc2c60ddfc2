"""Put the posterior of a finished calibration among the shipped ones.

    python -m experiments.calibration.ship results/syria-idlib

writes ``configs/posteriors/NAME/draws.parquet`` and ``posterior.toml``; ``sim.posterior.DEFAULT`` says which
of them is the default. A name that is there already is refused: older sets stay as they are.
"""

import shutil
import sys
from pathlib import Path

from sim.errors import InputError
from sim.paths import configs_dir
from sim.posterior import DRAWS, PROVENANCE, load_posterior
from sim.toml import read_toml


def ship(folder, name=None, into=None):
    """Copy draws and provenance; the folder they now lie in."""
    folder = Path(folder)
    load_posterior(str(folder / "posterior.parquet"))
    told = read_toml(folder / PROVENANCE)
    target = (into or configs_dir() / "posteriors") / (name or told["name"])
    if target.exists():
        raise InputError([f"{target}: is there already; allowed: another name as a second word"])
    target.mkdir(parents=True)
    shutil.copy(folder / "posterior.parquet", target / DRAWS)
    shutil.copy(folder / PROVENANCE, target / PROVENANCE)
    return target


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("python -m experiments.calibration.ship FOLDER [NAME]")
    print(f"Posterior  {ship(*sys.argv[1:])}")
