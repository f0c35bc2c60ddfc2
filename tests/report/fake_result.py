"""Results without an engine: random but plausible tables of a case, to test what is made from them."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sim.results import Result

CASE_TABLES = {
    "places": "id,name,lat,lon,population,region,kind,terrain,initial_controller",
    "roads": "a,b,km,road_class",
    "factions": "id,name,side",
    "relations": "a,b,stance",
    "backers": "id,name,faction_id",
    "events": "date,actor,kind,place_id,description",
    "control_timeline": "place_id,date,new_controller,how,confidence",
    "held": "place_id,controller,through_date",
    "conditions": "faction_id,key,low,high,unit,grade",
    "displacement": "date,scope,place_or_region,people,cumulative",
}


@dataclass
class FakeCase:
    """A case with the tables that a report reads."""

    id: str
    title: str
    first_day: date
    last_day: date
    government_side: tuple[str, ...]
    opening_offensive: tuple[str, ...]
    basemap: Path
    tables: dict[str, pd.DataFrame]

    def __getattr__(self, name):
        try:
            return self.__dict__["tables"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def place_ids(self):
        return self.places["id"].tolist()

    @property
    def faction_ids(self):
        return self.factions["id"].tolist()

    @property
    def backer_ids(self):
        return self.backers["id"].tolist()

    def alliance_of(self, faction_id):
        allied = self.relations[self.relations["stance"] == "allied"]
        pairs = list(zip(allied["a"], allied["b"], strict=True))
        group = {faction_id}
        while True:
            more = {y for x, y in pairs if x in group} | {x for x, y in pairs if y in group}
            if more <= group:
                return frozenset(group)
            group |= more


def toy_case(places=3, capital=True, recorded=True, first_day=date(2024, 1, 30), **text):
    """Towns p0, p1, ... held by 'gov', attacked by 'reb'; p0 is the capital, the last falls on day 2."""
    ids = [f"p{i}" for i in range(places)]
    rows = {
        "places": [
            (p, text.get("place_name", f"Town {i}"), 33 + 0.5 * i, 36 + 0.4 * i, 10_000.0 * (i + 1), "R",
             "capital" if capital and i == 0 else "town", "plain", "gov")
            for i, p in enumerate(ids)
        ],
        "roads": [(a, b, 60.0, "motorway") for a, b in zip(ids, ids[1:], strict=False)],
        "factions": [
            ("gov", text.get("faction_name", "Government (army)"), "government"),
            ("reb", "Rebels", "rebel"),
        ],
        "relations": [("gov", "reb", "hostile")],
        "backers": [("friend", "Friend", "gov")],
        "events": [(first_day, "reb", "other", ids[0], text.get("event", "Shots are heard."))],
        "control_timeline": [(ids[-1], first_day + timedelta(days=1), "reb", "assault", "low")] * recorded,
        "held": [(p, "gov", first_day + timedelta(days=5)) for p in text.get("held", ())],
        "conditions": [("gov", "cohesion", 0.2, 0.6, "index", "B")],
        "displacement": [
            (first_day - timedelta(days=3), "national", "Toyland", 1_000.0, True),
            (first_day + timedelta(days=2), "national", "Toyland", 9_000.0, True),
            (first_day + timedelta(days=2), "national", "Toyland", 5_000.0, False),
            (first_day + timedelta(days=2), "place", "p0", 7_000.0, True),
            (first_day + timedelta(days=40), "national", "Toyland", 20_000.0, True),
        ],
    }  # fmt: skip
    tables = {
        name: pd.DataFrame(rows[name], columns=columns.split(",")) for name, columns in CASE_TABLES.items()
    }
    return FakeCase("toy", text.get("title", "A toy war"), first_day, first_day + timedelta(days=5), ("gov",),
                    ("reb",), Path("no-such-basemap.geojson"), tables)  # fmt: skip


def fake_result(case, runs=20, days=None, seed=0, fall_day=None, parameters=None):
    """Tables of an ensemble that scatters around the recorded course.

    Args:
        case: a case.
        runs: how many.
        days: horizon; by default the period of the case.
        seed: of the scatter.
        fall_day: [runs, places] day of fall, inf = never, to prescribe the course.
        parameters: the parameters that differ from their default.
    """
    rng = np.random.default_rng(seed)
    days = days or (case.last_day - case.first_day).days + 1
    fall_day = (
        _scattered_falls(case, runs, days, rng) if fall_day is None else np.asarray(fall_day, dtype=float)
    )
    control = _control(case, fall_day, days)
    factions = _factions(case, runs, days, rng)
    last = factions[(factions["day"] == days) & factions["faction_id"].isin(case.government_side)]
    totals = last.groupby("run_id")[["killed", "deserted", "surrendered"]].sum()
    capital = np.flatnonzero(case.places["kind"] == "capital")
    fallen = np.isfinite(fall_day) & (fall_day <= days)
    capital_day = fall_day[:, capital[0]] if len(capital) else np.full(runs, np.inf)
    frame = pd.DataFrame(
        {
            "run_id": np.arange(runs, dtype=np.int32),
            "seed": np.arange(runs, dtype=np.uint32),
            "capital_fallen_day": np.where(capital_day <= days, capital_day, np.nan),
            "places_fallen": fallen.sum(axis=1),
            **{name: totals[name].to_numpy() for name in totals},
            "defected": 0.0,
        }
    )
    drawn = {
        f"condition.{row.faction_id}.{row.key}": rng.uniform(row.low, row.high, runs)
        for row in case.conditions.itertuples()
    }
    frame = pd.concat([frame, pd.DataFrame(drawn)], axis=1)
    scenario = SimpleNamespace(title="", first_day=case.first_day, load_case=lambda: case)
    manifest = {
        "format_version": 1,
        "created": "2026-01-02T03:04:05Z",
        "scenario_name": case.id,
        "scenario": {"name": case.id, "case": case.id, "parameters": parameters or {}, "events": []},
        "case": {"id": case.id, "title": case.title, "hashes": {"places.csv": "ab" * 32}},
        "seed": seed,
        "runs": runs,
        "days": days,
        "ticks_per_day": 4,
        "soldiers_per_unit": 100,
        "engine": "jax",
        "rules": ["events", "backers", "pay"],
        "parameters": parameters or {},
        "versions": {"holdfast": "0.1.0", "python": "3.13", "numpy": "2.5"},
        "wall_seconds": 1.5,
    }
    tables = {
        "runs": frame,
        "control": control,
        "factions": factions,
        "backers": _backers(case, runs, days, rng),
        **_people(case, runs, days, rng),
        "events": _events(case, fall_day, days),
    }
    return Result(manifest, scenario, tables)


def _scattered_falls(case, runs, days, rng):
    index = {place: i for i, place in enumerate(case.place_ids)}
    central = np.full(len(index), np.inf)
    for row in case.control_timeline.itertuples():
        day = (row.date - case.first_day).days + 1
        if day >= 1 and np.isinf(central[index[row.place_id]]):
            central[index[row.place_id]] = day
    pace = rng.lognormal(0.0, 0.25, (runs, 1))
    own = rng.normal(0.4, 1.2, (runs, len(index)))
    falls = np.maximum(np.round(central * pace + own), 1.0)
    falls[:, np.isinf(central)] = np.inf
    stray = rng.random(falls.shape) < 0.02
    falls = np.where(stray & np.isinf(falls), rng.integers(1, days + 1, falls.shape), falls)
    return np.where(falls <= days, falls, np.inf)


def _control(case, fall_day, days):
    runs, places = fall_day.shape
    ids, factions = case.place_ids, case.faction_ids
    taker = []
    for holder in case.places["initial_controller"]:
        own = case.alliance_of(holder)
        outside = [f for f in (*case.opening_offensive, *factions) if f not in own]
        taker.append(factions.index(outside[0]))
    initial = np.array([factions.index(f) for f in case.places["initial_controller"]])
    run, day, place = np.meshgrid(np.arange(runs), np.arange(1, days + 1), np.arange(places), indexing="ij")
    holder = np.where(fall_day[:, None, :] <= day, np.array(taker), initial).ravel()
    return pd.DataFrame(
        {
            "run_id": run.ravel().astype(np.int32),
            "day": day.ravel().astype(np.int16),
            "place_id": pd.Categorical.from_codes(place.ravel(), ids),
            "controller": pd.Categorical.from_codes(holder, factions),
            "contested": False,
            "cause": pd.Categorical.from_codes(np.zeros(holder.size, dtype=int), [""]),
        }
    )


def _factions(case, runs, days, rng):
    names = case.faction_ids
    run, day, f = np.meshgrid(np.arange(runs), np.arange(1, days + 1), np.arange(len(names)), indexing="ij")
    losing = np.isin(np.array(names), case.government_side)[f]
    start = (rng.lognormal(10.2, 0.7, len(names)))[f]
    pace = rng.lognormal(0, 0.3, (runs, 1, 1))
    gone = np.where(losing, 1 / (1 + np.exp(-(day * pace - 0.6 * days))), 0.02 * day / days)
    morale = np.clip(
        np.where(losing, 0.5 - 0.45 * gone, 0.75 + 0.1 * day / days) + rng.normal(0, 0.03, gone.shape), 0, 1
    )
    columns = {
        "soldiers": start * (1 - 0.9 * gone),
        "morale": morale,
        "prospect": np.clip(np.where(losing, 0.6 - 0.6 * gone, 0.5 + 0.4 * day / days), 0, 1),
        "pay_usd_month": np.where(losing & (day > 8), 45.0, 30.0),
        "pay_received_usd_month": np.where(losing, 30 - 10 * gone, 80.0),
        "arrears_days": np.where(losing, 12 + 6 * gone, 0.0),
        "treasury_usd": 1e6 - 1e4 * day,
        "killed": start * 0.03 * gone,
        "deserted": start * 0.7 * gone,
        "surrendered": start * 0.1 * gone,
        "defected_out": start * 0.05 * gone,
        "defected_in": 0 * gone,
        "mobilised": 0 * gone,
    }
    return pd.DataFrame(
        {
            "run_id": run.ravel(),
            "day": day.ravel().astype(np.int16),
            "faction_id": pd.Categorical.from_codes(f.ravel(), names),
            **{name: np.broadcast_to(values, f.shape).ravel() for name, values in columns.items()},
        }
    )


def _backers(case, runs, days, rng):
    names = case.backer_ids
    run, day, b = np.meshgrid(np.arange(runs), np.arange(1, days + 1), np.arange(len(names)), indexing="ij")
    commitment = np.clip(0.6 - 0.4 * day / days + rng.normal(0, 0.06, b.shape), 0, 1)
    return pd.DataFrame(
        {
            "run_id": run.ravel(),
            "day": day.ravel(),
            "backer_id": pd.Categorical.from_codes(b.ravel(), names),
            "attention": np.full(b.size, 0.5),
            "commitment": commitment.ravel(),
            "sorties_per_day": np.where(b == 0, 30 * commitment, 0.0).ravel(),
            "active": True,
        }
    )


def _people(case, runs, days, rng):
    """Everybody who flees a place is taken in by the next one in the file, but for a tenth who go abroad."""
    people = np.nan_to_num(case.places["population"].to_numpy(float))
    share = rng.uniform(0, 0.3, (runs, 1, len(people))) * np.arange(1, days + 1)[:, None] / days
    fled = np.floor(people * share)
    returned = np.floor(0.2 * fled)
    hosted = np.roll(np.floor(0.9 * (fled - returned)), 1, axis=2)
    columns = {
        "residents": people - fled + returned,
        "displaced_hosted": hosted,
        "fled": fled,
        "returned": returned,
        "aid_need": hosted,
        "aid_shortfall": 0.5 * hosted,
    }
    run, day, place = np.meshgrid(
        np.arange(runs), np.arange(1, days + 1), np.arange(len(people)), indexing="ij"
    )
    places = pd.DataFrame(
        {
            "run_id": run.ravel(),
            "day": day.ravel(),
            "place_id": pd.Categorical.from_codes(place.ravel(), case.place_ids),
            **{name: values.ravel() for name, values in columns.items()},
        }
    )
    away = (fled - returned).sum(axis=2)
    total = {
        name: columns[name].sum(axis=2).ravel() for name in ("fled", "returned", "aid_need", "aid_shortfall")
    }
    displacement = pd.DataFrame(
        {
            "run_id": run[..., 0].ravel(),
            "day": day[..., 0].ravel(),
            "displaced": away.ravel(),
            "abroad": (away - hosted.sum(axis=2)).ravel(),
            **total,
        }
    )
    return {"places": places, "displacement": displacement}


def _events(case, fall_day, days):
    names = dict(zip(case.places["id"], case.places["name"], strict=True))
    rows = []
    for r, p in zip(*np.nonzero(np.isfinite(fall_day) & (fall_day <= days)), strict=True):
        place = case.place_ids[p]
        attacker = case.opening_offensive[0]
        text = f"{names[place]} falls to {attacker} after the garrison withdraws."
        rows.append((r, int(fall_day[r, p]), "place_taken", place, attacker, "", text))
    columns = ["run_id", "day", "kind", "place_id", "faction_id", "other_id", "text"]
    return pd.DataFrame(rows, columns=columns).astype({"kind": "category", "faction_id": "category"})
