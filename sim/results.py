"""A result: tidy tables, the scenario they come from, and a manifest that says how to get them again."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.case import Case, history
from sim.errors import InputError
from sim.scenario import Scenario
from sim.sweep_results import KIND as SWEEP
from sim.sweep_results import SweepResult, open_sweep, read_manifest
from sim.whole import MANIFEST, write_folder

FORMAT_VERSION = 1
TABLES = ("runs", "control", "factions", "backers", "places", "displacement", "events")


@dataclass(frozen=True)
class Result:
    """What an ensemble gave. The tables are described in ``docs/results.md``."""

    manifest: dict[str, Any]
    scenario: Scenario
    tables: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        m = self.manifest
        return f"Result({m['scenario_name']}: {m['runs']} runs of {m['days']} days, seed {m['seed']})"

    @property
    def case(self) -> Case:
        """The case that was run."""
        return self.scenario.load_case()

    @property
    def runs(self) -> pd.DataFrame:
        """One row per run: seed, outcomes, drawn conditions."""
        return self.tables["runs"]

    @property
    def control(self) -> pd.DataFrame:
        """Run x day x place: controller, contested, cause."""
        return self.tables["control"]

    @property
    def factions(self) -> pd.DataFrame:
        """Run x day x faction: soldiers, morale, belief in victory, pay, losses."""
        return self.tables["factions"]

    @property
    def backers(self) -> pd.DataFrame:
        """Run x day x backer: attention, commitment, sorties."""
        return self.tables["backers"]

    @property
    def places(self) -> pd.DataFrame:
        """Run x day x place: soldiers standing there, people at home and hosted, food aid."""
        return self.tables["places"]

    @property
    def displacement(self) -> pd.DataFrame:
        """Run x day: people away from home, abroad, fled, returned; food aid. The whole map."""
        return self.tables["displacement"]

    @property
    def events(self) -> pd.DataFrame:
        """What happened, a sentence an event."""
        return self.tables["events"]

    @cached_property
    def fallen(self) -> pd.Series:
        """Whether the place of each row of ``control`` has fallen; see ``sim.case.history``."""
        at, by = self._codes("place_id"), self._codes("controller")
        return pd.Series(history.falls_to(self.case)[at, by], index=self.control.index, name="fallen")

    @cached_property
    def controller(self) -> np.ndarray:
        """Who controls each place at the end of each day: [runs, days, P] positions in the case's factions.

        Runs are in the order of their ``run_id``.
        """
        day = self.control["day"].to_numpy()
        runs, run = np.unique(self.control["run_id"].to_numpy(), return_inverse=True)
        dense = np.zeros((len(runs), int(day.max()), len(self.case.place_ids)), dtype=np.int16)
        dense[run, day - 1, self._codes("place_id")] = self._codes("controller")
        return dense

    @cached_property
    def fallen_by_day(self) -> np.ndarray:
        """Whether each place had fallen at the end of each day, [runs, days, P] bool."""
        return history.fallen(self.controller, history.falls_to(self.case))

    @cached_property
    def fall_day(self) -> np.ndarray:
        """First day on which each place had fallen in each run, [runs, P]; inf = never."""
        return history.first_day_fallen(self.fallen_by_day, axis=1)

    def _codes(self, column: str) -> np.ndarray:
        """A column of ids of ``control`` as positions in the case."""
        ids = self.case.place_ids if column == "place_id" else self.case.faction_ids
        return self.control[column].cat.set_categories(ids).cat.codes.to_numpy()

    def fallen_probability(self) -> pd.DataFrame:
        """Share of runs in which each place (row) has fallen at the end of each day (column)."""
        keys = [self.control["place_id"], self.control["day"]]
        share = self.fallen.groupby(keys, observed=True).mean().unstack("day")
        return share.reindex(self.case.place_ids)

    def save(self, folder: Path | str) -> None:
        """Write the result as a folder, whole or not at all; an older result there is replaced.

        Raises:
            InputError: something else is there, which would be lost.
            OSError: the folder cannot be written; nothing half-written is left.
        """
        write_folder(
            folder,
            self.manifest,
            {
                f"{name}.parquet": partial(self.tables[name].to_parquet, index=False, compression="zstd")
                for name in TABLES
            },
        )


def open_result(folder: Path | str) -> Result:
    """Read a result folder.

    Raises:
        InputError: the folder holds no result, or one of its files is missing or altered.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    hashes = manifest.get("files", {})
    if not {f"{name}.parquet" for name in TABLES} <= set(hashes):
        what = f"is that of {_kind(manifest)}, not of a result"
        raise InputError([f"{folder}: {MANIFEST}: {what}; allowed: a folder written by holdfast run"])
    problems = []
    for name, expected in hashes.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{path}: missing; allowed: every file that manifest.json names")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            problems.append(f"{path}: its hash is not the one in manifest.json; allowed: the file as written")
    if problems:
        raise InputError(problems)
    tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in TABLES}
    return Result(manifest, Scenario(**manifest["scenario"]), tables)


def _kind(manifest: Mapping[str, Any]) -> str:
    """What a folder of ours holds, and in which files."""
    kind = manifest.get("kind", "comparison" if "worlds" in manifest else "something else")
    files = ", ".join(manifest.get("files", {}))
    return f"{kind} ({files})" if files else str(kind)


def open(folder: Path | str) -> Result | SweepResult:  # named as one says it: sim.open(folder)
    """Read what Holdfast wrote: the folder of a result or of a sweep.

    Raises:
        InputError: the folder holds neither, or one of its files is missing or altered.
    """
    if read_manifest(Path(folder)).get("kind") == SWEEP:
        return open_sweep(folder)
    return open_result(folder)
