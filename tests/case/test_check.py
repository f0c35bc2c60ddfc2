"""Whatever a person can get wrong in a case is told: file, row, value, what is allowed."""

import shutil
from pathlib import Path

import pytest
from breakages import BREAKAGES, SLIPS, add, swap
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from toy_case import write_toy_case

from sim.case import case_folder, check_case, load_case
from sim.errors import InputError


@pytest.fixture
def syria(tmp_path) -> Path:
    return Path(shutil.copytree(case_folder("syria-2024"), tmp_path / "war"))


@pytest.mark.parametrize(("done", "told"), [pytest.param(*b[1:], id=b[0]) for b in BREAKAGES])
def test_a_mistake_is_told(syria, done, told):
    done(syria)
    problems = check_case(syria)
    assert any(all(part in line for part in told) for line in problems), "\n".join(problems)
    assert all("; allowed: " in line and "\n" not in line for line in problems)


# One slip, one line: what follows from it is not told besides.
@pytest.mark.parametrize(
    "slip",
    ["missing file", "misspelt file", "not UTF-8", "too few cells", "not a number", "latitude",
     "blank figure", "how", "date form", "condition key", "share above 1", "bad TOML", "quoted date",
     "unknown source", "side", "semicolons", "days reversed", "unknown government"],
)  # fmt: skip
def test_a_slip_does_not_cascade(syria, slip):
    next(done for name, done, _ in BREAKAGES if name == slip)(syria)
    problems = check_case(syria)
    if slip == "missing file":  # a war without roads: nothing else is known to be wrong
        assert problems == ["war/roads.csv: missing file; allowed: a file of this name"]
    assert len(problems) == 1, "\n".join(problems)


@given(chosen=st.sets(st.sampled_from(range(len(SLIPS)))))
@example(chosen=set(range(len(SLIPS))))
@settings(max_examples=30)
def test_any_mistakes_together_are_all_told_and_nothing_else(tmp_path_factory, chosen):
    folder = write_toy_case(tmp_path_factory.mktemp("toy"))
    for i in chosen:
        SLIPS[i][0](folder)
    problems = check_case(folder)
    assert len(problems) == len(chosen), "\n".join(problems)
    assert all(any(SLIPS[i][1] in line for line in problems) for i in chosen), "\n".join(problems)


def test_a_faulty_case_is_not_loaded(tmp_path):
    folder = write_toy_case(tmp_path)
    for breakage, _ in SLIPS[:3]:
        breakage(folder)
    with pytest.raises(InputError) as raised:
        load_case(folder)
    assert list(raised.value.problems) == check_case(folder)
    assert len(raised.value.problems) == 3


def test_mistakes_of_one_row_are_all_told(syria):
    swap("places.csv", "33.5102,36.2913,1754000", "x,y,-3")(syria)
    swap("places.csv", "capital,urban,", "town hall,forest,")(syria)
    problems = check_case(syria)
    for column in ("lat: 'x'", "lon: 'y'", "population: '-3'", "kind: 'town hall'", "terrain: 'forest'"):
        assert any(line.startswith(f"war/places.csv: row 2, column {column}") for line in problems)
    assert len(problems) == 5


def test_the_same_mistake_in_many_rows_takes_one_line(syria):
    file = syria / "roads.csv"
    file.write_text(file.read_text().replace("compiler_estimate", "guess"))
    (line,) = check_case(syria)
    assert "rows 2, 3, 4, 5, 6, 7, 8, 9 and 112 more, column source: 'guess' is unknown" in line


def test_a_wrong_cell_of_many_lines_is_told_on_one(syria):
    swap("places.csv", "capital,urban", 'capital,"urban\n' + 60 * "very " + 'large"')(syria)
    (line,) = check_case(syria)
    assert "column terrain: 'urban very very" in line and "\n" not in line and len(line) < 200


def test_rows_count_as_in_the_file_despite_blank_ones(tmp_path):
    folder = write_toy_case(tmp_path)
    swap("roads.csv", "base,", "\n\nbase,")(folder)
    swap("roads.csv", "capital,40", "capital,forty")(folder)
    (line,) = check_case(folder)
    assert "roads.csv: row 5, column km: 'forty'" in line


def test_rounded_roads_and_shares_pass(tmp_path):
    folder = write_toy_case(tmp_path, road_km=40)
    swap("roads.csv", "base,town-1,40", "base,town-1,36.2")(folder)  # the great circle is 36.36 km
    swap("communities.csv", "capital,valley,0.7,", "capital,valley,0.704,")(folder)
    assert check_case(folder) == []


def test_a_war_without_history_passes(tmp_path):
    folder = write_toy_case(tmp_path)
    for name in ("held.csv", "control_timeline.csv"):
        file = folder / name
        file.write_text(file.read_text().splitlines()[0] + "\n")
    assert check_case(folder) == []


def test_a_place_held_to_the_end_may_fall_afterwards(tmp_path):
    folder = write_toy_case(tmp_path, days=5)
    add("control_timeline.csv", "capital,2030-03-06,rebels,assault,high,made_up")(folder)
    assert check_case(folder) == []


def test_a_place_may_be_lost_and_retaken(tmp_path):
    folder = write_toy_case(tmp_path, days=9)
    add("control_timeline.csv", "town-1,2030-03-05,army,assault,low,made_up")(folder)
    assert check_case(folder) == []


def test_a_missing_folder_is_told(tmp_path):
    (line,) = check_case(tmp_path / "syria-2023")
    assert "no such folder (did you mean 'syria-2024'?)" in line
    with pytest.raises(InputError, match="no such folder"):
        load_case(tmp_path / "syria-2023")


def test_an_empty_folder_lacks_all_that_is_needed(tmp_path):
    files = {line.split(":")[0].split("/")[-1] for line in check_case(tmp_path)}
    assert files == {file.name for file in write_toy_case(tmp_path / "toy").iterdir()} - {"toy.geojson"}


def test_a_basemap_must_be_geojson(tmp_path):
    folder = write_toy_case(tmp_path)
    for content in ("[]", "{", '{"type": "Topology"}'):
        (folder / "toy.geojson").write_text(content)
        assert check_case(folder) == ["toy.geojson: not a basemap; allowed: a GeoJSON FeatureCollection"]


@given(data=st.binary(max_size=200))
@settings(max_examples=40)
def test_any_bytes_are_told_not_raised(tmp_path_factory, data):
    folder = write_toy_case(tmp_path_factory.mktemp("bytes"))
    (folder / "places.csv").write_bytes(data)
    problems = check_case(folder)
    assert any("/places.csv: " in line for line in problems)


@given(share=st.floats(-2, 2) | st.floats(0.69, 0.71))
@settings(max_examples=40)
def test_shares_pass_just_if_they_sum_to_one(tmp_path_factory, share):
    off = abs(share - 0.7)
    assume(abs(off - 0.005) > 1e-9)
    folder = write_toy_case(tmp_path_factory.mktemp("shares"))
    swap("communities.csv", "capital,valley,0.7,", f"capital,valley,{share!r},")(folder)
    assert (check_case(folder) == []) == (off < 0.005)
