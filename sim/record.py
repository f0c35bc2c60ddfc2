"""What is kept of a run at the end of each day."""

from typing import NamedTuple

from sim.arrays import Array, array_namespace, sigmoid
from sim.rules.backers import at_full_commitment
from sim.rules.fields import of_holder
from sim.state import State, by_faction, friends, held_by
from sim.world import World


class Record(NamedTuple):
    """One day of one run; an ensemble adds the axes [runs, days] in front."""

    controller: Array  # [P] int8
    contested: Array  # [P] bool: enemies stand in it
    cause: Array  # [P] int8, index into CAUSES
    soldiers_holder: Array  # [P] of the holder's side, standing there
    soldiers_enemy: Array  # [P] of everybody else
    factions: Array  # [F, columns] as FACTION_COLUMNS
    active: Array  # [F] bool
    stance: Array  # [F, F] int8
    backers: Array  # [B, 3] attention, commitment, sorties per day
    present: Array  # [B] bool
    event_fired_day: Array  # [E]
    people: Array  # [P, columns] as PEOPLE_COLUMNS
    abroad: Array  # people across a border


FACTION_COLUMNS = (
    "soldiers",
    "morale",
    "prospect",
    "pay_usd_month",
    "pay_received_usd_month",
    "arrears_days",
    "treasury_usd",
    "killed",
    "deserted",
    "surrendered",
    "defected_out",
    "defected_in",
    "mobilised",
)
PEOPLE_COLUMNS = ("residents", "displaced_hosted", "fled", "returned", "aid_need", "aid_shortfall")


def record_day(state: State, world: World) -> Record:
    """Reduce a state to what the tables need."""
    xp = array_namespace(state.soldiers)
    rows = xp.stack([state.soldiers, state.soldiers * state.morale], axis=-1)
    total = by_faction(rows, world)
    morale = xp.where(total[:, 0] > 0, total[:, 1] / xp.maximum(total[:, 0], 1.0), 0.0)
    columns = {
        "soldiers": total[:, 0] + state.defected_in,
        "morale": morale,
        "prospect": sigmoid(state.prospect_logit),
        **{name: getattr(state, name) for name in FACTION_COLUMNS[3:]},
    }
    own = of_holder(state.soldiers_at, held_by(state, friends(state)))
    full = at_full_commitment(state, world)[:, 0]
    people = {
        "residents": xp.sum(state.residents, axis=1),
        "displaced_hosted": xp.sum(state.hosted, axis=1),
        **{name: getattr(state, name) for name in PEOPLE_COLUMNS[2:]},
    }
    return Record(
        controller=state.controller.astype(xp.int8),
        contested=state.contested,
        cause=state.cause.astype(xp.int8),
        soldiers_holder=own,
        soldiers_enemy=xp.sum(state.soldiers_at, axis=1) - own,
        factions=xp.stack([columns[name] for name in FACTION_COLUMNS], axis=-1),
        active=state.active,
        stance=state.stance.astype(xp.int8),
        backers=xp.stack([state.attention, state.commitment, full * state.commitment], axis=-1),
        present=state.present,
        event_fired_day=state.event_fired_day,
        people=xp.stack([people[name] for name in PEOPLE_COLUMNS], axis=-1),
        abroad=xp.sum(state.abroad),
    )
