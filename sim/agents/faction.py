"""A faction: an armed actor."""

from typing import TYPE_CHECKING

import numpy as np
from mesa import Agent

from sim.agents.column import Column, checked
from sim.arrays import logit, sigmoid
from sim.errors import InputError
from sim.world import CONDITIONS, STANCES

if TYPE_CHECKING:
    from sim.model import ConflictModel


class Faction(Agent):
    """An armed actor.

    Attributes:
        row: its row in the arrays [F] of the state and the world.
        faction_id: its id in the case.
        name: its name in the case.
    """

    active = Column("active", bool, "Whether it is on the attack (bool).", low=0, high=1)
    treasury_usd = Column("treasury_usd", float, "Money in its chest, US dollars.", low=0)
    arrears_days = Column("arrears_days", float, "Days of pay that it owes its men.", low=0)
    pay_received_usd_month = Column(
        "pay_received_usd_month", float, "Pay as its men feel it, US dollars a month.", low=0
    )
    killed = Column("killed", int, "Soldiers killed so far.", writable=False)
    deserted = Column("deserted", int, "Soldiers who went home so far.", writable=False)
    surrendered = Column("surrendered", int, "Soldiers who gave themselves up so far.", writable=False)
    defected_out = Column("defected_out", int, "Soldiers who went over to an enemy so far.", writable=False)
    defected_in = Column(
        "defected_in", int, "Soldiers who came over so far; they are in no unit.", writable=False
    )
    mobilised = Column("mobilised", int, "Soldiers called up, risen or recruited so far.", writable=False)

    def __init__(self, model: "ConflictModel", row: int) -> None:
        super().__init__(model)
        self.row = row
        self.faction_id = model.case.faction_ids[row]
        self.name = str(model.case.factions["name"].iat[row])

    def __repr__(self) -> str:
        return f"Faction({self.faction_id}, {self.soldiers} soldiers, prospect {self.prospect:.2f})"

    @property
    def soldiers(self) -> int:
        """Soldiers in its units."""
        return int(self.model.state.soldiers[self._mine].sum())

    @property
    def morale(self) -> float:
        """Mean morale of its soldiers, 0 to 1; 0 if it has none."""
        men = self.model.state.soldiers[self._mine]
        return float((men * self.model.state.morale[self._mine]).sum() / max(men.sum(), 1.0))

    @property
    def _mine(self) -> np.ndarray:
        return self.model.world.unit_faction == self.row

    @property
    def prospect(self) -> float:
        """Its common belief that it will win, 0 to 1 (both excluded when written)."""
        return float(sigmoid(self.model.state.prospect_logit[self.row]))

    @prospect.setter
    def prospect(self, value: float) -> None:
        number = np.float32(checked("Faction.prospect", value, 1e-6, 1 - 1e-6))
        self.model.state.prospect_logit[self.row] = logit(number)

    @property
    def pay_usd_month(self) -> float:
        """Pay that it gives, US dollars a month; writing it is a change that is paid from the next day on."""
        return float(self.model.state.pay_usd_month[self.row])

    @pay_usd_month.setter
    def pay_usd_month(self, value: float) -> None:
        state, new = self.model.state, checked("Faction.pay_usd_month", value, 0, np.inf)
        # Rises that events decree multiply the pay of the eve, so that is what changes.
        base = state.condition[self.row, list(CONDITIONS).index("pay_usd_month"), ...]
        ratio = new / float(state.pay_usd_month[self.row]) if state.pay_usd_month[self.row] else 0.0
        base[...] = base * ratio if ratio else new
        state.pay_promised_usd_month[self.row] = (
            state.pay_promised_usd_month[self.row] * ratio if ratio else new
        )
        state.pay_usd_month[self.row] = new

    def condition(self, key: str) -> float:
        """One entry of conditions.csv as drawn for this run, in the unit that stands there.

        Raises:
            InputError: there is no such key.
        """
        if key not in CONDITIONS:
            raise InputError([f"Faction.condition: {key!r}; allowed: {', '.join(CONDITIONS)}"])
        return float(self.model.state.condition[self.row, list(CONDITIONS).index(key)])

    def stance_to(self, other: "Faction | str") -> str:
        """hostile, neutral, truce or allied: how it stands to another faction now."""
        row = other.row if isinstance(other, Faction) else self.model.faction(other).row
        number = int(self.model.state.stance[self.row, row])
        return next(word for word, value in STANCES.items() if value == number)
