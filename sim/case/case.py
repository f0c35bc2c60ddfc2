"""What is known of a war before and during the period that is simulated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from sim.errors import InputError, nearest


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """A war as data. Tables have the columns of their files in the order of the files' rows.

    Numbers are float64 (blank: NaN), dates ``datetime.date``, words ``str`` (blank: "").
    The tables are meant to be read, not changed.
    """

    id: str
    title: str
    folder: Path
    first_day: date
    last_day: date
    basemap: Path | None
    government_side: tuple[str, ...]
    opening_offensive: tuple[str, ...]
    description: str
    hashes: Mapping[str, str]
    """File name -> SHA-256 of its bytes."""
    sources: pd.DataFrame
    places: pd.DataFrame
    factions: pd.DataFrame
    communities: pd.DataFrame
    roads: pd.DataFrame
    deployments: pd.DataFrame
    relations: pd.DataFrame
    backers: pd.DataFrame
    mandates: pd.DataFrame
    events: pd.DataFrame
    control_timeline: pd.DataFrame
    held: pd.DataFrame
    displacement: pd.DataFrame
    casualties: pd.DataFrame
    affinities: pd.DataFrame
    recruitment: pd.DataFrame
    conditions: pd.DataFrame
    estimates: pd.DataFrame
    """The file government_army_estimates.csv."""
    populations: pd.DataFrame

    def __repr__(self) -> str:
        return (
            f"Case({self.id!r}: {len(self.places)} places, {len(self.roads)} roads, {len(self.factions)} "
            f"factions, {self.first_day} to {self.last_day})"
        )

    @property
    def place_ids(self) -> list[str]:
        """Places in the order of places.csv."""
        return self.places["id"].tolist()

    @property
    def faction_ids(self) -> list[str]:
        """Factions in the order of factions.csv."""
        return self.factions["id"].tolist()

    @property
    def backer_ids(self) -> list[str]:
        """Backers in the order of backers.csv."""
        return self.backers["id"].tolist()

    @property
    def groups(self) -> list[str]:
        """Every community that a table names, sorted."""
        tables = (self.communities, self.recruitment, self.affinities)
        return sorted({group for table in tables for group in table["group"]})

    def alliance_of(self, faction_id: str) -> frozenset[str]:
        """The faction and those allied with it on the first day, directly or through others.

        Raises:
            InputError: no such faction.
        """
        if faction_id not in self.faction_ids:
            hint = nearest(faction_id, self.faction_ids)
            known = ", ".join(self.faction_ids)
            raise InputError([f"{self.id}: faction: '{faction_id}' is unknown{hint}; allowed: {known}"])
        return alliance_of(faction_id, self.relations)


def alliance_of(faction_id: str, relations: pd.DataFrame) -> frozenset[str]:
    """The closure of a faction over the rows of ``relations`` with the stance ``allied``."""
    allied = relations[relations["stance"] == "allied"]
    pairs = list(zip(allied["a"], allied["b"], strict=True))
    alliance = {faction_id}
    while True:
        wider = alliance.union(*(pair for pair in pairs if alliance.intersection(pair)))
        if wider == alliance:
            return frozenset(alliance)
        alliance = wider
