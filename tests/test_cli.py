"""The command: bad input ends with exit code 2, one line per problem, and nothing simulated or written."""

import errno
import json
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest
from toy_case import write_toy_case
from typer.testing import CliRunner

import sim.cli
from sim.case.history import whole_history
from sim.cli.plain import plain_console, plain_table
from sim.cli.summary import capital_lines, faction_outcomes, likely_share, main_places, place_outcomes
from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.results import Result
from sim.scenario import Scenario, load_scenario, scenario_file
from sim.toml import write_toml

ROOT = Path(__file__).parents[1]
SYRIA = "syria-2024"


def invoke(*arguments):
    return CliRunner().invoke(sim.cli.app, [str(argument) for argument in arguments])


def refused(*arguments):
    """The lines that a refused command prints; exit code 2, no traceback, nothing on stdout."""
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()


@pytest.fixture(autouse=True)
def in_empty_folder(tmp_path, monkeypatch):
    """Where a command would write by default."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def never_simulated(monkeypatch):
    def simulate(*_, **__):
        raise AssertionError("simulated before all input was checked")

    monkeypatch.setattr("sim.simulate.simulate", simulate, raising=False)


class FakeResult:
    """A result without a simulation, that saves as ``save`` says."""

    def __init__(self, save):
        self.save = save


def simulate_fake(monkeypatch, save):
    monkeypatch.setattr("sim.simulate.simulate", lambda *_, **__: FakeResult(save), raising=False)


# Bad input ------------------------------------------------------------------------------------------------

REFUSED = {
    "scenario": (["syra-2024"], "scenario: 'syra-2024' is unknown (did you mean 'syria-2024'?); allowed: "),
    "no TOML": (["nowhere.toml"], "nowhere.toml: cannot be read (No such file or directory); allowed: "),
    "runs 0": ([SYRIA, "--runs", "0"], "--runs: 0 is out of range; allowed: a whole number, 1 or more"),
    "runs -5": ([SYRIA, "--runs", "-5"], "--runs: -5 is out of range; allowed: a whole number, 1 or more"),
    "runs many": ([SYRIA, "--runs", "many"], "--runs: 'many' is not a whole number; allowed: 1 or more"),
    "seed text": ([SYRIA, "--seed", "1.5"], "--seed: '1.5' is not a whole number; allowed: 0 or more"),
    "seed": ([SYRIA, "--seed", "-1"], "--seed: -1 is out of range; allowed: a whole number, 0 to "),
    "seed large": ([SYRIA, "--seed", str(2**64)], "--seed: 18446744073709551616 is out of range; allowed: "),
    "workers": (
        [SYRIA, "--workers", "0"],
        "--workers: 0 is out of range; allowed: a whole number, 1 or more",
    ),
    "engine": ([SYRIA, "--engine", "mesa"], "--engine: 'mesa' is unknown; allowed: jax, numpy"),
    "parameter": (
        [SYRIA, "--set", "morale_pya=1"],
        "--set: morale_pya: unknown key (did you mean 'morale_pay'?); ",
    ),
    "range": (
        [SYRIA, "--set", "morale_pay=99"],
        "--set: parameters: morale_pay: 99 is out of range; allowed: ",
    ),
    "type": (
        [SYRIA, "--set", "morale_pay=high"],
        "--set: parameters: morale_pay: 'high' is not a number; allowed: ",
    ),
    "no value": ([SYRIA, "--set", "morale_pay"], "--set: 'morale_pay' has no value; allowed: key=value"),
    "no key": ([SYRIA, "--set", "=3"], "--set: '=3' has no value; allowed: key=value"),
    "twice": ([SYRIA, "--set", "days=9", "--set", "days=10"], "--set: days: is given twice; allowed: once"),
    "before": (
        [SYRIA, "--set", "events.pay-decree.date=2024-11-01"],
        "--set: events.pay-decree.date: 2024-11-01 is before the first day; allowed: 2024-11-27 to ",
    ),
    "posterior": (
        [SYRIA, "--posterior", "nope.parquet"],
        "--posterior: 'nope.parquet' is unknown; allowed: prior, ",
    ),
    "two posteriors": (
        [SYRIA, "--posterior", "prior", "--set", "posterior=prior"],
        "--posterior: is given with --set posterior=; allowed: one of the two",
    ),
    "event": (
        [SYRIA, "--set", "events.pay-decree=off"],
        "--set: events.pay-decree: 'off' is not valid; allowed: none (drops the event), or events.pay-",
    ),
    "option": ([SYRIA, "--run", "5"], "No such option: --run"),
    "nothing": ([], "Missing argument 'SCENARIO'. See --help."),
    "too much": ([SYRIA, "extra"], "Got unexpected extra argument"),
}


@pytest.mark.usefixtures("never_simulated")
@pytest.mark.parametrize(("arguments", "expected"), REFUSED.values(), ids=REFUSED)
def test_bad_input(arguments, expected, in_empty_folder):
    (line,) = refused("run", *arguments)
    assert line.startswith(expected), line
    assert not list(in_empty_folder.iterdir())


@pytest.mark.usefixtures("never_simulated")
def test_every_problem_has_its_line(in_empty_folder):
    (in_empty_folder / "full").mkdir()
    (in_empty_folder / "full" / "thesis.odt").touch()
    options = [
        "--runs",
        0,
        "--seed",
        -1,
        "--set",
        "dayz=3",
        "--set",
        "morale_pay=99",
        "--set",
        "x",
        "--out",
        "full",
    ]
    starts = ["--runs: ", "--seed: ", "--set: 'x'", "--set: dayz: ", "--set: parameters: ", "--out: "]
    lines = refused("run", SYRIA, *options)
    assert len(lines) == len(starts)
    assert all(line.startswith(start) for line, start in zip(lines, starts, strict=True))


@pytest.mark.usefixtures("never_simulated")
def test_bad_scenario_file(in_empty_folder):
    file = in_empty_folder / "bad.toml"
    event = {"id": "a", "kind": "order_hold", "faction": "hts", "place": "alepo", "day": 0}
    file.write_text(write_toml({"case": SYRIA, "events": [event]}))
    day, place = refused("run", file.name)
    assert day == "bad.toml: events.a.day: 0 is not valid; allowed: a whole number of days, 1 = first day"
    assert place.startswith(
        "bad.toml: events.a.place: 'alepo' is unknown (did you mean 'aleppo'?); allowed: "
    )
    assert list(in_empty_folder.iterdir()) == [file]


@pytest.mark.usefixtures("never_simulated")
@pytest.mark.parametrize("command", [["run"], ["case", "check"]])
def test_folder_that_is_no_case(command, in_empty_folder):
    lines = refused(*command, in_empty_folder)
    assert all("case.toml" in line or "missing file" in line for line in lines)
    assert not list(in_empty_folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["rn"], "No such command 'rn'. Did you mean 'run'? See --help."),
        (
            ["case", "check", "syra-2024"],
            "case: 'syra-2024' is neither a shipped case nor a folder (did you mean ",
        ),
        (
            ["scenario", "show", "syra-2024"],
            "scenario: 'syra-2024' is unknown (did you mean 'syria-2024'?); ",
        ),
        (["scenario", "show", "x.toml"], "scenario: 'x.toml' is unknown; allowed: afghanistan-2021, idlib-"),
        (["discover", "x", "--density", "all"], "--density: 'all' is not a number; allowed: a number such"),
        (["params", "--search", "xyzzy"], "--search: 'xyzzy' is in no parameter; allowed: "),
    ],
)
def test_bad_input_elsewhere(arguments, expected):
    (line,) = refused(*arguments)
    assert line.startswith(expected), line


def test_a_package_that_is_missing_is_had_from_the_clone():
    from sim.cli.sensitivity import need

    with pytest.raises(InputError, match=r'pip install "\.\[study\]" in the clone'):
        need("no_such_package")


# The output folder ----------------------------------------------------------------------------------------


def tree(folder):
    """Every file below a folder with its content."""
    return {
        path.relative_to(folder): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")
    }


def make_result(folder, **manifest):
    folder.mkdir()
    (folder / "manifest.json").write_text(
        json.dumps({"format_version": 1, "files": {"runs.parquet": "0"}} | manifest)
    )
    for name in ("runs.parquet", "report.html"):
        (folder / name).write_text("old")


def other_files(folder):
    folder.mkdir()
    (folder / "thesis.odt").write_text("years of work")


def foreign_manifest(folder):
    folder.mkdir()
    (folder / "manifest.json").write_text('{"name": "somebody else\'s"}')


def result_with_notes(folder):
    make_result(folder)
    (folder / "notes.txt").write_text("what I saw")


def a_file(folder):
    folder.write_text("not a folder")


@pytest.mark.usefixtures("never_simulated")
@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            other_files,
            "holds other files (thesis.odt); allowed: a new or empty folder, or one with an earlier result",
        ),
        (foreign_manifest, "holds other files (manifest.json); allowed: "),
        (result_with_notes, "holds other files (notes.txt); allowed: "),
        (a_file, "is a file; allowed: "),
    ],
)
def test_only_an_earlier_result_is_replaced(make, expected, in_empty_folder):
    out = in_empty_folder / "out"
    make(out)
    before = tree(in_empty_folder)
    (line,) = refused("run", SYRIA, "--out", out)
    assert line.startswith(f"--out: {out} {expected}")
    assert tree(in_empty_folder) == before


@pytest.mark.usefixtures("never_simulated")
def test_earlier_results_do_not_blur_an_unknown_scenario(in_empty_folder):
    (in_empty_folder / "results").mkdir()
    make_result(in_empty_folder / "results" / SYRIA)
    (line,) = refused("run", "syra-2024")
    assert line.startswith("scenario: ")


def make_result_of(folder, scenario):
    folder.parent.mkdir(exist_ok=True)
    make_result(folder, scenario=scenario.model_dump(mode="json", exclude_none=True))


@pytest.mark.usefixtures("never_simulated")
def test_another_world_is_not_replaced_unasked(syria, in_empty_folder):
    make_result_of(in_empty_folder / "results" / SYRIA, syria)
    before = tree(in_empty_folder)
    settings = ["--set", "conditions.hts.cohesion=0.5", "--set", "events.pay-decree=none", "--set", "days=9"]
    (line,) = refused("run", SYRIA, *settings)
    keys = "days, events.pay-decree, conditions.hts.cohesion"
    what = f"--out: {Path('results', SYRIA)} holds another scenario (differs in: {keys})"
    assert line == f"{what}; allowed: --out FOLDER"
    assert tree(in_empty_folder) == before


@pytest.mark.parametrize(
    "options",
    [
        ["--seed", 3, "--runs", 9],
        ["--posterior", "syria-idlib"],  # the default, spelt out
        ["--set", "days=9", "--out", "results/syria-2024"],
    ],
)
def test_the_same_scenario_or_a_folder_that_is_named_is_replaced(
    options, syria, in_empty_folder, monkeypatch
):
    make_result_of(in_empty_folder / "results" / SYRIA, syria)

    def save(_):
        raise OSError(errno.EIO, "Input/output error")

    simulate_fake(monkeypatch, save)
    assert "input/output error" in refused("run", SYRIA, *options)[-1]


@pytest.mark.usefixtures("never_simulated")
def test_folder_below_a_file(in_empty_folder):
    (in_empty_folder / "file").write_text("not a folder")
    (line,) = refused("run", SYRIA, "--out", in_empty_folder / "file" / "out")
    assert "cannot be written" in line


@pytest.mark.usefixtures("never_simulated")
def test_no_permission(in_empty_folder, monkeypatch):
    def deny(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    # A superuser may write anywhere, so the refusal itself is staged.
    monkeypatch.setattr("tempfile.mkdtemp", deny)
    (line,) = refused("run", SYRIA)
    assert line.startswith("--out: results/syria-2024 cannot be written (permission denied); allowed: ")
    assert not list(in_empty_folder.iterdir())


@pytest.mark.parametrize("make", [lambda _: None, lambda out: out.mkdir(), make_result])
def test_new_empty_and_earlier_folders_are_taken(make, in_empty_folder, monkeypatch):
    out = in_empty_folder / "out"
    make(out)
    saved = []

    def save(folder):
        saved.append(folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    simulate_fake(monkeypatch, save)
    before = tree(in_empty_folder)
    started, line = refused("run", SYRIA, "--out", out)
    assert started.startswith("Simulating ")
    assert saved == [out]
    assert line == f"--out: {out} cannot be written (no space left on device); allowed: a folder with room"
    assert tree(in_empty_folder) == before


def test_desktop_clutter_does_not_hinder(in_empty_folder, monkeypatch):
    out = in_empty_folder / "out"
    make_result(out)
    (out / ".DS_Store").touch()

    def save(_):
        raise OSError(errno.EIO, "Input/output error")

    simulate_fake(monkeypatch, save)
    assert "input/output error" in refused("run", SYRIA, "--out", out)[-1]


@pytest.mark.parametrize("moment", ["simulate", "save"])
def test_ctrl_c(moment, in_empty_folder, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    simulate_fake(monkeypatch, stop)
    if moment == "simulate":
        monkeypatch.setattr("sim.simulate.simulate", stop, raising=False)
    result = invoke("run", SYRIA)
    assert result.exit_code == 130
    assert result.stderr.endswith("\nStopped; what has been written is whole.\n")
    assert not list(in_empty_folder.iterdir())


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_report_is_whole_or_absent(error, tmp_path):
    from sim.whole import whole_file

    folder = tmp_path / "result"
    folder.mkdir()
    report = folder / "report.html"
    with pytest.raises(type(error)), whole_file(report) as part:
        part.write_text("half")
        raise error
    assert not list(folder.iterdir())
    with whole_file(report) as part:
        part.write_text("whole")
    assert tree(folder) == {Path("report.html"): b"whole"}


# What is printed ------------------------------------------------------------------------------------------


def test_bare_command_and_help_say_what_there_is():
    bare, helped = invoke(), invoke("--help")
    assert bare.exit_code == helped.exit_code == 0
    for output in (bare.stdout, helped.stdout):
        assert all(
            re.search(rf"\b{name}\b", output)
            for name in ("run", "params", "rules", "case", "doctor", "bench")
        )


def test_version_is_that_of_the_distribution():
    assert invoke("--version").stdout == f"holdfast {version('holdfast')}\n"


def test_parameters_are_listed_once_each():
    names = re.findall(r"^  ([a-z_0-9]+) +[-\d]", invoke("params").stdout, re.MULTILINE)
    assert sorted(names) == sorted(REGISTRY)


def test_parameters_as_markdown():
    lines = invoke("params", "--markdown").stdout.splitlines()
    rows = {line.split("`")[1]: line for line in lines if line.startswith("| `")}
    assert set(rows) == set(REGISTRY)
    pay = REGISTRY["morale_pay"]
    cells = [cell.strip() for cell in rows["morale_pay"].strip("|").split("|")]
    numbers = [f"{pay.default:g}", f"{pay.low:g} to {pay.high:g}"]
    assert cells == ["`morale_pay`", pay.unit, *numbers, pay.meaning, pay.source, pay.evidence]


def test_search_finds_words_in_names_and_meanings():
    output = invoke("params", "--search", "CONSCRIPT").stdout
    assert "morale_conscripts" in output
    assert "speed_track_km_per_day" not in output


def test_rules_are_printed_in_order():
    from sim.rules import SCHEDULE

    output = invoke("rules").stdout
    assert "`" not in output
    positions = [
        re.search(rf"\b{order} +{rule.name}\b", output).start() for order, rule in enumerate(SCHEDULE, 1)
    ]
    assert positions == sorted(positions)


def test_cases_and_scenarios_are_listed():
    for command in ("case", "scenario"):
        names = [line.split()[0] for line in invoke(command, "list").stdout.splitlines()]
        assert names == ["afghanistan-2021", "idlib-2020", SYRIA]


def test_a_case_shows_its_conditions_as_they_are_set(syria):
    output = invoke("case", "show", SYRIA).stdout
    case = syria.load_case()
    for word in (*case.faction_ids, *case.backer_ids, "70 places", "2024-11-27 to 2024-12-09"):
        assert word in output
    assert "25,000 to 170,000" in output
    assert "pay_usd_month=[15,40]" in output and "arrears_months 0 to 60 (months)" in output
    syria.with_set({"conditions.syrian_government.pay_usd_month": "[15,40]"})


def test_a_condition_that_is_searched_for_is_told():
    output = invoke("params", "--search", "pay_usd_month").stdout
    assert output == "Conditions of an army, which `holdfast case show CASE` lists: pay_usd_month\n"
    both = invoke("params", "--search", "cohesion").stdout
    assert "morale_cohesion" in both and both.rstrip().endswith("cohesion")


def test_a_sound_case_has_no_problems():
    assert invoke("case", "check", "idlib-2020").stdout.endswith("idlib-2020: no problems\n")


def test_a_shown_scenario_can_be_copied(in_empty_folder):
    shown = invoke("scenario", "show", SYRIA).stdout
    assert shown == scenario_file(SYRIA).read_text(encoding="utf-8")
    copy = in_empty_folder / "copy.toml"
    copy.write_text(shown, encoding="utf-8")
    assert load_scenario(copy).events == load_scenario(SYRIA).events


def test_doctor_tells_what_is_wrong(monkeypatch):
    from sim.cli import checkup

    def broken():
        raise ImportError("libexample.so: cannot open\nshared object file")

    monkeypatch.setattr(checkup, "CHECKS", {"Well": lambda: "fine", "Ill": broken})
    result = invoke("doctor")
    assert result.exit_code == 1
    well, ill = result.stdout.splitlines()
    assert (well.split(), ill.split(maxsplit=2)[:2]) == (["ok", "Well", "fine"], ["WRONG", "Ill"])
    assert ill.endswith("libexample.so: cannot open shared object file")


@pytest.mark.parametrize("name", ["Python", "Packages", "Memory", "Write access", "Data"])
def test_doctor_finds_this_machine_well(name):
    from sim.cli.checkup import CHECKS

    assert CHECKS[name]()


def test_doctor_sees_a_folder_that_cannot_be_written(monkeypatch):
    from sim.cli.checkup import CHECKS, Ailment

    def deny(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tempfile.mkdtemp", deny)
    with pytest.raises(Ailment, match="nothing can be written in .*; use --out"):
        CHECKS["Write access"]()


def test_the_command_imports_nothing_heavy():
    heavy = {"jax", "pandas", "numpy", "matplotlib", "mesa", "scipy", "pyarrow", "pydantic"}
    script = f"import sys, sim.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


def test_a_table_shows_what_a_person_wrote(capsys):
    table = plain_table("120 $ [/month]", "with [army]", [])
    table.add_row("pay, wage and keep: [nan, nan]")
    plain_console().print(table)
    shown = capsys.readouterr().out
    assert [text in shown for text in ("120 $ [/month]", "with [army]", "[nan, nan]")] == [True] * 3


# The summary ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def syria():
    return load_scenario(SYRIA)


def result_of(scenario, falls, runs):
    """A result in which ``falls[place] = (new holder, {run: day})`` and nothing else happens."""
    case = scenario.load_case()
    rows = [
        (
            run,
            day,
            place,
            falls[place][0] if place in falls and day >= falls[place][1].get(run, 99) else holder,
        )
        for place, holder in zip(case.places["id"], case.places["initial_controller"], strict=True)
        for run in range(runs)
        for day in range(1, scenario.days + 1)
    ]
    control = pd.DataFrame(rows, columns=["run_id", "day", "place_id", "controller"])
    control = control.astype({"place_id": "category", "controller": "category"})
    return Result({"runs": runs}, scenario, {"control": control})


def test_history_is_told_beyond_the_last_day_of_the_runs(syria):
    outcomes = place_outcomes(result_of(syria.with_set({"days": "8"}), {}, 4))
    known = {outcome.name: outcome.recorded for outcome in outcomes}
    assert (known["Aleppo"], known["Damascus"], known["Latakia"]) == ("day 4", "day 12", "day 12")
    assert capital_lines(outcomes, 4) == [
        "The capital, Damascus, falls in 0% of runs (95 %: 0% to 49%); in history it fell on day 12."
    ]


def test_of_places_without_a_record_nothing_is_told(tmp_path):
    case = write_toy_case(tmp_path / "war", days=6)
    for name in ("held", "control_timeline"):
        file = case / f"{name}.csv"
        file.write_text(file.read_text().splitlines()[0] + "\n")
    outcomes = place_outcomes(result_of(Scenario(name="toy", case=str(case)), {}, 4))
    assert {outcome.recorded for outcome in outcomes} == {""}
    assert not any("history" in line for line in capital_lines(outcomes, 4))


def test_a_likely_share_is_wilsons():
    for fell, runs in ((0, 8), (8, 8), (3, 8), (375, 500)):
        expected = binomtest(fell, runs).proportion_ci(0.95, "wilson")
        assert likely_share(fell / runs, runs) == pytest.approx(tuple(expected), abs=1e-4)


def test_places_fall_to_those_outside_the_alliance(syria):
    falls = {"damascus": ("hts", {0: 5, 1: 7}), "hama": ("iran_backed_militias", {0: 2}), "homs": ("hts", {})}
    outcomes = {outcome.name: outcome for outcome in place_outcomes(result_of(syria, falls, 4))}
    assert outcomes["Damascus"].share == 0.5
    assert outcomes["Damascus"].days == (5, 7, np.inf)  # of runs that see it on days 5 and 7, or never
    assert (outcomes["Hama"].share, outcomes["Hama"].days[0]) == (0.0, np.inf)  # the militias are allies
    assert (outcomes["Damascus"].recorded, outcomes["Hama"].recorded) == ("day 12", "day 9")
    (line,) = capital_lines(list(outcomes.values()), 4)
    assert line == (
        "The capital, Damascus, falls in 50% of runs (95 %: 15% to 85%), in half of all runs by day 7; "
        "in history it fell on day 12."
    )


def test_soldiers_add_up(syria):
    case = syria.load_case()
    end = {"soldiers": 60.0, "killed": 10.0, "deserted": 20.0, "surrendered": 5.0}
    moves = {"defected_out": 6.0, "defected_in": 1.0, "mobilised": 30.0}
    rows = [
        {
            "run_id": run,
            "day": day,
            "faction_id": faction,
            **{k: v * day / 2 for k, v in (end | moves).items()},
        }
        for run in (0, 1)
        for day in (1, 2)
        for faction in case.faction_ids
    ]
    outcome = faction_outcomes(pd.DataFrame(rows), case)[0]
    assert outcome.start == 60 + 10 + 20 + 5 + 6 - 1 - 30
    assert outcome == (case.faction_ids[0], 70.0, 30.0, 10.0, 20.0, 5.0, 5.0, 60.0)


def test_places_of_a_war_without_a_capital():
    idlib = load_scenario("idlib-2020")
    case = idlib.load_case()
    history = whole_history(case)
    chosen = main_places(case, history)
    assert len(chosen) == 12
    assert {"aleppo", "idlib", "saraqib", "maarat-al-numan"} <= {case.place_ids[p] for p in chosen}
    days = [history.day[p] for p in chosen]
    assert days == sorted(days)


# A run for real -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_run_leaves_a_result_and_a_report_and_says_where(in_empty_folder):
    from sim.results import open_result

    options = ["--runs", 3, "--seed", 7, "--engine", "numpy", "--set", "days=9", "--set", "morale_pay=1"]
    done = invoke("run", SYRIA, *options)
    assert done.exit_code == 0, done.output
    folder = in_empty_folder / "results" / SYRIA
    assert sorted(path.name for path in in_empty_folder.rglob("*.part")) == []
    assert "3 of 3 runs simulated" in done.stderr
    for printed in (
        "3 runs of 9 days",
        "Damascus",
        "syrian_government",
        "results/syria-2024/report.html",
        "holdfast case show syria-2024",
        "Next",
    ):
        assert printed in done.stdout
    result = open_result(folder)
    assert (result.manifest["seed"], result.manifest["engine"], len(result.runs)) == (7, "numpy", 3)
    assert result.scenario == load_scenario(SYRIA).with_set({"days": 9, "morale_pay": 1})
    assert "<html" in (folder / "report.html").read_text(encoding="utf-8")

    suggested = re.findall(r"^  holdfast (.*)$", done.stdout, re.MULTILINE)
    assert suggested
    again = invoke("run", SYRIA, *options, "--no-report")
    assert again.exit_code == 0, again.output
    assert not (folder / "report.html").exists()  # the old report does not stand beside the new result
