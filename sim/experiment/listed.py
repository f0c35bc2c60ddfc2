"""A design from a CSV file: one column per factor, one row per point."""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.errors import InputError
from sim.experiment.design import Factor, Listed
from sim.experiment.vary import as_day, in_days, is_date, is_whole, refuse_unvaried, value_problems
from sim.scenario import Scenario

_SHOWN = 10


def read_list(path: Path, scenario: Scenario) -> Listed:
    """The points of a CSV file.

    Raises:
        InputError: the file cannot be read, a cell is no number, or a value is not allowed.
    """
    table = _numbers(path, scenario)
    factors = []
    for column, name in enumerate(table.columns):
        refuse_unvaried(name, name)
        values = table.iloc[:, column]
        levels = (float(values.min()), float(values.max()))
        factors.append(Factor(name, *levels, whole=is_whole(name)))
        fractions = np.flatnonzero(values != np.floor(values))
        if is_whole(name) and len(fractions):
            line = f"line {fractions[0] + 2}: {name}: is no whole number; allowed: whole numbers"
            raise InputError([f"{path}: {line}"])
    problems = value_problems(factors, scenario)
    if problems:
        raise InputError([f"{path}: {line.removeprefix('vary.')}" for line in problems])
    return Listed("list", tuple(factors), table.to_numpy(np.float64))


def _numbers(path: Path, scenario: Scenario) -> pd.DataFrame:
    try:
        text = pd.read_csv(path, dtype=str, skipinitialspace=True, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' parser errors are ValueErrors
        reason = " ".join(str(error).split())
        raise InputError([f"{path}: cannot be read ({reason}); allowed: a CSV file with a header"]) from None
    if not len(text):
        raise InputError([f"{path}: has no rows; allowed: one row per point"])
    text.columns = text.columns.str.strip()
    names = [in_days(name.removeprefix("parameters.")) for name in text.columns]
    if len(set(names)) < len(names) or not isinstance(text.index, pd.RangeIndex):
        raise InputError([f"{path}: has a column twice, or rows longer than the header; allowed: a table"])
    for name in filter(is_date, text.columns):
        text[name] = [as_day(cell.strip(), scenario) for cell in text[name]]
    table = text.apply(pd.to_numeric, errors="coerce").astype(np.float64)
    rows, columns = np.nonzero(table.isna().to_numpy())
    problems = [
        f"{path}: line {row + 2}: {text.columns[column]}: {text.iat[row, column]!r} is no number; "
        "allowed: a number (inf: never)"
        for row, column in zip(rows[:_SHOWN], columns[:_SHOWN], strict=True)
    ]
    if len(rows) > _SHOWN:
        problems.append(f"{path}: {len(rows) - _SHOWN} more cells are no numbers; allowed: numbers")
    if problems:
        raise InputError(problems)
    return table.set_axis(names, axis="columns")
