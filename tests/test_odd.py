"""docs/odd.md describes the model that the code is: its tables, rules, names; docs/case.md its files."""

import importlib
import pkgutil
import re
from pathlib import Path

import numpy as np
import pytest

import sim.rules
from sim.build import build_world
from sim.case.tables import TABLES as CASE_TABLES
from sim.case.vocabulary import CONDITION_SCALES
from sim.cli.listing import markdown_table
from sim.cli.odd import (
    CASE_DOCUMENT,
    DOCUMENT,
    DOCUMENTS,
    TABLES,
    meanings,
    refresh_regions,
    variables,
)
from sim.engine import start
from sim.errors import InputError
from sim.parameters import REGISTRY, make_params
from sim.rules import SCHEDULE
from sim.scenario import load_scenario
from sim.scenario.events import EVENT_KINDS
from sim.state import State
from sim.world import CONDITIONS, World

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / DOCUMENT).read_text("utf-8")
CASE_TEXT = (ROOT / CASE_DOCUMENT).read_text("utf-8")
PROSE = re.sub(r"<!-- generated: .*?<!-- end -->", "", TEXT, flags=re.DOTALL)
SUBMODELS = re.search(r"^## 7\. Submodels\n(.*?)^## ", TEXT, re.DOTALL | re.MULTILINE)[1]
HEADING = re.compile(r"^### [^\n]*\(`(\w+)`\)\n(.*?)(?=^### |\Z)", re.DOTALL | re.MULTILINE)
SECTIONS = dict(HEADING.findall(SUBMODELS))
TERM = re.compile(r"(?<![\w/.])[a-z][a-z0-9]*(?:_[a-z0-9]+)+(?![\w/.-])")
"""A name as code spells it, such as pay_trust; not a part of a path."""

VARIABLES = [*variables(State), *variables(World)]


def section(rule: str) -> str:
    """What the document says of a rule."""
    assert rule in SECTIONS, (
        f"{DOCUMENT} says nothing of the rule {rule}: write `### Its title (`{rule}`)` under 7. Submodels, "
        "where it stands in the schedule, with what it does and *Rationale.*, then run `make odd`"
    )
    return SECTIONS[rule]


@pytest.mark.parametrize(("document", "tables"), DOCUMENTS.items(), ids=lambda v: getattr(v, "name", ""))
def test_the_tables_are_those_of_the_code(document, tables):
    text = (ROOT / document).read_text("utf-8")
    behind = f"{document} is behind the code: run `make odd` and commit what it writes"
    assert refresh_regions(text, tables) == text, behind


@pytest.mark.parametrize(("document", "tables"), DOCUMENTS.items(), ids=lambda v: getattr(v, "name", ""))
def test_every_table_has_its_place(document, tables):
    text = (ROOT / document).read_text("utf-8")
    assert sorted(re.findall(r"<!-- generated: (\w+) -->", text)) == sorted(tables)
    assert text.count("<!-- end -->") == len(tables)


@pytest.mark.parametrize("name", CASE_TABLES)
def test_a_column_says_what_it_means(name):
    assert set(CASE_TABLES[name].model_fields) - {"source"} == set(meanings(CASE_TABLES[name])) - {"source"}


def test_the_codebook_has_every_condition_with_its_unit_and_range():
    rows = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \| (\S+ to \S+) \| ", CASE_TEXT, re.MULTILINE)
    scales = {key: (scale.unit, scale.low, scale.high) for key, scale in CONDITION_SCALES.items()}
    assert {key: (unit, *map(float, span.split(" to "))) for key, unit, span in rows} == scales


def test_the_files_that_may_be_left_out_are_told():
    listed = re.search(r"^- \*\*May be left out\*\*: ([^.]*(?:\.csv[^.]*)*)\.", CASE_TEXT, re.MULTILINE)[1]
    optional = [f"{name}.csv" for name, row_type in CASE_TABLES.items() if row_type.OPTIONAL]
    assert sorted(re.findall(r"`(\w+\.csv)`", listed)) == sorted(optional)


def test_a_number_changed_by_hand_is_put_right():
    p = REGISTRY["morale_pay"]
    right, wrong = (f"| `{p.name}` | {p.unit} | {value:g} |" for value in (p.default, p.default + 1))
    assert right in TEXT
    assert refresh_regions(TEXT.replace(right, wrong), TABLES) == TEXT


def test_what_is_written_by_hand_is_left_alone():
    before, after = "By hand.\n\n<!-- generated: conditions -->\n", "<!-- end -->\n\nBy hand too.\n"
    assert (
        refresh_regions(f"{before}old\n{after}", TABLES) == f"{before}\n{TABLES['conditions']()}\n\n{after}"
    )


def test_a_region_of_no_known_name_is_refused():
    with pytest.raises(InputError, match="generated: schedul: unknown region.*schedule"):
        refresh_regions("<!-- generated: schedul -->\n<!-- end -->", TABLES)


def test_a_bar_in_a_cell_makes_no_column():
    assert markdown_table(("a", "b"), [("x|y", 1)]).splitlines()[-1] == r"| x\|y | 1 |"


@pytest.mark.parametrize("kind", [State, World])
def test_no_variable_is_left_out(kind):
    assert tuple(variable.name for variable in variables(kind)) == kind._fields


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda v: v.name)
def test_a_variable_says_its_shape_and_what_it_means(variable):
    assert variable.shape, "no shape beside it, such as `# [U] men in it`"
    assert re.sub(r"^(bool|u?int32|0\.\.1|-1)\b", "", variable.meaning).strip(":;, "), "no meaning beside it"


def test_shapes_are_those_of_the_arrays():
    world = build_world(load_scenario("syria-2024"))
    eve = start(world, make_params(), np.asarray(0, dtype=np.uint32))
    size: dict[str, int] = {}
    for arrays in (world, eve):
        for variable in variables(type(arrays)):
            actual = np.shape(getattr(arrays, variable.name))
            letters = variable.shape.strip("[]").split(", ") if variable.shape != "scalar" else []
            assert len(letters) == len(actual), variable
            for letter, length in zip(letters, actual, strict=True):
                named = int(letter) if letter.isdigit() else size.setdefault(letter, length)
                assert named == length, variable


@pytest.mark.parametrize("rule", [rule.name for rule in SCHEDULE])
def test_every_rule_has_a_submodel_with_its_reasons(rule):
    assert "*Rationale.*" in section(rule)


def test_a_rule_without_a_submodel_is_told_what_to_write():
    with pytest.raises(AssertionError, match="the rule mine: write `### Its title .*7. Submodels.*make odd"):
        section("mine")


def test_submodels_stand_in_the_order_of_the_schedule():
    scheduled = [rule.name for rule in SCHEDULE]
    assert [name for name in SECTIONS if name in scheduled] == scheduled


@pytest.mark.parametrize("name", REGISTRY)
def test_the_prose_says_what_every_parameter_does(name):
    assert re.search(rf"\b{name}\b", PROSE), "a parameter of which only the table speaks"


def test_submodels_name_nothing_that_the_code_does_not_have():
    known = {*REGISTRY, *State._fields, *World._fields, *CONDITIONS, *EVENT_KINDS}
    known |= {p.source for p in REGISTRY.values()}
    for module in pkgutil.iter_modules(sim.rules.__path__, "sim.rules."):
        known |= vars(importlib.import_module(module.name)).keys()
    scheduled = [rule.name for rule in SCHEDULE]
    unknown = {rule: set(TERM.findall(section(rule))) - known for rule in scheduled}
    assert {rule: names for rule, names in unknown.items() if names} == {}


@pytest.mark.parametrize(
    "heading",
    [
        *("1. Purpose and patterns", "2. Entities, state variables and scales"),
        *("3. Process overview and scheduling", "4. Design concepts", "5. Initialization"),
        *("6. Input data", "7. Submodels", "Basic principles", "Emergence", "Adaptation", "Objectives"),
        *("Learning", "Prediction", "Sensing", "Interaction", "Stochasticity", "Collectives", "Observation"),
    ],
)
def test_all_elements_of_the_protocol_are_there(heading):
    body = re.search(rf"^(##|###) {re.escape(heading)}\n+(.*)", TEXT, re.MULTILINE)
    assert body and not body[2].startswith("## "), heading
