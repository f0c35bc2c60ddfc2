"""Designs: which points of the parameter space a sweep visits, worked out when they are asked for.

A design is a sequence of points, each one value per factor. Point ``p`` and replicate ``r`` make run
``p * replicates + r``; nothing has to keep a list of them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

type Block = Callable[[int, int], np.ndarray]
"""Points start, ..., stop - 1 of a sample of the unit cube: (start, stop) -> float64 [stop - start, k]."""


@dataclass(frozen=True)
class Factor:
    """One thing that a sweep varies: between two ends, or over levels."""

    name: str
    low: float
    high: float
    whole: bool = False
    """Whole numbers only, both ends included."""
    log: bool = False
    """Spread evenly in the logarithm."""
    levels: tuple[float, ...] | None = None
    """These values only; ``low`` and ``high`` are then the least and the greatest of them."""

    def at(self, u: np.ndarray) -> np.ndarray:
        """The values at positions ``u`` in 0..1 of the range, any shape; equal parts of it for each level."""
        if self.levels is not None:
            which = np.minimum((u * len(self.levels)).astype(np.int64), len(self.levels) - 1)
            return np.asarray(self.levels, dtype=np.float64)[which]
        if self.whole:
            return np.minimum(np.floor(self.low + u * (self.high - self.low + 1)), self.high)
        if self.log:
            return self.low * (self.high / self.low) ** u
        return self.low + u * (self.high - self.low)


class Design(Protocol):
    """A sequence of points."""

    @property
    def kind(self) -> str:
        """How the points were chosen, as in the sweep file."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What is varied, in the order of the columns of ``points``."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""

    def __len__(self) -> int:
        """How many points."""

    def points(self, start: int, stop: int) -> np.ndarray:
        """Points start, ..., stop - 1: float64 [stop - start, k], in the units of the factors."""


@dataclass(frozen=True)
class Sampled:
    """A design that is a sample of the unit cube, stretched to the ranges of the factors."""

    kind: str
    factors: tuple[Factor, ...]
    size: int
    block: Block

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def __len__(self) -> int:
        return self.size

    def points(self, start: int, stop: int) -> np.ndarray:
        """Points start, ..., stop - 1: float64 [n, k], in the units of the factors."""
        unit = self.block(start, min(stop, self.size))
        columns = [factor.at(unit[:, k]) for k, factor in enumerate(self.factors)]
        return np.stack(columns, axis=1) if columns else np.empty((len(unit), 0))


@dataclass(frozen=True)
class Listed:
    """A design that somebody wrote down: one row per point."""

    kind: str
    factors: tuple[Factor, ...]
    table: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    def __len__(self) -> int:
        return len(self.table)

    def points(self, start: int, stop: int) -> np.ndarray:
        """Rows start, ..., stop - 1: float64 [n, k]."""
        return self.table[start:stop]


def grid(factors: tuple[Factor, ...]) -> Sampled:
    """Every combination of the levels of all factors; the last factor changes fastest."""
    shape = tuple(len(factor.levels or (0,)) for factor in factors)

    def block(start: int, stop: int) -> np.ndarray:
        which = np.unravel_index(np.arange(start, stop), shape) if shape else ()
        columns = [(level + 0.5) / size for level, size in zip(which, shape, strict=True)]
        return np.stack(columns, axis=1) if columns else np.empty((stop - start, 0))

    return Sampled("grid", factors, int(np.prod(shape, dtype=np.int64)), block)


def blocks(design: Design, size: int = 65_536) -> Iterator[np.ndarray]:
    """All points of a design, ``size`` of them at a time."""
    for start in range(0, len(design), size):
        yield design.points(start, min(start + size, len(design)))
