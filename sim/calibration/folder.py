"""The folder of a calibration: whole files only, one generation after the other, and only of one study.

    manifest.json            what is calibrated, with which code, on which data
    points-000.parquet       scores of the points of a generation
    losses-000.CASE.parquet  the parts of their losses on one case
    level-1.parquet          mean and deviation of the Gaussian at a learning rate, the lowest first
    path.parquet             by generation: learning rate, mean loss, divergence from the prior
    rates.parquet            what the predictive distribution at each learning rate is worth
    posterior.parquet        draws
    ...                      tables and figures made of these

A file is written when it is whole, so that the same command goes on with the next.
"""

import datetime
import json
import platform
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.study import Study
from sim.errors import InputError
from sim.experiment.manifest import DECIDING_PACKAGES, code_hash, mismatches
from sim.experiment.store import LOCK
from sim.experiment.work import parquet_bytes
from sim.parameters import make_params
from sim.whole import MANIFEST, PART, write_whole

KIND = "calibration"
FORMAT_VERSION = 1
POSTERIOR, RATES, PATH = "posterior.parquet", "rates.parquet", "path.parquet"
POINTS, LOSSES, LEVEL = "points-{:03d}.parquet", "losses-{:03d}.{}.parquet", "level-{}.parquet"


def identity(study: Study) -> dict[str, Any]:
    """All on which a number hangs."""
    return {
        "study": study.described(),
        "scenarios": [s.model_dump(mode="json", exclude_none=True) for s in study.scenarios],
        "parameters": {k: float(v) for k, v in make_params()._asdict().items()},
        "cases": {s.name: s.load_case().hashes for s in study.scenarios},
        "versions": {name: version(name) for name in DECIDING_PACKAGES},
        "code": code_hash("calibration", "skill"),
    }


def folder_problems(study: Study, folder: Path) -> list[str]:
    """Why a study may not be written to ``folder``; nothing is created or changed."""
    return mismatches(folder, KIND, {LOCK, f"{MANIFEST}{PART}"}, lambda: identity(study))


class Folder:
    """A calibration's folder while it is being written."""

    def __init__(self, study: Study, path: Path) -> None:
        """Make it ready.

        Raises:
            InputError: it holds something else, or a study with other settings.
            OSError: it cannot be written.
        """
        if problems := folder_problems(study, path):
            raise InputError(problems)
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        if not (path / MANIFEST).exists():
            about = {
                "kind": KIND,
                "format_version": FORMAT_VERSION,
                "created": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
                "name": study.name,
                "title": study.file.title,
                "python": platform.python_version(),
            }
            write_whole(path / MANIFEST, json.dumps(about | identity(study), indent=2).encode())

    def has(self, name: str) -> bool:
        """Whether a file is there."""
        return (self.path / name).exists()

    def kept(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table of the folder; made, and written, if it is not there."""
        path = self.path / name
        if not path.exists():
            write_whole(path, parquet_bytes(make(), None))
        return pd.read_parquet(path)


def scores_frame(z: np.ndarray) -> pd.DataFrame:
    """Scores [n, k] as columns; float64."""
    return pd.DataFrame(z, columns=[f"z{k}" for k in range(z.shape[1])])
