"""``holdfast skill``: simulate, score against the record of the case, say what it means."""

import json
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sim.cli.asked import option_problems, read_scenario
from sim.cli.group import app
from sim.cli.options import SCENARIO, Engine, Json, Posterior, Runs, Seed, Settings, Threads
from sim.cli.plain import plain_console, plain_table
from sim.cli.progress import show_progress, stoppable
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.results import Result
    from sim.scenario import Scenario
    from sim.skill import Skill
    from sim.skill.worst import Miss

BASELINES = {
    "no_change": "nothing changes",
    "front": "a front on roads, best elsewhere",
    "front_hindsight": "a front on roads, best for this case",
    "no_loyalty": "the model without morale, pay and desertion",
}
MEANINGS = {
    "brier": "squared error of the chance; 0 perfect",
    "mae_days": "miss of the median day of fall, days",
    "kendall_tau": "order of falls: 1 the same, -1 reversed",
    "crps_days": "miss of the whole spread of days, days",
    "false_falls": "held places that mostly fall; 0 perfect",
    "coverage_90": "days in 90 % intervals that end on whole days",
    "coverage_90_exact": "days in intervals of just 90 %; good near 0.9",
    "displacement_ard": "error of people displaced; 0 perfect",
    "taker_accuracy": "falls to the faction recorded; 1 perfect",
}

BETTER, WORSE, CLOSE = "Better than", "Not better than", "Too close to tell, within two standard errors"
LACKING, ALONE = "Cannot be computed", "Cannot be told without a standard error"


@app.command()
def skill(
    scenario: Annotated[str, typer.Argument(help=SCENARIO, metavar="SCENARIO|CASE_DIR")],
    runs: Runs = 500,
    seed: Seed = 0,
    settings: Settings = None,
    posterior: Posterior = None,
    explain: Annotated[bool, typer.Option("--explain", help="List the places missed by most.")] = False,
    json: Json = False,
    engine: Engine = "jax",
    workers: Threads = None,
) -> None:
    """Score a scenario against the record of its case, and against baselines that know less."""
    chosen = tuple(settings or ()), posterior
    print_skill(Asked(scenario, runs, seed, *chosen, engine, workers, explain, json))


class Asked(NamedTuple):
    """What was asked for on the command line."""

    scenario: str
    runs: int
    seed: int
    settings: tuple[str, ...]
    posterior: str | None
    engine: str
    workers: int | None
    explain: bool
    json: bool


def print_skill(asked: Asked) -> None:
    """Simulate, score and print.

    Raises:
        InputError: every problem with what was asked for; nothing has been simulated then.
    """
    scenario = _check(asked)
    from sim.simulate import simulate
    from sim.skill import score_result
    from sim.skill.verdict import halves

    typer.echo(f"Simulating 2 x {asked.runs} runs of {scenario.days} days", err=True)
    with stoppable("."):
        with show_progress(2 * asked.runs) as progress:
            first, second = halves(progress)
            result = simulate(
                scenario,
                asked.runs,
                asked.seed,
                engine=asked.engine,
                workers=asked.workers,
                progress=first,
            )
            skill = score_result(result, workers=asked.workers, progress=second)
    misses = _worst(result) if asked.explain else []
    if asked.json:
        worst = {"worst_places": [asdict(miss) for miss in misses]} if asked.explain else {}
        typer.echo(json.dumps(asdict(skill) | worst, indent=2))
    else:
        _print_scores(skill, result)
        if asked.explain:
            _print_worst(misses)


def _check(asked: Asked) -> "Scenario":
    problems = option_problems(asked.runs, asked.seed, asked.engine, asked.workers)
    scenario, found = read_scenario(asked.scenario, asked.settings, asked.posterior)
    problems += found
    if problems or scenario is None:
        raise InputError(problems)
    return scenario


def _worst(result: "Result") -> "list[Miss]":
    from sim.skill.verdict import scored_history
    from sim.skill.worst import worst_places

    return worst_places(result, scored_history(result))


def _print_scores(skill: "Skill", result: "Result") -> None:
    console = plain_console()
    scenario = result.scenario
    console.print(f"\n{scenario.title or result.case.title}", style="bold")
    console.print(
        f"{skill.runs} runs, seed {skill.seed}, against the record of {skill.days} days: "
        f"{skill.places} places, of which {skill.falls} fell."
    )
    scores = plain_table("Scores", "Score", ["Value", "±"])
    scores.add_column("What it says")
    for name, meaning in MEANINGS.items():
        scores.add_row(name, *_with_error(skill, name), meaning)
    against = plain_table("Brier skill over baselines", "Over", ["Skill", "±"])
    against.add_column("The baseline")
    for name, meaning in BASELINES.items():
        speed = getattr(skill, f"{name}_km_per_day", None)
        told = meaning if speed is None else f"{meaning}: {speed:g} km/day"
        against.add_row(name, *_with_error(skill, f"brier_skill_{name}"), told)
    for table in (scores, against):
        console.print()
        console.print(table)
    console.print(f"\n{verdict(skill)}\n±: standard error from the choice of runs (bootstrap).")


def _with_error(skill: "Skill", name: str) -> tuple[str, str]:
    return figure(getattr(skill, name)), figure(skill.standard_error[name])


def figure(value: float | None) -> str:
    """Two decimals, three where they are needed; a dash where there is no value."""
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"


def verdict(skill: "Skill") -> str:
    """Which baselines are beaten; a skill within two standard errors of 0 is not told from it."""
    values = {name: getattr(skill, f"brier_skill_{name}") for name in BASELINES}
    found: dict[str, list[str]] = {}
    for name, value in values.items():
        found.setdefault(_judged(value, skill.standard_error[f"brier_skill_{name}"]), []).append(name)
    if set(found) == {LACKING}:
        return "No baseline can be scored: the record has no fall in these days."
    lines = [f"{BETTER}: {', '.join(found.get(BETTER, ['no baseline']))}."]
    others = [judged for judged in (WORSE, CLOSE, ALONE, LACKING) if judged in found]
    lines += [f"{judged}: {', '.join(found[judged])}." for judged in others]
    lines.append("Skill 1 is perfect, 0 no better than the baseline, below 0 worse.")
    return "\n".join(lines)


def _judged(value: float | None, error: float | None) -> str:
    if value is None:
        return LACKING
    if error is None:
        return ALONE
    if abs(value) < 2 * error:
        return CLOSE
    return BETTER if value > 0 else WORSE


def _print_worst(misses: "list[Miss]") -> None:
    console = plain_console()
    console.print("\nWorst places" if misses else "\nNo place is missed.", style="bold")
    for miss in misses:
        console.print(f"\n{miss.name}, {miss.brier_share:.0%} of the Brier score")
        for line in (history_text(miss), runs_text(miss)):
            console.print(textwrap.indent(textwrap.fill(line, console.width - 2), "  "))


def history_text(miss: "Miss") -> str:
    """What is recorded of a place."""
    if miss.recorded_day is None:
        return "History: held."
    doubt = " (low confidence, counts half)" if miss.confidence == "low" else ""
    return f"History: fell to {miss.recorded_taker} on day {miss.recorded_day}{doubt}."


def runs_text(miss: "Miss") -> str:
    """What becomes of it in the runs."""
    fought = f"fought over in {miss.contested_share:.0%}"
    if not miss.taker:
        return f"Runs: never falls; {fought}."
    ends = " to ".join(dict.fromkeys(map(_day, (miss.low_day, miss.high_day))))
    return (
        f"Runs: falls in {miss.fallen_share:.0%}, median {_day(miss.median_day)} (90 %: {ends}); most often "
        f"to {miss.taker} by {miss.cause} ({miss.typical_share:.0%} of its falls); {fought}."
    )


def _day(day: int | None) -> str:
    return "never" if day is None else f"day {day}"
