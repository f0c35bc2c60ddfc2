"""Draws from a generalised posterior over an emulator: blackjax's tempered sequential Monte Carlo.

The generalised posterior of Bissiri, Holmes & Walker 2016 (doi:10.1111/rssb.12158) is prior times
exp(-rate x loss): it needs no likelihood, only a loss that says what a good forecast is. With an expected
proper score as the loss it prefers parameters whose runs are as spread as history warrants (Pacchiardi,
Khoo & Dutta 2024, doi:10.1214/23-BA1411). The sampler (Del Moral, Doucet & Jasra 2006,
doi:10.1111/j.1467-9868.2006.00553.x) lets a population of particles go from the prior to it in steps that
are as long as their effective number allows, and moves them at each step by Hamiltonian Monte Carlo.
"""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from sim.calibration.emulator import Emulator

MOVES, LEAPS = 4, 6
"""Hamiltonian moves of each particle at each temperature, and leapfrog steps of a move."""
LEAST_ESS = 0.6
"""Effective particles, as a share of all, down to which a step of the temperature may bring them."""
ACCEPTED = 0.7
"""Share of accepted moves that the step size aims at."""
SETTLE = 4
"""Steps at the last temperature, the first of which resamples: moves of a size that has been found good."""
LONGEST_PATH = 100


class Step(NamedTuple):
    """A step on the way from the prior: ``temperature`` goes from 0 to 1."""

    temperature: float
    ess: float
    accepted: float


class Sample(NamedTuple):
    """Particles [n, k] of equal weight, and how they got there."""

    z: np.ndarray
    path: list[Step]


def sample(emulator: Emulator, rate: float, particles: int, seed: int) -> Sample:
    """Draw from prior x exp(-rate x loss).

    Args:
        emulator: of the loss over scores, standard normal under the prior.
        rate: of learning; 0 gives the prior.
        particles: how many.
        seed: the same seed gives the same particles.
    """
    import jax
    import jax.numpy as jnp

    with jax.enable_x64(True):
        key = jax.random.key(seed)  # noqa: TID251 -- draws of an inference, not of a run
        key, first = jax.random.split(key)  # noqa: TID251
        k = emulator.z.shape[1]
        state = _begin(jax.random.normal(first, (particles, k)))  # noqa: TID251
        size = 1.0 / k**0.25
        path: list[Step] = []
        emulator = Emulator(*map(jnp.asarray, emulator))
        settled = 0
        while settled < SETTLE and len(path) < LONGEST_PATH:
            key, now = jax.random.split(key)  # noqa: TID251
            settled += float(state.tempering_param) >= 1.0
            state, accepted = _step()(now, state, emulator, rate, size)
            ess = 1.0 / float((state.weights**2).sum()) / particles
            path.append(Step(float(state.tempering_param), ess, float(accepted)))
            size *= float(np.exp(np.clip(float(accepted) - ACCEPTED, -0.5, 0.3)))
        return Sample(np.asarray(state.particles), path)


def _begin(particles: Any) -> Any:
    from blackjax.smc import tempered

    return tempered.init(particles)


@functools.cache
def _step() -> Callable:
    """Compiled (key, state, emulator, rate, step size) -> (state, share of accepted moves)."""
    import blackjax
    import jax
    import jax.numpy as jnp
    from blackjax.smc import adaptive_tempered, extend_params, resampling

    move = blackjax.hmc.build_kernel()

    def step(key: Any, state: Any, emulator: Emulator, rate: float, size: float) -> tuple[Any, Any]:
        kernel = adaptive_tempered.build_kernel(
            lambda z: -0.5 * (z**2).sum(),
            lambda z: -rate * emulator.loss(z),
            move,
            blackjax.hmc.init,
            resampling.systematic,
            LEAST_ESS,
        )
        spread = jnp.var(state.particles, axis=0)
        settings = {"step_size": size, "inverse_mass_matrix": spread, "num_integration_steps": LEAPS}
        state, info = kernel(key, state, MOVES, extend_params(settings))
        return state, info.update_info.acceptance_rate.mean()

    return jax.jit(step)
