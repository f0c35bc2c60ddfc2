"""The few array operations that the Python array API lacks, for NumPy and JAX alike.

Rules import from here instead of from an array library, so that the same line runs in a debugger
(NumPy) and inside a compiled ensemble (JAX).
"""

from collections.abc import Callable
from typing import Any

from array_api_compat import array_namespace, is_jax_array

type Array = Any
"""A NumPy or JAX array; shapes and units stand in the docstrings."""

__all__ = [
    "Array", "array_namespace", "gather", "iterate", "logit", "once", "segment_sum", "sigmoid", "traced",
]  # fmt: skip


def sigmoid(x: Array) -> Array:
    """Logistic function, any shape."""
    xp = array_namespace(x)
    # Below it the exponential overflows 32 bits, and the function is as good as 0.
    return 1.0 / (1.0 + xp.exp(-xp.maximum(x, -80.0)))


def logit(p: Array) -> Array:
    """Inverse of the logistic function, for p in (0, 1)."""
    xp = array_namespace(p)
    return xp.log(p) - xp.log1p(-p)


def gather(table: Array, index: Array) -> Array:
    """Entries of a table of any shape at flat indices; it is worked out first, not again for each index."""
    xp = array_namespace(table)
    return xp.take(xp.reshape(once(table), (-1,)), index)


def segment_sum(values: Array, segment: Array, segments: int) -> Array:
    """Sum rows of ``values`` [n] or [n, c] that share a segment number [n] -> [segments] or [segments, c].

    Whole numbers below 2**24 are summed exactly in float32, whatever the order.
    """
    xp = array_namespace(values)
    zeros = xp.zeros((segments, *values.shape[1:]), dtype=values.dtype)
    if is_jax_array(values):
        return zeros.at[segment].add(values, mode="promise_in_bounds")
    if values.ndim == 1:
        return xp.bincount(segment, weights=values, minlength=segments).astype(values.dtype)
    return xp.stack([segment_sum(column, segment, segments) for column in values.T], axis=-1)


def iterate(step: Callable[[Array], Array], start: Array, times: int) -> Array:
    """Apply ``step`` a fixed number of times; a loop in NumPy, a compiled loop in JAX."""
    if is_jax_array(start):
        from jax import lax

        return lax.fori_loop(0, times, lambda _, value: step(value), start)
    for _ in range(times):
        start = step(start)
    return start


def once(arrays: Any) -> Any:
    """The same array, tuple or state; the compiler works it out once, before what reads it.

    Left alone it works a value out again for each of its readers, or draws a gather into a loop that then is
    not vectorised.
    """
    if not any(map(is_jax_array, arrays if isinstance(arrays, tuple) else (arrays,))):
        return arrays
    from jax import lax

    return lax.optimization_barrier(arrays)


def traced(function: Callable) -> Callable:
    """The function as JAX's compiler reads it: works out shapes and types, and computes nothing."""
    import jax

    return lambda *arguments: jax.eval_shape(function, *arguments)
