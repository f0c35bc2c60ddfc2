"""Checks of who held which place when. None of it enters a simulation, which is judged by it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sim.case.draft import Draft
from sim.case.problems import problem
from sim.errors import nearest

BEFORE, AFTER = timedelta(days=30 * 365), timedelta(days=3 * 365)
"""Records reach so far beyond the war, before it as its context; only a slip is further off."""


class _Change(NamedTuple):
    row: int
    day: date
    place: str
    controller: str


def impossible_changes(draft: Draft) -> Iterator[str]:
    """A place passes to somebody who does not hold it; before the first day, at last to the eve's holder."""
    first_day = draft.settings["first_day"]
    table, eve = draft.tables["control_timeline"], _eve(draft)
    holder = {place: (controller, "on the eve") for place, controller in eve.items()}
    context: dict[str, _Change] = {}
    for change in _changes(draft):
        where = table.at(change.row, "new_controller")
        if change.day >= first_day:
            held_by, since = holder.get(change.place, ("", ""))
            holder[change.place] = (change.controller, f"since {change.day}")
        else:
            before = context.get(change.place)
            held_by, since = (before.controller, f"since {before.day}") if before else ("", "")
            context[change.place] = change
        if change.controller == held_by:
            what = f"'{change.controller}' already has '{change.place}' {since}"
            yield problem(where, what, "another faction")
    for place, last in context.items():
        if eve.get(place, last.controller) not in ("", last.controller):
            what = f"'{last.controller}' takes '{place}' on {last.day}, the last before the first day"
            allowed = f"'{eve[place]}', its initial_controller in places.csv"
            yield problem(table.at(last.row, "new_controller"), what, allowed)


def changes_after_the_period(draft: Draft) -> Iterator[str]:
    """Rows after the last day are for places that were held until then."""
    last_day = draft.settings["last_day"]
    table, held = draft.tables["control_timeline"], set(draft.ids("held", "place_id"))
    for change in _changes(draft):
        if change.day > last_day and change.place not in held:
            allowed = f"up to {last_day}; later only for places in held.csv"
            yield problem(table.at(change.row, "date"), f"{change.day} is after the last day", allowed)


def held_and_lost(draft: Draft) -> Iterator[str]:
    """A place in held.csv stays with its first holder through the last day; no change denies it."""
    first_day, last_day = draft.settings["first_day"], draft.settings["last_day"]
    table, eve, changes = draft.tables["held"], _eve(draft), list(_changes(draft))
    columns = (table.frame[name] for name in ("place_id", "controller", "through_date"))
    for row, place, controller, through in zip(table.rows, *columns, strict=True):
        if controller and eve.get(place, controller) not in ("", controller):
            what = f"'{controller}' did not hold '{place}' on the eve"
            allowed = f"'{eve[place]}', its initial_controller in places.csv"
            yield problem(table.at(row, "controller"), what, allowed)
        if through and through < last_day:
            yield problem(table.at(row, "through_date"), f"{through}", f"the last day ({last_day}) or later")
        for change in changes:
            if through and change.place == place and first_day <= change.day <= through:
                what = (
                    f"'{place}' is held through {through}, but row {change.row} of control_timeline.csv "
                    f"gives it to '{change.controller}' on {change.day}"
                )
                yield problem(table.at(row, "through_date"), what, "one of the two")


def unknown_displacement_places(draft: Draft) -> Iterator[str]:
    """A row of displacement.csv with the scope ``place`` names a place."""
    known, table = draft.ids("places"), draft.tables["displacement"]
    columns = (table.frame[name] for name in ("scope", "place_or_region"))
    for row, scope, place in zip(table.rows, *columns, strict=True):
        if scope == "place" and place and place not in known:
            what = f"'{place}' is unknown{nearest(place, known)}"
            yield problem(table.at(row, "place_or_region"), what, "an id of places.csv if the scope is place")


def dates_far_off(draft: Draft) -> Iterator[str]:
    """What is recorded happened about the time of the war."""
    first_day, last_day = draft.settings["first_day"], draft.settings["last_day"]
    for table in (draft.tables[name] for name in ("events", "displacement", "casualties") if draft.has(name)):
        for row, day in zip(table.rows, table.frame["date"], strict=True):
            if day and not first_day - BEFORE <= day <= last_day + AFTER:
                allowed = f"from 30 years before the war to 3 years after it ({first_day} to {last_day})"
                yield problem(table.at(row, "date"), f"{day}", allowed)


def _eve(draft: Draft) -> dict[str, str]:
    """Who holds each place on the eve of the first day."""
    places = draft.tables["places"].frame
    return dict(zip(places["id"], places["initial_controller"], strict=True))


def _changes(draft: Draft) -> Iterator[_Change]:
    """The usable changes of control, in the order of days."""
    table = draft.tables["control_timeline"]
    columns = (table.frame[name] for name in ("date", "place_id", "new_controller"))
    changes = [_Change(*values) for values in zip(table.rows, *columns, strict=True) if all(values)]
    yield from sorted(changes, key=lambda change: change.day)
