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
     "unknown source", "side", "semicolons", "days reversed", "unknown government", "tabs", "no table",
     "separator line", "date with points", "thousands points", "stance",
     "no relations", "road too long", "event of another war"],
)  # fmt: skip
def test_a_slip_does_not_cascade(syria, slip):
    next(done for name, done, _ in BREAKAGES if name == slip)(syria)
    problems = check_case(syria)
    if slip == "missing file":  # a war without roads: nothing else is known to be wrong
        columns = "a, b, km, road_class, name, source"
        assert problems == [f"war/roads.csv: missing file; allowed: a file with the columns {columns}"]
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


def test_an_export_of_a_spreadsheet_is_told_at_once(tmp_path):
    """Another separator, decimal commas and dates with points: a line for each column, not for each cell."""
    folder = write_toy_case(tmp_path, fallen={"town-1": 3, "capital": 9})
    swap("control_timeline.csv", ",", ";", -1)(folder)
    swap("control_timeline.csv", "2030-03-03", "03.03.2030")(folder)
    swap("control_timeline.csv", "2030-03-09", "09.03.2030")(folder)
    swap("deployments.csv", ",", ";", -1)(folder)
    swap("deployments.csv", "0.5", "0,5", -1)(folder)
    assert [line.removeprefix(f"{tmp_path.name}/").split("; allowed")[0] for line in check_case(folder)] == [
        "deployments.csv: row 1: cells are separated by ';'",
        "deployments.csv: rows 2, 3, column share: '0,5' (did you mean 0.5?)",
        "control_timeline.csv: row 1: cells are separated by ';'",
        "control_timeline.csv: rows 2, 3, column date: '03.03.2030' (did you mean 2030-03-03?) and 1 more "
        "like it",
    ]


def test_rows_count_as_in_the_file_below_a_separator_line(tmp_path):
    folder = write_toy_case(tmp_path)
    swap("roads.csv", ",", ";", -1)(folder)
    swap("roads.csv", "a;b;km", "sep=;\na;b;km")(folder)
    swap("roads.csv", "base;town-1;40", "base;town-1;forty")(folder)
    told = ("row 1: 'sep=;'", "row 2: cells are separated by ';'", "row 3, column km: 'forty'")
    lines = check_case(folder)
    assert [part in line for part, line in zip(told, lines, strict=True)] == [True] * 3, lines


@pytest.mark.parametrize(
    ("openers", "stance", "fine"),
    [('["rebels"]', "hostile", True), ("[]", "hostile", True), ("[]", "truce", False)],
)
def test_a_scenario_may_start_the_war_if_there_are_enemies(tmp_path, openers, stance, fine):
    folder = write_toy_case(tmp_path)
    swap("case.toml", '["rebels"]', openers)(folder)
    swap("relations.csv", "hostile", stance)(folder)
    assert (check_case(folder) == []) == fine


def test_shares_that_are_off_by_the_tolerance_pass(tmp_path):
    folder = write_toy_case(tmp_path)
    assert 0.8 + 0.205 - 1 > 0.005  # in binary
    swap("communities.csv", "base,valley,0.2,", "base,valley,0.205,")(folder)
    assert check_case(folder) == []
    swap("communities.csv", "base,valley,0.205,", "base,valley,0.2051,")(folder)
    (line,) = check_case(folder)
    assert "the shares of 'base' sum to 1.0051; allowed: 1 (within 0.005)" in line


def test_third_parties_may_act_where_no_army_of_the_case_does(tmp_path):
    folder = write_toy_case(tmp_path)
    add("events.csv", "2029-01-01,league_of_nations,negotiation,,They meet.,made_up")(folder)
    assert check_case(folder) == []


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
    assume(abs(off - 0.005) > 1e-8)
    folder = write_toy_case(tmp_path_factory.mktemp("shares"))
    swap("communities.csv", "capital,valley,0.7,", f"capital,valley,{share!r},")(folder)
    assert (check_case(folder) == []) == (off < 0.005)
