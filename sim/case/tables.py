"""The tables of a case: a class for a file, a field for a column. A column with a default may be blank.

What a column means stands beside it; ``make odd`` copies it to docs/case.md.
"""

from math import nan
from typing import ClassVar

from sim.case import vocabulary as v
from sim.case.columns import (
    Affinity,
    BackerId,
    Day,
    FactionId,
    Figure,
    Flag,
    Group,
    Kilometres,
    Latitude,
    Level,
    Longitude,
    PartialDate,
    People,
    PlaceId,
    Row,
    Share,
    Slug,
    SortiesPerDay,
    Sources,
    Text,
    Url,
    UsdPerMonth,
)


class Source(Row):
    """A publication; the ``source`` columns of the other tables hold its key."""

    KEY: ClassVar = ("key",)
    key: Slug  # what the ``source`` columns of the other files call it
    title: Text  # of the publication
    publisher: Text  # who published it
    date: PartialDate = ""  # of publication
    url: Url = ""  # where it can be read


class Place(Row):
    """A town, crossing or base, and who holds it on the eve of the first day."""

    KEY: ClassVar = ("id",)
    id: Slug  # what the other files, scenarios and results call it
    name: Text  # as shown on maps and in tables
    lat: Latitude  # north is positive
    lon: Longitude  # east is positive
    population: People  # who live there on the eve
    region: Text  # its province; rows of displacement.csv may name it
    kind: v.PlaceKind  # sets its worth; a crossing leads abroad
    terrain: v.Terrain  # urban and mountain help the defender; coast has a port
    initial_controller: FactionId  # who holds it on the eve
    source: Sources


class Faction(Row):
    """An army: its side and its strength on paper."""

    KEY: ClassVar = ("id",)
    id: Slug  # what the other files, scenarios and results call it
    name: Text  # as shown
    side: v.Side  # ``government`` for those that case.toml lists, and for no other
    troops_low: People  # shown, read by no rule
    troops_high: People  # strength on paper; ``present_share`` of them are there
    monthly_pay_usd_low: UsdPerMonth = nan  # read by no rule: pay is in conditions.csv
    monthly_pay_usd_high: UsdPerMonth = nan  # read by no rule: pay is in conditions.csv
    source: Sources


class Community(Row):
    """The share of a group in the people of a place; the shares of a place sum to 1."""

    KEY: ClassVar = ("place_id", "group")
    place_id: PlaceId  # where they live
    group: Group  # the community
    share: Share  # of the people of the place
    source: Sources


class Road(Row):
    """A road between two places, to be used both ways."""

    KEY: ClassVar = ("a", "b")
    UNORDERED: ClassVar = True
    a: PlaceId  # one end
    b: PlaceId  # the other end
    km: Kilometres  # by road, not in a straight line
    road_class: v.RoadClass  # sets the speed on it
    name: Text = ""  # read by no rule
    source: Sources


class Deployment(Row):
    """The share of a faction's troops at a place; the shares of a faction sum to 1."""

    KEY: ClassVar = ("faction_id", "place_id")
    faction_id: FactionId  # whose soldiers
    place_id: PlaceId  # where they are on the eve
    share: Share  # of the faction's soldiers
    source: Sources


class Relation(Row):
    """How two factions stand to each other on the first day; a pair without a row is neutral."""

    KEY: ClassVar = ("a", "b")
    UNORDERED: ClassVar = True
    a: FactionId  # one faction
    b: FactionId  # the other
    stance: v.Stance  # ``allied`` factions are one side: among them no place falls
    source: Sources


class Backer(Row):
    """A foreign power, what it gives to which faction; blank where no figure was found."""

    KEY: ClassVar = ("id",)
    id: Slug  # what scenarios and results call it
    name: Text  # as shown
    faction_id: FactionId  # its client; one row for each client
    air_sorties_per_day_low: SortiesPerDay = nan  # at full commitment
    air_sorties_per_day_high: SortiesPerDay = nan  # at full commitment
    money_usd_per_month_low: UsdPerMonth = nan  # at full commitment
    money_usd_per_month_high: UsdPerMonth = nan  # at full commitment
    troops_low: People = nan  # at full commitment
    troops_high: People = nan  # at full commitment
    attention_note: Text = ""  # for readers, read by no rule
    source: Sources


class Mandate(Row):
    """A faction that a backer fights; a backer without a row fights every enemy of its client."""

    OPTIONAL: ClassVar = True
    KEY: ClassVar = ("backer_id", "faction_id")
    backer_id: BackerId  # who fights
    faction_id: FactionId  # whom
    source: Sources


class Event(Row):
    """Something that happened; a third party may be the actor, but not of orders, pay rises or attacks."""

    date: Day  # when
    actor: Slug  # who did it
    kind: v.EventKind  # what it was
    place_id: PlaceId = ""  # where, if anywhere
    description: Text  # a sentence; shown on the map of the report
    source: Sources


class ControlChange(Row):
    """A place got a new controller."""

    KEY: ClassVar = ("place_id", "date")
    TWICE: ClassVar = "has two controllers at once"
    place_id: PlaceId  # what changed hands
    date: Day  # the day on which it was fully or mainly taken
    new_controller: FactionId  # who took it
    how: v.HowTaken  # how it came about; read by no score
    confidence: v.Confidence  # in place and date; ``low`` counts half in the scores
    source: Sources


class Held(Row):
    """A place that did not change hands up to a date."""

    KEY: ClassVar = ("place_id",)
    place_id: PlaceId  # what was held
    controller: FactionId  # its holder on the eve
    through_date: Day  # the last day of the case, or later
    source: Sources


class Displacement(Row):
    """People who had fled."""

    date: Day  # of the count
    scope: v.Scope  # whom it counts
    place_or_region: Text  # a place of places.csv if the scope is ``place``, else a label
    people: People  # who have fled
    cumulative: Flag  # how they were counted
    source: Sources


class Casualties(Row):
    """People killed, wounded or captured, as far as counted."""

    OPTIONAL: ClassVar = True
    date: Day  # of the count
    group: Slug  # who: ``all``, a faction, civilians
    people: People  # killed, wounded or captured
    cumulative: Flag  # how they were counted
    source: Sources


class AffinityTo(Row):
    """How a community stands to a faction on the eve: -1 expects massacre, +1 fights for it to a man."""

    KEY: ClassVar = ("group", "faction_id")
    group: Slug  # the community
    faction_id: FactionId  # to whom
    affinity: Affinity  # -1 expects massacre, 0 indifferent, 1 fights for it
    grade: v.Grade  # how well it is known
    source: Sources


class Recruitment(Row):
    """The share of a group in a faction's soldiers (sums to 1), and how many of them serve near home."""

    KEY: ClassVar = ("faction_id", "group")
    faction_id: FactionId  # whose soldiers
    group: Group  # the community they come from
    share: Share  # of the faction's soldiers
    home_share: Share  # of those, who serve within 50 km of home
    grade: v.Grade  # how well it is known
    source: Sources


class Condition(Row):
    """The state of an army on the eve, as a range."""

    KEY: ClassVar = ("faction_id", "key")
    faction_id: FactionId  # whose
    key: v.ConditionName  # which condition
    low: Level  # the least that is plausible
    high: Level  # the most that is plausible
    unit: Text  # that of the key
    grade: v.Grade  # how well it is known
    source: Sources
    note: Text = ""  # what the range rests on


class Estimate(Row):
    """A published estimate of the government army's strength, pay, arrears or losses."""

    OPTIONAL: ClassVar = True
    measure: Slug  # such as ``strength`` or ``pay``
    category: Text  # of whom, or by whose count
    as_of: Text  # when it was true
    low: Figure = nan  # the figure, or the lower one
    high: Figure = nan  # the figure, or the higher one
    unit: Text  # of both figures
    source: Sources
    note: Text = ""  # what the figure rests on


class Population(Row):
    """The people of a place by another way of counting than that of places.csv."""

    OPTIONAL: ClassVar = True
    KEY: ClassVar = ("place_id", "basis")
    place_id: PlaceId  # whose people
    basis: Slug  # what was counted, and when
    people: People  # by this count
    source: Sources


TABLES: dict[str, type[Row]] = {
    "sources": Source,
    "places": Place,
    "factions": Faction,
    "communities": Community,
    "roads": Road,
    "deployments": Deployment,
    "relations": Relation,
    "backers": Backer,
    "mandates": Mandate,
    "events": Event,
    "control_timeline": ControlChange,
    "held": Held,
    "displacement": Displacement,
    "casualties": Casualties,
    "affinities": AffinityTo,
    "recruitment": Recruitment,
    "conditions": Condition,
    "government_army_estimates": Estimate,
    "populations": Population,
}
"""File name without ``.csv`` -> its row."""
