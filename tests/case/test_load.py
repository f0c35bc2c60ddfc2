"""What a case gives once it is read."""

import dataclasses
import hashlib
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from toy_case import write_toy_case

from sim.case import case_folder, check_case, load_case, shipped_cases
from sim.errors import InputError


def test_three_cases_are_shipped():
    assert shipped_cases() == ["afghanistan-2021", "idlib-2020", "syria-2024"]


@pytest.mark.parametrize("name", shipped_cases())
def test_shipped_cases_are_faultless_and_complete(name):
    assert check_case(case_folder(name)) == []
    case = load_case(case_folder(name))
    assert case.id == name
    assert case.basemap.is_file()
    assert case.first_day < case.last_day
    assert len(case.place_ids) == len(set(case.place_ids)) >= 60
    assert set(case.communities["place_id"]) == set(case.place_ids)
    assert len(case.affinities) == len(case.groups) * len(case.faction_ids)
    assert set(case.government_side) <= set(case.faction_ids)
    assert case.description.startswith("#")


@pytest.mark.parametrize("places", [2, 3, 8])
def test_the_toy_case_is_faultless(tmp_path, places):
    folder = write_toy_case(tmp_path / "any name", places=places)
    assert check_case(folder) == []
    case = load_case(folder)
    assert (case.id, len(case.place_ids), len(case.roads)) == ("toy", places, places - 1)


def test_values_have_one_type_a_column(tmp_path):
    case = load_case(write_toy_case(tmp_path))
    assert (case.first_day, case.last_day) == (date(2030, 3, 1), date(2030, 3, 10))
    assert case.control_timeline["date"].tolist() == [date(2030, 3, 3)]
    assert case.places["population"].tolist() == [50000.0, 50000.0, 500000.0]
    assert case.backers["troops_low"].isna().all() and case.backers["troops_low"].dtype == "float64"
    assert case.roads["name"].tolist() == ["", ""]
    assert case.displacement["cumulative"].tolist() == [1.0]
    assert all(isinstance(getattr(case, f.name), pd.DataFrame) for f in dataclasses.fields(case)[10:])


def test_absent_optional_tables_are_empty_and_typed_like_present_ones(tmp_path):
    toy, real = load_case(write_toy_case(tmp_path)), load_case(case_folder("syria-2024"))
    for name in ("casualties", "estimates"):
        absent, present = getattr(toy, name), getattr(real, name)
        assert absent.empty and not present.empty
        assert absent.dtypes.to_dict() == present.dtypes.to_dict()


def test_ids_keep_the_order_of_the_files(tmp_path):
    case = load_case(write_toy_case(tmp_path, places=4))
    assert case.place_ids == ["base", "town-1", "town-2", "capital"]
    assert case.faction_ids == ["army", "rebels"]
    assert case.backer_ids == ["patron"]
    assert case.groups == ["hill", "valley"]


def test_alliances_reach_through_third_parties():
    syria = load_case(case_folder("syria-2024"))
    rebels = frozenset({"hts", "sna", "southern_operations_room"})
    assert all(syria.alliance_of(faction) == rebels for faction in rebels)
    assert syria.alliance_of("islamic_state") == {"islamic_state"}
    with pytest.raises(InputError, match="'htss' is unknown .did you mean 'hts'"):
        syria.alliance_of("htss")


def test_hashes_are_of_the_bytes_of_every_file_read(tmp_path):
    folder = write_toy_case(tmp_path)
    before = load_case(folder).hashes
    assert set(before) == {file.name for file in folder.iterdir()} - {"toy.geojson"}
    assert before["roads.csv"] == hashlib.sha256((folder / "roads.csv").read_bytes()).hexdigest()
    (folder / "case.md").write_text("# Another text\n")
    after = load_case(folder).hashes
    assert {file for file in before if before[file] != after[file]} == {"case.md"}


def test_a_case_shows_itself_in_a_line(tmp_path):
    text = repr(load_case(write_toy_case(tmp_path)))
    assert text == "Case('toy': 3 places, 2 roads, 2 factions, 2030-03-01 to 2030-03-10)"


@pytest.mark.parametrize("suffix", ["\r\n", "\n\n"])
def test_files_from_spreadsheets_are_understood(tmp_path, suffix):
    folder = write_toy_case(tmp_path)
    plain = load_case(folder).places
    file = folder / "places.csv"
    lines = file.read_text().replace(",", " , ").splitlines()
    file.write_bytes(b"\xef\xbb\xbf" + "".join(line + suffix for line in lines).encode())
    pd.testing.assert_frame_equal(load_case(folder).places, plain)


def test_a_case_is_found_by_id_or_path(tmp_path):
    assert case_folder("idlib-2020").name == "idlib-2020"
    assert case_folder(str(tmp_path)) == tmp_path
    with pytest.raises(InputError, match="'syria-2025' is neither .* .did you mean 'syria-2024'"):
        case_folder("syria-2025")


def test_the_basemap_is_sought_beside_the_case_then_in_it_then_among_the_shipped(tmp_path):
    folder = write_toy_case(tmp_path / "cases" / "toy")
    toml = folder / "case.toml"
    toml.write_text(toml.read_text().replace("toy.geojson", "syria.geojson"))
    places = folder / "places.csv"
    places.write_text(places.read_text().replace(",20,", ",40,").replace(",10.", ",35."))
    shipped = case_folder("syria-2024").parents[1] / "geo" / "syria.geojson"
    assert load_case(folder).basemap == shipped.resolve()
    for nearer in (folder, tmp_path / "geo"):
        nearer.mkdir(exist_ok=True)
        shutil.copy(shipped, nearer)
        assert load_case(folder).basemap == (nearer / "syria.geojson").resolve()


def test_relative_folders_are_found(tmp_path, monkeypatch):
    write_toy_case(tmp_path / "war")
    monkeypatch.chdir(tmp_path / "war")
    assert load_case(Path(".")).id == "toy"
