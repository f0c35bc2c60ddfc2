"""Withdrawal: garrisons that are ordered out, the road that they take, and posts that are given up.

A garrison is ordered out of a place that looks lost, by the odds against it, the belief in victory lost since
the eve (what a command could live with on the eve it held under the odds of then) and the size of the town
(in Hama on 5 December 2024 the command said it would spare the town), and takes the road to the rear. From
elsewhere it is ordered home if it stands far off and the road to its side's greatest place is open: a command
that loses belief gives up what is far for what it must save (South Vietnam's highlands in 1975, Deir ez-Zor
in 2024). Either way less where the people would be left to an enemy whom they fear.
"""

from sim.arrays import Array, array_namespace, sigmoid
from sim.draws import Draws
from sim.parameters import Params
from sim.rules.fields import along_roads, best_way, greatest_place, near_home, opposing
from sim.rules.reach import own_and_threat
from sim.state import State, enemies, friends, held_by, lost_belief
from sim.world import UPRISING, World

_NOWHERE = -1


def withdrawal(state: State, world: World, params: Params, draws: Draws) -> State:
    """Orders of one day to leave, and the road that they take from each place."""
    xp = array_namespace(state.soldiers)
    mine = held_by(state, friends(state))
    own, threat = own_and_threat(state)
    rear = _rear(state, world, params, mine, threat)
    near, home = _way_home(world, params, mine)
    hopeless = threat > own
    retreat = xp.where(hopeless | (home < 0), rear, home)
    kin = params.withdraw_kin * rejection(state, world)
    hazard = xp.where(
        hopeless,
        _hopeless_per_day(state, world, params, own, threat, kin),
        _far_per_day(state, params, near, kin),
    )
    ordered_out = (retreat >= 0) & (draws.uniform("withdrawal", world.pair_key) < 1.0 - xp.exp(-hazard))
    going = (mine & (state.withdrawing | ordered_out)) | (state.standing_order < 0)
    return state._replace(
        mobile=state.mobile | _called_in(state, world, params, draws),
        retreat_slot=retreat,
        withdrawing=going & (state.standing_order <= 0) & (state.soldiers_at > 0),
    )


def _rear(state: State, world: World, params: Params, mine: Array, threat: Array) -> Array:
    """The road [P, F] to the rear: friendly, near, supplied if it can be, and above all less threatened."""
    xp = array_namespace(state.soldiers)
    rear = xp.take(xp.where(mine, params.rear_unsupplied + state.supply, 0.0), world.neighbour, axis=0)
    link = xp.exp(-world.neighbour_km / params.supply_km)
    calm = (threat + 1.0)[:, None, :] / (threat[:, None, :] + xp.take(threat, world.neighbour, axis=0) + 1.0)
    best, slot = best_way(rear * link[:, :, None] * xp.exp(params.rear_calm * xp.log(calm)))
    return xp.where(best > 0, slot, _NOWHERE)


def _way_home(world: World, params: Params, mine: Array) -> tuple[Array, Array]:
    """Nearness [P, F] of a side's greatest place by open road, exp(-km / decay), and the way there [P, F]."""
    xp = array_namespace(world.road_km)
    _, greatest = greatest_place(mine, world, params)
    link = xp.exp(-world.neighbour_km / params.contract_km)
    near = along_roads(greatest.astype(link.dtype), mine, link, world)
    best, slot = best_way(xp.take(near, world.neighbour, axis=0) * link[:, :, None])
    return near, xp.where((best > 0) & ~greatest, slot, _NOWHERE)


def _hopeless_per_day(
    state: State, world: World, params: Params, own: Array, threat: Array, kin: Array
) -> Array:
    """Hazard [P, F] of an order to leave a place that looks lost; ``kin`` [P, F] speaks against it."""
    xp = array_namespace(state.soldiers)
    people = xp.log(xp.maximum(world.population, 1.0) / 1e5)[:, None]
    score = (
        params.withdraw_odds * xp.log((threat + 1.0) / (own + 1.0))
        + params.withdraw_prospect * lost_belief(state)[None, :]
        + params.withdraw_urban * xp.maximum(people, 0.0)
        - kin
        - params.withdraw_midpoint
    )
    return params.withdraw_per_day * sigmoid(score)


def _far_per_day(state: State, params: Params, near: Array, kin: Array) -> Array:
    """Hazard [P, F] of an order home: by lost belief, distance and ``kin``, while the road is open."""
    xp = array_namespace(state.soldiers)
    far = xp.where(near > 0, (1.0 - near) ** 2, 0.0)
    shaken = xp.maximum(lost_belief(state), 0.0)[None, :]
    return params.contract_per_day * shaken * far * sigmoid(-kin)


def rejection(state: State, world: World) -> Array:
    """How much more [P, F] the people of a place like a faction than the enemies whom it has, -2..2."""
    xp = array_namespace(state.soldiers)
    foe = enemies(state)
    liked = opposing(world.acceptance, foe) / xp.maximum(xp.sum(foe, axis=1), 1)[None, :]
    return xp.where(xp.any(foe, axis=1)[None, :], world.acceptance - liked, 0.0)


def _called_in(state: State, world: World, params: Params, draws: Draws) -> Array:
    """Men bound to posts [U] who become mobile: a command that has lost belief needs them elsewhere.

    So the army left Deir ez-Zor and the south for the core in December 2024. Who serves near home stays.
    """
    xp = array_namespace(state.soldiers)
    hazard = xp.take(params.recall_per_day * xp.maximum(lost_belief(state), 0.0), world.unit_faction)
    called = draws.uniform("recall", world.unit_key) < 1.0 - xp.exp(-hazard)
    bound = (world.unit_event == UPRISING) | (near_home(state, world, params) > 0)
    # Who has not come yet is not called in.
    return called & ~bound & (state.soldiers > 0)
