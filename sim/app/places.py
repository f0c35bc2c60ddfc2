"""The selected place: its units, and why their morale moves. Read off a ``ConflictModel``."""

from typing import Any

import numpy as np

from sim.app.campaign import Campaign
from sim.app.columns import Message
from sim.app.messages import all_days
from sim.arrays import sigmoid
from sim.model import ConflictModel
from sim.parameters import make_params
from sim.posterior import drawn
from sim.room import without_room
from sim.rules.morale import shared_terms, terms
from sim.state import State, cell_of

LARGEST_UNITS = 200
"""Units of a place that are listed one by one, at most."""


class Standpoint:
    """A Mesa model that can be put on any day of a campaign, and of others with the same units.

    Attributes:
        model: the ``ConflictModel``; its agents, places and state are those of the day.
    """

    def __init__(self, campaign: Campaign) -> None:
        self._take(campaign, ConflictModel(campaign.scenario, seed=campaign.seed))

    def of(self, campaign: Campaign) -> "Standpoint":
        """The same model for another campaign, or one of its own where it has other units."""
        if campaign is self._campaign:
            return self
        units, rows = self.model.world.unit_key, campaign.world.unit_key
        if not np.array_equal(rows[: len(units)], units) or rows[len(units) :].any():
            return Standpoint(campaign)
        self._take(campaign, self.model)
        return self

    def go_to(self, day: int) -> ConflictModel:
        """The model at the end of a day; 0 is the eve."""
        request = self._campaign.request
        scenario = request.before if day <= request.day else request.after
        own = drawn(scenario.posterior, scenario.parameters, np.zeros(1, dtype=int), request.seed)
        params = make_params(scenario.parameters)
        self.model.params = params._replace(**{name: values[0] for name, values in own.items()})
        self.model.stand_at(State(*(column[day] for column in self._days)))
        return self.model

    def _take(self, campaign: Campaign, model: ConflictModel) -> None:
        self._campaign, self.model = campaign, model
        model.campaign, model.seed = campaign.scenario, campaign.seed
        model.world = without_room(campaign.world, len(campaign.scenario.events), len(model.world.unit_rank))
        self._days = all_days(campaign)


def place_message(standpoint: Standpoint, place: int, day: int) -> Message:
    """The message ``place``, without its id."""
    model = standpoint.go_to(day)
    state, world = model.state, model.world
    here = np.flatnonzero((state.place == place) & (state.soldiers > 0))
    here = here[np.argsort(-state.soldiers[here], kind="stable")]
    present = sorted(set(world.unit_faction[here].tolist()))
    means = _mean_terms(model, here)
    content: dict[str, Any] = {
        "kind": "place",
        "place": place,
        "day": day,
        "units": [_unit(model, row) for row in here[:LARGEST_UNITS].tolist()],
        "terms": {model.case.faction_ids[faction]: means[faction] for faction in present},
        "note": " ".join(_sentence(model, here, faction, means[faction]) for faction in present),
    }
    return content, []


def _unit(model: ConflictModel, row: int) -> dict[str, Any]:
    state, world = model.state, model.world
    faction, home = int(world.unit_faction[row]), int(world.unit_home[row])
    return {
        "faction": faction,
        "soldiers": int(state.soldiers[row]),
        "morale": round(float(state.morale[row]), 3),
        "home": home if home >= 0 else None,
        "mobile": bool(state.mobile[row]),
        "order": _order(model, row),
        "arrears": round(float(state.arrears_days[faction]), 1),
    }


def _order(model: ConflictModel, row: int) -> str:
    """What a unit has been told, in words."""
    state, world = model.state, model.world
    place, faction = int(state.place[row]), int(world.unit_faction[row])
    roads = world.neighbour[place]

    def name(slot: int) -> str:
        return model.places[int(roads[slot])].name

    if state.hidden[row]:
        return "in hiding"
    if state.road_slot[row] >= 0:
        return f"on the road to {name(state.road_slot[row])}"
    if state.withdrawing[place, faction]:
        return "leave"
    if state.mobile[row] and state.order_slot[place, faction] >= 0 and not state.contested[place]:
        return f"march to {name(state.order_slot[place, faction])}"
    return "fight" if state.fighting[place, faction] else "hold"


def _mean_terms(model: ConflictModel, units: np.ndarray) -> dict[int, dict[str, float]]:
    """The terms of ``ConflictModel.why`` by faction: mean over its soldiers in these units."""
    state, world, params = model.state, model.world, model.params
    own = terms(state, world, params)
    del own["faction and place"]
    shared = shared_terms(state, world, params)
    cells = cell_of(state, world)
    found = {}
    for faction in set(world.unit_faction[units].tolist()):
        rows = units[world.unit_faction[units] == faction]
        columns = {name: table.reshape(-1)[cells[rows]] for name, table in shared.items()}
        columns |= {name: column[rows] for name, column in own.items()}
        found[faction] = {
            name: round(float(np.average(column, weights=state.soldiers[rows])), 3)
            for name, column in columns.items()
        }
    return found


def _sentence(model: ConflictModel, units: np.ndarray, faction: int, means: dict[str, float]) -> str:
    """Where the morale of a faction's units is and tends to, and what weighs most on it."""
    rows = units[model.world.unit_faction[units] == faction]
    now = float(np.average(model.state.morale[rows], weights=model.state.soldiers[rows]))
    goal = float(sigmoid(np.float32(sum(means.values()))))
    moved = {name: value for name, value in means.items() if name != "base"}
    lowers, raises = min(moved, key=lambda name: moved[name]), max(moved, key=lambda name: moved[name])
    name = str(model.case.factions["name"].iat[faction])
    parts = [f"lowered most by {lowers}"] if moved[lowers] < 0 else []
    parts += [f"raised most by {raises}"] if moved[raises] > 0 else []
    return f"{name}: morale {now:.2f}, tending to {goal:.2f}{''.join(f', {part}' for part in parts)}."
