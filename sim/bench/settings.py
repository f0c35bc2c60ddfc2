"""What is measured, how often and for how long at most."""

from typing import NamedTuple


class Settings(NamedTuple):
    """A configuration of the benchmark; plain values, so that it travels to other processes as JSON."""

    scenario: str
    soldiers_per_unit: int
    """Of every measurement but two."""
    soldier_level: int
    """Soldiers per unit in the soldier-level run."""
    runs: int
    """In an ensemble of the size that users run."""
    batches: int
    """Batches in an ensemble timed on one core."""
    reference_runs: int
    """Runs of the Mesa reference in each repeat."""
    repeats: int
    units: list[int]
    """Sizes of the scaling curve."""
    scaling_days: int
    seconds: float
    """Limit for one process."""
    engine: str
    """Of ensembles; compile, ratio and rules compile in any case."""
    rules: list[str] | None
    """To compile and to cost one by one; None: all."""
    groups: list[list[str]]
    """Measurements that share a process."""


_SIZES = [1_000, 10_000, 100_000, 1_000_000]
_ALONE = ["speed", "rules", "ratio", "compile", "rate", "soldier_level"]

FULL = Settings(
    scenario="syria-2024",
    soldiers_per_unit=100,
    soldier_level=1,
    runs=500,
    batches=4,
    reference_runs=2,
    repeats=5,
    units=_SIZES,
    scaling_days=3,
    seconds=600.0,
    engine="jax",
    rules=None,
    groups=[[name] for name in [*_ALONE, *(f"size-{units}" for units in _SIZES)]],
)

QUICK = FULL._replace(
    soldiers_per_unit=2000,
    soldier_level=2000,
    runs=2,
    batches=1,
    reference_runs=1,
    repeats=1,
    units=[100],
    scaling_days=1,
    seconds=120.0,
    engine="numpy",
    rules=["muster", "desertion"],
    groups=[[*_ALONE, "size-100"]],
)
