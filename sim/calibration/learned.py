"""What a calibration taught: which parameters the record speaks of, and how the climb went."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.calibration.folder import PATH, RATES
from sim.calibration.rounds import chosen_rate
from sim.calibration.study import Study

SILENT_CONTRACTION, SILENT_SHIFT = 0.2, 0.3
"""The data say nothing of a parameter whose variance shrinks by less than this share of the prior's and
whose mean moves by less than so many of the prior's standard deviations."""


def contractions(study: Study, posterior: pd.DataFrame) -> pd.DataFrame:
    """How far each parameter was learned, the best learned first.

    Returns:
        ``parameter``, ``median``, ``low``, ``high`` (of the central 90 %) of the draws, and in scores, where
        the prior is standard normal: ``contraction`` 1 - variance (Schad et al. 2021,
        doi:10.1037/met0000275), ``shift`` of the mean, and ``silent``: the record says nothing of it.
    """
    values = posterior[list(study.prior.names)].to_numpy()
    z = study.prior.scores(values)
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95), axis=0)
    contraction, shift = 1.0 - z.var(axis=0, ddof=1), z.mean(axis=0)
    silent = (contraction < SILENT_CONTRACTION) & (np.abs(shift) < SILENT_SHIFT)
    frame = pd.DataFrame(
        {
            "parameter": study.prior.names,
            "median": median,
            "low": low,
            "high": high,
            "contraction": contraction,
            "shift": shift,
            "silent": silent,
        }
    )
    return frame.sort_values("contraction", ascending=False, kind="stable", ignore_index=True)


def diagnostics(study: Study, folder: Path, posterior: pd.DataFrame) -> dict[str, Any]:
    """What there is to know about how far the draws can be trusted, in plain values."""
    rates = pd.read_parquet(folder / RATES)
    learned = contractions(study, posterior)
    return {
        "parameters": len(study.prior.names),
        "learning_rate": chosen_rate(rates),
        "rates": rates.to_dict(orient="records"),
        "generations": pd.read_parquet(folder / PATH).to_dict(orient="records"),
        "draws": len(posterior),
        "loss_mean": float(posterior["loss"].mean()),
        "silent": learned.loc[learned["silent"], "parameter"].tolist(),
    }
