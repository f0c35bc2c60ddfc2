"""What a worker does: simulate a chunk of runs and hand back its tables as the bytes of Parquet files.

Nothing is written here, so workers need no common disk; the process that asked writes.
"""

import io
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet

from sim.case import Case
from sim.engine import Ensemble, run_ensemble, run_points, run_seeds
from sim.experiment.worlds import PointWorlds
from sim.sweep_results import ERROR, OUTCOMES
from sim.tables import DAILY_TABLES, fallen_days, outcomes

FALLEN_DAY = "fallen_day."
_DAYS = ("capital_fallen_day", "places_fallen")


class Packet(NamedTuple):
    """A chunk that has been simulated."""

    run_ids: np.ndarray
    failed: int
    """How many of its runs failed."""
    seconds: float
    files: dict[str, bytes]
    """Table -> content of its Parquet file; ``outcomes`` comes last."""


@dataclass(frozen=True)
class Work:
    """All that a worker must know beforehand, the same for every chunk."""

    worlds: PointWorlds
    case: Case
    days: int
    seed: int
    replicates: int
    tables: tuple[str, ...]
    engine: str

    def seeds(self, run_ids: np.ndarray) -> np.ndarray:
        """Seeds of runs, uint32: those of their replicates."""
        return run_seeds(self.seed, self.replicates)[run_ids % self.replicates]

    def one_day(self) -> Ensemble:
        """One day of one run: what an ensemble and its tables look like, where no run came to an end."""
        world, params = self.worlds.world, self.worlds.params
        return run_ensemble(world, params, run_seeds(self.seed, 1), 1, engine="numpy", workers=1)

    def outcomes(self, ensemble: Ensemble) -> dict[str, np.ndarray]:
        """The outcomes of runs [runs], with the day on which each place fell."""
        days = fallen_days(ensemble.record.controller, self.worlds.world)
        at = {f"{FALLEN_DAY}{place}": days[:, p] for p, place in enumerate(self.case.place_ids)}
        return outcomes(ensemble, self.worlds.world, self.case) | at

    def simulate(self, run_ids: np.ndarray, points: np.ndarray) -> Ensemble:
        """The runs, whatever they cost; points float64 [runs, k]."""
        world, params = self.worlds.at(points, run_ids % self.replicates, self.seed)
        return run_points(world, params, self.seeds(run_ids), self.days, engine=self.engine, workers=1)


def simulate_chunk(work: Work, run_ids: np.ndarray, points: np.ndarray) -> Packet:
    """Simulate a chunk; where that fails, run by run, so that a failing run takes no other with it."""
    began = time.perf_counter()
    errors: dict[int, str] = {}
    try:
        done = [(run_ids, work.simulate(run_ids, points))]
    except Exception:  # whichever run it was will raise again below
        done, errors = _one_by_one(work, run_ids, points)
    for ids, ensemble in done:
        errors |= _not_finite(ids, ensemble)
    files = {name: _daily(name, work, done) for name in work.tables}
    files[OUTCOMES] = _outcomes(work, run_ids, done, errors)
    return Packet(run_ids, len(errors), time.perf_counter() - began, files)


def failed_chunk(work: Work, run_ids: np.ndarray, error: str) -> Packet:
    """The chunk as it is kept when no worker could bring it to an end."""
    files = {name: _daily(name, work, []) for name in work.tables}
    files[OUTCOMES] = _outcomes(work, run_ids, [], dict.fromkeys(run_ids.tolist(), error))
    return Packet(run_ids, len(run_ids), 0.0, files)


type _Done = list[tuple[np.ndarray, Ensemble]]


def _one_by_one(work: Work, run_ids: np.ndarray, points: np.ndarray) -> tuple[_Done, dict[int, str]]:
    done: _Done = []
    errors: dict[int, str] = {}
    for k, run_id in enumerate(run_ids.tolist()):
        one = slice(k, k + 1)
        try:
            done.append((run_ids[one], work.simulate(run_ids[one], points[one])))
        except Exception as error:  # kept with the run that raised it
            errors[run_id] = f"{type(error).__name__}: {' '.join(str(error).split())}"
    return done, errors


def _not_finite(run_ids: np.ndarray, ensemble: Ensemble) -> dict[int, str]:
    """Runs in which a number of an army went out of range; their outcomes would look like any other."""
    astray = ~np.isfinite(ensemble.record.factions).all(axis=(1, 2, 3))
    return dict.fromkeys(run_ids[astray].tolist(), "a number is nan or infinite")


def _outcomes(work: Work, run_ids: np.ndarray, done: _Done, errors: dict[int, str]) -> bytes:
    frame = pd.DataFrame(
        {
            "run_id": run_ids.astype(np.int32),
            "point": (run_ids // work.replicates).astype(np.int32),
            "replicate": (run_ids % work.replicates).astype(np.int32),
            "seed": work.seeds(run_ids),
        }
    ).set_index("run_id", drop=False)
    parts = [pd.DataFrame(work.outcomes(ensemble), index=ids) for ids, ensemble in done]
    found = pd.concat(parts) if parts else pd.DataFrame(work.outcomes(work.one_day())).iloc[:0]
    found.loc[found.index.isin(list(errors))] = np.nan
    frame = frame.join(found)
    frame[ERROR] = pd.Series(errors, dtype=object).reindex(frame.index)
    return parquet_bytes(frame, outcome_schema(frame))


def outcome_schema(frame: pd.DataFrame) -> pyarrow.Schema:
    """Days and counts of places in 2 bytes, numbers of people in 4; empty where there is nothing to say."""
    types = {"run_id": pyarrow.int32(), "point": pyarrow.int32(), "replicate": pyarrow.int32()}
    types |= {"seed": pyarrow.uint32(), ERROR: pyarrow.string()}
    for name in frame.columns:
        short = name in _DAYS or name.startswith(FALLEN_DAY)
        types.setdefault(name, pyarrow.int16() if short else pyarrow.float32())
    return pyarrow.schema([(name, types[name]) for name in frame.columns])


def _daily(name: str, work: Work, done: _Done) -> bytes:
    """A daily table of the runs that were done, with their own numbers."""
    frames = []
    for ids, ensemble in done:
        frame = DAILY_TABLES[name](ensemble, work.case)
        frame["run_id"] = ids.astype(np.int32)[frame["run_id"].to_numpy()]
        frames.append(frame)
    if not frames:
        frames = [DAILY_TABLES[name](work.one_day(), work.case).iloc[:0]]
    return parquet_bytes(pd.concat(frames, ignore_index=True), None)


def parquet_bytes(frame: pd.DataFrame, schema: pyarrow.Schema | None) -> bytes:
    """The content of a Parquet file: typed columns, no index, no notes of pandas."""
    table = pyarrow.Table.from_pandas(frame, schema=schema, preserve_index=False)
    sink = io.BytesIO()
    pyarrow.parquet.write_table(
        table.replace_schema_metadata(None), sink, compression="zstd", write_statistics=["run_id"]
    )
    return sink.getvalue()
