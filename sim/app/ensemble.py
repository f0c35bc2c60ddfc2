"""An ensemble for the page: bands, the probability map and the days of fall, batch by batch."""

import functools
from typing import NamedTuple

import numpy as np

from sim.app.batch import run_request
from sim.app.columns import Message, message
from sim.app.pool import LATER, Pool
from sim.app.request import Request
from sim.case.history import first_day_fallen
from sim.engine import BATCH
from sim.record import FACTION_COLUMNS
from sim.tables import displaced, fallen

QUANTILES = (0.05, 0.5, 0.95)
_BANDS = ("soldiers", "morale", "prospect", "deserted")


class Kept(NamedTuple):
    """What is kept of runs, each with an axis [runs] in front."""

    down: np.ndarray  # [D, P] bool: has fallen at the end of the day
    series: np.ndarray  # [D, F, bands]
    held: np.ndarray  # [D, F] places held
    displaced: np.ndarray  # [D]


class Ensemble:
    """Runs 0, 1, ... of the root seed of a request, as many batches at a time as there are threads.

    Attributes:
        request: the world.
        runs: how many there will be.
        done: how many there are.
    """

    def __init__(self, request: Request, runs: int) -> None:
        self.request, self.runs = request, runs
        self._batches = np.arange(-(-runs // BATCH) * BATCH).reshape(-1, BATCH)
        self._parts: list[Kept] = []

    @property
    def done(self) -> int:
        """Runs that have been simulated."""
        return min(len(self._parts) * BATCH, self.runs)

    def go_on(self, pool: Pool) -> None:
        """Simulate the next batches."""
        first = len(self._parts)
        batches = self._batches[first : first + pool.threads]
        futures = [pool.submit(functools.partial(_kept, self.request, numbers), LATER) for numbers in batches]
        self._parts += [future.result() for future in futures]

    @property
    def kept(self) -> Kept:
        """What is kept of all runs."""
        return Kept(*(np.concatenate(column)[: self.runs] for column in zip(*self._parts, strict=True)))


def _kept(request: Request, numbers: np.ndarray) -> Kept:
    batch = run_request(request, numbers)
    columns = [FACTION_COLUMNS.index(name) for name in _BANDS]
    series = batch.record.factions[..., columns]
    control = batch.record.controller
    held = np.stack([(control == f).sum(axis=2) for f in range(series.shape[2])], axis=2)
    return Kept(fallen(control, batch.world), series, held, displaced(batch.record))


def ensemble_message(ensemble: Ensemble) -> Message:
    """The message ``ensemble``, without its id."""
    kept, faction_ids = ensemble.kept, ensemble.request.before.load_case().faction_ids
    runs, days, places = kept.down.shape
    first = np.minimum(first_day_fallen(kept.down, axis=1) - 1, days).astype(int)
    histogram = np.stack([np.bincount(first[:, place], minlength=days + 1) for place in range(places)])
    bands: dict[str, np.ndarray] = {
        f"{faction}.{name}": kept.series[:, :, f, k]
        for f, faction in enumerate(faction_ids)
        for k, name in enumerate(_BANDS)
    }
    bands |= {f"{faction}.held": kept.held[:, :, f] for f, faction in enumerate(faction_ids)}
    bands |= {"places_fallen": kept.down.sum(axis=2), "displaced_total": kept.displaced}
    content = {
        "kind": "ensemble",
        "runs": runs,
        "band_names": list(bands),
        "quantiles": list(QUANTILES),
    }
    quantiles = np.stack([np.quantile(rows, QUANTILES, axis=0) for rows in bands.values()])
    columns: dict[str, np.ndarray] = {
        "fallen": kept.down.mean(axis=0).astype(np.float32),
        "fall_day": histogram.astype(np.uint16),
        "bands": quantiles.astype(np.float32),
    }
    return message(content, columns)
