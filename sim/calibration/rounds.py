"""The calibration itself: simulate, search, emulate, sample, and again, ever closer to the record.

The first round's points fill the prior; the generations of a ``search`` lead to where the posterior is. Each
later round simulates draws from the generalised posterior over
an emulator of all that was simulated before, at a learning rate that grows from round to round: waves, as
in history matching (Vernon, Goldstein & Bower 2010, doi:10.1214/10-BA524), with draws in the place of a
cut-off (calibrate, emulate, sample: Cleary et al. 2021, doi:10.1016/j.jcp.2020.109716). All points of a
round meet the same chances, and each round others, so that no point is good by luck twice.

With ``widths`` there is no emulator: the posterior is the search's own distribution, widened (``search``),
by the greatest width of which the same can be said as of the learning rate.

The learning rate at which the posterior is drawn in the end is the lowest whose predictive distribution, one
new run with each draw, is about as good as the best: any proper score of a mixture is spoilt by draws that
are too few of a kind as well as by draws that are too many.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration import emulator as emulation
from sim.calibration.folder import PATH, POINTS, POSTERIOR, RATES, ROUND, SCALES, Folder, scores_frame
from sim.calibration.loss import PARTS, mean_people, parts, total
from sim.calibration.population import War, losses, simulate_points, war_of
from sim.calibration.sampler import sample
from sim.calibration.search import Search
from sim.calibration.study import Study
from sim.engine import run_seeds
from sim.experiment.store import locked
from sim.skill.measures import coverage

CHECKED = 512
"""Draws with which a learning rate is tried."""
TOLERANCE = 0.02
"""How much worse than the best, relative to it, the predictive loss at the chosen rate may be."""
CHECK_RUNS = 2
"""Runs with each draw of the posterior."""
LAST = 200
"""Stream of the posterior's draws; those of the levels that are tried come after it."""
FRESH = 2**20
"""Number of the first replicate that no round has met."""


@dataclass
class _Progress:
    tell: Callable[[int, int], None]
    total: int
    done: int = 0

    def add(self, runs: int) -> None:
        self.done += runs
        self.tell(self.done, self.total)


def runs_of(study: Study) -> int:
    """Simulated runs of a whole calibration."""
    file = study.file
    rounds = 0 if file.widths else file.rounds
    points = file.first_points + file.generations * file.population + rounds * file.points
    checks = len(file.widths or file.rates) * min(file.draws, CHECKED) + CHECK_RUNS * file.draws
    return (points * file.replicates + checks) * len(study.scenarios)


def calibrate(
    study: Study,
    path: Path | str,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Run what of a calibration is not done yet, and return the posterior.

    Args:
        study: what to learn from what.
        path: the folder where it is kept; the same call again goes on where it stopped.
        workers: threads; by default one per core.
        progress: called with (runs done, runs).

    Returns:
        A row per draw: ``draw``, ``loss`` (of two runs with it), ``emulated`` loss, then the parameters.

    Raises:
        InputError: the folder holds something else, or is in use.
        OSError: it cannot be written; what has been written is whole.
    """
    with locked(Path(path)):
        return _Calibration(study, Folder(study, Path(path)), workers, progress or (lambda *_: None)).run()


class _Calibration:
    def __init__(
        self, study: Study, folder: Folder, workers: int | None, progress: Callable[[int, int], None]
    ) -> None:
        self.study, self.folder, self.workers = study, folder, workers
        self.wars = [war_of(scenario) for scenario in study.scenarios]
        self.progress = _Progress(progress, runs_of(study))

    def run(self) -> pd.DataFrame:
        file = self.study.file
        z, loss, search = self._search(*self._round(0, self._first))
        if file.widths and search:
            near = functools.partial(self._around, search)
            return self._concluded(near, sorted(file.widths, reverse=True))
        scales, last_round = None, file.generations + file.rounds
        for number in range(file.generations + 1, last_round + 1):
            scales = self._scales(number, z, loss, scales)
            rate = self._rate(number - file.generations)
            draw = functools.partial(self._draw, self._emulator(z, loss, scales), rate, file.points, number)
            new, of_new = self._round(number, draw)
            z, loss = np.concatenate([z, new]), np.concatenate([loss, of_new])
        scales = self._scales(last_round + 1, z, loss, scales)
        last = self._emulator(z, loss, scales)
        return self._concluded(functools.partial(self._draw, last), sorted(file.rates), last)

    def _concluded(
        self,
        draw: Callable[[float, int, int], np.ndarray],
        levels: Sequence[float],
        last: emulation.Emulator | None = None,
    ) -> pd.DataFrame:
        """The posterior: levels, the most cautious first, are tried, and the draws made at the chosen one."""
        if self.folder.has(RATES):
            self.progress.add(len(levels) * min(self.study.file.draws, CHECKED) * len(self.wars))
        rates = self.folder.kept(RATES, lambda: self._try(draw, levels))
        return self.folder.kept(POSTERIOR, lambda: self._posterior(draw, chosen_rate(rates), last))

    def _search(self, z: np.ndarray, loss: np.ndarray) -> tuple[np.ndarray, np.ndarray, Search | None]:
        """All points so far and those of the search's generations, with their losses; the search."""
        file = self.study.file
        if not file.generations:
            return z, loss, None
        search = Search(self.study.default_z, file.population, max(file.rates), file.seed)
        for number in range(1, file.generations + 1):
            asked = search.generation()  # also where they are kept: the search goes on from there
            new, of_new = self._round(number, functools.partial(np.array, asked))
            search.tell(new, of_new)
            z, loss = np.concatenate([z, new]), np.concatenate([loss, of_new])
        return z, loss, search

    def _around(self, search: Search, width: float, size: int, stream: int) -> np.ndarray:
        return search.around(width, size, self.study.file.seed + 1000 * stream)

    def _first(self) -> np.ndarray:
        """Scores that fill the prior, the defaults first."""
        from scipy.stats import norm, qmc

        k, size = len(self.study.prior.names), self.study.file.first_points
        sequence = qmc.Sobol(k, scramble=True, rng=self.study.file.seed)
        u = sequence.random_base2((size - 1).bit_length())[:size]
        z = norm.ppf(np.clip(u, 1e-6, 1.0 - 1e-6))
        z[0] = self.study.default_z
        return z

    def _rate(self, number: int) -> float:
        """The learning rate of a round: from the lowest to the highest on equal steps of the logarithm."""
        low, high = min(self.study.file.rates), max(self.study.file.rates)
        return low * (high / low) ** ((number - 1) / max(self.study.file.rounds - 1, 1))

    def _draw(self, now: emulation.Emulator, rate: float, size: int, stream: int) -> np.ndarray:
        found = sample(now, rate, size, self.study.file.seed + 1000 * stream)
        if stream == LAST:
            self.folder.kept(PATH, lambda: pd.DataFrame(found.path).assign(rate=rate))
        return found.z

    def _scales(self, number: int, z: np.ndarray, loss: np.ndarray, start: np.ndarray | None) -> np.ndarray:
        which = self._nearest(loss)
        frame = self.folder.kept(
            SCALES.format(number),
            lambda: pd.DataFrame({"log_scale": emulation.scales(z[which], loss[which], start)}),
        )
        return frame["log_scale"].to_numpy()

    def _emulator(self, z: np.ndarray, loss: np.ndarray, scales: np.ndarray) -> emulation.Emulator:
        which = self._nearest(loss)
        return emulation.fit(z[which], loss[which], scales)

    def _nearest(self, loss: np.ndarray) -> np.ndarray:
        """The points nearest to the record, in the order in which they were simulated."""
        return np.sort(np.argsort(loss, kind="stable")[: self.study.file.emulator_points])

    def _round(self, number: int, points: Callable[[], np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Scores of a round's points and their losses, simulated as far as they are not kept."""
        runs = self.study.file.replicates
        seeds = run_seeds(self.study.file.seed, runs, number * runs)
        frame = self.folder.kept(POINTS.format(number), lambda: scores_frame(points()))
        z, of_cases = frame.to_numpy(), []
        for war in self.wars:
            simulate = functools.partial(self._round_frame, war, z, seeds)
            name = ROUND.format(number, war.scenario.name)
            if self.folder.has(name):
                self.progress.add(len(z) * runs)
            kept = self.folder.kept(name, simulate)
            of_cases.append(self._total(kept.to_numpy()))
        return z, self.study.case_weights @ np.array(of_cases)

    def _round_frame(self, war: War, z: np.ndarray, seeds: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(self._losses(war, z, seeds), columns=list(PARTS))

    def _losses(self, war: War, z: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        values = self.study.prior.parameters(z)
        names = self.study.prior.names
        return losses(war, names, values, seeds, workers=self.workers, progress=self.progress.add)

    def _total(self, of_parts: np.ndarray) -> np.ndarray:
        return total(of_parts, self.study.part_weights)

    def _try(self, draw: Callable[[float, int, int], np.ndarray], levels: Sequence[float]) -> pd.DataFrame:
        """What one new run with each draw is worth as a forecast, for each level and case."""
        size = min(self.study.file.draws, CHECKED)
        seeds = run_seeds(self.study.file.seed, size, FRESH)
        rows = []
        for number, level in enumerate(levels):
            values = self.study.prior.parameters(draw(level, size, LAST + 1 + number))
            for war in self.wars:
                of_parts, covered = self._predictive(war, values, seeds)
                score = dict(zip(PARTS, of_parts, strict=True)) | {"coverage_90": covered}
                loss = float(self._total(of_parts))
                rows.append({"rate": level, "scenario": war.scenario.name, "loss": loss, **score})
        frame = pd.DataFrame(rows)
        weights = dict(zip((w.scenario.name for w in self.wars), self.study.case_weights, strict=True))
        frame["weight"] = frame["scenario"].map(weights)
        return frame

    def _predictive(self, war: War, values: np.ndarray, seeds: np.ndarray) -> tuple[np.ndarray, float]:
        """Parts of the loss, and coverage of recorded days, of an ensemble with a draw in each run."""
        history = war.target.history
        found = simulate_points(war, self.study.prior.names, values, seeds, workers=self.workers)
        self.progress.add(len(values))
        fell = np.isfinite(history.day)
        days = found.fall_day[:, fell]
        covered = coverage(days, history.day[fell], history.weight[fell], history.days)
        return parts(found.fallen, mean_people(found.people), war.target), covered

    def _posterior(
        self,
        draw: Callable[[float, int, int], np.ndarray],
        level: float,
        last: emulation.Emulator | None,
    ) -> pd.DataFrame:
        """Draws, in an order that has no meaning, with the loss of a few new runs with each."""
        size = self.study.file.draws
        z = draw(level, size, LAST)
        seeds = run_seeds(self.study.file.seed, CHECK_RUNS, FRESH)
        of_cases = [self._total(self._losses(war, z, seeds)) for war in self.wars]
        values = self.study.prior.parameters(z)
        notes = {
            "draw": np.arange(size, dtype=np.int32),
            "loss": self.study.case_weights @ np.array(of_cases),
            "emulated": emulation.expected(last, z) if last else np.full(size, np.nan),
        }
        columns = {name: values[:, k] for k, name in enumerate(self.study.prior.names)}
        return pd.DataFrame(notes | columns)


def chosen_rate(rates: pd.DataFrame) -> float:
    """The most cautious level, in their order, whose predictive loss is within TOLERANCE of the best."""
    loss = (rates["loss"] * rates["weight"]).groupby(rates["rate"], sort=False).sum()
    return float(loss.index[(loss <= loss.min() * (1.0 + TOLERANCE)).to_numpy().argmax()])
