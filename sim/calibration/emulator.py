"""An emulator: what the loss is expected to be at points that have not been simulated.

A Gaussian process (Rasmussen & Williams 2006, ch. 2 and 5; as emulator of simulations: Sacks et al. 1989,
doi:10.1214/ss/1177012413) of the logarithm of the loss over the scores z of the parameters. Its covariance is
the sum of a straight line and a parabola in each parameter, each with a variance of its own (automatic
relevance determination), of a Matern 5/2 process with a length scale for each parameter, and of the noise of
few runs. Variances and scales maximise the marginal likelihood times weak priors.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

SOFT = 0.05
"""Added to a loss before its logarithm is taken; about the noise of a good one."""
JITTER = 1e-6
LENGTH = 3.0
"""Length scale before any data, in typical distances of a parameter."""
SLOPE = 0.1
"""Standard deviation of a slope before any data, of the whole spread of the log loss."""
SPREAD = 2.0
"""Standard deviation of the logarithms of scales and slopes about these."""
NOISE = 0.4
ITERATIONS = 60
BLOCK = 512
"""Points are padded to a multiple of so many, in the search for scales of half as many."""
SEARCHED = 800
"""Points that the search for scales looks at; all points are used to predict."""


class Emulator(NamedTuple):
    """A fitted process: float64 arrays, of JAX or NumPy."""

    z: Any  # [n, k] where it was simulated, padded
    solved: Any  # [n] covariance^-1 times the standardised log losses; 0 behind the last point
    log_length: Any  # [k]
    log_slope: Any  # [2k] lines, then parabolas
    log_size: Any  # scalar, of the Matern process
    log_noise: Any  # scalar
    mean: Any  # scalar, of the log losses
    scale: Any  # scalar, their standard deviation

    def log_loss(self, z: Any) -> Any:
        """Expected log(loss + SOFT) at scores [..., k]."""
        import jax.numpy as jnp

        z = jnp.asarray(z)
        near = _covariance(self._hyper(), z.reshape(-1, z.shape[-1]), self.z)
        return (self.mean + self.scale * (near @ self.solved)).reshape(z.shape[:-1])

    def loss(self, z: Any) -> Any:
        """Expected loss (its median) at scores [..., k]."""
        import jax.numpy as jnp

        return jnp.exp(self.log_loss(z)) - SOFT

    @property
    def noise(self) -> float:
        """Share of the variance of log losses that is left unexplained where they were simulated."""
        return float(np.exp(2.0 * self.log_noise))

    def _hyper(self) -> dict[str, Any]:
        return {
            "length": self.log_length,
            "slope": self.log_slope,
            "size": self.log_size,
            "noise": self.log_noise,
        }


def fit(z: np.ndarray, loss: np.ndarray, hyper: np.ndarray) -> Emulator:
    """Fit an emulator.

    Args:
        z: [n, k] scores of the simulated points.
        loss: [n] their losses.
        hyper: scales as ``scales`` gives them.
    """
    import jax
    import jax.numpy as jnp

    target = np.log(np.maximum(loss, 0.0) + SOFT)
    mean, scale = target.mean(), max(target.std(), JITTER)
    with jax.enable_x64(True):
        x, y = jnp.asarray(z), jnp.asarray((target - mean) / scale)
        found = _restored(jnp.asarray(hyper), z.shape[1])
        solved = _solve(found, x, y, np.ones(len(z)))[1]
        x, solved = (_padded(array, BLOCK) for array in (x, solved))
        parts = (found[key] for key in ("length", "slope", "size", "noise"))
        return Emulator(*(np.asarray(a) for a in (x, solved, *parts, mean, scale)))


def expected(emulator: Emulator, z: np.ndarray) -> np.ndarray:
    """Expected losses [n] at scores [n, k]."""
    import jax

    with jax.enable_x64(True):
        return np.asarray(emulator.loss(z))


def scales(z: np.ndarray, loss: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
    """The logarithms of all scales, one after the other, that the points speak for most.

    Args:
        z: [n, k]; of many points a part is enough.
        loss: [n] their losses.
        start: where to begin; None begins as before any data.
    """
    import jax
    import jax.numpy as jnp
    from jax.flatten_util import ravel_pytree
    from scipy.optimize import minimize

    few = slice(None, None, -(-len(z) // SEARCHED))
    target = np.log(np.maximum(loss[few], 0.0) + SOFT)
    with jax.enable_x64(True):
        y = (target - target.mean()) / max(target.std(), JITTER)
        real = _padded(np.ones(len(y)), BLOCK // 2)
        x, y, k = _padded(z[few], BLOCK // 2), _padded(y, BLOCK // 2), z.shape[1]

        def misfit(at: np.ndarray) -> tuple[float, np.ndarray]:
            value, slope = _misfit()(_restored(jnp.asarray(at), k), x, y, real)
            return float(value), np.asarray(ravel_pytree(slope)[0])

        begin = np.asarray(ravel_pytree(_before(k))[0]) if start is None else start
        found = minimize(misfit, begin, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
        return np.asarray(found.x)


def _padded(rows: Any, block: int) -> np.ndarray:
    """Rows of nothing behind [n, ...], up to the next whole block: one compiled program for many sizes."""
    array = np.asarray(rows)
    more = -len(array) % block
    return np.concatenate([array, np.zeros((more, *array.shape[1:]))])


def _restored(flat: Any, k: int) -> dict[str, Any]:
    from jax.flatten_util import ravel_pytree

    return ravel_pytree(_before(k))[1](flat)


def _before(k: int) -> dict[str, Any]:
    """Scales before any data: a process of half the spread that hardly bends over a typical distance."""
    import jax.numpy as jnp

    return {
        "length": jnp.full(k, np.log(LENGTH * np.sqrt(k))),
        "slope": jnp.log(jnp.repeat(jnp.asarray([SLOPE, SLOPE / 3.0]), k)),
        "size": jnp.asarray(np.log(0.5)),
        "noise": jnp.asarray(np.log(NOISE)),
    }


def _covariance(hyper: dict[str, Any], a: Any, b: Any) -> Any:
    """[n, m] between two sets of points, without noise."""
    import jax.numpy as jnp

    scale, slope = jnp.exp(-hyper["length"]), jnp.exp(hyper["slope"])
    near, far = a * scale, b * scale
    squares = (near**2).sum(1)[:, None] + (far**2).sum(1)[None, :] - 2.0 * near @ far.T
    r = jnp.sqrt(5.0 * jnp.maximum(squares, 0.0) + 1e-12)
    bent = jnp.exp(2.0 * hyper["size"]) * (1.0 + r + r**2 / 3.0) * jnp.exp(-r)
    return bent + (_curves(a) * slope) @ (_curves(b) * slope).T + 1.0


def _curves(z: Any) -> Any:
    """Hermite polynomials of degree 1 and 2, of unit variance under the prior: [n, 2k]."""
    import jax.numpy as jnp

    return jnp.concatenate([z, (z**2 - 1.0) / np.sqrt(2.0)], axis=-1)


def _solve(hyper: dict[str, Any], x: Any, y: Any, real: Any) -> tuple[Any, Any]:
    """Cholesky factor of the covariance of the data, and covariance^-1 y; ``real`` [n] is 0 for padding."""
    import jax.numpy as jnp
    from jax.scipy.linalg import cho_solve

    noise = (jnp.exp(2.0 * hyper["noise"]) + JITTER) * real + (1.0 - real)
    covariance = _covariance(hyper, x, x) * real[:, None] * real[None, :]
    factor = jnp.linalg.cholesky(covariance + jnp.diag(noise))
    return factor, cho_solve((factor, True), y)


@functools.cache
def _misfit() -> Callable:
    """Compiled (scales, x, y, real) -> negative log of marginal likelihood times priors, and its slope."""
    import jax
    import jax.numpy as jnp

    def misfit(hyper: dict[str, Any], x: Any, y: Any, real: Any) -> Any:
        factor, solved = _solve(hyper, x, y, real)
        before = _before(x.shape[1])
        doubt = sum(((hyper[key] - before[key]) ** 2).sum() for key in ("length", "slope")) / SPREAD**2
        return 0.5 * (y @ solved + doubt) + jnp.log(jnp.diagonal(factor)).sum()

    return jax.jit(jax.value_and_grad(misfit))
