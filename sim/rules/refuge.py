"""Refuge: where people who flee would go. Not a step of the tick.

As in Flee (Suleimenova, Bell & Groen 2017, doi:10.1038/s41598-017-13828-9) a place attracts by a score over
softened road distance, and the choice is proportional to attraction. The score here is made of size, safety,
a holder whom one's community need not fear, one's own people living there, and room. An open border crossing
leads abroad. The weight of a way is a product of a part of the two places alone and a part of community and
goal alone, so sums over ways are products of small matrices.
"""

from typing import NamedTuple

from sim.arrays import Array, array_namespace
from sim.parameters import Params
from sim.rules.danger import danger, liking
from sim.rules.fields import is_place
from sim.state import State
from sim.world import World

CITY = 1e6
"""People of the city with which the pull of a border crossing is compared."""


class Ways(NamedTuple):
    """How attractive each way is: near [P, Q] x pull [Q, G], and beyond [Q, G] across its border."""

    near: Array
    across: Array  # scalar: nearness of a crossing to those who are at it
    pull: Array
    beyond: Array
    total: Array  # [P, G] sum over the ways from each place; 0 where there is none

    def expected(self, going: Array) -> Array:
        """People going [P, G] as expected arrivals [Q + 1, G] by community; the last row is abroad."""
        xp = array_namespace(going)
        per_way = going / xp.where(self.total > 0, self.total, 1.0)
        reaching = self.near.T @ per_way
        abroad = xp.sum((reaching + self.across * per_way) * self.beyond, axis=0)
        return xp.concat([reaching * self.pull, abroad[None, :]], axis=0)

    def people(self, going: Array) -> Array:
        """People going [P, G] as expected numbers on each way [P, Q + 1]; the last column leads abroad."""
        xp = array_namespace(going)
        per_way = going / xp.where(self.total > 0, self.total, 1.0)
        reaching = self.near * (per_way @ self.pull.T)
        abroad = xp.sum(self.near * (per_way @ self.beyond.T), axis=1)
        abroad = abroad + self.across * xp.sum(per_way * self.beyond, axis=1)
        return xp.concat([reaching, abroad[:, None]], axis=1)


def ways_out(state: State, world: World, params: Params) -> Ways:
    """The ways open to people of each place and community today."""
    xp = array_namespace(state.soldiers)
    km = params.refuge_softening_km + world.road_km
    reached = (world.road_km <= params.refuge_day_km) & (world.road_km > 0)
    near = xp.where(reached, xp.exp(-params.refuge_distance_power * xp.log(km)), 0.0)
    across = xp.exp(-params.refuge_distance_power * xp.log(params.refuge_softening_km))
    safe = xp.exp(xp.log(params.refuge_conflict) * danger(state))
    welcome = safe[:, None] * xp.exp(params.refuge_affinity * liking(state, world))
    people = xp.maximum(world.population, 1.0)
    share = world.community_people / people[:, None]
    room = xp.exp(-xp.sum(state.hosted, axis=1) / (params.refuge_room * people))
    size = xp.exp(params.refuge_size_power * xp.log(people / CITY))
    pull = welcome * (size * room)[:, None] * (1.0 + params.refuge_ties * share)
    crossing = is_place(world, "crossing") & ~state.contested
    beyond = welcome * xp.where(crossing, params.border_openness, 0.0)[:, None]
    total = near @ (pull + beyond) + across * beyond
    return Ways(near, across, pull, beyond, total)
