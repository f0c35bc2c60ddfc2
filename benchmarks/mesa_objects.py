"""The same rules as plain Mesa objects: a reference for speed, and an independent check of the rules.

Written as a Mesa user would write it: a ``Unit`` per unit with attributes, a ``Network`` of places, stages
called on the agents, draws from ``model.random``. What many units share (strengths at a place, odds, orders,
the part of morale that faction and place decide) is worked out once a tick and kept at the place; units
without soldiers leave the model. The engine supplies nothing but the eve (who stands where, with which
morale), so that both start from one distribution. The rules are those of ``scripted_orders.SCRIPTED``.
"""

import math

import mesa
import numpy as np
from mesa.discrete_space import CellAgent

from benchmarks.mesa_map import Faction, Place, Road, build_network, lay_supply, sigmoid
from sim.engine import start
from sim.parameters import Params
from sim.state import State
from sim.world import CAUSES, World


class Unit(CellAgent):
    """Soldiers of one faction who move, fight and break together."""

    model: "War"
    cell: Place

    def __init__(self, model: "War", faction: Faction, place: Place, home: Place | None) -> None:
        super().__init__(model)
        self.faction, self.f = faction, faction.index
        self.cell, self.home = place, home
        self.road: Road | None = None
        self.km_left = 0.0
        self.soldiers, self.morale, self.affinity, self.mobile, self.hidden = 0, 0.0, 0.0, False, False
        self.losses_recent = self.leavers_recent = 0.0
        self.killed = self.deserted = 0

    @property
    def stands(self) -> bool:
        """In the open at a place, neither on a road nor in hiding."""
        return self.road is None and not self.hidden

    def move(self) -> None:
        """Set off, move on, arrive; what is left of a tick on arrival is kept for the next road."""
        if self.road is None:
            place = self.cell
            road = place.march[self.f] if self.mobile and not (self.hidden or place.contested) else None
            if road is None:
                self.km_left = 0.0
                return
            self.road = road
            self.km_left += road.km
        self.km_left -= self.road.km_per_day * self.model.tick_days
        if self.km_left <= 0:
            self.move_to(self.road.end)
            self.road = None

    def fight(self) -> None:
        """Men die."""
        self.killed = 0
        chance = self.cell.death[self.f]
        if chance > 0 and self.stands:
            self.killed = self.model.random.binomialvariate(self.soldiers, chance)
            self.soldiers -= self.killed

    def feel(self) -> None:
        """Morale moves to its target."""
        model, params = self.model, self.model.params
        logit = self.cell.mood[self.f] + params.morale_community * self.affinity
        if self.home is not None:
            if self.home.holder.index not in self.faction.friends:
                logit -= params.morale_home_lost
            elif self.cell in self.home.near:
                logit += params.morale_home_near
        logit -= params.morale_losses * self.losses_recent + params.morale_leavers * self.leavers_recent
        self.morale += (sigmoid(logit) - self.morale) * model.morale_pace

    def desert(self) -> None:
        """Soldiers go home, each with the same hazard."""
        model, params = self.model, self.model.params
        passed = sigmoid((params.desertion_midpoint - self.morale) / params.desertion_scale)
        ln_hazard = model.ln_calm + (model.ln_cascade - model.ln_calm) * passed
        ln_hazard += params.desertion_contagion * self.leavers_recent
        if self.home is not None and self.cell in self.home.near:
            ln_hazard += params.desertion_home_near * passed
        chance = 1.0 - math.exp(-math.exp(ln_hazard) * model.tick_days)
        self.deserted = model.random.binomialvariate(self.soldiers, chance)
        self.soldiers -= self.deserted

    def stand_or_break(self) -> None:
        """Hold, or withdraw, give up or scatter; all units of a line share the moment of panic."""
        place, params = self.cell, self.model.params
        hazard = place.hazard[self.f]
        if hazard == 0 or not self.stands or self.soldiers == 0:
            return
        hazard *= math.exp(
            params.break_morale * (0.5 - self.morale) + params.break_losses * self.losses_recent
        )
        if place.panic[self.f] >= 1.0 - math.exp(-hazard * self.model.tick_days):
            return
        road, random = place.retreat[self.f], self.model.random.random
        orderly = sigmoid((self.morale - params.orderly_midpoint) / params.orderly_scale)
        if road is not None and random() < orderly:
            self.road, self.km_left = road, road.km
            place.under_fire[self.f] += self.soldiers
            return
        if road is None or random() < params.surrender_share:
            self.faction.surrendered += self.soldiers
            place.gave_up[self.f] += self.soldiers
        else:
            self.deserted += self.soldiers
        self.soldiers = 0

    def remember(self) -> None:
        """Count this tick's losses; a unit without soldiers is no more."""
        place, faction, fade = self.cell, self.faction, self.model.memory_fade
        before = max(self.soldiers + self.killed + self.deserted, 1)
        self.losses_recent = self.losses_recent * fade + self.killed / before
        self.leavers_recent = self.leavers_recent * fade + self.deserted / before
        faction.killed += self.killed
        faction.deserted += self.deserted
        place.under_fire[self.f] += self.killed
        place.gave_up[self.f] += self.deserted
        if self.soldiers == 0:
            self.remove()


class War(mesa.Model):
    """One campaign; a step is a tick.

    Args:
        world: arrays of a scenario, read once to set up the objects.
        params: values of the parameters.
        seed: of the eve, which the engine draws, and of this model's own numbers.
    """

    def __init__(self, world: World, params: Params, seed: int) -> None:
        super().__init__(rng=int(seed))
        self.params = Params(*(float(value) for value in params))
        self.tick_days, self.ticks_per_day = float(world.tick_days), round(1.0 / float(world.tick_days))
        self.ticks = 0
        self.ln_calm = math.log(self.params.desertion_per_day)
        self.ln_cascade = math.log(self.params.cascade_per_day)
        self.morale_pace = 1.0 - math.exp(-self.tick_days / self.params.morale_days)
        self.memory_fade = math.exp(-self.tick_days / self.params.memory_days)
        self.cause_fade = math.exp(-self.tick_days / self.params.cause_days)
        eve = start(world, params, np.asarray(seed, dtype=np.uint32))
        self.factions = [Faction(f, eve, world, self.params) for f in range(len(world.faction_key))]
        self.network = build_network(world, self.params, self.factions, self.random)
        self.places: list[Place] = list(self.network.all_cells.cells)
        self.units: dict[int, Unit] = {}  # by row of the engine's arrays
        for row in np.flatnonzero(eve.soldiers > 0).tolist():
            self.units[row] = self._enlist(row, eve, world)

    def _enlist(self, row: int, eve: State, world: World) -> Unit:
        home = int(world.unit_home[row])
        unit = Unit(
            self,
            self.factions[world.unit_faction[row]],
            self.places[eve.place[row]],
            self.places[home] if home >= 0 else None,
        )
        unit.soldiers, unit.morale = int(eve.soldiers[row]), float(eve.morale[row])
        unit.affinity, unit.mobile = float(world.unit_affinity[row]), bool(eve.mobile[row])
        unit.hidden = bool(eve.hidden[row])
        return unit

    @property
    def day(self) -> float:
        """Days since the start."""
        return self.ticks * self.tick_days

    def step(self) -> None:
        """One tick."""
        units = self.agents_by_type[Unit]
        if self.ticks % self.ticks_per_day == 0:
            self.give_orders()
        units.do("move")
        for place in self.places:
            place.muster(self.factions, self.params.combat_morale)
        self.find_fights()
        units.do("fight")
        units.do("feel")
        units.do("desert")
        self.draw_panic()
        units.do("stand_or_break")
        units.do("remember")
        for place in self.places:
            place.count(len(self.factions))
        self.hand_over()
        self.ticks += 1

    def give_orders(self) -> None:
        """Orders and supply of the day."""
        for place in self.places:
            place.give_orders(self.factions)
        for faction in self.factions:
            lay_supply(self.network, self.places, faction, self.params.supply_km)

    def find_fights(self) -> None:
        """Who meets whom, at which odds."""
        moods = [faction.mood(self.params) for faction in self.factions]
        fading = self.params.surprise_strength * math.exp(-self.day / self.params.surprise_days)
        for place in self.places:
            place.meet(self.factions, moods, fading, self.tick_days, self.params)

    def draw_panic(self) -> None:
        """One draw for each line under attack."""
        for place in self.places:
            if place.contested:
                place.panic = [self.random.random() for _ in self.factions]

    def hand_over(self) -> None:
        """Places that nobody defends change hands; each fall moves everybody's belief in victory."""
        for place in self.places:
            taker = place.taker()
            if taker is not None:
                old, new = place.holder, self.factions[taker]
                place.cause, place.holder = place.cause_of_fall(), new
                place.day_taken = self.day + self.tick_days
                share = place.worth / max(old.worth_on_the_eve, new.worth_on_the_eve)
                for faction in self.factions:
                    had, has = old.index in faction.friends, new.index in faction.friends
                    faction.prospect_logit += self.params.prospect_per_share * share * (has - had)
            place.forget(self.cause_fade)

    def run_days(self, days: int) -> list[dict[str, list]]:
        """Run whole days; what there is at the end of each (``record``)."""
        records = []
        for _ in range(days):
            for _ in range(self.ticks_per_day):
                self.step()
            records.append(self.record())
        return records

    def record(self) -> dict[str, list]:
        """Holder and cause (index) of each place; soldiers, mean morale and losses of each faction."""
        soldiers, spirit = [0] * len(self.factions), [0.0] * len(self.factions)
        for unit in self.agents_by_type[Unit]:
            soldiers[unit.f] += unit.soldiers
            spirit[unit.f] += unit.soldiers * unit.morale
        return {
            "controller": [place.holder.index for place in self.places],
            "cause": [CAUSES.index(place.cause) for place in self.places],
            "soldiers": soldiers,
            "morale": [s / n if n else 0.0 for s, n in zip(spirit, soldiers, strict=True)],
            "killed": [faction.killed for faction in self.factions],
            "deserted": [faction.deserted for faction in self.factions],
            "surrendered": [faction.surrendered for faction in self.factions],
        }
