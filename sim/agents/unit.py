"""A unit: soldiers who move and fight together."""

from typing import TYPE_CHECKING

from mesa.discrete_space import CellAgent
from mesa.discrete_space.cell_agent import HasCell

from sim.agents.column import Column
from sim.agents.faction import Faction
from sim.agents.place import Place
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.model import ConflictModel

_MOST_SOLDIERS = 2**24  # whole numbers are exact in float32 up to here


class Unit(CellAgent):
    """Soldiers of one faction that stand, move, fight and leave together.

    Attributes:
        row: its row in the arrays [U] of the state and the world.
    """

    soldiers = Column(
        "soldiers",
        int,
        "Soldiers in it (whole number); 0 dissolves it at the next step.",
        low=0,
        high=_MOST_SOLDIERS,
    )
    morale = Column("morale", float, "Morale, from 0 to 1.", low=0, high=1)
    mobile = Column(
        "mobile", bool, "Whether it may leave its post to attack or to reinforce (bool).", low=0, high=1
    )
    hidden = Column("hidden", bool, "Whether it lies low where another side holds (bool).", low=0, high=1)
    losses_recent = Column("losses_recent", float, "Share of its men lately killed, 0 to 1.", low=0, high=1)
    leavers_recent = Column(
        "leavers_recent", float, "Share of its men who lately left, 0 to 1.", low=0, high=1
    )

    def __init__(self, model: "ConflictModel", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.follow()

    def __repr__(self) -> str:
        return f"Unit({self.soldiers} of {self.faction_id} at {self.place_id}, morale {self.morale:.2f})"

    @property
    def cell(self) -> Place | None:
        """The place where it stands, or that it left when it took the road; None once it is removed.

        Writing it moves the unit there at once, off any road.
        """
        return self._mesa_cell

    @cell.setter
    def cell(self, place: Place | None) -> None:
        if place is not None:
            if place not in self.model.places:
                raise InputError([f"Unit.cell: {place!r}; allowed: one of model.places"])
            state = self.model.state
            if state.place[self.row] == place.row and not self.on_road:
                return  # it stands there already
            state.place[self.row] = place.row
            state.road_slot[self.row] = -1
            state.road_km_left[self.row] = 0.0
        HasCell.cell.__set__(self, place)

    @property
    def place_id(self) -> str:
        """Id of the place where it stands, or that it has left by road; writing it moves the unit there."""
        return self.model.case.place_ids[self.model.state.place[self.row]]

    @place_id.setter
    def place_id(self, place_id: str) -> None:
        self.cell = self.model.place(place_id)

    @property
    def on_road(self) -> bool:
        """Whether it is on the road between two places."""
        return bool(self.model.state.road_slot[self.row] >= 0)

    @property
    def destination_id(self) -> str | None:
        """Id of the place at the other end of the road that it is on; None if it stands."""
        slot = self.model.state.road_slot[self.row]
        if slot < 0:
            return None
        return self.model.case.place_ids[self.model.world.neighbour[self.model.state.place[self.row], slot]]

    @property
    def faction_id(self) -> str:
        """Id of its faction."""
        return self.model.case.faction_ids[self.model.world.unit_faction[self.row]]

    @property
    def faction(self) -> "Faction":
        """Its faction."""
        return self.model.factions[self.model.world.unit_faction[self.row]]

    @property
    def home(self) -> str | None:
        """Id of the place that its men come from; None if that is abroad or unknown."""
        home = self.model.world.unit_home[self.row]
        return self.model.case.place_ids[home] if home >= 0 else None

    @property
    def days_unpaid(self) -> float:
        """Days of pay that its faction owes it."""
        return self.faction.arrears_days

    def why(self) -> dict[str, float]:
        """Why its morale moves as it does: see ``ConflictModel.why``."""
        return self.model.why(self)

    def remove(self) -> None:
        """Take it, and its soldiers, out of the campaign."""
        super().remove()
        self.model.state.soldiers[self.row] = 0.0
        self.model.forget(self)

    def follow(self) -> None:
        """Show it in the cell where the state has it."""
        HasCell.cell.__set__(self, self.model.places[self.model.state.place[self.row]])
