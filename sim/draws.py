"""Random numbers without state: each is a function of seed, stream, index and tick.

Because nothing is drawn *in turn*, neither the order of the rules nor the size of a batch nor an added
unit changes anybody else's number: the same soldier meets the same luck in every world with the same
seed (common random numbers). The hash is PCG4D of Jarzynski & Olano 2020, "Hash functions for GPU
rendering", Journal of Computer Graphics Techniques 9(3).
"""

import zlib
from typing import NamedTuple

import numpy as np

from sim.arrays import Array, array_namespace, once

# Above this variance a binomial is drawn from its normal limit with skewness; below, by inversion.
_INVERSION_VARIANCE = 2.5
# A binomial of that variance exceeds this with a chance below 1e-5.
_INVERSION_TERMS = 12
# Half of the step between two uniform numbers.
_LEAST_CHANCE = 2.0**-24


def stream_number(name: str) -> int:
    """The 32-bit number of a named stream, index or id (CRC-32 of its UTF-8 bytes)."""
    return zlib.crc32(name.encode())


class Draws(NamedTuple):
    """The random numbers of one tick of one run.

    Attributes:
        seed: uint32 scalar; replicate k has the same seed in every scenario.
        tick: int32 scalar; ticks since the start of the run.
    """

    seed: Array
    tick: Array

    def uniform(self, stream: str, index: Array) -> Array:
        """Numbers strictly between 0 and 1, one for each entry of ``index`` (uint32, any shape)."""
        xp = array_namespace(index)
        bits = pcg4d(
            index.astype(xp.uint32),
            xp.broadcast_to(self.tick.astype(xp.uint32), index.shape),
            xp.broadcast_to(self.seed, index.shape),
            xp.full(index.shape, stream_number(stream), dtype=xp.uint32),
        )
        # 23 bits and a half: exact in float32, never 0 and never 1.
        return ((bits >> np.uint32(9)).astype(xp.float32) + 0.5) * np.float32(2.0**-23)

    def binomial(self, stream: str, index: Array, n: Array, p: Array) -> Array:
        """How many of ``n`` (whole numbers, float32) leave with probability ``p`` each; broadcast shapes."""
        return binomial_quantile(self.uniform(stream, index), *once((n, p)))


def pcg4d(x: Array, y: Array, z: Array, w: Array) -> Array:
    """Last word of the PCG4D hash of four uint32 arrays of one shape: every bit of each has stirred it."""
    scale, shift, half = np.uint32(1664525), np.uint32(1013904223), np.uint32(16)
    x, y, z, w = (v * scale + shift for v in (x, y, z, w))
    x, y, z, w = _mix(x, y, z, w)
    x, y, z, w = (v ^ (v >> half) for v in (x, y, z, w))
    return _mix(x, y, z, w)[3]


def _mix(x: Array, y: Array, z: Array, w: Array) -> tuple[Array, Array, Array, Array]:
    x = x + y * w
    y = y + z * x
    z = z + x * y
    w = w + y * z
    return x, y, z, w


def binomial_quantile(u: Array, n: Array, p: Array) -> Array:
    """Quantile of Binomial(n, p) at u in (0, 1), monotone in u and in p.

    By inversion of the distribution function where the variance is small (exact to float32; n = 1 is a
    Bernoulli draw), by the Cornish-Fisher expansion with the skewness term where it is large
    (Cornish & Fisher 1938, doi:10.2307/1400905).
    """
    xp = array_namespace(u)
    # Invert on the side of the rarer outcome, so that the recurrence below is short.
    mirrored = p > 0.5
    p = xp.clip(xp.where(mirrored, 1.0 - p, p), 0.0, 0.5)
    u = xp.where(mirrored, 1.0 - u, u)
    variance = n * p * (1.0 - p)
    odds = p / (1.0 - p)
    term = xp.exp(n * xp.log1p(-p))
    below, count = term, xp.zeros_like(term)
    for k in range(_INVERSION_TERMS):
        term = term * odds * ((n - k) * (1.0 / (k + 1)))
        # The sum of the terms may round to less than the largest u; what is next must be possible too.
        count = count + xp.where((u > below) & (term > _LEAST_CHANCE), 1.0, 0.0).astype(count.dtype)
        below = below + term
    # Rounding to whole numbers adds 1/12 to the variance (Sheppard's correction).
    deviation = xp.sqrt(xp.maximum(variance - 1.0 / 12.0, 1e-9))
    z = normal_quantile(u)
    large = xp.floor(n * p + deviation * z + (1.0 - 2.0 * p) * (z * z - 1.0) / 6.0 + 0.5)
    count = xp.clip(xp.where(variance > _INVERSION_VARIANCE, large, count), 0.0, n)
    return xp.where(mirrored, n - count, count)


def normal_quantile(u: Array) -> Array:
    """Quantile of the standard normal, |error| < 1e-4 in float32 (Giles 2012, GPU Computing Gems, ch. 10)."""
    xp = array_namespace(u)
    x = 2.0 * u - 1.0
    w = -xp.log(xp.maximum((1.0 - x) * (1.0 + x), 1e-12))
    central = _polynomial(w - 2.5, _GILES_CENTRAL)
    tail = _polynomial(xp.sqrt(xp.maximum(w, 1e-6)) - 3.0, _GILES_TAIL)
    return xp.where(w < 5.0, central, tail) * x * 1.4142135


def _polynomial(x: Array, coefficients: tuple[float, ...]) -> Array:
    value = coefficients[0] + 0.0 * x
    for c in coefficients[1:]:
        value = value * x + c
    return value


_GILES_CENTRAL = (
    2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087,
    -0.00125372503, -0.00417768164, 0.246640727, 1.50140941,
)  # fmt: skip
_GILES_TAIL = (
    -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773,
    -0.0076224613, 0.00943887047, 1.00167406, 2.83297682,
)  # fmt: skip
