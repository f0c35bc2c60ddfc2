"""One campaign as a whole: every day of it at once, ready to be drawn."""

from dataclasses import dataclass

import numpy as np

from sim.app.batch import Batch, Glance, run_request
from sim.app.request import Request
from sim.engine import BATCH, Ensemble, of_runs, run_seeds
from sim.parameters import Params
from sim.record import Record
from sim.scenario import Scenario
from sim.state import State, by_faction
from sim.world import World


@dataclass(frozen=True, eq=False)
class Campaign:
    """Run 0 of the ensemble of a root seed: D days of it.

    Attributes:
        request: what was asked for.
        scenario: what holds in the end.
        world: its arrays, with room for more decisions.
        params: its parameters.
        seed: of the run.
        eve: its state before the first day.
        record: [1, D] what an ensemble keeps of it.
        states: [D] at the end of each day.
        ticks: [D, ticks per day] where its units were.
    """

    request: Request
    scenario: Scenario
    world: World
    params: Params
    seed: int
    eve: State
    record: Record
    states: State
    ticks: Glance

    @property
    def ensemble(self) -> Ensemble:
        """The campaign as an ensemble of one run."""
        men = by_faction(self.eve.soldiers, self.world)
        seeds = np.array([self.seed], dtype=np.uint32)
        return Ensemble(self.record, self.eve.condition[None], men[None], seeds)


def simulate(request: Request, past: Campaign | None = None) -> Campaign:
    """Run a request; ``past`` is the campaign without its act, if there is one already."""
    if not request.acts:
        return _first(request, run_request(request, np.arange(BATCH)))
    # Nobody looks at the other runs of the batch, so that they may be the same.
    alike = np.zeros(BATCH, dtype=int)
    before = _repeated(past) if past else run_request(request.past, alike)
    return _first(request, run_request(request, alike, before))


def _first(request: Request, batch: Batch) -> Campaign:
    world, params = of_runs(batch.world, batch.params, 0)
    return Campaign(
        request,
        batch.scenario,
        world,
        params,
        int(run_seeds(request.seed, 1)[0]),
        State(*(column[0].copy() for column in batch.eve)),
        Record(*(column[:1].copy() for column in batch.record)),
        State(*(column[0].copy() for column in batch.states)),
        Glance(*(column[0].copy() for column in batch.ticks)),
    )


def _repeated(campaign: Campaign) -> Batch:
    """A batch of the campaign alone."""

    def each(columns: tuple) -> list[np.ndarray]:
        return [np.repeat(column[None], BATCH, axis=0) for column in columns]

    return Batch(
        campaign.scenario,
        campaign.world,
        campaign.params,
        State(*each(campaign.eve)),
        Record(*(np.repeat(column, BATCH, axis=0) for column in campaign.record)),
        State(*each(campaign.states)),
        Glance(*each(campaign.ticks)),
    )
