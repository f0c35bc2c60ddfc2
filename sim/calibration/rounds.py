"""The calibration itself: generations of points, at one learning rate after the other.

At each rate a Gaussian climbs towards the generalised posterior (``variational``), from where it was at the
lower rate before. A few points at a time meet the same chances and are compared with each other; every group
of them meets others, so that no point is good by luck twice.

The learning rate at which the posterior is drawn in the end is the lowest whose predictive distribution, one
new run with each draw, is about as good as the best, for the wars that it is tried on are those that it was
learned from.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.calibration.folder import LEVEL, LOSSES, PATH, POINTS, POSTERIOR, RATES, Folder, scores_frame
from sim.calibration.loss import PARTS, mean_people, parts, total
from sim.calibration.population import War, losses, simulate_points, war_of
from sim.calibration.study import Study
from sim.calibration.study_file import TOGETHER
from sim.calibration.variational import Climb, Gaussian
from sim.engine import run_seeds
from sim.experiment.store import locked
from sim.skill.measures import coverage

CHECKED = 512
"""Draws with which a learning rate is tried."""
TOLERANCE = 0.1
"""How much worse than the best, relative to it, the predictive loss at the chosen rate may be: wars that were
fitted always speak for learning more from them."""
RUNS_PER_DRAW = 2
"""New runs with each draw of the posterior."""
FRESH = 2**31
"""Beyond the numbers of all generations and of the replicates that these have met."""


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
    climb = len(file.rates) * file.generations * file.population * file.replicates
    checks = len(file.rates) * min(file.draws, CHECKED) + RUNS_PER_DRAW * file.draws
    return (climb + checks) * len(study.scenarios)


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
        A row per draw: ``draw``, ``loss`` (of two runs with it), then the parameters.

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
        levels = self._climb()
        draws, wars = self.study.file.draws, len(self.wars)
        tried, checked = len(levels) * min(draws, CHECKED) * wars, RUNS_PER_DRAW * draws * wars
        rates = self._kept(RATES, tried, lambda: self._try(levels))
        return self._kept(POSTERIOR, checked, lambda: self._posterior(levels[chosen_rate(rates)]))

    def _kept(self, name: str, runs: int, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """A table as it is kept; its runs count as done, also where nothing is simulated any more."""
        if self.folder.has(name):
            self.progress.add(runs)
        return self.folder.kept(name, make)

    def _climb(self) -> dict[float, Gaussian]:
        """The Gaussian at each learning rate, the lowest first."""
        file = self.study.file
        climb = Climb(self.study.prior.centre, file.population, TOGETHER, file.seed)
        levels: dict[float, Gaussian] = {}
        steps: list[dict[str, float]] = []
        for rate in sorted(file.rates):
            for _ in range(file.generations):
                z, loss = self._generation(len(steps), climb)
                now = climb.tell(z, loss, rate)
                steps.append({"rate": rate, "loss": loss.mean(), "divergence": now.divergence})
            found = levels[rate] = climb.settled(file.generations)
            columns = {"parameter": self.study.prior.names, **found._asdict()}
            self.folder.kept(LEVEL.format(len(levels)), functools.partial(pd.DataFrame, columns))
        self.folder.kept(PATH, lambda: pd.DataFrame(steps))
        return levels

    def _generation(self, number: int, climb: Climb) -> tuple[np.ndarray, np.ndarray]:
        """Scores of a generation's points and their losses, simulated as far as they are not kept."""
        file = self.study.file
        z = self.folder.kept(POINTS.format(number), lambda: scores_frame(climb.points())).to_numpy()
        groups = file.population // TOGETHER
        seeds = run_seeds(file.seed, groups * file.replicates, number * groups * file.replicates)
        seeds = np.repeat(seeds.reshape(groups, file.replicates), TOGETHER, axis=0)
        of_cases = []
        for war in self.wars:
            name = LOSSES.format(number, war.scenario.name)
            kept = self._kept(name, seeds.size, functools.partial(self._losses_frame, war, z, seeds))
            of_cases.append(self._total(kept.to_numpy()))
        return z, self.study.case_weights @ np.array(of_cases)

    def _losses_frame(self, war: War, z: np.ndarray, seeds: np.ndarray) -> pd.DataFrame:
        return pd.DataFrame(self._losses(war, self.study.prior.parameters(z), seeds), columns=list(PARTS))

    def _losses(self, war: War, values: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        names = self.study.prior.names
        return losses(war, names, values, seeds, workers=self.workers, progress=self.progress.add)

    def _total(self, of_parts: np.ndarray) -> np.ndarray:
        return total(of_parts, self.study.part_weights)

    def _try(self, levels: dict[float, Gaussian]) -> pd.DataFrame:
        """What one new run with each draw is worth as a forecast, for each rate and case."""
        size = min(self.study.file.draws, CHECKED)
        seeds = run_seeds(self.study.file.seed, size, FRESH)
        rows = []
        for rate, gaussian in levels.items():
            values = self._drawn(gaussian, size)
            for war, weight in zip(self.wars, self.study.case_weights, strict=True):
                of_parts, covered = self._predictive(war, values, seeds)
                score = dict(zip(PARTS, of_parts, strict=True)) | {"coverage_90": covered, "weight": weight}
                loss = float(self._total(of_parts))
                rows.append({"rate": rate, "scenario": war.scenario.name, "loss": loss, **score})
        return pd.DataFrame(rows)

    def _predictive(self, war: War, values: np.ndarray, seeds: np.ndarray) -> tuple[np.ndarray, float]:
        """Parts of the loss, and coverage of recorded days, of an ensemble with a draw in each run."""
        history = war.target.history
        found = simulate_points(war, self.study.prior.names, values, seeds, workers=self.workers)
        self.progress.add(len(values))
        fell = np.isfinite(history.day)
        days = found.fall_day[:, fell]
        covered = coverage(days, history.day[fell], history.weight[fell], history.days)
        return parts(found.fallen, mean_people(found.people), war.target), covered

    def _drawn(self, gaussian: Gaussian, size: int) -> np.ndarray:
        """Values [size, k] of the parameters."""
        return self.study.prior.parameters(gaussian.draws(size, [self.study.file.seed, FRESH]))

    def _posterior(self, gaussian: Gaussian) -> pd.DataFrame:
        """Draws, each second one the mirror of the one before, with the loss of a few new runs with each."""
        size = self.study.file.draws
        values = self._drawn(gaussian, size)
        seeds = run_seeds(self.study.file.seed, RUNS_PER_DRAW, FRESH)
        of_cases = [self._total(self._losses(war, values, seeds)) for war in self.wars]
        notes = {"draw": np.arange(size, dtype=np.int32), "loss": self.study.case_weights @ of_cases}
        columns = {name: values[:, k] for k, name in enumerate(self.study.prior.names)}
        return pd.DataFrame(notes | columns)


def chosen_rate(rates: pd.DataFrame) -> float:
    """The lowest learning rate whose predictive loss is within TOLERANCE of the best."""
    loss = (rates["loss"] * rates["weight"]).groupby(rates["rate"]).sum()
    return float(loss.index[loss <= loss.min() * (1.0 + TOLERANCE)][0])
