"""The Mesa face of the engine: one campaign, a step at a time.

Mesa is the face, arrays are the body: a step applies the same rules as an ensemble to ``model.state``, and
places, units, factions and backers are views on its rows.
"""

import datetime
import functools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from mesa import DataCollector, Model
from mesa.discrete_space import Network
from mesa.experimental.scenarios import Scenario as MesaScenario

from sim.agents import Backer, Faction, Place, Ranks, Unit, checked
from sim.arguments import read_scenario, read_seed
from sim.arrays import sigmoid
from sim.draws import stream_number
from sim.engine import ENGINES, of_runs, start, tick
from sim.errors import InputError, nearest
from sim.rules import SCHEDULE, Rules
from sim.rules.check import check_rules, read_rules
from sim.rules.morale import shared_terms, target_logit, terms
from sim.scenario import Scenario
from sim.simulate import worlds_of
from sim.state import UNIT_FIELDS, State, cell_of, ticks_per_day
from sim.tables import fallen
from sim.world import ON_THE_EVE


class FrozenScenario(MesaScenario):
    """What Mesa calls a scenario: the fields of ours as attributes, and the seed."""

    def __bool__(self) -> bool:
        # Mesa's page would else make an empty one on a reset and pass it in the place of ours.
        return False


class ConflictModel(Model):
    """One campaign as a Mesa model; one ``step()`` is one tick (6 hours, unless the scenario says otherwise).

    Args:
        scenario: a scenario, or its name, TOML file, case id or case folder.
        seed: seed of the run, 0 to 2**32 - 1: the campaign is that of the run with this seed in an ensemble
            (column ``seed`` of the table ``runs``) if ``draw`` is its number: bit for bit with
            engine="numpy", up to the rounding of float32 with engine="jax". None draws one, kept in
            ``model.seed``.
        rng: the same by Mesa's newer name; a NumPy ``SeedSequence`` will do as well.
        draw: which draw of the scenario's posterior: k + s for run k (column ``run_id``) of an ensemble with
            root seed s.
        engine: "numpy" (a debugger can stop inside a rule) or "jax" (compiled).
        rules: the schedule, with rules of one's own where ``sim.rules.replace`` has put them.
        settings: what ``--set`` takes, for keys with a dot: ``{"events.pay-decree.share": 0.8}``.
        **parameters: the same for keys without: ``morale_pay=0.5``, ``days=20``.

    Attributes:
        state: the arrays of the campaign, NumPy and writable; the next step starts from what stands there.
        world: the arrays that do not change.
        params: values of all parameters.
        campaign: the scenario, frozen.
        case: the case of the scenario.
        space: the road network, a cell (``Place``) for each place.
        places, factions, backers: the views, in the order of the case files.
        datacollector: collects on the eve and after every step; put your own in its place.
        running: False once the last day of the scenario is over; a step then does nothing.

    Raises:
        InputError: the scenario, a setting, the seed, the engine or a rule has a mistake.
    """

    unit_class: type[Unit] = Unit
    """What units are made as; a subclass may name its own."""

    running: bool

    def __init__(
        self,
        scenario: Scenario | str | Path = "syria-2024",
        *,
        seed: int | None = None,
        rng: int | np.random.SeedSequence | None = None,
        draw: int = 0,
        engine: str = "numpy",
        rules: Rules = SCHEDULE,
        settings: Mapping[str, Any] | None = None,
        **parameters: Any,
    ) -> None:
        self.campaign = read_scenario(scenario, {**(settings or {}), **parameters}, "ConflictModel: ")
        self.seed = read_seed(seed, rng)
        fields = {name: getattr(self.campaign, name) for name in Scenario.model_fields}
        # Mesa's own generators are for users' steps; no rule draws from them.
        super().__init__(rng=self.seed, scenario=FrozenScenario(rng=self.seed, **fields))
        self.case = self.campaign.load_case()
        self.world, self.params = of_runs(*worlds_of(self.campaign, np.array([draw]), 0), 0)
        self.engine, self.rules = engine, read_rules(rules)
        if engine not in ENGINES:
            raise InputError([f"engine: {engine!r} is unknown; allowed: {', '.join(ENGINES)}"])
        if self.rules != SCHEDULE:
            check_rules(self.world, self.params, self.rules, engine)
        seed_word = np.asarray(self.seed, dtype=np.uint32)
        eve = start if engine == "numpy" else _compiled((), "eve")
        self.state = _own(eve(self.world, self.params, seed_word))
        self._seed_word, self._added = seed_word, set[str]()
        self._build_views()
        self.datacollector = DataCollector(model_reporters={name: name for name in _REPORTED})
        self.datacollector.collect(self)

    def __repr__(self) -> str:
        return (
            f"ConflictModel({self.campaign.name}, seed {self.seed}, day {self.day:g} of {self.campaign.days})"
        )

    @property
    def day(self) -> float:
        """Days since the start; 3.0 is the end of day 3 of the result tables."""
        return int(self.state.tick) / ticks_per_day(self.world)

    @property
    def date(self) -> datetime.datetime:
        """The moment that the campaign has reached."""
        midnight = datetime.datetime.combine(self.campaign.first_day, datetime.time())
        return midnight + datetime.timedelta(days=self.day)

    @property
    def places_fallen(self) -> int:
        """Places that a faction outside the alliance of the holder on the eve controls."""
        return int(fallen(self.state.controller, self.world).sum())

    @property
    def capital_fallen(self) -> bool:
        """Whether the capital is among them."""
        capital = (self.case.places["kind"] == "capital").to_numpy()
        return bool((fallen(self.state.controller, self.world) & capital).any())

    @property
    def government_soldiers(self) -> int:
        """Soldiers in units of the government's side."""
        return sum(self.faction(faction_id).soldiers for faction_id in self.case.government_side)

    @property
    def government_morale(self) -> float:
        """Mean morale of those soldiers, 0 to 1; 0 if there are none."""
        side = [self.faction(faction_id) for faction_id in self.case.government_side]
        return sum(f.soldiers * f.morale for f in side) / max(self.government_soldiers, 1)

    def step(self) -> None:
        """One tick; before the first tick of a day the rules of the day."""
        if not self.running:
            return
        self._ranks.recount(self._seed_word)
        new_day = int(self.state.tick) % ticks_per_day(self.world) == 0
        for every in ("day", "tick") if new_day else ("tick",):
            self.state = self._apply(every)
        self.state = _own(self.state)._replace(tick=np.asarray(self.state.tick + np.int32(1)))
        self._ranks.settle()
        self.running = self.day < self.campaign.days
        self.datacollector.collect(self)

    def stand_at(self, state: State) -> None:
        """Go on from a state that another program has left of this scenario, as ``sim.app`` does.

        Args:
            state: arrays of one run; rows beyond those of the model's units and events are room, and cut off.
        """
        rows = dict.fromkeys(UNIT_FIELDS, len(self.world.unit_rank))
        rows["event_fired_day"] = len(self.world.event_kind)
        cut = {name: np.asarray(getattr(state, name))[:size] for name, size in rows.items()}
        self.state = _own(state._replace(**cut))
        self._ranks.settle()
        self.running = self.day < self.campaign.days

    def why(self, unit: Unit) -> dict[str, float]:
        """The terms of the target that a unit's morale moves to; their sum is the target's logit."""
        shared = shared_terms(self.state, self.world, self.params)
        cell = cell_of(self.state, self.world)[unit.row]
        own = terms(self.state, self.world, self.params)
        del own["faction and place"]
        return {name: float(table.reshape(-1)[cell]) for name, table in shared.items()} | {
            name: float(column[unit.row]) for name, column in own.items()
        }

    def place(self, place_id: str) -> Place:
        """The place with that id; InputError if there is none."""
        return self.places[_row("place", place_id, self.case.place_ids)]

    def faction(self, faction_id: str) -> Faction:
        """The faction with that id; InputError if there is none."""
        return self.factions[_row("faction", faction_id, self.case.faction_ids)]

    def backer(self, backer_id: str) -> Backer:
        """The backer with that id; InputError if there is none."""
        return self.backers[_row("backer", backer_id, self.case.backer_ids)]

    def add_unit(
        self,
        faction_id: str,
        place_id: str,
        soldiers: int = 100,
        *,
        morale: float | None = None,
        mobile: bool = False,
        home: str | None = None,
        affinity: float = 0.0,
        name: str | None = None,
    ) -> Unit:
        """Put one more unit into the campaign. Draws hang on names, so nobody else's luck changes.

        Args:
            faction_id: whose it is; the faction pays it from what it has.
            place_id: where it stands.
            soldiers: men in it.
            morale: 0 to 1; by default what the morale rule makes for in its place.
            mobile: whether it may leave its post to attack or to reinforce.
            home: id of the place that its men come from.
            affinity: of their community to the faction, -1 to 1.
            name: names its draws; by default its number among the added units.

        Raises:
            InputError: unknown faction or place, a value out of range, or a name used before.
        """
        name = name or str(len(self._added) + 1)
        if name in self._added:
            raise InputError([f"add_unit: name: {name!r} is taken; allowed: a name for each added unit"])
        row = {
            "unit_faction": self.faction(faction_id).row,
            "unit_place": self.place(place_id).row,
            "unit_home": self.place(home).row if home else -1,
            "unit_affinity": checked("add_unit: affinity", affinity, -1, 1),
            "unit_event": ON_THE_EVE,
            "unit_rows": 1,
            "unit_key": stream_number(f"{faction_id}|{place_id}|added: {name}"),
        }
        men = checked("add_unit: soldiers", soldiers, 1, 2**24, whole=True)
        spirit = None if morale is None else checked("add_unit: morale", morale, 0, 1)
        self._ranks.add_row(row, self._seed_word)
        self._added.add(name)
        state = self.state
        state.soldiers[-1], state.mobile[-1] = men, mobile
        target = sigmoid(target_logit(state, self.world, self.params))[-1]
        state.morale[-1] = target if spirit is None else spirit
        self._ranks.follow()
        unit = self._ranks[-1]
        assert unit is not None  # it has soldiers
        return unit

    def forget(self, unit: Unit) -> None:
        """Called by a unit that is removed."""
        self._ranks.forget(unit)

    def _build_views(self) -> None:
        """Places, factions and backers once; units where there are soldiers."""
        ids, roads = self.case.place_ids, self.case.roads
        graph = nx.Graph()
        graph.add_nodes_from(range(len(ids)))
        ends = zip(roads["a"].map(ids.index), roads["b"].map(ids.index), roads["km"], strict=True)
        graph.add_weighted_edges_from(ends, weight="km")
        position = dict(enumerate(zip(self.case.places["lon"], self.case.places["lat"], strict=True)))
        nx.set_node_attributes(graph, position, "pos")
        self.space = Network(graph, random=self.random, cell_klass=Place, layout=position)
        self.places: list[Place] = list(self.space)
        for place in self.places:
            place.model = self
        self.factions = [Faction(self, row) for row in range(len(self.case.faction_ids))]
        self.backers = [Backer(self, row) for row in range(len(self.case.backer_ids))]
        self._ranks = Ranks(self)

    def _apply(self, every: str) -> State:
        """The rules of one period, in NumPy or compiled."""
        if self.engine == "numpy":
            return tick(self.state, self.world, self.params, self._seed_word, self.rules, every)
        return _compiled(self.rules, every)(self.state, self.world, self.params, self._seed_word)


_REPORTED = ("seed", "day", "places_fallen", "capital_fallen", "government_soldiers", "government_morale")


def _row(what: str, name: str, known: list[str]) -> int:
    if name not in known:
        raise InputError(
            [f"{what}: {name!r} is unknown{nearest(str(name), known)}; allowed: {', '.join(known)}"]
        )
    return known.index(name)


def _own(state: State) -> State:
    """The same arrays, ours alone to write in."""
    return State(*map(np.array, state))


@functools.cache
def _compiled(rules: Rules, every: str) -> Callable:
    """The rules of one period as one compiled function, kept for the next model with these rules."""
    import jax

    if every == "eve":
        return jax.jit(start)
    return jax.jit(functools.partial(tick, rules=rules, every=every))
