"""The units of a model: which rows of its state have a view, and what users changed between two steps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.unit import Unit
from sim.draws import Draws
from sim.engine import start
from sim.rules.muster import muster
from sim.state import State, cell_of
from sim.world import World

if TYPE_CHECKING:
    from sim.model import ConflictModel


class Ranks:
    """A view for each row of units that has soldiers; views appear, move and go as the state has it."""

    def __init__(self, model: "ConflictModel") -> None:
        self._model = model
        self._views: list[Unit | None] = [None] * len(model.state.soldiers)
        self._shown = np.zeros(len(model.state.soldiers), dtype=bool)
        self._shown_place = model.state.place.copy()
        self.settle()

    def __getitem__(self, row: int) -> Unit | None:
        return self._views[row]

    def follow(self) -> None:
        """Let units appear, move and go as the state has it."""
        state = self._model.state
        alive = state.soldiers > 0
        for row in np.flatnonzero(self._shown & ~alive):
            self._views[row].remove()  # type: ignore[union-attr]
        for row in np.flatnonzero(self._shown & (state.place != self._shown_place)):
            self._views[row].follow()  # type: ignore[union-attr]
        for row in np.flatnonzero(alive & ~self._shown):
            self._views[row] = self._model.unit_class(self._model, int(row))
        self._shown, self._shown_place = alive, state.place.copy()

    def forget(self, unit: Unit) -> None:
        """A unit has been removed."""
        self._views[unit.row] = None
        self._shown[unit.row] = False

    def settle(self) -> None:
        """Follow what the rules made; what differs from it later is a user's change."""
        self.follow()
        self._last = self._standing()

    def recount(self, seed: np.ndarray) -> None:
        """Count anew where units were added, moved or changed since the last step: orders rest on that."""
        model = self._model
        changed = np.zeros(len(model.state.soldiers), dtype=bool)
        for now, then in zip(self._standing(), self._last, strict=True):
            changed |= now != then
        if not changed.any():
            return
        counted = muster(model.state, model.world, model.params, Draws(seed, model.state.tick))
        before = model.state._replace(place=self._last[-1])
        cells = np.concatenate([cell_of(s, model.world)[changed] for s in (model.state, before)])
        for field in ("soldiers_at", "strength_at", "morale_at"):
            np.put(getattr(model.state, field), cells, getattr(counted, field).reshape(-1)[cells])

    def add_row(self, row: Mapping[str, Any], seed: np.ndarray) -> None:
        """One more row, empty, in the arrays of units; ``row`` has its entries in the world."""
        model = self._model
        grown = {}
        for name in World._fields:
            if name.startswith("unit_"):
                old = getattr(model.world, name)
                grown[name] = np.append(old, old.dtype.type(row.get(name, 0)))
        model.world = model.world._replace(**grown)
        eve = start(model.world, model.params, seed)
        model.state = State(
            *(
                old if old.shape == new.shape else np.append(old, new[-1:])
                for old, new in zip(model.state, eve, strict=True)
            )
        )
        self._last = tuple(
            np.append(old, new[-1:]) for old, new in zip(self._last, self._standing(), strict=True)
        )
        self._views.append(None)
        self._shown, self._shown_place = np.append(self._shown, False), model.state.place.copy()

    def _standing(self) -> tuple[np.ndarray, ...]:
        """Soldiers, morale, road, hiding and place of every unit."""
        state = self._model.state
        return tuple(
            np.array(a) for a in (state.soldiers, state.morale, state.road_slot, state.hidden, state.place)
        )
