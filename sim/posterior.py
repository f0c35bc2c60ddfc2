"""Posteriors: sets of parameters that a calibration drew, one of which each run of an ensemble is made with.

A posterior is a Parquet file with a row per draw and a column per parameter; columns that are no parameters
(how far the draw was from the record) are notes. Run k of root seed s takes draw k + s, and begins anew after
the last: the same k gets the same draw in every world, so that worlds stay paired. What a scenario sets goes
before the draw. Shipped ones lie in ``configs/posteriors/NAME/``: ``draws.parquet`` beside
``posterior.toml``, which says from which study, version, cases and seed they come.
"""

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import InputError, nearest
from sim.parameters import REGISTRY, check_parameter
from sim.paths import configs_dir
from sim.toml import read_toml

PRIOR = "prior"
"""Every run with the defaults of the registry."""
DEFAULT = "syria-idlib"
"""What a scenario is run with that names no posterior."""
DRAWS, PROVENANCE = "draws.parquet", "posterior.toml"
NOTES = ("draw", "loss")
"""Columns that are no parameters."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of some parameters.

    Attributes:
        name: as it was asked for; of a file, its path.
        values: float32 [draws] of each parameter that was drawn.
        sha256: of the file.
        provenance: the table of ``posterior.toml``; empty for a bare file.
    """

    name: str
    values: Mapping[str, np.ndarray]
    sha256: str = ""
    provenance: Mapping[str, Any] | None = None

    def __len__(self) -> int:
        return max((len(column) for column in self.values.values()), default=0)

    def described(self) -> dict[str, Any]:
        """For a manifest: name, what it was fitted to, and the [5, 50, 95] % quantiles of each parameter."""
        return {
            "name": self.name,
            "draws": len(self),
            "sha256": self.sha256,
            "fitted": list((self.provenance or {}).get("cases", {})),
            "parameters": {
                name: [float(f"{q:.6g}") for q in np.quantile(column, (0.05, 0.5, 0.95))]
                for name, column in self.values.items()
            },
        }


def shipped_posteriors() -> list[str]:
    """Names of the posteriors that come with Holdfast."""
    return sorted(file.parent.name for file in configs_dir().glob(f"posteriors/*/{DRAWS}"))


def lasting_name(name: str) -> str:
    """A name that means the same from any folder: a file by its full path."""
    return name if name in (PRIOR, *shipped_posteriors()) else str(Path(name).resolve())


def check_posterior(name: str) -> list[str]:
    """The problems with the name or file of a posterior, one line each."""
    try:
        load_posterior(name)
    except InputError as error:
        return list(error.problems)
    return []


def load_posterior(name: str | None) -> Posterior:
    """A posterior by name or file; "prior" is one without draws, None is the default.

    Raises:
        InputError: nothing has that name, the file holds no draws of today's parameters, or the table beside
            it cannot be read.
    """
    name = name or DEFAULT
    if name == PRIOR:
        return Posterior(PRIOR, {})
    path = configs_dir() / "posteriors" / name / DRAWS if name in shipped_posteriors() else Path(name)
    if not path.is_file():
        known = [PRIOR, *shipped_posteriors()]
        line = f"posterior: {name!r} is unknown{nearest(name, known)}; allowed: {', '.join(known)}"
        raise InputError([f"{line}, or a Parquet file of draws"])
    return _read(name, path, path.stat().st_mtime_ns)


@functools.lru_cache(maxsize=8)
def _read(name: str, path: Path, stamp: int) -> Posterior:
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.read_table(path)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError([f"posterior: {path}: cannot be read ({reason}); allowed: a Parquet file"]) from None
    columns = {key: table[key].to_numpy() for key in table.column_names if key not in NOTES}
    problems = [line for key, column in columns.items() for line in _column_problems(path, key, column)]
    if not columns or not table.num_rows:
        problems = [f"posterior: {path}: has no draws; allowed: a row per draw, a column per parameter"]
    if problems:
        raise InputError(problems)
    values = {key: column.astype(np.float32) for key, column in columns.items()}
    return Posterior(name, values, hashlib.sha256(path.read_bytes()).hexdigest(), _provenance(path))


def _provenance(draws: Path) -> Mapping[str, Any] | None:
    """The table beside a file of draws, if there is one."""
    path = draws.with_name(PROVENANCE)
    if not path.is_file():
        return None
    told = read_toml(path)
    if not isinstance(cases := told.get("cases", {}), Mapping):
        raise InputError([f"{path}: cases: {cases!r} is not valid; allowed: a table of hashes"])
    return told


def _column_problems(path: Path, name: str, column: np.ndarray) -> list[str]:
    """A line for a column that is no parameter, or that leaves its range; float32 may round it there."""
    where = f"posterior: {path}"
    if name not in REGISTRY or column.dtype.kind not in "fiu":
        return check_parameter(name, None if name in REGISTRY else 0.0, where)
    p = REGISTRY[name]
    slack = 1e-6 * max(abs(p.low), abs(p.high))
    outside = column[~((column >= p.low - slack) & (column <= p.high + slack))]
    return check_parameter(name, float(outside[0]), where) if len(outside) else []


def drawn(
    name: str | None, overrides: Mapping[str, float], runs: np.ndarray, seed: int = 0
) -> dict[str, np.ndarray]:
    """The parameters that differ from run to run, float32 [n] by name.

    Args:
        name: of the posterior; None is the default.
        overrides: what the scenario sets, the same in every run; these are left out.
        runs: int [n], their numbers in the ensemble.
        seed: its root seed: run k takes draw k + seed, so that the first run of another seed has another.

    Raises:
        InputError: there is no such posterior.
    """
    posterior = load_posterior(name)
    columns = {key: column for key, column in posterior.values.items() if key not in overrides}
    count = len(posterior) or 1
    draws = (np.asarray(runs) + seed % count) % count
    return {key: column[draws] for key, column in columns.items()}
