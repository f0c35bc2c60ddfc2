"""Random numbers: the published hash, uniform and independent, the same in every engine and order.

Statistical tests look at fixed numbers, so they pass or fail for good; ``ALPHA`` is the chance that a perfect
generator would have failed one family of them (Bonferroni within the family).
"""

import ast
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import sim.draws
from sim.draws import Draws, binomial_quantile, normal_quantile, pcg4d, stream_number
from sim.engine import run_seeds

ALPHA = 0.01
SIZE = 1 << 17
WORD = 0xFFFFFFFF
USED = 3  # of the four words of the hash the last: every bit of all arguments reaches it
GOLDEN = np.uint32(2654435761)  # the step between the keys of units of one deployment


def published_pcg4d(x: int, y: int, z: int, w: int) -> tuple[int, int, int, int]:
    """The listing of Jarzynski & Olano 2020, section 4.2, in Python's unbounded integers."""
    v = [(n * 1664525 + 1013904223) % 2**32 for n in (x, y, z, w)]

    def stir() -> None:
        v[0] = (v[0] + v[1] * v[3]) % 2**32
        v[1] = (v[1] + v[2] * v[0]) % 2**32
        v[2] = (v[2] + v[0] * v[1]) % 2**32
        v[3] = (v[3] + v[1] * v[2]) % 2**32

    stir()
    v[:] = [n ^ (n >> 16) for n in v]
    stir()
    return v[0], v[1], v[2], v[3]


def draws(seed: int = 0, tick: int = 0) -> Draws:
    return Draws(np.asarray(seed, dtype=np.uint32), np.asarray(tick, dtype=np.int32))


def test_hash_is_the_published_one():
    edges = [0, 1, 2, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, WORD]
    words = np.array(np.meshgrid(edges, edges, edges, edges), dtype=np.uint32).reshape(4, -1)
    expected = [published_pcg4d(*map(int, column))[USED] for column in words.T]
    assert pcg4d(*words).tolist() == expected


def test_hash_never_changes():
    # Written down once from `published_pcg4d`: a result of today can be had again in ten years.
    vectors = {(0, 0, 0, 0): 0xD32548EA, (1, 2, 3, 4): 0x02B94C2F, (WORD, 0, WORD, 7): 0xFCE13018}
    for words, expected in vectors.items():
        assert int(pcg4d(*(np.array([n], dtype=np.uint32) for n in words))[0]) == expected


def families() -> dict[str, np.ndarray]:
    """Numbers that lie next to each other in one of the four coordinates, as the engine uses them."""
    index = np.arange(SIZE, dtype=np.uint32)
    seeds = run_seeds(7, 512)
    return {
        "indices": draws(1, 5).uniform("desertion", index),
        "indices of a deployment": draws(1, 5).uniform("desertion", index * GOLDEN + np.uint32(99)),
        "ticks": np.concatenate([draws(1, t).uniform("death", index[:256]) for t in range(SIZE // 256)]),
        "root seeds": np.concatenate([draws(s, 3).uniform("death", index[:256]) for s in range(SIZE // 256)]),
        "seeds of runs": np.concatenate([draws(s, 3).uniform("death", index[:256]) for s in seeds]),
        "streams": np.concatenate([draws(1, 3).uniform(f"s{k}", index[:256]) for k in range(SIZE // 256)]),
    }


@pytest.fixture(scope="module")
def samples():
    return families()


def test_numbers_are_uniform(samples):
    tests = 3 * len(samples)
    for name, u in samples.items():
        level = ALPHA / tests
        assert stats.kstest(u.astype(float), "uniform").pvalue > level, name
        high, low = np.floor(u * 1024).astype(int), (u * 2.0**23).astype(int) % 256
        assert stats.chisquare(np.bincount(high, minlength=1024)).pvalue > level, f"{name}: high bits"
        assert stats.chisquare(np.bincount(low, minlength=256)).pvalue > level, f"{name}: low bits"


def pairs() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Pairs of series that must know nothing of each other."""
    index = np.arange(SIZE, dtype=np.uint32)
    base = draws(1, 5).uniform("desertion", index)
    by_tick = np.stack([draws(1, t).uniform("death", index[:512]) for t in range(SIZE // 512 + 1)])
    return {
        "streams": (base, draws(1, 5).uniform("death", index)),
        "ticks": (base, draws(1, 6).uniform("desertion", index)),
        "a unit's ticks": (by_tick[:-1].ravel(), by_tick[1:].ravel()),
        "neighbours": (base[:-1], base[1:]),
        "root seeds": (base, draws(2, 5).uniform("desertion", index)),
        "tick and index exchanged": (
            np.concatenate([draws(1, t).uniform("a", index[:300]) for t in range(300)]),
            np.stack([draws(1, t).uniform("a", index[:300]) for t in range(300)]).T.ravel()[1:].tolist()
            + [0.5],
        ),
    }


def test_series_are_independent():
    series = pairs()
    for name, (a, b) in series.items():
        a, b = np.asarray(a), np.asarray(b)
        level = ALPHA / (2 * len(series))
        assert stats.pearsonr(a, b).pvalue > level, name
        cells = np.floor(a * 32).astype(int) * 32 + np.floor(b * 32).astype(int)
        counts = np.bincount(cells, minlength=1024).reshape(32, 32)
        assert stats.chi2_contingency(counts).pvalue > level, f"{name}: 32 x 32 table"


def test_one_bit_of_any_word_changes_everything():
    """Names are hashed to 32 bits: two of them may differ in any one bit."""
    index = np.arange(SIZE // 8, dtype=np.uint32)
    words = [index, index * GOLDEN, run_seeds(3, len(index)), np.full_like(index, stream_number("death"))]
    level = ALPHA / (4 * 32)
    before = pcg4d(*words) / 2.0**32
    related = []
    for word in range(4):
        for bit in range(32):
            changed = [w ^ np.uint32(1 << bit) if k == word else w for k, w in enumerate(words)]
            correlation = stats.pearsonr(before, pcg4d(*changed) / 2.0**32)
            if correlation.pvalue < level:
                related.append(f"word {word}, bit {bit}: r = {correlation.statistic:.2f}")
    assert related == []


def test_numbers_lie_strictly_between_0_and_1(monkeypatch):
    extremes = np.array([0, 511, WORD - 511, WORD], dtype=np.uint32)
    monkeypatch.setattr(sim.draws, "pcg4d", lambda *words: extremes)
    u = draws().uniform("any", np.zeros(4, dtype=np.uint32))
    assert u.dtype == np.float32
    assert (u > 0).all()
    assert (u < 1).all()


def test_neither_order_nor_batch_nor_company_changes_a_number():
    index = np.arange(1000, dtype=np.uint32)
    whole = draws(3, 2).uniform("rout", index)
    alone = np.concatenate([draws(3, 2).uniform("rout", index[k : k + 1]) for k in (999, 0, 500)])
    assert alone.tolist() == whole[[999, 0, 500]].tolist()
    assert draws(3, 2).uniform("rout", index[::-1])[::-1].tolist() == whole.tolist()
    assert draws(3, 2).uniform("rout", index.reshape(10, 100)).ravel().tolist() == whole.tolist()
    assert draws(3, 2).uniform("rout", np.arange(2000, dtype=np.uint32))[:1000].tolist() == whole.tolist()


def test_replicates_have_seeds_of_their_own_that_do_not_depend_on_their_number():
    seeds = run_seeds(5, 1000)
    assert len(set(seeds.tolist())) == 1000
    assert run_seeds(5, 10).tolist() == seeds[:10].tolist()
    assert run_seeds(5, 10, first=990).tolist() == seeds[990:].tolist()
    assert not set(seeds.tolist()) & set(run_seeds(6, 1000).tolist())
    assert not set(seeds.tolist()) & set(run_seeds(5 + 2**32, 1000).tolist())


def test_no_two_rules_draw_from_one_stream():
    """A stream used twice would give two decisions the same luck."""
    streams = []
    for file in sorted(Path(sim.draws.__file__).parent.glob("rules/*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("uniform", "binomial"):
                    assert isinstance(node.args[0], ast.Constant), f"{file.name}: line {node.lineno}"
                    streams.append(node.args[0].value)
    assert len(streams) > 8
    assert len(streams) == len(set(streams))
    assert len({stream_number(name) for name in streams}) == len(streams)


def test_numpy_and_jax_give_the_same_bits():
    import jax
    import jax.numpy as jnp

    index = np.concatenate([np.arange(5000), np.array([WORD])]).astype(np.uint32)
    seeds = run_seeds(0, 3)

    def jax_draws(seed, tick, index):
        return Draws(seed, tick).uniform("death", index)

    by_run = jax.jit(jax.vmap(jax_draws, in_axes=(0, None, None)))
    numbers = np.asarray(by_run(jnp.asarray(seeds), jnp.int32(77), jnp.asarray(index)))
    assert numbers.dtype == np.float32
    for seed, row in zip(seeds, numbers, strict=True):
        assert row.tobytes() == draws(seed, 77).uniform("death", index).tobytes()


# Binomial draws. A grid of u stands for all draws: counts at its points are the whole distribution.


def lattice(u: np.ndarray) -> np.ndarray:
    """The nearest numbers that ``uniform`` can give: odd multiples of 2**-24."""
    return ((np.clip(np.floor(np.asarray(u) * 2.0**23), 0, 2**23 - 1) + 0.5) * 2.0**-23).astype(np.float32)


GRID = lattice((np.arange(40_001) + 0.5) / 40_001)
TAILS = lattice(np.concatenate([2.0 ** -np.linspace(1, 24, 5000), 1 - 2.0 ** -np.linspace(1, 24, 5000)]))
PROBABILITIES = [1e-6, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.25, 0.5, 0.6, 0.9, 0.99, 0.9999, 1.0]


def quantiles(n: float, p: float, u: np.ndarray = GRID) -> np.ndarray:
    return binomial_quantile(u, np.full_like(u, n), np.full_like(u, p))


@pytest.mark.parametrize("n", [1, 10, 100, 10_000])
@pytest.mark.parametrize("p", PROBABILITIES)
def test_binomial_has_its_distribution(n, p):
    counts = quantiles(n, p)
    assert ((counts == np.floor(counts)) & (counts >= 0) & (counts <= n)).all()
    exact = stats.binom(n, float(np.float32(p)))
    support, number = np.unique(counts, return_counts=True)
    distance = np.abs(np.cumsum(number) / len(GRID) - exact.cdf(support)).max()
    # Inversion is exact but for float32 and the grid; the expansion must be indistinguishable from a
    # binomial in 10,000 draws (the 5 % point of Kolmogorov's statistic is 1.36 / sqrt(draws)).
    inverted = n * p * (1 - p) <= 2.5
    assert distance < (1e-4 if inverted else 0.0136)
    spread = max(exact.std(), 1e-9)
    assert abs(counts.mean() - exact.mean()) < 0.01 * spread + 1.0 / len(GRID)
    assert counts.var() == pytest.approx(exact.var(), rel=0.02, abs=2.0 / len(GRID))


@pytest.mark.parametrize("n", [1, 10, 100, 10_000])
@pytest.mark.parametrize("p", PROBABILITIES)
def test_binomial_grows_with_u(n, p):
    u = np.sort(np.concatenate([GRID, TAILS]))
    assert (np.diff(quantiles(n, p, u)) >= 0).all()


@pytest.mark.parametrize("n", [1, 10, 100, 10_000])
def test_binomial_grows_with_p(n):
    """Paired runs rest on it: a higher hazard never lets fewer go. (The ends of u: see the next test.)"""
    p = np.sort(np.concatenate([np.geomspace(1e-6, 1, 2000), np.linspace(0, 1, 2001)])).astype(np.float32)
    for u in lattice([1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999]):
        counts = binomial_quantile(np.full_like(p, u), np.full_like(p, n), p)
        falls = np.flatnonzero(np.diff(counts) < 0)
        assert not len(falls), f"u = {u}: from p = {p[falls]} to {p[falls + 1]}"


@pytest.mark.parametrize("n", [2, 10, 100, 10_000])
def test_extreme_luck_has_no_impossible_outcome(n):
    """A number has 2**23 values: what happens once in 10**10 must not happen at the first or last of them."""
    p = np.geomspace(1e-6, min(0.5, 2.4 / n), 300).astype(np.float32)
    p = np.concatenate([p, 1 - p])
    p = p[n * p.astype(float) * (1 - p) < 2.5]  # where the draw is by inversion
    exact = stats.binom(n, p.astype(float))
    for u in lattice([0, 1e-6, 1 - 1e-6, 1]):
        counts = binomial_quantile(np.full_like(p, u), np.full_like(p, n), p)
        assert (exact.sf(counts - 1) > 1e-10).all(), f"u = {u}: too many"
        assert (exact.cdf(counts) > 1e-10).all(), f"u = {u}: too few"


def test_binomial_at_the_ends():
    n = np.float32([0, 1, 7, 1000])
    for u in np.float32([2.0**-24, 0.5, 1 - 2.0**-24]):
        u = np.full_like(n, u)
        assert binomial_quantile(u, n, np.zeros_like(n)).tolist() == [0, 0, 0, 0]
        assert binomial_quantile(u, n, np.ones_like(n)).tolist() == n.tolist()
        assert binomial_quantile(u, np.zeros_like(n), np.full_like(n, 0.3)).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("p", PROBABILITIES)
def test_one_soldier_is_a_bernoulli_draw(p):
    clear = np.abs(GRID.astype(float) - (1 - p)) > 2.0**-22  # further from the step than float32 rounds
    assert (quantiles(1, p)[clear] == (GRID[clear] > 1 - p)).all()


def test_normal_quantile_is_as_exact_as_it_says():
    u = np.concatenate([GRID, TAILS])
    assert np.abs(normal_quantile(u) - stats.norm.ppf(u.astype(float))).max() < 1e-4


def test_jax_and_numpy_count_the_same():
    """Rounding may move a count that lies on a step, by one and seldom."""
    import jax

    n = np.repeat(np.float32([1, 30, 1000]), 20_000)
    u = draws(4).uniform("a", np.arange(60_000, dtype=np.uint32))
    p = (draws(4).uniform("b", np.arange(60_000, dtype=np.uint32)) ** 4).astype(np.float32)
    difference = np.abs(np.asarray(jax.jit(binomial_quantile)(u, n, p)) - binomial_quantile(u, n, p))
    assert difference.max() <= 1
    assert (difference > 0).mean() < 1e-3
