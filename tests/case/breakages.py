"""Mistakes that people make in cases, each with what must be told about it."""

from collections.abc import Callable
from pathlib import Path

Breakage = Callable[[Path], object]


def swap(file: str, old: str, new: str, times: int = 1) -> Breakage:
    """Replace the first ``old`` by ``new``; -1 times: all of them."""

    def do(folder: Path) -> None:
        text = (folder / file).read_bytes().decode()
        assert old in text, f"{file} has no {old!r}"
        (folder / file).write_bytes(text.replace(old, new, times).encode())

    return do


def add(file: str, line: str) -> Breakage:
    def do(folder: Path) -> None:
        with (folder / file).open("a", encoding="utf-8") as target:
            target.write(f"{line}\n")

    return do


def drop(file: str, start: str) -> Breakage:
    """Delete every line that starts so."""

    def do(folder: Path) -> None:
        lines = (folder / file).read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if not line.startswith(start)]
        assert len(kept) < len(lines), f"{file} has no line {start!r}"
        (folder / file).write_text("".join(kept), encoding="utf-8")

    return do


def remove(file: str) -> Breakage:
    return lambda folder: (folder / file).unlink()


def header_only(file: str) -> Breakage:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes().splitlines()[0])


def write(file: str, data: bytes) -> Breakage:
    return lambda folder: (folder / file).write_bytes(data)


# What is done to Syria 2024, and what a line must then say.
BREAKAGES: list[tuple[str, Breakage, list[str]]] = [
    # files
    ("missing file", remove("roads.csv"),
     ["war/roads.csv: missing file; allowed: a file with the columns a, b, km, road_class, name, source"]),
    ("missing case.toml", remove("case.toml"), ["war/case.toml: missing file"]),
    ("missing description", remove("case.md"), ["war/case.md: missing file"]),
    ("misspelt file", lambda f: (f / "casualties.csv").rename(f / "casulties.csv"),
     ["war/casulties.csv: unknown file (did you mean 'casualties'?)"]),
    ("empty file", write("held.csv", b""),
     ["war/held.csv: row 1: blank; allowed: a header row: place_id, controller, through_date, source"]),
    ("not UTF-8", write("held.csv", "place_id,controller\n\nDamaskus ü".encode("latin-1")),
     ["war/held.csv: line 3: byte 0xfc is not UTF-8"]),
    ("description not UTF-8", write("case.md", b"\xff"), ["war/case.md: not UTF-8"]),
    ("semicolons", write("held.csv", b"place_id;controller;through_date;source\n"),
     ["war/held.csv: row 1: cells are separated by ';'; allowed: ','"]),
    ("tabs", swap("held.csv", ",", "\t", -1),
     ["war/held.csv: row 1: cells are separated by tabs; allowed: ','"]),
    ("separator line", swap("held.csv", "place_id", "sep=,\r\nplace_id"),
     ["war/held.csv: row 1: 'sep=,'; allowed: the header row"]),
    ("no table", write("held.csv", b"PK\3\4"), ["war/held.csv: row 1: 'PK", "a header row: place_id, "]),
    ("open quote", add("held.csv", '"al-tanf,x'), ["war/held.csv: line 17: malformed CSV", "quotes closed"]),
    ("too many cells", swap("roads.csv", "aleppo,khan-al-asal,13,", "aleppo,khan-al-asal,13,5,"),
     ["war/roads.csv: row 2: 7 cells; allowed: 6"]),
    ("too few cells", swap("roads.csv", "aleppo,khan-al-asal,13,", "aleppo,khan-al-asal,"),
     ["war/roads.csv: row 2: 5 cells; allowed: 6"]),
    ("no factions", header_only("factions.csv"), ["war/factions.csv: no rows; allowed: one or more"]),
    # columns
    ("missing and unknown column", swap("roads.csv", "a,b,km,road_class", "a,b,km,roadclass"),
     ["war/roads.csv: column roadclass: unknown (did you mean 'road_class'?)"]),
    ("missing column", swap("roads.csv", "a,b,km,road_class", "a,b,km,roadclass"),
     ["war/roads.csv: column road_class: missing"]),
    ("column twice", swap("roads.csv", "a,b,km,road_class", "a,a,km,road_class"),
     ["war/roads.csv: column a: given more than once"]),
    # cells
    ("place kind", swap("places.csv", "capital,urban", "captial,urban"),
     ["war/places.csv: row 2, column kind: 'captial' (did you mean 'capital'?); allowed: capital"]),
    ("terrain", swap("places.csv", "capital,urban", "capital,swamp"),
     ["row 2, column terrain: 'swamp'", "desert"]),
    ("stance", swap("relations.csv", "hostile", "at war"), ["relations.csv: row 2, column stance: 'at war'"]),
    ("side", swap("factions.csv", ",rebel,", ",rebels,"), ["factions.csv: row 3, column side: 'rebels'"]),
    ("how", swap("control_timeline.csv", "assault", "storm"),
     ["row 2, column how: 'storm'; allowed: assault"]),
    ("confidence", swap("control_timeline.csv", "high", "sure"), ["row 2, column confidence: 'sure'"]),
    ("road class", swap("roads.csv", "motorway", "highway"), ["row 2, column road_class: 'highway'"]),
    ("event kind", swap("events.csv", "offensive_start", "attack"), ["row 3, column kind: 'attack'"]),
    ("scope", swap("displacement.csv", ",region,", ",town,"), ["row 2, column scope: 'town'"]),
    ("cumulative", swap("displacement.csv", "14000,1", "14000,yes"),
     ["row 2, column cumulative: 'yes'", "0 to 1"]),
    ("condition key", swap("conditions.csv", "present_share", "presence"), ["row 2, column key: 'presence'"]),
    ("grade", swap("conditions.csv", "share,B", "share,D"), ["row 2, column grade: 'D'; allowed: A, B, C"]),
    ("slug", swap("places.csv", "damascus,", "Damascus!,"), ["row 2, column id: 'Damascus!'", "lower-case"]),
    ("not a number", swap("roads.csv", "khan-al-asal,13", "khan-al-asal,13km"),
     ["war/roads.csv: row 2, column km: '13km'; allowed: number above 0 (km)"]),
    ("nan", swap("roads.csv", "khan-al-asal,13", "khan-al-asal,nan"), ["row 2, column km: 'nan'"]),
    ("infinity", swap("roads.csv", "khan-al-asal,13", "khan-al-asal,inf"), ["row 2, column km: 'inf'"]),
    ("zero km", swap("roads.csv", "khan-al-asal,13", "khan-al-asal,0"), ["row 2, column km: '0'"]),
    ("negative troops", swap("factions.csv", "government,25000", "government,-25000"),
     ["row 2, column troops_low: '-25000'; allowed: whole number of 0 or more (people"]),
    ("decimal comma", swap("roads.csv", "khan-al-asal,13", 'khan-al-asal,"13,5"'),
     ["war/roads.csv: row 2, column km: '13,5' (did you mean 13.5?); allowed: number above 0 (km)"]),
    ("thousands points", swap("factions.csv", "government,25000", "government,25.000"),
     ["row 2, column troops_low: '25.000' (did you mean 25000?); allowed: whole number of 0 or more"]),
    ("thousands underscores", swap("factions.csv", "government,25000", "government,25_000"),
     ["row 2, column troops_low: '25_000' (did you mean 25000?)"]),
    ("half a soldier", swap("factions.csv", "government,25000", "government,25000.5"),
     ["row 2, column troops_low: '25000.5'; allowed: whole number"]),
    ("latitude", swap("places.csv", "33.5102", "133.5102"), ["row 2, column lat: '133.5102'", "-90 to 90"]),
    ("share above 1", swap("communities.csv", "0.70", "1.70"), ["row 2, column share: '1.70'", "0 to 1"]),
    ("affinity", swap("affinities.csv", "-0.4", "-1.4"), ["row 2, column affinity: '-1.4'", "-1 to 1"]),
    ("blank figure", swap("factions.csv", "government,25000", "government,"),
     ["war/factions.csv: row 2, column troops_low: blank; allowed: whole number of 0 or more (people"]),
    ("blank id", add("held.csv", ",hts,2024-12-09,wiki_dawn"), ["held.csv: row 17, column place_id: blank"]),
    ("date form", swap("held.csv", "2024-12-09", "09.12.2024"),
     ["row 2, column through_date: '09.12.2024' (did you mean 2024-12-09?); allowed: ISO"]),
    ("no such day", swap("held.csv", "2024-12-09", "31.11.2024"),
     ["row 2, column through_date: '31.11.2024'; allowed: ISO"]),
    ("no such date", swap("held.csv", "2024-12-09", "2024-02-30"),
     ["row 2, column through_date: '2024-02-30'"]),
    ("week date", swap("held.csv", "2024-12-09", "2024-W48-3"), ["row 2, column through_date: '2024-W48-3'"]),
    ("compact date", swap("held.csv", "2024-12-09", "20241209"), ["row 2, column through_date: '20241209'"]),
    ("address", swap("sources.csv", "https://www.geo", "www.geo"),
     ["sources.csv: row 3, column url: 'www.geo"]),
    ("source date", swap("sources.csv", "2024-12,", "Dec 2024,"),
     ["sources.csv: row 2, column date: 'Dec 2024'"]),
    # names
    ("unknown place", swap("roads.csv", "aleppo,", "alepo,"),
     ["war/roads.csv: row 2, column a: 'alepo' is unknown (did you mean 'aleppo'?)", "of places.csv"]),
    ("unknown controller",
     swap("places.csv", "capital,urban,syrian_government", "capital,urban,syrian_goverment"),
     ["row 2, column initial_controller: 'syrian_goverment' is unknown (did you mean 'syrian_government'?)"]),
    ("unknown source", swap("roads.csv", "compiler_estimate", "compiler_estimat"),
     ["row 2, column source: 'compiler_estimat' is unknown (did you mean 'compiler_estimate'?)"]),
    ("one unknown source of two", swap("affinities.csv", ";reuters_army", ";reuters_armee"),
     ["row 2, column source: 'reuters_armee' is unknown"]),
    ("unknown group", swap("communities.csv", "sunni_arab", "sunni_arb"),
     ["row 2, column group: 'sunni_arb' is unknown (did you mean 'sunni_arab'?)", "affinities.csv"]),
    ("unknown event place", swap("events.csv", "offensive_start,base-46", "offensive_start,base-64"),
     ["events.csv: row 3, column place_id: 'base-64' is unknown (did you mean 'base-46'?)"]),
    ("unknown displaced place", add("displacement.csv", "2024-12-01,place,Alepo,10,1,ocha_nws1"),
     ["displacement.csv: row 19, column place_or_region: 'Alepo' is unknown (did you mean 'aleppo'?)"]),
    ("place twice", lambda f: add("places.csv", (f / "places.csv").read_text().splitlines()[1])(f),
     ["places.csv: rows 2, 72: id 'damascus' given more than once"]),
    ("source twice", add("sources.csv", "geonames,x,y,,"),
     ["sources.csv: rows 3, 239: key 'geonames' given more"]),
    ("community twice", add("communities.csv", "damascus,alawite,0,compiler_estimate"),
     ["rows 3, 203: place_id 'damascus', group 'alawite' given more than once"]),
    ("event twice", lambda f: add("events.csv", (f / "events.csv").read_text().splitlines()[1])(f),
     ["events.csv: rows 2, 63: the same row given more than once"]),
    ("condition twice", add("conditions.csv", "hts,cohesion,0.1,0.2,index_0_1,C,compiler_estimate,"),
     ["faction_id 'hts', key 'cohesion' given more than once"]),
    ("relation twice", add("relations.csv", "hts,syrian_government,hostile,wiki_dawn"),
     ["relations.csv: rows 2, 30: a 'hts', b 'syrian_government' given more than once"]),
    ("relation to itself", add("relations.csv", "hts,hts,allied,wiki_dawn"), ["row 30: 'hts' with itself"]),
    ("no enemies", swap("relations.csv", "hostile", "neutral", -1),
     ["relations.csv: no row with the stance hostile for 'hts'; allowed: one or more"]),
    ("no relations", header_only("relations.csv"), ["no row with the stance hostile for 'hts'"]),
    ("hostile allies", add("relations.csv", "sdf,hts,allied,wiki_dawn"),
     ["hostile, but 'sna' and 'sdf' are allied"]),
    ("affinity missing", drop("affinities.csv", "druze,hts"),
     ["affinities.csv: group 'druze': no row for 'hts'"]),
    # figures
    ("shares of a place", swap("communities.csv", "damascus,sunni_arab,0.70", "damascus,sunni_arab,0.69"),
     ["communities.csv: rows 2, 3, 4", "the shares of 'damascus' sum to 0.99; allowed: 1 (within 0.005)"]),
    ("shares of a deployment", swap("deployments.csv", "damascus,0.1455", "damascus,0.2455"),
     ["deployments.csv", "the shares of 'syrian_government' sum to 1.1"]),
    ("shares of recruits", swap("recruitment.csv", "sunni_arab,0.50", "sunni_arab,0.40"),
     ["recruitment.csv", "the shares of 'syrian_government' sum to 0.9"]),
    ("place without people", drop("communities.csv", "aleppo,"),
     ["communities.csv: place_id 'aleppo': no row"]),
    ("low above high", swap("factions.csv", "government,25000,170000", "government,250000,170000"),
     ["factions.csv: row 2, column troops_low: 250000; allowed: at most troops_high (170000)"]),
    ("condition low above high", swap("conditions.csv", "present_share,0.30,0.60", "present_share,0.70,0.60"),
     ["conditions.csv: row 2, column low: 0.7; allowed: at most high (0.6)"]),
    ("half a range", swap("backers.csv", "10,50,,,6000,7500", "10,50,,9,6000,7500"),
     ["backers.csv: row 2: only one of money_usd_per_month_low and money_usd_per_month_high"]),
    ("mandate of nobody", add("mandates.csv", "united_sates,islamic_state,ctef_2024"),
     ["mandates.csv: row 4, column backer_id: 'united_sates' is unknown (did you mean 'united_states'?)"]),
    ("condition range", swap("conditions.csv", "present_share,0.30,0.60", "present_share,0.30,1.60"),
     ["conditions.csv: row 2, column high: 1.6; allowed: 0 to 1 (share) for the key present_share"]),
    ("condition unit", swap("conditions.csv", "0.30,0.60,share", "0.30,0.60,percent"),
     ["conditions.csv: row 2, column unit: 'percent'; allowed: share for the key present_share"]),
    # map
    ("road to itself", swap("roads.csv", "aleppo,khan-al-asal,13", "aleppo,aleppo,13"),
     ["roads.csv: row 2: road from 'aleppo' to itself"]),
    ("road twice, turned", add("roads.csv", "khan-al-asal,aleppo,13,primary,,compiler_estimate"),
     ["roads.csv: rows 2, 122: a 'aleppo', b 'khan-al-asal' given more than once"]),
    ("road too short", swap("roads.csv", "khan-al-asal,saraqib,45", "khan-al-asal,saraqib,25"),
     ["roads.csv: row 3, column km: 25; allowed:", "the great circle from 'khan-al-asal' to 'saraqib'"]),
    ("road too long", swap("roads.csv", "khan-al-asal,saraqib,45", "khan-al-asal,saraqib,45000"),
     ["roads.csv: row 3, column km: 45000; allowed: up to ", "circle from 'khan-al-asal' to 'saraqib' is "]),
    ("island",
     add("places.csv", "arwad,Arwad,34.856,35.858,5000,Tartus,town,coast,syrian_government,geonames"),
     ["roads.csv: the network falls into 2 islands: 'arwad'; ", "and 62 more"]),
    ("latitude and longitude swapped", swap("places.csv", "33.5102,36.2913", "36.2913,33.5102"),
     ["roads.csv: row 14, column km: 42", "the great circle from 'qutayfah' to 'damascus' by places.csv"]),
    ("off the map", swap("places.csv", "33.5102,36.2913", "36.2913,13.5102"),
     ["places.csv: row 2, columns lat, lon: 36.2913, 13.5102 is off the basemap", "lon 32.72 to 45.38"]),
    # history
    ("after the last day", add("control_timeline.csv", "aleppo,2024-12-10,sdf,assault,high,wiki_dawn"),
     ["control_timeline.csv: row 57, column date: 2024-12-10 is after the last day; allowed: up to"]),
    ("two controllers at once", add("control_timeline.csv", "base-46,2024-11-27,sna,assault,high,wiki_dawn"),
     ["control_timeline.csv: rows 2, 57: place_id 'base-46', date '2024-11-27' has two controllers at once"]),
    ("taken by its holder", add("control_timeline.csv", "base-46,2024-11-29,hts,assault,high,wiki_dawn"),
     ["row 57, column new_controller: 'hts' already has 'base-46' since 2024-11-27"]),
    ("taken by its first holder",
     swap("control_timeline.csv", "base-46,2024-11-27,hts", "base-46,2024-11-27,syrian_government"),
     ["row 2, column new_controller: 'syrian_government' already has 'base-46' on the eve"]),
    ("context against the eve", add("control_timeline.csv", "idlib,2024-11-01,sna,assault,high,wiki_dawn"),
     ["row 57, column new_controller: 'sna' takes 'idlib' on 2024-11-01",
      "allowed: 'hts', its initial_controller"]),
    ("held and lost", add("control_timeline.csv", "idlib,2024-12-01,sna,assault,high,wiki_dawn"),
     ["held.csv",
      "'idlib' is held through 2024-12-09, but row 57 of control_timeline.csv gives it to 'sna'"]),
    ("held by another", swap("held.csv", "idlib,hts", "idlib,sna"),
     ["'sna' did not hold 'idlib' on the eve"]),
    ("held too short", swap("held.csv", "2024-12-09", "2024-12-08"),
     ["held.csv: row 2, column through_date: 2024-12-08; allowed: the last day (2024-12-09) or later"]),
    ("event of another war", swap("events.csv", "2024-11-27", "1924-11-27"),
     ["events.csv: row 2, column date: 1924-11-27; allowed: from 30 years before the war to 3 years after"]),
    ("people of the future", swap("displacement.csv", "2024-11-", "2099-11-"),
     ["displacement.csv: row 2, column date: 2099-11-", "3 years after it"]),
    # case.toml
    ("bad TOML", swap("case.toml", 'id = "', "id = "), ["war/case.toml: ", "line 1", "allowed: TOML"]),
    ("missing key", drop("case.toml", "title"), ["war/case.toml: title: missing; allowed: text in quotes"]),
    ("unknown key", swap("case.toml", "title", "titel"),
     ["war/case.toml: titel: unknown key (did you mean 'title'?); allowed: id, title"]),
    ("wrong type", swap("case.toml", '["hts"]', '"hts"'),
     ["war/case.toml: opening_offensive: 'hts'", "list of"]),
    ("quoted date", swap("case.toml", "2024-11-27", '"2024-11-27"'),
     ["first_day: '2024-11-27'", "without quotes"]),
    ("date with points", swap("case.toml", "2024-11-27", "27.11.2024"),
     ["war/case.toml: ", "line 3", "dates as 2024-11-27, without quotes"]),
    ("days reversed", swap("case.toml", "2024-11-27", "2024-12-27"),
     ["war/case.toml: last_day: 2024-12-09; allowed: first_day (2024-12-27) or later"]),
    ("no basemap", swap("case.toml", "syria.geojson", "siria.geojson"),
     ["war/case.toml: basemap: 'siria.geojson' is not found (did you mean 'syria'?)"]),
    ("no government", swap("case.toml", '["syrian_government", "iran_backed_militias"]', "[]"),
     ["war/case.toml: government_side: blank"]),
    ("unknown government", swap("case.toml", "syrian_government", "syrian_goverment"),
     ["war/case.toml: government_side: 'syrian_goverment' is unknown (did you mean 'syrian_government'?)"]),
    ("unknown attacker", swap("case.toml", '["hts"]', '["hst"]'), ["opening_offensive: 'hst' is unknown"]),
    ("attacker twice", swap("case.toml", '["hts"]', '["hts", "hts"]'), ["'hts' is given more than once"]),
    ("rebel government", swap("case.toml", '"iran_backed_militias"', '"iran_backed_militias", "hts"'),
     ["factions.csv: row 3, column side: 'rebel' of 'hts'; allowed: government"]),
    ("forgotten government", swap("case.toml", ', "iran_backed_militias"', ""),
     ["column side: 'government' of 'iran_backed_militias'"]),
]  # fmt: skip

# Slips in the toy case that have nothing to do with each other, and the line that each must give.
SLIPS: list[tuple[Breakage, str]] = [
    (swap("places.csv", "capital,urban", "capital,swamp"), "/places.csv: row 4, column terrain: 'swamp'"),
    (swap("roads.csv", "base,town-1,40", "base,town-1,4"), "/roads.csv: row 2, column km: 4;"),
    (swap("factions.csv", "rebel,2000,", "rebel,9000,"), "/factions.csv: row 3, column troops_low: 9000;"),
    (swap("communities.csv", "base,hill,0.8", "base,hill,0.7"), "/communities.csv: rows 2, 3, column share"),
    (drop("affinities.csv", "hill,army"), "/affinities.csv: group 'hill': no row for 'army'"),
    (swap("conditions.csv", "army,present_share", "navy,present_share"),
     "/conditions.csv: row 2, column faction_id"),
    (remove("displacement.csv"), "/displacement.csv: missing file"),
    (swap("events.csv", "rebels,offensive_start,base,The", "rebels,offensive_start,base,,The"),
     "/events.csv: row 2: 7"),
    (swap("held.csv", "2030-03-10", "10 March"), "/held.csv: row 2, column through_date: '10 March'"),
    (swap("case.toml", '["rebels"]', '["rabels"]'), "/case.toml: opening_offensive: 'rabels'"),
]  # fmt: skip
