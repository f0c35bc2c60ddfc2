"""A backer: a foreign state behind a faction."""

from typing import TYPE_CHECKING

from mesa import Agent

from sim.agents.column import Column
from sim.agents.faction import Faction
from sim.rules.backers import at_full_commitment

if TYPE_CHECKING:
    from sim.model import ConflictModel


class Backer(Agent):
    """A foreign state behind a faction.

    Attributes:
        row: its row in the arrays [B] of the state and the world.
        backer_id: its id in the case.
        name: its name in the case.
    """

    attention = Column("attention", float, "How much of its mind is on its client, 0 to 1.", low=0, high=1)
    commitment = Column("commitment", float, "Share of its means that it gives, 0 to 1.", low=0, high=1)
    present = Column("present", bool, "Whether it has not given up (bool).", low=0, high=1)

    def __init__(self, model: "ConflictModel", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.backer_id = model.case.backer_ids[row]
        self.name = str(model.case.backers["name"].iat[row])

    def __repr__(self) -> str:
        return f"Backer({self.backer_id}, commitment {self.commitment:.2f})"

    @property
    def faction(self) -> Faction:
        """Its client."""
        return self.model.factions[self.model.world.backer_faction[self.row]]

    @property
    def sorties_per_day(self) -> float:
        """Air sorties that it has for its client, per day; they are flown where enemies are near."""
        return self._means(0)

    @property
    def money_usd_month(self) -> float:
        """Money that it gives its client, US dollars a month."""
        return self._means(1)

    @property
    def troops(self) -> float:
        """Soldiers of its own that it has for its client; they stand where enemies are near."""
        return self._means(2)

    def _means(self, column: int) -> float:
        state = self.model.state
        return float(
            at_full_commitment(state, self.model.world)[self.row, column] * state.commitment[self.row]
        )
