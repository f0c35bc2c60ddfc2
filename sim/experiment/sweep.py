"""A sweep: a scenario, a design, replicates. Read from a TOML file and checked before anything is run."""

import functools
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.engine import BATCH
from sim.errors import InputError, in_file, nearest
from sim.experiment import samples
from sim.experiment.design import Design, Factor, Listed, grid
from sim.experiment.listed import read_list
from sim.experiment.sweep_file import POWER_OF_2, SweepFile, size_problems
from sim.experiment.vary import DUMMY, flatten, read_factors
from sim.paths import configs_dir
from sim.scenario import Scenario, load_scenario
from sim.scenario.checks import structure_problems
from sim.toml import read_named_toml

LARGEST_CHUNK = 1024
LEAST_CHUNKS = 64
MOST_RUNS = 2**31 - 1


@dataclass(frozen=True)
class Sweep:
    """What is to be run. Run ``point * replicates + replicate`` has the replicate's seed at every point."""

    file: SweepFile
    scenario: Scenario
    design: Design

    @property
    def name(self) -> str:
        """A short name."""
        return self.file.name

    @property
    def seed(self) -> int:
        """Root seed of the runs and of the design."""
        return self.file.seed

    @property
    def replicates(self) -> int:
        """Runs at each point."""
        return self.file.replicates

    @property
    def runs(self) -> int:
        """Runs in all."""
        return len(self.design) * self.replicates

    @property
    def chunk_runs(self) -> int:
        """Runs that are simulated and written together: whole batches, and enough chunks to share out."""
        if self.file.runs_per_chunk:
            return self.file.runs_per_chunk
        fair = -(-self.runs // LEAST_CHUNKS)
        return min(-(-fair // BATCH) * BATCH, LARGEST_CHUNK)

    @property
    def chunks(self) -> int:
        """How many chunks."""
        return -(-self.runs // self.chunk_runs)

    def run_ids(self, chunk: int) -> np.ndarray:
        """Numbers of the runs of a chunk, int64."""
        return np.arange(chunk * self.chunk_runs, min((chunk + 1) * self.chunk_runs, self.runs))

    def points_of(self, run_ids: np.ndarray) -> np.ndarray:
        """The point of each run, float64 [n, k]; the runs stand in order."""
        point = run_ids // self.replicates
        first = int(point[0])
        return self.design.points(first, int(point[-1]) + 1)[point - first]

    def described(self) -> dict[str, Any]:
        """The design in plain values: two sweeps with the same description visit the same points."""
        keys = ("kind", "replicates", "seed", "points", "second_order", "trajectories", "morris_levels")
        table = None
        if isinstance(self.design, Listed):
            table = hashlib.sha256(self.design.table.tobytes()).hexdigest()
        return {
            **{key: getattr(self.file, key) for key in keys},
            "factors": [asdict(factor) for factor in self.design.factors],
            "list_sha256": table,
            "daily": list(self.file.tables),
            "engine": self.file.engine,
            "runs_per_chunk": self.chunk_runs,
        }


def shipped_sweeps() -> list[str]:
    """Names of the sweeps that come with Holdfast."""
    return sorted(path.stem for path in _sweeps_dir().glob("*.toml"))


def load_sweep(path_or_name: str | Path) -> Sweep:
    """Read and check a sweep.

    Args:
        path_or_name: a TOML file, or the name of a shipped sweep.

    Raises:
        InputError: every problem of the file, its scenario and its list, one line each.
    """
    path = Path(path_or_name)
    if str(path_or_name) in shipped_sweeps():
        path = _sweeps_dir() / f"{path_or_name}.toml"
    elif not path.exists() and path.suffix != ".toml":
        names = ", ".join(shipped_sweeps())
        near = nearest(str(path_or_name), shipped_sweeps())
        raise InputError([f"sweep: {str(path_or_name)!r} is unknown{near}; allowed: {names}, or a TOML file"])
    with in_file(path):
        return _read(path)


def _sweeps_dir() -> Path:
    return configs_dir() / "sweeps"


def _read(path: Path) -> Sweep:
    data = read_named_toml(path)
    try:
        file = SweepFile(**data)
    except ValidationError as error:
        raise InputError(list(dict.fromkeys(structure_problems(error, SweepFile, data)))) from None
    problems = size_problems(file)
    if problems:
        raise InputError(problems)
    scenario = _scenario(file, path.parent)
    sweep = Sweep(file, scenario, _design(file, scenario, path.parent))
    if sweep.runs > MOST_RUNS:
        raise InputError([f"replicates: make {sweep.runs:,} runs in all; allowed: {MOST_RUNS:,} at most"])
    return sweep


def _scenario(file: SweepFile, folder: Path) -> Scenario:
    """The scenario with the settings that hold at every point; a path is seen from the sweep file."""
    scenario = load_scenario(file.scenario, beside=folder)
    try:
        return scenario.with_set(dict(flatten(file.set)))
    except InputError as error:
        raise InputError([f"set.{line}" for line in error.problems]) from None


def _design(file: SweepFile, scenario: Scenario, folder: Path) -> Design:
    if file.kind == "list":
        return read_list(folder / str(file.file), scenario)
    factors = read_factors(file.vary, scenario, file.kind)
    if file.kind in ("saltelli", "morris") and DUMMY not in {factor.name for factor in factors}:
        factors += (Factor(DUMMY, 0.0, 1.0),)
    size = file.points or 0
    if file.kind in POWER_OF_2:
        make = (
            samples.sobol
            if file.kind == "sobol"
            else functools.partial(samples.saltelli, second_order=file.second_order)
        )
        return make(factors, size, file.seed)
    if file.kind == "morris":
        return samples.morris(factors, file.trajectories or 0, file.morris_levels, file.seed)
    return grid(factors) if file.kind == "grid" else samples.latin_hypercube(factors, size, file.seed)
