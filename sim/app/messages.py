"""A campaign as the browser gets it: everything that playing, scrubbing and drawing need, in one message."""

from typing import Any

import numpy as np

from sim.app.campaign import Campaign
from sim.app.columns import Message, message, to_byte
from sim.app.flows import flows
from sim.record import FACTION_COLUMNS, PEOPLE_COLUMNS, Record, record_day
from sim.state import State
from sim.story import tell
from sim.tables import displaced, outcomes
from sim.world import CONDITIONS

LARGEST_FLOWS = 40
"""Ways of a day on which people flee that are told, at most."""
FEWEST_PEOPLE = 20.0
"""On a way that is told."""
ABROAD = 65535


def campaign_message(campaign: Campaign) -> Message:
    """The message ``campaign``, without its id."""
    record = with_eve(campaign)
    columns = {
        "control": record.controller.astype(np.uint8),
        "contested": record.contested.astype(np.uint8),
        "cause": record.cause.astype(np.uint8),
        **_garrisons(campaign),
        **_moves(campaign),
        **{name: record.people[..., k] for k, name in enumerate(PEOPLE_COLUMNS)},
        **_flows(campaign),
        "series": record.factions,
        "backers": record.backers,
        "displaced_total": displaced(record).astype(np.float32),
        "condition": campaign.eve.condition.astype(np.float32),
    }
    content = {
        "kind": "campaign",
        "case": campaign.scenario.load_case().id,
        "summary": summary(campaign),
        "log": log(campaign),
        "series": list(FACTION_COLUMNS),
        "conditions": list(CONDITIONS),
        "parameters": {name: float(f"{value:.6g}") for name, value in campaign.params._asdict().items()},
        "first_day": campaign.scenario.first_day.isoformat(),
        "days": campaign.scenario.days,
        "events": decisions(campaign),
    }
    return message(content, columns)


def with_eve(campaign: Campaign) -> Record:
    """The record [D + 1] with the eve as its first row."""
    eve = record_day(campaign.eve, campaign.world)
    return Record(
        *(
            np.concatenate([np.asarray(first)[None].astype(rest.dtype), rest[0]])
            for first, rest in zip(eve, campaign.record, strict=True)
        )
    )


def all_days(campaign: Campaign) -> State:
    """The states [D + 1] with the eve as the first."""
    pairs = zip(campaign.eve, campaign.states, strict=True)
    return State(*(np.concatenate([np.asarray(first)[None], rest]) for first, rest in pairs))


def summary(campaign: Campaign) -> dict[str, Any]:
    """What the campaign came to: the columns of the table ``runs``, and the seed of the run."""
    found = outcomes(campaign.ensemble, campaign.world, campaign.scenario.load_case())
    values = {name: float(column[0]) for name, column in found.items()}
    return {name: None if np.isnan(value) else value for name, value in values.items()} | {
        "run_seed": campaign.seed
    }


def log(campaign: Campaign) -> list[dict[str, Any]]:
    """The events of the campaign in plain words: day, kind, place (its number, or None), text."""
    places = campaign.scenario.load_case().place_ids
    table = tell(campaign.ensemble, campaign.world, campaign.scenario)
    return [
        {
            "day": int(row.day),
            "kind": row.kind,
            "place": places.index(row.place_id) if row.place_id else None,
            "text": row.text,
        }
        for row in table.itertuples()
    ]


def decisions(campaign: Campaign) -> list[dict[str, Any]]:
    """The decisions in force with their days; None where one waits for a fall."""
    listed = []
    for event in campaign.scenario.events:
        table = event.model_dump(mode="json", exclude_none=True)
        table.pop("date", None)
        listed.append(table | {"day": event.due(campaign.scenario.first_day)})
    return listed


def _garrisons(campaign: Campaign) -> dict[str, np.ndarray]:
    """Soldiers standing at each place at the end of each day, and their mean morale, [D + 1, P, F]."""
    states = all_days(campaign)
    days, places, factions = states.soldiers_at.shape
    stands = (states.road_slot < 0) & ~states.hidden & (states.soldiers > 0)
    day, unit = np.nonzero(stands)
    cell = (day * places + states.place[day, unit]) * factions + campaign.world.unit_faction[unit]
    men = states.soldiers[day, unit]
    size = days * places * factions
    soldiers = np.bincount(cell, men, size)
    spirit = np.bincount(cell, men * states.morale[day, unit], size) / np.maximum(soldiers, 1.0)
    shape = (days, places, factions)
    return {
        "soldiers": soldiers.reshape(shape).astype(np.float32),
        "morale": to_byte(spirit).reshape(shape),
    }


def _moves(campaign: Campaign) -> dict[str, np.ndarray]:
    """Soldiers on roads at the end of each tick, those together who are together; arrivals are at the end."""
    world, ticks = campaign.world, campaign.ticks
    units = ticks.place.shape[-1]
    place, slot, km, men, morale = (column.reshape(-1, units) for column in ticks)
    before = np.concatenate([campaign.eve.place[None], place[:-1]])
    arrives = (place != before) & (men > 0)
    when, unit = np.nonzero(((slot >= 0) & (men > 0)) | arrives)
    over = arrives[when, unit]
    start = np.where(over, before[when, unit], place[when, unit])
    road = np.maximum(slot[when, unit], 0)
    goal = np.where(over, place[when, unit], world.neighbour[start, road])
    share = 1.0 - km[when, unit] / np.maximum(world.neighbour_km[start, road], 1e-3)
    progress = to_byte(np.where(over, 1.0, share)).astype(np.int64)
    places, factions = world.pair_key.shape
    key = (((when * places + start) * places + goal) * factions + world.unit_faction[unit]) * 256 + progress
    group, inverse = np.unique(key, return_inverse=True)
    soldiers = np.bincount(inverse, men[when, unit], len(group))
    spirit = np.bincount(inverse, men[when, unit] * morale[when, unit], len(group))
    rest, parts = group, []
    for size in (256, factions, places, places):
        rest, part = np.divmod(rest, size)
        parts.append(part)
    progress, faction, goal, start = parts
    return {
        "move_tick": (rest + 1).astype(np.uint16),
        "move_from": start.astype(np.uint16),
        "move_to": goal.astype(np.uint16),
        "move_faction": faction.astype(np.uint8),
        "move_progress": progress.astype(np.uint8),
        "move_soldiers": soldiers.astype(np.float32),
        "move_morale": to_byte(spirit / np.maximum(soldiers, 1.0)),
    }


def _flows(campaign: Campaign) -> dict[str, np.ndarray]:
    """The ways that most people take on each day."""
    people = flows(campaign)
    days, places, goals = people.shape
    flat = people.reshape(days, -1)
    most = np.argsort(-flat, axis=1)[:, :LARGEST_FLOWS]
    number = np.take_along_axis(flat, most, axis=1)
    day, rank = np.nonzero(number >= FEWEST_PEOPLE)
    way = most[day, rank]
    goal = way % goals
    return {
        "flow_day": (day + 1).astype(np.uint16),
        "flow_from": (way // goals).astype(np.uint16),
        "flow_to": np.where(goal == places, ABROAD, goal).astype(np.uint16),
        "flow_people": number[day, rank].astype(np.float32),
    }
