"""Whole parts: exact sums, never more than there is, right on average; NumPy and JAX alike."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import f32

from sim.apportion import split, take, whole
from sim.draws import Draws

PEOPLE = st.integers(0, 3_000_000)
ROWS = st.integers(1, 80)
LUCK = st.floats(2**-24, 1 - 2**-24)


@given(total=PEOPLE, weights=st.lists(st.floats(0, 1e6), min_size=1, max_size=80), u=LUCK)
def test_split_is_whole_and_exact_and_follows_the_weights(total, weights, u):
    weight = f32(weights)
    total = total if (weight > 0).any() else 0
    parts = split(np.array([total]), weight[:, None], f32([u]))[:, 0]
    assert parts.sum() == total
    assert (parts >= 0).all()
    assert (parts[weight == 0] == 0).all()
    fair = total * weight.astype(float) / max(weight.astype(float).sum(), 1e-30)
    assert np.abs(parts - fair).max() < 2 + 2e-6 * total  # a cut at either end, and float32


@given(data=st.data(), rows=ROWS, u=LUCK)
def test_take_never_asks_more_of_a_stock_than_it_holds(data, rows, u):
    stock = np.array(
        data.draw(st.lists(st.sampled_from([0, 1, 2, 7, 500, 400_000]), min_size=rows, max_size=rows))
    )
    total = data.draw(st.integers(0, int(stock.sum())))
    parts = take(np.array([total]), f32(stock)[:, None], f32([u]))[:, 0]
    assert parts.sum() == total
    assert ((parts >= 0) & (parts <= stock)).all()


def test_everybody_is_taken_when_all_are_asked():
    stock = f32([[3, 0], [999_999, 1], [1, 0]])
    assert (take(stock.sum(axis=0), stock, f32([0.3, 0.9])) == stock).all()


@pytest.mark.parametrize("function", [split, take])
def test_parts_are_right_on_average(function):
    weight = np.repeat(f32([[1], [2], [10], [0], [7]]), 20_000, axis=1)
    u = (np.arange(20_000, dtype=np.float32) + 0.5) / 20_000
    parts = function(np.full(20_000, 3), weight, u)
    assert parts.mean(axis=1) == pytest.approx(3 * weight[:, 0] / 20, abs=1e-3)


def test_whole_is_right_on_average():
    u = Draws(np.uint32(1), np.int32(0)).uniform("rounding", np.arange(40_000, dtype=np.uint32))
    numbers = whole(np.float32(2.3), u)
    assert set(np.unique(numbers)) == {2, 3}
    assert numbers.mean() == pytest.approx(2.3, abs=4 * np.sqrt(0.21 / 40_000))


@pytest.mark.parametrize("function", [split, take])
def test_numpy_equals_jax(function):
    rng = np.random.default_rng(0)
    stock = f32(rng.integers(0, 5000, (70, 9)))
    total, u = f32(rng.integers(0, 9000, 9)), f32(rng.random(9))
    assert np.array_equal(function(total, stock, u), function(*map(jnp.asarray, (total, stock, u))))
