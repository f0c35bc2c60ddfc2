"""Worlds of a few places and units, made by hand, so that one rule can be watched alone.

``SmallWorld`` says what there is; ``world`` gives the arrays and ``eve`` the state before the first day. In
the default one, faction 0 (the rebels) attacks faction 1 (the army), nobody has an edge in quality, and
money, people and communities play no part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.draws import Draws, stream_number
from sim.engine import start
from sim.parameters import Params, make_params
from sim.state import State
from sim.world import (
    ALLIED,
    CONDITIONS,
    EVENT_KINDS,
    NEUTRAL,
    ON_THE_EVE,
    PLACE_KINDS,
    TERRAINS,
    UPRISING,
    World,
)

REBELS, ARMY = 0, 1

EVEN = {
    "present_share": 1.0,
    "pay_usd_month": 50.0,
    "reservation_wage_usd_month": 50.0,
    "conscript_share": 0.0,
    "static_share": 0.0,
    "preparation": 0.5,
}
"""Conditions of an army with neither edge nor fault."""


@dataclass(frozen=True)
class Unit:
    """Soldiers of a faction at a place.

    Those of an ``event`` appear when it fires, those of the event ``UPRISING`` when the people rise.
    """

    faction: int
    place: int
    soldiers: float = 1000
    home: int = -1
    affinity: float = 0.0
    event: int = ON_THE_EVE
    hidden: bool = False

    @property
    def lies_low(self) -> bool:
        """In hiding on the eve, as all levies are."""
        return self.hidden or self.event == UPRISING


@dataclass(frozen=True)
class Road:
    """A road; ``kind`` indexes ROAD_CLASSES."""

    a: int
    b: int
    km: float = 40
    kind: int = 1


@dataclass(frozen=True)
class Backer:
    """What a backer gives its client at full commitment."""

    faction: int
    sorties: float = 0
    usd_per_month: float = 0
    troops: float = 0
    fights: Sequence[int] | None = None
    """Factions; None: every enemy of the client."""


@dataclass(frozen=True)
class Decree:
    """An event of the scenario; see ``sim.world`` for its columns."""

    kind: str
    day: float = np.inf
    faction: int = -1
    place: int = -1
    backer: int = -1
    other: int = -1
    size: float = 0
    trigger: int = -1
    delay_days: float = 0
    paid_after_days: float = np.inf
    duration_days: float = np.inf


@dataclass(frozen=True)
class SmallWorld:
    """Everything that a world is made of, with plain defaults."""

    holders: Sequence[int] = (REBELS, ARMY)
    """Who holds each place on the eve; there are as many places as holders."""
    units: Sequence[Unit] = ()
    roads: Sequence[Road] | None = None
    """By default a line of primary roads of 40 km."""
    factions: int = 2
    stances: dict[tuple[int, int], int] = field(default_factory=lambda: {(REBELS, ARMY): -1})
    active: Sequence[int] = (REBELS,)
    national: Sequence[int] = ()
    """Who fights for the whole country."""
    kinds: dict[int, str] = field(default_factory=dict)
    terrains: dict[int, str] = field(default_factory=dict)
    population: float = 10_000
    peoples: dict[int, float] = field(default_factory=dict)
    """People of places that have more or fewer than ``population``."""
    communities: Sequence[dict[int, float]] = ({},)
    """Affinity of each community to factions; all are equally many in every place."""
    where: dict[int, int] = field(default_factory=dict)
    """Places where all people are of one community."""
    acceptance: dict[tuple[int, int], float] = field(default_factory=dict)
    """Affinity of the people of (place) to (faction)."""
    bases: Sequence[tuple[int, int]] | None = None
    """Pairs (place, faction); by default every place is a base of whoever holds it on the eve."""
    conditions: dict[int, dict[str, float]] = field(default_factory=dict)
    recruit_affinity: dict[tuple[int, int], float] = field(default_factory=dict)
    backers: Sequence[Backer] = ()
    events: Sequence[Decree] = ()
    ticks_per_day: int = 4

    def but(self, **changes: object) -> "SmallWorld":
        """The same world with some things changed."""
        return replace(self, **changes)

    @property
    def world(self) -> World:
        """The arrays that rules read."""
        parts = {
            **self._places(), **self._communities(), **self._factions(), **self._units(), **self._others(),
        }  # fmt: skip
        return World(**{name: _narrow(value) for name, value in parts.items()})

    def eve(self, params: Params | None = None, seed: int = 0) -> State:
        """The state on the eve, in NumPy."""
        return start(self.world, params or make_params(), np.asarray(seed, dtype=np.uint32))

    def _places(self) -> dict[str, object]:
        places, factions = len(self.holders), self.factions
        roads = self.roads
        if roads is None:
            roads = [Road(i, i + 1) for i in range(places - 1)]
        at: list[list[tuple[int, float, int]]] = [[] for _ in range(places)]
        km = np.where(np.eye(places, dtype=bool), 0.0, np.inf)
        for road in roads:
            at[road.a].append((road.b, road.km, road.kind))
            at[road.b].append((road.a, road.km, road.kind))
            km[road.a, road.b] = km[road.b, road.a] = min(km[road.a, road.b], road.km)
        for via in range(places):  # Floyd and Warshall
            km = np.minimum(km, km[:, via, None] + km[None, via, :])
        most = max(1, *map(len, at)) if places > 1 else 1
        padded = [ways + [(place, 1e9, 0)] * (most - len(ways)) for place, ways in enumerate(at)]
        columns = np.array(padded, dtype=float).reshape(places, most, 3)
        bases = self.bases if self.bases is not None else enumerate(self.holders)
        return {
            "hops": np.zeros(places, dtype=int),
            "place_kind": [PLACE_KINDS.index(self.kinds.get(p, "town")) for p in range(places)],
            "terrain": [TERRAINS.index(self.terrains.get(p, "plain")) for p in range(places)],
            "population": self._population(),
            "initial_controller": list(self.holders),
            "acceptance": _matrix((places, factions), self.acceptance),
            "road_km": km,
            "neighbour": columns[..., 0].astype(int),
            "neighbour_km": columns[..., 1],
            "neighbour_class": columns[..., 2].astype(int),
            "pair_key": _keys([[f"{p}|{f}" for f in range(factions)] for p in range(places)]),
            "stationed": _matrix((places, factions), dict.fromkeys(bases, 1.0)),
        }

    def _population(self) -> list[float]:
        return [float(self.peoples.get(p, self.population)) for p in range(len(self.holders))]

    def _communities(self) -> dict[str, object]:
        places, groups = len(self.holders), len(self.communities)
        people = np.zeros((places, groups))
        for p, total in enumerate(self._population()):
            only = self.where.get(p)
            people[p] = total // groups if only is None else 0
            people[p, only or 0] += total - people[p].sum()
        liking = {(g, f): value for g, likes in enumerate(self.communities) for f, value in likes.items()}
        return {
            "community_people": people,
            "community_key": _keys([[f"{p}|group-{g}" for g in range(groups)] for p in range(places)]),
            "group_key": _keys([f"group-{g}" for g in range(groups)]),
            "group_affinity": _matrix((groups, self.factions), liking),
        }

    def _factions(self) -> dict[str, object]:
        size = self.factions
        stance = np.full((size, size), NEUTRAL)
        np.fill_diagonal(stance, ALLIED)
        for (a, b), value in self.stances.items():
            stance[a, b] = stance[b, a] = value
        alliance = stance == ALLIED
        for _ in range(size):
            alliance = alliance @ alliance
        values = [list((CONDITIONS | EVEN | self.conditions.get(f, {})).values()) for f in range(size)]
        troops = [
            sum(u.soldiers for u in self.units if u.faction == f and u.event == ON_THE_EVE)
            for f in range(size)
        ]
        return {
            "stance": stance,
            "alliance": alliance,
            "opening": np.isin(np.arange(size), list(self.active)),
            "national": np.isin(np.arange(size), list(self.national)),
            "troops": np.array(troops, dtype=float),
            "recruit_affinity": _matrix((size, size), self.recruit_affinity),
            "condition_low": np.array(values),
            "condition_high": np.array(values),
            "condition_key": _keys([[f"{f}|{key}" for key in CONDITIONS] for f in range(size)]),
            "faction_key": _keys([f"faction-{f}" for f in range(size)]),
        }

    def _units(self) -> dict[str, object]:
        units = self.units
        total = {
            f: sum(u.soldiers for u in units if u.faction == f and u.event == ON_THE_EVE)
            for f in range(self.factions)
        }
        share = [u.soldiers / max(total[u.faction], 1) if u.event == ON_THE_EVE else 1.0 for u in units]
        return {
            "unit_faction": np.array([u.faction for u in units], dtype=int),
            "unit_place": np.array([u.place for u in units], dtype=int),
            "unit_home": np.array([u.home for u in units], dtype=int),
            "unit_affinity": np.array([u.affinity for u in units], dtype=float),
            "unit_rank": np.zeros(len(units)),
            "unit_rows": np.ones(len(units)),  # every unit is a deployment of its own
            "unit_share": np.array(share, dtype=float),
            "unit_event": np.array([u.event for u in units], dtype=int),
            "unit_hidden": np.array([u.lies_low for u in units], dtype=bool),
            "unit_key": _keys([f"unit-{i}" for i in range(len(units))]),
        }

    def _others(self) -> dict[str, object]:
        means = np.array([[b.sorties, b.usd_per_month, b.troops] for b in self.backers], dtype=float).reshape(
            -1, 3
        )
        events = self.events
        whole = {"trigger", "faction", "place", "backer", "other"}
        columns = (*sorted(whole), "day", "delay_days", "duration_days", "size", "paid_after_days")
        return {
            "tick_days": 1.0 / self.ticks_per_day,
            "backer_faction": np.array([b.faction for b in self.backers], dtype=int),
            "backer_fights": np.array(
                [b.fights is None or f in b.fights for b in self.backers for f in range(self.factions)], bool
            ).reshape(-1, self.factions),
            "backer_low": means,
            "backer_high": means,
            "backer_key": _keys([f"backer-{i}" for i in range(len(self.backers))]),
            "event_kind": np.array([EVENT_KINDS.index(e.kind) for e in events], dtype=int),
            **{
                f"event_{name}": np.array(
                    [getattr(e, name) for e in events], dtype=int if name in whole else float
                )
                for name in columns
            },
        }


def tuned(**values: float) -> Params:
    """The default parameters with some replaced; unlike a scenario, a test may go to the limit of a rule."""
    return make_params()._replace(**{name: np.float32(value) for name, value in values.items()})


NO_EDGE = {
    "terrain_open": 1.0,
    "terrain_urban": 1.0,
    "terrain_mountain": 1.0,
    "surprise_strength": 0.0,
    "supply_floor": 1.0,
}
"""Parameters that leave only soldiers and morale to decide a fight."""


def draws_of(state: State, seed: int = 0) -> Draws:
    """The random numbers of the state's tick."""
    return Draws(np.asarray(seed, dtype=np.uint32), np.asarray(state.tick))


def at_day(state: State, world: World, day: float) -> State:
    """The state with its clock set."""
    return state._replace(tick=np.asarray(round(day / float(world.tick_days)), dtype=np.int32))


def next_tick(state: State) -> State:
    """The state with its clock one tick further."""
    return state._replace(tick=np.asarray(state.tick + 1, dtype=np.int32))


def of_faction(values: np.ndarray, world: World) -> np.ndarray:
    """Sums [F] of values [U] over the units of each faction."""
    return np.bincount(world.unit_faction, weights=values, minlength=world.stance.shape[0])


def f32(values: object) -> np.ndarray:
    """Numbers as the engine keeps them."""
    return np.asarray(values, dtype=np.float32)


def _matrix(shape: tuple[int, int], entries: dict[tuple[int, int], float]) -> np.ndarray:
    matrix = np.zeros(shape)
    for where, value in entries.items():
        matrix[where] = value
    return matrix


def _keys(names: list) -> np.ndarray:
    return np.vectorize(stream_number, otypes=[np.uint32])(np.array(names, dtype=object))


def _narrow(value: object) -> np.ndarray:
    value = np.asarray(value)
    return value.astype({"f": np.float32, "i": np.int32, "u": np.uint32, "b": np.bool_}[value.dtype.kind])
