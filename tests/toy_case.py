"""A small war with just what a test needs: a line of towns from the rebels' base to the capital."""

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

FIRST_DAY = date(2030, 3, 1)
KM_PER_DEGREE = 111.195  # along a meridian of the sphere with the earth's mean radius

ARMY = {
    "present_share": (0.5, 0.7),
    "pay_usd_month": (40, 60),
    "arrears_months": (1, 3),
    "reservation_wage_usd_month": (60, 90),
    "conscript_share": (0.4, 0.6),
    "static_share": (0.5, 0.7),
    "air_support_change": (0.4, 0.6),
    "backer_change": (-0.5, -0.3),
    "record_12m": (-0.2, 0),
    "command_quality": (0.2, 0.4),
    "cohesion": (0.3, 0.5),
    "preparation": (0.1, 0.3),
    "heavy_weapons": (0.4, 0.6),
}
REBELS = ARMY | {
    "present_share": (0.8, 0.9),
    "pay_usd_month": (80, 100),
    "arrears_months": (0, 0),
    "conscript_share": (0, 0),
    "static_share": (0.1, 0.2),
    "backer_change": (0, 0),
    "record_12m": (0.1, 0.3),
    "command_quality": (0.7, 0.9),
    "cohesion": (0.7, 0.9),
    "preparation": (0.7, 0.9),
    "heavy_weapons": (-0.6, -0.4),
}
UNITS = {
    "present_share": "share",
    "pay_usd_month": "usd_per_month",
    "arrears_months": "months",
    "reservation_wage_usd_month": "usd_per_month",
    "conscript_share": "share",
    "static_share": "share",
    "air_support_change": "ratio",
    "backer_change": "index_-1_1",
    "record_12m": "index_-1_1",
    "command_quality": "index_0_1",
    "cohesion": "index_0_1",
    "preparation": "index_0_1",
    "heavy_weapons": "index_-1_1",
}


def write_toy_case(
    folder: Path | str,
    *,
    places: int = 3,
    days: int = 10,
    road_km: float = 40,
    army_soldiers: int = 6000,
    rebel_soldiers: int = 4000,
    conditions: Mapping[str, Mapping[str, tuple[float, float]]] | None = None,
    fallen: Mapping[str, int] | None = None,
) -> Path:
    """Write a valid case: ``base`` (rebels), ``town-1``, ``town-2``, ..., ``capital`` (army), in a line.

    Args:
        folder: is made if it is not there; its name does not matter, the case is called ``toy``.
        places: at least 2, base and capital included.
        days: length of the period from 1 March 2030; on its first day the rebels are on the attack.
        road_km: length of each road.
        army_soldiers: ``troops_high`` of the faction ``army``, half of it in the capital;
            the backer ``patron`` stands behind it.
        rebel_soldiers: ``troops_high`` of the faction ``rebels``, all at the base.
        conditions: faction -> key -> (low, high), instead of the usual ones.
        fallen: place -> day (1 = first day) on which the rebels took it, the history that a run is judged by;
            usually ``town-1`` on day 3. All other places were held.

    Returns:
        The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    ids = ["base", *(f"town-{i}" for i in range(1, places - 1)), "capital"]
    fallen = {place: 3 for place in ids[1:-1][:1]} if fallen is None else fallen
    last_day = FIRST_DAY + timedelta(days=days - 1)
    _write_map(folder, ids, road_km)
    _write_factions(folder, army_soldiers, rebel_soldiers, conditions or {})
    _write_people(folder, ids)
    _write_history(folder, ids, fallen, last_day)
    _write_description(folder, FIRST_DAY, last_day)
    return folder


def _holder(place: str) -> str:
    """Who has the place on the eve."""
    return "rebels" if place == "base" else "army"


def _write_map(folder: Path, ids: Sequence[str], road_km: float) -> None:
    step = road_km / 1.1 / KM_PER_DEGREE  # degrees; a road is a tenth longer than the straight line
    rows = []
    for i, place in enumerate(ids):
        kind = place if place in ("capital", "base") else "town"
        people, terrain = (500_000, "urban") if place == "capital" else (50_000, "plain")
        lat = round(10 + i * step, 4)
        rows.append([place, place.title(), lat, 20, people, "Toyland", kind, terrain, _holder(place)])
    _table(folder, "places", "id,name,lat,lon,population,region,kind,terrain,initial_controller", rows)
    roads = [[a, b, road_km, "primary", ""] for a, b in zip(ids, ids[1:], strict=False)]
    _table(folder, "roads", "a,b,km,road_class,name", roads)


def _write_factions(
    folder: Path,
    army_soldiers: int,
    rebel_soldiers: int,
    conditions: Mapping[str, Mapping[str, tuple[float, float]]],
) -> None:
    _table(
        folder,
        "factions",
        "id,name,side,troops_low,troops_high,monthly_pay_usd_low,monthly_pay_usd_high",
        [
            ["army", "Army", "government", army_soldiers // 2, army_soldiers, 40, 60],
            ["rebels", "Rebels", "rebel", rebel_soldiers // 2, rebel_soldiers, "", ""],
        ],
    )
    _table(folder, "relations", "a,b,stance", [["army", "rebels", "hostile"]])
    _table(
        folder,
        "backers",
        "id,name,faction_id,air_sorties_per_day_low,air_sorties_per_day_high,money_usd_per_month_low,"
        "money_usd_per_month_high,troops_low,troops_high,attention_note",
        [["patron", "Patron", "army", 2, 6, 100_000, 200_000, "", "", ""]],
    )
    rows = [
        [faction, key, low, high, UNITS[key], "C", "made_up", ""]
        for faction, usual in (("army", ARMY), ("rebels", REBELS))
        for key, (low, high) in {**usual, **conditions.get(faction, {})}.items()
    ]
    _write(folder / "conditions.csv", "faction_id,key,low,high,unit,grade,source,note", rows)


def _write_people(folder: Path, ids: Sequence[str]) -> None:
    """Hill people round the rebels' base, valley people elsewhere; where the soldiers stand and come from."""
    towns = ids[1:-1]
    posts = [["army", place, 0.5 / len(towns)] for place in towns]
    posts += [["army", "capital", 0.5 if towns else 1], ["rebels", "base", 1]]
    _table(folder, "deployments", "faction_id,place_id,share", posts)
    people = []
    for place in ids:
        hill, valley = (0.8, 0.2) if place == "base" else (0.3, 0.7)
        people += [[place, "hill", hill], [place, "valley", valley]]
    _table(folder, "communities", "place_id,group,share", people)
    feelings = [
        ["hill", "army", -0.4],
        ["hill", "rebels", 0.6],
        ["valley", "army", 0.4],
        ["valley", "rebels", -0.3],
    ]
    _table(folder, "affinities", "group,faction_id,affinity,grade", [[*row, "C"] for row in feelings])
    recruits = [["army", "valley", 0.7, 0.3], ["army", "hill", 0.3, 0.2], ["rebels", "hill", 1, 0.8]]
    _table(
        folder, "recruitment", "faction_id,group,share,home_share,grade", [[*row, "C"] for row in recruits]
    )


def _write_history(folder: Path, ids: Sequence[str], fallen: Mapping[str, int], last_day: date) -> None:
    attack = [FIRST_DAY, "rebels", "offensive_start", "base", "The rebels attack."]
    _table(folder, "events", "date,actor,kind,place_id,description", [attack])
    taken = [
        [place, FIRST_DAY + timedelta(days=day - 1), "rebels", "assault", "high"]
        for place, day in fallen.items()
    ]
    _table(folder, "control_timeline", "place_id,date,new_controller,how,confidence", taken)
    held = [[place, _holder(place), last_day] for place in ids if place not in fallen]
    _table(folder, "held", "place_id,controller,through_date", held)
    fled = [last_day, "national", "Toyland", 5000, 1]
    _table(folder, "displacement", "date,scope,place_or_region,people,cumulative", [fled])
    source = ["made_up", "Made up", "Nobody", "2030-03", ""]
    _write(folder / "sources.csv", "key,title,publisher,date,url", [source])


def _write_description(folder: Path, first_day: date, last_day: date) -> None:
    (folder / "case.toml").write_text(
        'id = "toy"\n'
        'title = "A toy war"\n'
        f"first_day = {first_day}\n"
        f"last_day = {last_day}\n"
        'basemap = "toy.geojson"\n'
        'government_side = ["army"]\n'
        'opening_offensive = ["rebels"]\n',
        encoding="utf-8",
    )
    (folder / "case.md").write_text("# A toy war\n\nNothing in it happened.\n", encoding="utf-8")
    outline = [[15, 5], [25, 5], [25, 80], [15, 80], [15, 5]]
    land = {
        "type": "Feature",
        "properties": {"layer": "country", "name": "Toyland"},
        "geometry": {"type": "Polygon", "coordinates": [outline]},
    }
    basemap = {"type": "FeatureCollection", "bbox": [15, 5, 25, 80], "features": [land]}
    (folder / "toy.geojson").write_text(json.dumps(basemap), encoding="utf-8")


def _table(folder: Path, name: str, columns: str, rows: Sequence[Sequence[object]]) -> None:
    """A table whose last column is the source."""
    _write(folder / f"{name}.csv", f"{columns},source", [[*row, "made_up"] for row in rows])


def _write(file: Path, header: str, rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)
