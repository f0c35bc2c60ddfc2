"""From arrays of an ensemble to tidy tables: long, typed, one fact a row.

Ids are categoricals spelt as in the case files; ``run_id`` counts from 0 and ``day`` from 1. Parameters and
conditions stand once per run in ``runs`` and are never repeated elsewhere.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from sim.case import Case, history
from sim.engine import Ensemble
from sim.record import FACTION_COLUMNS, PEOPLE_COLUMNS, Record
from sim.scenario import Scenario
from sim.story import tell
from sim.world import CAUSES, CONDITIONS, World


def fallen(controller: np.ndarray, world: World) -> np.ndarray:
    """Whether each place has fallen, for arrays of an ensemble; see ``sim.case.history``.

    Args:
        controller: [..., P] faction indices.
        world: gives the alliances and holders of the eve.
    """
    return history.fallen(controller, ~world.alliance[world.initial_controller])


def fallen_days(controller: np.ndarray, world: World) -> np.ndarray:
    """The first day on which each place had fallen, 1 = first day; nan where it never did.

    Args:
        controller: [runs, days, P] faction indices.
        world: gives the alliances and holders of the eve.

    Returns:
        float64 [runs, P].
    """
    first = history.first_day_fallen(fallen(controller, world), axis=1)
    return np.where(np.isinf(first), np.nan, first)


def make_tables(ensemble: Ensemble, world: World, scenario: Scenario) -> dict[str, pd.DataFrame]:
    """The tables of a result, by name."""
    case = scenario.load_case()
    return {
        "runs": _runs(ensemble, world, case),
        **{name: make(ensemble, case) for name, make in DAILY_TABLES.items()},
        "events": tell(ensemble, world, scenario),
    }


def _long(ensemble: Ensemble, names: dict[str, list[str]], columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Arrays [runs, days, n] as a table with run_id, day and the id of the third axis."""
    runs, days = ensemble.record.controller.shape[:2]
    ((key, ids),) = names.items()
    frame = {
        "run_id": np.repeat(np.arange(runs, dtype=np.int32), days * len(ids)),
        "day": np.tile(np.repeat(np.arange(1, days + 1, dtype=np.int16), len(ids)), runs),
        key: pd.Categorical.from_codes(np.tile(np.arange(len(ids)), runs * days), categories=ids),
    }
    return pd.DataFrame(frame | {name: _column(values) for name, values in columns.items()})


def _column(values: np.ndarray | pd.Categorical) -> np.ndarray | pd.Categorical:
    return values if isinstance(values, pd.Categorical) else values.reshape(-1)


def _coded(values: np.ndarray, names: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(values.reshape(-1).astype(np.int16), categories=names)


def outcomes(ensemble: Ensemble, world: World, case: Case) -> dict[str, np.ndarray]:
    """What each run came to [runs]: the columns of ``runs`` but its keys and the drawn conditions."""
    record, runs = ensemble.record, len(ensemble.seeds)
    down = fallen(record.controller, world)
    capital = np.flatnonzero(case.places["kind"] == "capital")
    first = np.full(runs, np.nan)
    if len(capital):
        first = history.first_day_fallen(down[:, :, capital].any(axis=2), axis=1)
        first[np.isinf(first)] = np.nan
    government = np.isin(case.faction_ids, case.government_side)
    totals = record.factions[:, -1, government].sum(axis=1)
    columns = {
        "capital_fallen_day": first,
        "places_fallen": down[:, -1].sum(axis=1).astype(np.int16),
    }
    names = {
        "killed": "killed",
        "deserted": "deserted",
        "surrendered": "surrendered",
        "defected": "defected_out",
    }
    columns |= {name: totals[:, FACTION_COLUMNS.index(column)] for name, column in names.items()}
    return columns | {"displaced_peak": displaced(record).max(axis=1)}


def _runs(ensemble: Ensemble, world: World, case: Case) -> pd.DataFrame:
    keys = {"run_id": np.arange(len(ensemble.seeds), dtype=np.int32), "seed": ensemble.seeds}
    conditions = {
        f"condition.{faction}.{key}": ensemble.condition[:, f, k]
        for f, faction in enumerate(case.faction_ids)
        for k, key in enumerate(CONDITIONS)
    }
    return pd.DataFrame(keys | outcomes(ensemble, world, case) | conditions)


def _control(ensemble: Ensemble, case: Case) -> pd.DataFrame:
    record = ensemble.record
    return _long(
        ensemble,
        {"place_id": case.place_ids},
        {
            "controller": _coded(record.controller, case.faction_ids),
            "contested": record.contested,
            "cause": _coded(record.cause, list(CAUSES)),
        },
    )


def _factions(ensemble: Ensemble, case: Case) -> pd.DataFrame:
    record = ensemble.record
    columns = {name: record.factions[..., k] for k, name in enumerate(FACTION_COLUMNS)}
    return _long(ensemble, {"faction_id": case.faction_ids}, columns | {"active": record.active})


def _backers(ensemble: Ensemble, case: Case) -> pd.DataFrame:
    record = ensemble.record
    names = ("attention", "commitment", "sorties_per_day")
    columns = {name: record.backers[..., k] for k, name in enumerate(names)}
    return _long(ensemble, {"backer_id": case.backer_ids}, columns | {"active": record.present})


def _places(ensemble: Ensemble, case: Case) -> pd.DataFrame:
    record = ensemble.record
    columns = {"soldiers_holder": record.soldiers_holder, "soldiers_enemy": record.soldiers_enemy}
    columns |= {name: record.people[..., k] for k, name in enumerate(PEOPLE_COLUMNS)}
    return _long(ensemble, {"place_id": case.place_ids}, columns)


def _displacement(ensemble: Ensemble, case: Case) -> pd.DataFrame:
    """Totals of the whole map, run x day; float64, so that they are exact."""
    runs, days = ensemble.record.controller.shape[:2]
    total = {name: ensemble.record.people[..., k].sum(axis=2, dtype=float) for k, name in _MAP_TOTALS}
    columns = {"displaced": displaced(ensemble.record), "abroad": ensemble.record.abroad, **total}
    frame = {
        "run_id": np.repeat(np.arange(runs, dtype=np.int32), days),
        "day": np.tile(np.arange(1, days + 1, dtype=np.int16), runs),
    }
    return pd.DataFrame(frame | {name: values.reshape(-1) for name, values in columns.items()})


_MAP_TOTALS = [
    (k, name) for k, name in enumerate(PEOPLE_COLUMNS) if name not in ("residents", "displaced_hosted")
]


def displaced(record: Record) -> np.ndarray:
    """People away from home [..., days], abroad or not."""
    hosted = record.people[..., PEOPLE_COLUMNS.index("displaced_hosted")]
    return hosted.sum(axis=-1, dtype=float) + record.abroad


DAILY_TABLES: dict[str, Callable[[Ensemble, Case], pd.DataFrame]] = {
    "control": _control,
    "factions": _factions,
    "backers": _backers,
    "places": _places,
    "displacement": _displacement,
}
"""Makers of the tables with a row per run and day, and place, faction or backer if there are any."""
