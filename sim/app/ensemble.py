"""An ensemble for the page: bands, the probability map and the days of fall, batch by batch."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from sim.app.batch import run_request
from sim.app.columns import Message, message
from sim.app.request import Request
from sim.engine import BATCH, run_seeds
from sim.record import FACTION_COLUMNS
from sim.tables import displaced, fallen

QUANTILES = (0.05, 0.5, 0.95)
_BANDS = ("soldiers", "morale", "prospect", "deserted")


class Kept(NamedTuple):
    """What is kept of runs, each with an axis [runs] in front."""

    down: np.ndarray  # [D, P] bool: has fallen at the end of the day
    series: np.ndarray  # [D, F, bands]
    displaced: np.ndarray  # [D]


def run_ensemble(
    request: Request,
    runs: int,
    progress: Callable[[int, int], None] | None = None,
    stopped: Callable[[], bool] | None = None,
) -> Kept | None:
    """Runs 0, 1, ... of the root seed of a request; None where it was stopped.

    Args:
        request: the world.
        runs: how many.
        progress: called with (runs done, runs).
        stopped: asked before each batch.
    """
    seeds = run_seeds(request.seed, -(-runs // BATCH) * BATCH).reshape(-1, BATCH)
    parts: list[Kept] = []

    def one(batch: np.ndarray) -> Kept | None:
        return None if stopped and stopped() else _kept(request, batch)

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        for part in pool.map(one, seeds):
            if part is None:
                return None
            parts.append(part)
            if progress:
                progress(min(len(parts) * BATCH, runs), runs)
    return Kept(*(np.concatenate(column)[:runs] for column in zip(*parts, strict=True)))


def _kept(request: Request, seeds: np.ndarray) -> Kept:
    batch = run_request(request, seeds)
    columns = [FACTION_COLUMNS.index(name) for name in _BANDS]
    series = batch.record.factions[..., columns]
    return Kept(fallen(batch.record.controller, batch.world), series, displaced(batch.record))


def ensemble_message(kept: Kept, faction_ids: list[str]) -> Message:
    """The message ``ensemble``, without its id."""
    runs, days, places = kept.down.shape
    first = np.where(kept.down.any(axis=1), kept.down.argmax(axis=1), days)
    histogram = np.stack([np.bincount(first[:, place], minlength=days + 1) for place in range(places)])
    bands = {
        f"{faction}.{name}": kept.series[:, :, f, k]
        for f, faction in enumerate(faction_ids)
        for k, name in enumerate(_BANDS)
    }
    bands |= {"places_fallen": kept.down.sum(axis=2), "displaced_total": kept.displaced}
    content = {
        "kind": "ensemble",
        "runs": runs,
        "band_names": list(bands),
        "quantiles": list(QUANTILES),
    }
    quantiles = np.stack([np.quantile(rows, QUANTILES, axis=0) for rows in bands.values()])
    columns = {
        "fallen": kept.down.mean(axis=0).astype(np.float32),
        "fall_day": histogram.astype(np.uint16),
        "bands": quantiles.astype(np.float32),
    }
    return message(content, columns)
