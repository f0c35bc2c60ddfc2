"""What happened in each run, a plain sentence an event."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sim.case.names import short_names
from sim.engine import Ensemble
from sim.scenario import Scenario
from sim.scenario.events import Event
from sim.world import CAUSES, HOSTILE, TRUCE, World

_KEYS = ["kind", "place_id", "faction_id", "other_id"]

# In the past tense a verb is the same for one and for many: "Russia left", "NATO allies left".
_HOW = {
    "assault": "{taker} took {place} from {other} by assault.",
    "withdrawal": "{taker} entered {place} after {other} had withdrawn.",
    "surrender": "{taker} took {place}, where the garrison of {other} had given up.",
    "uprising": "{taker} rose in {place} and drove out {other}.",
    "handover": "{taker} entered {place}, which {other} had given up without a fight.",
}

_BETWEEN = {
    "ceasefire": "{one} and {other} ceased fire.",
    "war": "{one} and {other} went to war.",
}

_DECREE = {
    "pay_rise": "{faction} decreed a change of pay by {share:+.0%}.",
    "order_withdraw": "{faction} ordered a withdrawal from {place}.",
    "order_hold": "{faction} ordered a stand at {place}.",
    "reinforcement": "{faction} received {soldiers:,.0f} men at {place}.",
    "mobilisation": "{faction} called up {soldiers:,.0f} men.",
    "backer_withdrawal": "{backer} left by decree of the scenario.",
    "backer_attention": "The attention of {backer} turned to {attention:.0%}.",
    "offensive_start": "{faction} had orders to attack.",
    "ceasefire": "{faction} and {other} were told to cease fire.",
    "mediation": "A mediator spoke with {faction}.",
    "refuse_talks": "{faction} refused to talk.",
    "handover": "The order came to hand {place} over to {faction}.",
    "aid_corridor": "A corridor opened for food to {place}: {rations_per_day:,.0f} rations a day.",
}


def tell(ensemble: Ensemble, world: World, scenario: Scenario) -> pd.DataFrame:
    """The table ``events``: run_id, day, kind, place_id, faction_id, other_id, text.

    Kinds: the causes of changes of control, ``joins`` (a faction goes on the attack), ``ceasefire`` and
    ``war`` (between two factions), ``leaves`` (a backer gives up) and ``decree`` (an event of the scenario;
    ``other_id`` is its id).
    """
    case = scenario.load_case()
    record = ensemble.record
    fired = np.isfinite(record.event_fired_day)
    # In the order in which a day tells them: what was ordered comes before what was done.
    parts = [
        _turns_true(fired, np.array(False), "decree", {"other_id": [e.id for e in scenario.events]}),
        _changes_of_control(ensemble, world, case.place_ids, case.faction_ids),
        _turns_true(record.active, world.opening, "joins", {"faction_id": case.faction_ids}),
        _turns_true(~record.present, np.array(False), "leaves", {"other_id": case.backer_ids}),
        *_changes_of_stance(record.stance, world.stance, case.faction_ids),
    ]
    table = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    table = table.reindex(columns=["run_id", "day", *_KEYS]).fillna("")
    table = table.sort_values(["run_id", "day"], kind="stable", ignore_index=True)
    table["text"] = _sentences(table, scenario)
    types: dict[str, Any] = {"run_id": np.int32, "day": np.int16, "text": "category"}
    return table.astype(types | dict.fromkeys(_KEYS, "category"))


def _changes_of_control(
    ensemble: Ensemble, world: World, places: list[str], factions: list[str]
) -> pd.DataFrame:
    record = ensemble.record
    eve = np.broadcast_to(world.initial_controller, record.controller[:, :1].shape)
    before = np.concatenate([eve, record.controller[:, :-1]], axis=1)
    run, day, place = np.nonzero(before != record.controller)
    return pd.DataFrame(
        {
            "run_id": run,
            "day": day + 1,
            "kind": np.array(CAUSES)[record.cause[run, day, place]],
            "place_id": np.array(places)[place],
            "faction_id": np.array(factions)[record.controller[run, day, place]],
            "other_id": np.array(factions)[before[run, day, place]],
        }
    )


def _changes_of_stance(stance: np.ndarray, eve: np.ndarray, factions: list[str]) -> list[pd.DataFrame]:
    """Rows for the ceasefires and the wars that begin between two factions; stance [runs, days, F, F]."""
    one, other = np.triu_indices(len(factions), k=1)
    names = {"faction_id": [factions[i] for i in one], "other_id": [factions[i] for i in other]}
    now, then = stance[:, :, one, other], eve[one, other]
    return [
        _turns_true(now == value, then == value, kind, names)
        for kind, value in (("ceasefire", TRUCE), ("war", HOSTILE))
    ]


def _turns_true(flag: np.ndarray, eve: np.ndarray, kind: str, ids: dict[str, list[str]]) -> pd.DataFrame:
    """Rows for the days on which flag [runs, days, n] turns true; ``eve`` is its value before day 1.

    ``ids`` gives for each column of the table the n names that it may hold.
    """
    before = np.concatenate([np.broadcast_to(eve, flag[:, :1].shape), flag[:, :-1]], axis=1)
    run, day, which = np.nonzero(flag & ~before)
    columns = {key: np.array(names, dtype=object)[which] for key, names in ids.items()}
    return pd.DataFrame({"run_id": run, "day": day + 1, "kind": kind, **columns})


def _sentences(table: pd.DataFrame, scenario: Scenario) -> list[str]:
    """A sentence for each row; each distinct event is worded once."""
    keys = list(table[_KEYS].itertuples(index=False, name=None))
    wording = dict(_word(set(keys), scenario))
    return [wording[key] for key in keys]


def _word(keys: set[tuple[str, ...]], scenario: Scenario) -> Iterator[tuple[tuple[str, ...], str]]:
    case = scenario.load_case()
    place, faction, backer = (
        dict(zip(frame["id"], short_names(frame["name"]), strict=True))
        for frame in (case.places, case.factions, case.backers)
    )
    decrees = {event.id: event for event in scenario.events}
    for key in keys:
        kind, place_id, faction_id, other_id = key
        if kind == "joins":
            yield key, f"{faction[faction_id]} went on the attack."
        elif kind in _BETWEEN:
            yield key, _BETWEEN[kind].format(one=faction[faction_id], other=faction[other_id])
        elif kind == "leaves":
            yield key, f"{backer[other_id]} stopped all support."
        elif kind == "decree":
            yield key, _decree(decrees[other_id], {**faction, **backer, **place, "all": "every place"})
        else:
            names = {"taker": faction[faction_id], "place": place[place_id], "other": faction[other_id]}
            yield key, _HOW[kind].format(**names)


def _decree(event: Event, names: Mapping[str, str]) -> str:
    fields = event.model_dump()
    return _DECREE[event.kind].format(
        **{k: names.get(v, v) if isinstance(v, str) else v for k, v in fields.items()}
    )
