"""Factions, roads and places of the reference (``mesa_objects``): what many units share, once a tick."""

import math
from typing import Any

import networkx as nx
from mesa.discrete_space import Cell, Network

from sim.parameters import Params
from sim.rules.fields import supply_bases
from sim.state import State
from sim.world import ALLIED, CONDITIONS, HOSTILE, PLACE_KINDS, TERRAINS, World

DAYS_PER_MONTH = 30.0


def sigmoid(x: float) -> float:
    """Logistic function."""
    return 1.0 / (1.0 + math.exp(-x)) if x > -700 else 0.0


class Faction:
    """An army: conditions, enemies and friends, belief in victory, losses so far."""

    def __init__(self, index: int, state: State, world: World, params: Params) -> None:
        self.index = index
        self.attacks = bool(state.active[index])
        active, stance = state.active, state.stance[index]
        self.enemies = [g for g, s in enumerate(stance) if s == HOSTILE and (self.attacks or active[g])]
        self.friends = [g for g, s in enumerate(stance) if s == ALLIED]
        self.condition = dict(zip(CONDITIONS, state.condition[index].tolist(), strict=True))
        self.prospect_logit = float(state.prospect_logit[index])
        self.affinity_to = world.recruit_affinity[index].tolist()
        self.arrears_months = float(state.arrears_days[index]) / DAYS_PER_MONTH
        self.pay_received = float(state.pay_received_usd_month[index])
        self.pay_promised_more = float(state.pay_promised_usd_month[index] - state.pay_usd_month[index])
        self.worth_on_the_eve = 0.0
        self.killed = self.deserted = self.surrendered = 0
        have = self.condition
        command, heavy = have["command_quality"], have["heavy_weapons"]
        if heavy > 0:
            heavy *= 2.0 * command
        self.quality = math.exp(
            params.quality_command * (command - 0.5)
            + params.quality_preparation * (have["preparation"] - 0.5)
            + params.quality_heavy_weapons * heavy
            + params.quality_conscripts * have["conscript_share"]
        )

    def mood(self, params: Params) -> float:
        """The part of morale (logit) that the whole army shares; its backers stand by it as on the eve."""
        have = self.condition
        return (
            params.morale_base
            + have["morale_shift"]
            + params.morale_pay * self.pay_worth(params)
            - params.morale_arrears * self.arrears_months
            + params.morale_prospect * self.prospect_logit
            + params.morale_command * (have["command_quality"] - 0.5)
            + params.morale_cohesion * (have["cohesion"] - 0.5)
            - params.morale_conscripts * have["conscript_share"]
        )

    def pay_worth(self, params: Params) -> float:
        """Pay against parity (ln ratio); what is above parity is worth as much as victory is likely."""
        victory = sigmoid(self.prospect_logit)
        trust = params.pay_trust * math.exp(-params.pay_trust_arrears * self.arrears_months)
        counted = self.pay_received + trust * victory * max(self.pay_promised_more, 0.0)
        wage = max(self.condition["reservation_wage_usd_month"], 1.0)
        ln_index = math.log((counted / wage + params.pay_in_kind_share) / (1.0 + params.pay_in_kind_share))
        return ln_index * victory if ln_index > 0 else ln_index


class Road:
    """The way from one place to the next."""

    def __init__(self, end: "Place", km: float, km_per_day: float) -> None:
        self.end, self.km, self.km_per_day = end, km, km_per_day


class Place(Cell):
    """A town: who holds it, who stands in it, what each faction there is up against (lists by faction)."""

    index: int
    worth: float
    terrain: float
    holder: Faction
    acceptance: list[float]
    base_of: list[bool]
    capital_km: float
    near: set["Place"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.roads: list[Road] = []
        self.contested = False
        self.cause = ""
        self.day_taken = math.nan

    def make_room(self, factions: int) -> None:
        """Set up the lists."""
        self.soldiers, self.strength = [0] * factions, [0.0] * factions
        self.ln_odds, self.death, self.panic = [0.0] * factions, [0.0] * factions, [0.0] * factions
        self.hazard, self.mood, self.supply = [0.0] * factions, [0.0] * factions, [0.0] * factions
        self.march: list[Road | None] = [None] * factions
        self.retreat: list[Road | None] = [None] * factions
        self.under_fire, self.gave_up = [0.0] * factions, [0.0] * factions

    def give_orders(self, factions: list[Faction]) -> None:
        """Attackers take the shortest road to the capital, others hold; the road to the rear of both."""
        forward = None
        if 0 < self.capital_km < math.inf:
            forward = min(self.roads, key=lambda road: road.km + road.end.capital_km)
        for f, faction in enumerate(factions):
            open_roads = [road for road in self.roads if road.end.holder.index in faction.friends]
            if faction.attacks:
                back = [road for road in open_roads if road.end.capital_km > self.capital_km]
                self.march[f] = forward
                self.retreat[f] = max(back, key=lambda road: road.end.capital_km, default=None)
            else:
                self.retreat[f] = forward if forward in open_roads else None

    def count(self, size: int) -> None:
        """Who stands here."""
        self.soldiers = [0] * size
        for unit in self.agents:
            if unit.stands:
                self.soldiers[unit.f] += unit.soldiers

    def muster(self, factions: list[Faction], exponent: float) -> None:
        """Soldiers and strength of each faction."""
        soldiers, strength = [0] * len(factions), [0.0] * len(factions)
        for unit in self.agents:
            if unit.stands:
                soldiers[unit.f] += unit.soldiers
                strength[unit.f] += unit.soldiers * (max(unit.morale, 1e-3) / 0.5) ** exponent
        self.soldiers = soldiers
        self.strength = [s * faction.quality for s, faction in zip(strength, factions, strict=True)]

    def meet(
        self, factions: list[Faction], moods: list[float], fading: float, days: float, params: Params
    ) -> None:
        """Odds where enemies meet, and what follows from them for all units of a line.

        Args:
            factions: all.
            moods: what each whole army feels (logit).
            fading: what is left of surprise, of its strength on the first day.
            days: length of the tick.
            params: magnitudes.
        """
        strength = self._effective_strength(factions, fading, params)
        self.contested = False
        for f, faction in enumerate(factions):
            ln_odds = death = hazard = 0.0
            if self.soldiers[f] and any(self.soldiers[g] for g in faction.enemies):
                self.contested = True
                own = sum(strength[g] for g in faction.friends) + 1e-3
                enemy = sum(strength[g] for g in faction.enemies) + 1e-3
                ln_odds = min(max(math.log(enemy / own), -6.0), 6.0)
                rate = params.combat_loss_per_day * math.exp(params.combat_law * ln_odds)
                death = 1.0 - math.exp(-rate * days)
                hazard = self._break_hazard(faction, ln_odds, params)
            self.ln_odds[f], self.death[f], self.hazard[f] = ln_odds, death, hazard
            people = params.morale_locals * self.acceptance[f]
            self.mood[f] = moods[f] + people - params.morale_odds * ln_odds

    def _break_hazard(self, faction: Faction, ln_odds: float, params: Params) -> float:
        """Hazard a day that a line of even morale gives way."""
        enemies = {g: self.soldiers[g] for g in faction.enemies}
        felt = sum(faction.affinity_to[g] * n for g, n in enemies.items()) / sum(enemies.values())
        ln_factor = params.break_tempo * ln_odds + params.break_mercy * felt * abs(felt)
        if self.retreat[faction.index] is None:
            ln_factor += params.break_isolated
        decided = sigmoid((params.break_odds - 2.0 * params.break_tempo) * ln_odds)
        return 2.0 * params.break_per_day * decided * math.exp(ln_factor)

    def _effective_strength(self, factions: list[Faction], fading: float, params: Params) -> list[float]:
        effective = []
        for f, faction in enumerate(factions):
            factor = params.supply_floor + (1.0 - params.supply_floor) * self.supply[f]
            prepared = faction.condition["preparation"]
            if self.holder.index in faction.friends:
                factor *= self.terrain * (1.0 + params.prepared_defence * prepared)
            else:
                factor *= 1.0 + fading * prepared * (1.0 - self.holder.condition["preparation"])
            effective.append(self.strength[f] * factor)
        return effective

    def taker(self) -> int | None:
        """The strongest enemy here, if no soldier of the holder's side is left; the first of equals."""
        claims = [(self.soldiers[g], -g) for g in self.holder.enemies if self.soldiers[g]]
        if not claims or any(self.soldiers[g] for g in self.holder.friends):
            return None
        return -max(claims)[1]

    def cause_of_fall(self) -> str:
        """How the holder's side went: under fire, or given up and gone home."""
        fire = sum(self.under_fire[g] for g in self.holder.friends)
        gave_up = sum(self.gave_up[g] for g in self.holder.friends)
        if fire + gave_up < 1.0:
            return "handover"
        return "assault" if fire >= gave_up else "surrender"

    def forget(self, fade: float) -> None:
        """How a garrison went is forgotten."""
        self.under_fire = [value * fade for value in self.under_fire]
        self.gave_up = [value * fade for value in self.gave_up]


def build_network(world: World, params: Params, factions: list[Faction], random: Any) -> Network:
    """The road network with a ``Place`` at each node; one of them must be a capital."""
    speeds = (
        params.speed_motorway_km_per_day,
        params.speed_primary_km_per_day,
        params.speed_secondary_km_per_day,
        params.speed_track_km_per_day,
    )
    graph = nx.Graph()
    graph.add_nodes_from(range(len(world.place_kind)))
    ways = [
        (a, int(b), {"km": float(km), "speed": speeds[road_class]})
        for a, ends in enumerate(world.neighbour)
        for b, km, road_class in zip(ends, world.neighbour_km[a], world.neighbour_class[a], strict=True)
        if b != a
    ]
    graph.add_edges_from(ways)
    network = Network(graph, random=random, cell_klass=Place, layout=None)
    places: list[Place] = list(network.all_cells.cells)
    for index, place in enumerate(places):
        place.index = index
        _describe(place, world, params, factions)
        reach = nx.single_source_dijkstra_path_length(graph, index, params.home_km, weight="km")
        place.near = {places[other] for other, km in reach.items() if km < params.home_km}
        place.make_room(len(factions))
    for a, b, road in ways:
        places[a].roads.append(Road(places[b], road["km"], road["speed"]))
    capital = next(i for i, kind in enumerate(world.place_kind) if PLACE_KINDS[kind] == "capital")
    from_capital = nx.single_source_dijkstra_path_length(graph, capital, weight="km")
    for place in places:
        place.capital_km = float(from_capital.get(place.index, math.inf))
    return network


def _describe(place: Place, world: World, params: Params, factions: list[Faction]) -> None:
    kind, terrain = PLACE_KINDS[world.place_kind[place.index]], TERRAINS[world.terrain[place.index]]
    worth = {
        "town": 1.0,
        "city": params.value_city,
        "regional_capital": params.value_regional_capital,
        "capital": params.value_capital,
        "crossing": params.value_crossing,
        "base": params.value_base,
    }
    defender = {name: params.terrain_open for name in TERRAINS}
    defender |= {"urban": params.terrain_urban, "mountain": params.terrain_mountain}
    people = max(float(world.population[place.index]), 1.0)
    place.worth = worth[kind] * (people / 50_000) ** params.value_population
    place.terrain = defender[terrain]
    place.holder = factions[world.initial_controller[place.index]]
    place.acceptance = world.acceptance[place.index].tolist()
    place.base_of = supply_bases(world, params)[place.index].tolist()
    for faction in factions:
        if world.alliance[place.holder.index, faction.index]:
            faction.worth_on_the_eve += place.worth


def lay_supply(network: Network, places: list[Place], faction: Faction, supply_km: float) -> None:
    """Supply falls with the distance from the nearest base over friendly roads.

    The last road may lead into a place of the enemy.
    """
    friendly = {place.index for place in places if place.holder.index in faction.friends}
    bases = [p for p in friendly if places[p].base_of[faction.index]]
    km: dict[int, float] = {}
    if bases:
        held = network.G.subgraph(friendly)
        km = nx.multi_source_dijkstra_path_length(held, bases, weight="km")
    for place in places:
        nearest = km.get(place.index, math.inf)
        if place.index not in friendly:
            ways = (road.km + km.get(road.end.index, math.inf) for road in place.roads)
            nearest = min(ways, default=math.inf)
        place.supply[faction.index] = math.exp(-nearest / supply_km)
