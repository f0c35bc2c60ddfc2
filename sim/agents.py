"""Places, units, factions and backers as Mesa sees them: thin views on rows of ``model.state``.

Nothing is kept here. An attribute reads its entry of a state array, and writing it writes that entry, which
the next step starts from.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from mesa import Agent
from mesa.discrete_space import Cell, CellAgent
from mesa.discrete_space.cell_agent import HasCell

from sim.arrays import logit, sigmoid
from sim.errors import InputError
from sim.world import CAUSES, CONDITIONS, STANCES

if TYPE_CHECKING:
    from sim.model import ConflictModel

_INFINITE = float("inf")
_MOST_SOLDIERS = 2**24  # whole numbers are exact in float32 up to here


class Column[T]:
    """An attribute of an agent or place that is its entry in one array of ``model.state``.

    Args:
        field: name of the array; the agent's ``row`` is the index.
        kind: int, float or bool: what the entry is read as.
        doc: what it is, with its unit.
        low: lowest value that may be written.
        high: highest value that may be written.
        writable: False for what only the rules may change.
    """

    def __init__(
        self,
        field: str,
        kind: Callable[[Any], T],
        doc: str,
        *,
        low: float = -_INFINITE,
        high: float = _INFINITE,
        writable: bool = True,
    ) -> None:
        self.field, self.kind, self.__doc__ = field, kind, doc
        self.low, self.high, self.writable = low, high, writable

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    @overload
    def __get__(self, agent: None, owner: type) -> "Column[T]": ...
    @overload
    def __get__(self, agent: Any, owner: type) -> T: ...
    def __get__(self, agent: Any, owner: type) -> Any:
        if agent is None:
            return self
        return self.kind(getattr(agent.model.state, self.field)[agent.row])

    def __set__(self, agent: Any, value: Any) -> None:
        if not self.writable:
            raise AttributeError(f"{self.name} can only be read: the rules keep it")
        array = getattr(agent.model.state, self.field)
        array[agent.row] = checked(self.name, value, self.low, self.high, whole=self.kind is int)


def checked(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> float:
    """A value that may be written.

    Raises:
        InputError: it is no number, out of range, or a fraction where a whole number is due.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not (low <= number <= high and np.isfinite(number)) or (whole and number % 1):
        kind = "a whole number" if whole else "a number"
        ends = [f" from {low:g}" if low > -_INFINITE else "", f" to {high:g}" if high < _INFINITE else ""]
        raise InputError([f"{name}: {value!r}; allowed: {kind}{''.join(ends)}"])
    return number


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
        """People who live there."""
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
    def garrison(self) -> dict[str, int]:
        """Soldiers who stand there, by faction id; those on the road are left out."""
        state, model = self.model.state, self.model
        here = (state.place == self.row) & (state.road_slot < 0)
        ids = model.case.faction_ids
        men = np.bincount(model.world.unit_faction[here], state.soldiers[here], len(ids))
        return {faction: int(n) for faction, n in zip(ids, men, strict=True) if n}


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
    mobilised = Column("mobilised", int, "Soldiers whom events brought so far.", writable=False)

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
        state, new = self.model.state, checked("Faction.pay_usd_month", value, 0, _INFINITE)
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
        """Air sorties that it flies for its client, per day."""
        return self._means(0)

    @property
    def money_usd_month(self) -> float:
        """Money that it gives its client, US dollars a month."""
        return self._means(1)

    @property
    def troops(self) -> float:
        """Soldiers of its own that it has in the field."""
        return self._means(2)

    def _means(self, column: int) -> float:
        world, state = self.model.world, self.model.state
        low, high = world.backer_low[self.row, column], world.backer_high[self.row, column]
        return float((low + (high - low) * state.backer_draw[self.row]) * state.commitment[self.row])
