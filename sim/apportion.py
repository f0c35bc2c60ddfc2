"""Whole people shared out over places: every part a whole number, their sum exact, each right on average.

Systematic sampling (Madow & Madow 1944, Annals of Mathematical Statistics 15): the people stand in a row
that is cut where the running sum of the expected parts, shifted by one random number, passes a whole number.
So a part is its expectation rounded down or up, and one number serves all parts.
"""

import numpy as np

from sim.arrays import Array, array_namespace

_NO_LIMIT = np.int32(2**30)


def whole(expected: Array, u: Array) -> Array:
    """Expected numbers (0 or more) rounded down or up, right on average; ``u`` is uniform on (0, 1)."""
    xp = array_namespace(expected)
    return xp.floor(expected + u)


def split(total: Array, weight: Array, u: Array) -> Array:
    """Share out whole numbers in proportion to weights.

    Args:
        total: [G] whole numbers; 0 where no weight is above 0.
        weight: [K, G] 0 or more.
        u: [G] uniform on (0, 1).

    Returns:
        Parts [K, G], int32, that sum to ``total``; 0 where the weight is 0.
    """
    xp = array_namespace(weight)
    return _cut(total, weight, u, xp.where(weight > 0, _NO_LIMIT, np.int32(0)))


def take(total: Array, stock: Array, u: Array) -> Array:
    """Take whole numbers out of stocks, from each in proportion to what it holds and never more.

    Args:
        total: [G] whole numbers, at most the sum of the stocks.
        stock: [K, G] whole numbers.
        u: [G] uniform on (0, 1).

    Returns:
        Parts [K, G], int32, that sum to ``total``.
    """
    xp = array_namespace(stock)
    total, holds = total.astype(xp.int32), stock.astype(xp.int32)
    everything = xp.sum(holds, axis=0).astype(xp.int32)
    # The fewer are drawn, those who go or those who stay: rounding then never asks more than there is.
    most_go = 2 * total > everything
    drawn = _cut(xp.where(most_go, everything - total, total), stock, u, holds)
    return xp.where(most_go[None, :], holds - drawn, drawn)


def _cut(total: Array, weight: Array, u: Array, most: Array) -> Array:
    xp = array_namespace(weight)
    total = total.astype(xp.int32)
    running = xp.cumulative_sum(weight, axis=0)
    share = running / xp.maximum(running[-1:, :], 1e-30)
    cut = xp.floor(total.astype(weight.dtype)[None, :] * share + u[None, :]).astype(xp.int32)
    cut = xp.minimum(cut, total[None, :])
    parts = cut - xp.concat([xp.zeros_like(cut[:1, :]), cut[:-1, :]], axis=0)
    parts = xp.clip(parts, np.int32(0), most)
    # Sums of float32 may be off by one: the part with most room gets what is left, the largest gives.
    left = total - xp.sum(parts, axis=0).astype(xp.int32)
    where = xp.where(left > 0, xp.argmax(most - parts, axis=0), xp.argmax(parts, axis=0))
    number = xp.arange(parts.shape[0], dtype=where.dtype)
    return parts + xp.where(number[:, None] == where[None, :], left[None, :], np.int32(0))
