"""The tables of a case: a class for a file, a field for a column. A column with a default may be blank."""

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
    key: Slug
    title: Text
    publisher: Text
    date: PartialDate = ""
    url: Url = ""


class Place(Row):
    """A town, crossing or base, and who holds it on the eve of the first day."""

    KEY: ClassVar = ("id",)
    id: Slug
    name: Text
    lat: Latitude
    lon: Longitude
    population: People
    region: Text
    kind: v.PlaceKind
    terrain: v.Terrain
    initial_controller: FactionId
    source: Sources


class Faction(Row):
    """An army with its strength on paper and its pay."""

    KEY: ClassVar = ("id",)
    id: Slug
    name: Text
    side: v.Side
    troops_low: People
    troops_high: People
    monthly_pay_usd_low: UsdPerMonth = nan
    monthly_pay_usd_high: UsdPerMonth = nan
    source: Sources


class Community(Row):
    """The share of a group in the people of a place; the shares of a place sum to 1."""

    KEY: ClassVar = ("place_id", "group")
    place_id: PlaceId
    group: Group
    share: Share
    source: Sources


class Road(Row):
    """A road between two places, to be used both ways."""

    KEY: ClassVar = ("a", "b")
    UNORDERED: ClassVar = True
    a: PlaceId
    b: PlaceId
    km: Kilometres
    road_class: v.RoadClass
    name: Text = ""
    source: Sources


class Deployment(Row):
    """The share of a faction's troops at a place; the shares of a faction sum to 1."""

    KEY: ClassVar = ("faction_id", "place_id")
    faction_id: FactionId
    place_id: PlaceId
    share: Share
    source: Sources


class Relation(Row):
    """How two factions stand to each other on the first day; a row for every pair."""

    KEY: ClassVar = ("a", "b")
    UNORDERED: ClassVar = True
    a: FactionId
    b: FactionId
    stance: v.Stance
    source: Sources


class Backer(Row):
    """A foreign power, what it gives to which faction; blank where no figure was found."""

    KEY: ClassVar = ("id",)
    id: Slug
    name: Text
    faction_id: FactionId
    air_sorties_per_day_low: SortiesPerDay = nan
    air_sorties_per_day_high: SortiesPerDay = nan
    money_usd_per_month_low: UsdPerMonth = nan
    money_usd_per_month_high: UsdPerMonth = nan
    troops_low: People = nan
    troops_high: People = nan
    attention_note: Text = ""
    source: Sources


class Mandate(Row):
    """A faction that a backer fights; a backer without a row fights every enemy of its client."""

    OPTIONAL: ClassVar = True
    KEY: ClassVar = ("backer_id", "faction_id")
    backer_id: BackerId
    faction_id: FactionId
    source: Sources


class Event(Row):
    """Something that happened; the actor may be a third party that is neither faction nor backer."""

    date: Day
    actor: Slug
    kind: v.EventKind
    place_id: PlaceId = ""
    description: Text
    source: Sources


class ControlChange(Row):
    """A place got a new controller."""

    KEY: ClassVar = ("place_id", "date")
    TWICE: ClassVar = "has two controllers at once"
    place_id: PlaceId
    date: Day
    new_controller: FactionId
    how: v.HowTaken
    confidence: v.Confidence
    source: Sources


class Held(Row):
    """A place that did not change hands up to a date."""

    KEY: ClassVar = ("place_id",)
    place_id: PlaceId
    controller: FactionId
    through_date: Day
    source: Sources


class Displacement(Row):
    """People who had fled."""

    date: Day
    scope: v.Scope
    place_or_region: Text
    people: People
    cumulative: Flag
    source: Sources


class Casualties(Row):
    """People killed, wounded or captured, as far as counted."""

    OPTIONAL: ClassVar = True
    date: Day
    group: Slug
    people: People
    cumulative: Flag
    source: Sources


class AffinityTo(Row):
    """How a community stands to a faction on the eve: -1 expects massacre, +1 fights for it to a man."""

    KEY: ClassVar = ("group", "faction_id")
    group: Slug
    faction_id: FactionId
    affinity: Affinity
    grade: v.Grade
    source: Sources


class Recruitment(Row):
    """The share of a group in a faction's soldiers (sums to 1), and how many of them serve near home."""

    KEY: ClassVar = ("faction_id", "group")
    faction_id: FactionId
    group: Group
    share: Share
    home_share: Share
    grade: v.Grade
    source: Sources


class Condition(Row):
    """The state of an army on the eve, as a range."""

    KEY: ClassVar = ("faction_id", "key")
    faction_id: FactionId
    key: v.ConditionName
    low: Level
    high: Level
    unit: Text
    grade: v.Grade
    source: Sources
    note: Text = ""


class Estimate(Row):
    """A published estimate of the government army's strength, pay, arrears or losses."""

    OPTIONAL: ClassVar = True
    measure: Slug
    category: Text
    as_of: Text
    low: Figure = nan
    high: Figure = nan
    unit: Text
    source: Sources
    note: Text = ""


class Population(Row):
    """The people of a place by another way of counting than that of places.csv."""

    OPTIONAL: ClassVar = True
    KEY: ClassVar = ("place_id", "basis")
    place_id: PlaceId
    basis: Slug
    people: People
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
