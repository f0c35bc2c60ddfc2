"""A place: a cell of the road network."""

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.discrete_space import Cell

from sim.agents.column import Column
from sim.state import standing
from sim.world import CAUSES

if TYPE_CHECKING:
    from sim.model import ConflictModel


class Place(Cell):
    """A town, base or crossing: a cell of ``model.space``.

    Attributes:
        coordinate: its row, a whole number, as Mesa's drawing asks of a network.
        position: longitude and latitude, degrees.
        model: the model that it belongs to.
    """

    contested = Column("contested", bool, "Whether enemies stand in it (bool).", writable=False)
    day_taken = Column(
        "day_taken", float, "Days since the start when its controller took it; -1000: never.", writable=False
    )

    fled = Column("fled", int, "People who fled from home here, so far.", writable=False)
    returned = Column("returned", int, "People who came home here, so far.", writable=False)
    aid_need = Column("aid_need", float, "People here who depend on food aid today.", writable=False)
    aid_shortfall = Column(
        "aid_shortfall", float, "Those of them who got none (people-rations a day).", writable=False
    )

    model: "ConflictModel"

    def __repr__(self) -> str:
        return f"Place({self.place_id}, held by {self.controller})"

    def _entry(self, column: str) -> Any:
        return self.model.case.places[column].iat[self.row]

    @property
    def row(self) -> int:
        """Its row in the arrays [P] of the state and the world."""
        return self.coordinate

    @property
    def place_id(self) -> str:
        """Its id in the case."""
        return self.model.case.place_ids[self.row]

    @property
    def name(self) -> str:
        """Its name in the case."""
        return str(self._entry("name"))

    @property
    def kind(self) -> str:
        """town, city, regional_capital, capital, crossing or base."""
        return str(self._entry("kind"))

    @property
    def population(self) -> int:
        """People who lived there on the eve."""
        return int(self._entry("population"))

    @property
    def controller(self) -> str:
        """Id of the faction that holds it; writing it hands the place over, and moves nobody's belief."""
        return self.model.case.faction_ids[self.model.state.controller[self.row]]

    @controller.setter
    def controller(self, faction_id: str) -> None:
        self.model.state.controller[self.row] = self.model.faction(faction_id).row

    @property
    def cause(self) -> str:
        """How its controller took it: "" for never, assault, withdrawal, surrender, uprising or handover."""
        return CAUSES[self.model.state.cause[self.row]]

    @property
    def residents(self) -> int:
        """People at home here."""
        return int(self.model.state.residents[self.row].sum())

    @property
    def displaced_hosted(self) -> int:
        """Displaced people who found refuge here."""
        return int(self.model.state.hosted[self.row].sum())

    @property
    def garrison(self) -> dict[str, int]:
        """Soldiers who stand there, by faction id; those on the road or in hiding are left out."""
        state, model = self.model.state, self.model
        here = (state.place == self.row) & standing(state)
        ids = model.case.faction_ids
        men = np.bincount(model.world.unit_faction[here], state.soldiers[here], len(ids))
        return {faction: int(n) for faction, n in zip(ids, men, strict=True) if n}
