"""Samples of the unit cube: Latin hypercube, Sobol' sequence, Saltelli's cross-sample, Morris' trajectories.

All but the first are worked out block by block, so that point number p costs no memory for those before it.
"""

import functools
import warnings

import numpy as np

from sim.draws import pcg4d, stream_number
from sim.experiment.design import Block, Factor, Sampled


def latin_hypercube(factors: tuple[Factor, ...], size: int, seed: int) -> Sampled:
    """One point in each of ``size`` equal slices of every factor (McKay et al. 1979, doi:10.2307/1268522).

    The slices are shuffled as a whole, so the sample is kept in memory: 8 bytes per point and factor.
    """

    @functools.cache
    def whole() -> np.ndarray:
        from scipy.stats import qmc

        return qmc.LatinHypercube(len(factors), rng=seed).random(size)

    return Sampled("latin_hypercube", factors, size, lambda start, stop: whole()[start:stop])


def sobol(factors: tuple[Factor, ...], size: int, seed: int) -> Sampled:
    """The first ``size`` points of a scrambled Sobol' sequence (Owen 1998, doi:10.1006/jcom.1998.0487)."""
    return Sampled("sobol", factors, size, _sobol_block(len(factors), seed))


def _sobol_block(dimensions: int, seed: int) -> Block:
    def block(start: int, stop: int) -> np.ndarray:
        from scipy.stats import qmc

        with warnings.catch_warnings():
            # A block need not hold a power of 2 points; the whole sample does.
            warnings.filterwarnings("ignore", message="The balance properties of Sobol")
            sequence = qmc.Sobol(dimensions, scramble=True, rng=seed)
            if start:
                sequence.fast_forward(start)
            return sequence.random(stop - start)

    return block


def saltelli(factors: tuple[Factor, ...], base: int, seed: int, second_order: bool = False) -> Sampled:
    """The cross-sample from which Sobol' indices are estimated.

    Saltelli et al. 2010, doi:10.1016/j.cpc.2009.09.018.

    For each of ``base`` pairs of points A and B: A; A with column j of B, for every j; with ``second_order``
    B with column j of A, for every j; B. This is the order that ``SALib.analyze.sobol`` expects.
    """
    k = len(factors)
    group = 2 * k + 2 if second_order else k + 2
    pairs = _sobol_block(2 * k, seed)

    def block(start: int, stop: int) -> np.ndarray:
        row = np.arange(start, stop)
        first = start // group
        pair = pairs(first, (stop - 1) // group + 1)[row // group - first]
        a, b = pair[:, :k], pair[:, k:]
        member = (row % group)[:, None]
        column = np.arange(k)[None, :]
        from_b = (member == column + 1) | (member == group - 1)
        if second_order:
            from_b |= (member > k) & (member < group - 1) & (member != column + k + 1)
        return np.where(from_b, b, a)

    return Sampled("saltelli", factors, base * group, block)


def morris(factors: tuple[Factor, ...], trajectories: int, levels: int, seed: int) -> Sampled:
    """Trajectories in which one factor after the other moves by about half its range.

    Morris 1991, doi:10.2307/1269043.

    Each has k + 1 points on a grid of ``levels`` (even) positions 0..1; factor j starts on a random level and
    moves by ``levels / 2`` of them, up or down, when its turn comes; the turns are shuffled.
    """
    k, half = len(factors), levels // 2

    def block(start: int, stop: int) -> np.ndarray:
        row = np.arange(start, stop)
        trajectory, step = row // (k + 1), (row % (k + 1))[:, None]
        first = _hashes("morris level", trajectory, k, seed) % np.uint32(levels)
        turn = _hashes("morris turn", trajectory, k, seed).argsort(axis=1).argsort(axis=1)
        level = np.where(turn < step, (first + np.uint32(half)) % np.uint32(levels), first)
        return level / (levels - 1)

    return Sampled("morris", factors, trajectories * (k + 1), block)


def _hashes(stream: str, trajectory: np.ndarray, k: int, seed: int) -> np.ndarray:
    """Random words [n, k], the same whatever block they are asked for in."""
    index = np.broadcast_to(trajectory.astype(np.uint32)[:, None], (len(trajectory), k))
    factor = np.broadcast_to(np.arange(k, dtype=np.uint32)[None, :], index.shape)
    words = (np.full_like(index, word) for word in (seed & 0xFFFFFFFF, stream_number(stream)))
    return pcg4d(index, factor, *words)
