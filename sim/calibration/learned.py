"""What a calibration taught: which parameters the record speaks of, and how the climb went."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.folder import LEVEL, PATH, RATES
from sim.calibration.rounds import chosen_rate
from sim.calibration.study import Study
from sim.calibration.variational import Gaussian

SILENT_CONTRACTION, SILENT_SHIFT = 0.2, 0.3
"""The data say nothing of a parameter whose variance shrinks by less than this share of the prior's and
whose mean moves by less than so many of the prior's standard deviations."""


def contractions(study: Study, folder: Path) -> pd.DataFrame:
    """How far each parameter was learned, the best learned first.

    All of it is told of the Gaussian that was found and not of its draws, whose sampling is larger than what
    a silent record teaches.

    Returns:
        ``parameter``, ``median``, ``low``, ``high`` (of the central 90 %), and in scores, where the prior is
        standard normal: ``contraction`` 1 - variance (Schad et al. 2021, doi:10.1037/met0000275), ``shift``
        of the mean, and ``silent``: the record says nothing of it.
    """
    from scipy.stats import norm

    mean, deviation = _chosen(study, folder)
    low, median, high = study.prior.parameters(mean + deviation * norm.ppf([[0.05], [0.5], [0.95]]))
    contraction = 1.0 - deviation**2
    frame = pd.DataFrame(
        {
            "parameter": study.prior.names,
            "median": median,
            "low": low,
            "high": high,
            "contraction": contraction,
            "shift": mean,
            "silent": (contraction < SILENT_CONTRACTION) & (np.abs(mean) < SILENT_SHIFT),
        }
    )
    return frame.sort_values("contraction", ascending=False, kind="stable", ignore_index=True)


def _chosen(study: Study, folder: Path) -> Gaussian:
    """The Gaussian at the learning rate that was chosen."""
    level = 1 + sorted(study.file.rates).index(chosen_rate(pd.read_parquet(folder / RATES)))
    kept = pd.read_parquet(folder / LEVEL.format(level))
    return Gaussian(kept["mean"].to_numpy(), kept["deviation"].to_numpy())


def diagnostics(folder: Path, posterior: pd.DataFrame, learned: pd.DataFrame) -> dict[str, Any]:
    """What there is to know about how far the draws can be trusted, in plain values.

    Args:
        folder: of the calibration.
        posterior: its draws.
        learned: what ``contractions`` says of it.
    """
    rates = pd.read_parquet(folder / RATES)
    return {
        "parameters": len(learned),
        "learning_rate": chosen_rate(rates),
        "rates": rates.to_dict(orient="records"),
        "generations": pd.read_parquet(folder / PATH).to_dict(orient="records"),
        "draws": len(posterior),
        "loss_mean": float(posterior["loss"].mean()),
        "silent": learned.loc[learned["silent"], "parameter"].tolist(),
    }
