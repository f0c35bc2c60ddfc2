"""The command ``holdfast``: parse, call, print. What is heavy is imported inside the commands.

Exit codes: 0 done, 1 failure, 2 bad input (one line each, nothing written), 130 stopped with Ctrl-C.
"""

import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.errors import InputError


class _Command(TyperGroup):
    """The command and its subcommands; bad input of any kind ends as plain lines and exit code 2."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run, and leave with the exit code."""
        try:
            code = super().main(*args, **kwargs | {"standalone_mode": False})
        except InputError as error:
            for problem in error.problems:
                typer.echo(problem, err=True)
            code = 2
        except typer.TyperException as error:  # an unknown option or command, a word where a number belongs
            message = " ".join(error.format_message().split())
            if message:  # none after the help of a bare `holdfast case`
                typer.echo(f"{message}{'' if message[-1] in '.?!' else '.'} See --help.", err=True)
            code = error.exit_code
        sys.exit(code if isinstance(code, int) else 0)


app = typer.Typer(
    cls=_Command,
    help="Simulate how armies hold or break.",
    epilog="Begin with: holdfast run syria-2024",
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
case_app = typer.Typer(help="Cases: the wars that can be simulated.", no_args_is_help=True)
scenario_app = typer.Typer(
    help="Scenarios: a case, a period, and what is changed in it.", no_args_is_help=True
)
app.add_typer(case_app, name="case")
app.add_typer(scenario_app, name="scenario")


def main() -> None:
    """Entry point of the command."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"holdfast {version('holdfast')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def holdfast(
    context: typer.Context,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Simulate how armies hold or break."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), nl=False)


@app.command()
def run(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped scenario, a TOML file, or the id or folder of a case.", metavar="SCENARIO"
        ),
    ],
    runs: Annotated[int, typer.Option(help="How many campaigns to simulate.")] = 500,
    seed: Annotated[
        int, typer.Option(help="Run k meets the same chances wherever the seed is the same.")
    ] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a parameter, event or condition; repeatable."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the result.", show_default="results/<scenario name>")
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="jax|numpy", help="jax is fast, numpy needs no compiler.")
    ] = "jax",
    workers: Annotated[
        int | None, typer.Option(help="Threads that share the runs.", show_default="one per core")
    ] = None,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write report.html as well.")] = True,
) -> None:
    """Simulate a scenario many times, print a summary, and keep the result and a report."""
    from sim.cli.ensemble import Ensemble, run_ensemble

    run_ensemble(Ensemble(scenario, runs, seed, tuple(settings or ()), out, engine, workers, report))


@app.command()
def sweep(
    file: Annotated[
        str, typer.Argument(help="A sweep file, or the name of a shipped sweep.", metavar="SWEEP.toml")
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the sweep.", show_default="results/<sweep name>")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine.", show_default="one per core")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="tcp://HOST:PORT", help="Use the workers of this Dask scheduler instead."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long, how many bytes; write nothing.")
    ] = False,
) -> None:
    """Run a designed experiment; the same command again goes on where it stopped."""
    from sim.cli.sweep import Asked, run_or_estimate

    run_or_estimate(Asked(file, out, workers, scheduler, dry_run))


@app.command()
def compare(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped scenario, a TOML file, or the id or folder of a case.", metavar="SCENARIO"
        ),
    ],
    changes: Annotated[
        list[str],
        typer.Option(
            "--with",
            metavar="'[NAME:] KEY=VALUE; ...'",
            help="A changed world, keys as for `run --set`; repeatable, one world each.",
        ),
    ],
    runs: Annotated[int, typer.Option(help="How many campaigns to simulate in each world.")] = 500,
    seed: Annotated[
        int,
        typer.Option(help="Run k meets the same chances in every world, and wherever the seed is the same."),
    ] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change all worlds, the base too; repeatable."),
    ] = None,
    places: Annotated[
        list[str] | None,
        typer.Option(
            "--place",
            metavar="ID",
            help="Compare the day of fall of this place; repeatable.",
            show_default="the largest regional capitals of the government side",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for table, runs and figure.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    engine: Annotated[
        str, typer.Option(metavar="jax|numpy", help="jax is fast, numpy needs no compiler.")
    ] = "jax",
    workers: Annotated[
        int | None, typer.Option(help="Threads that share the runs.", show_default="one per core")
    ] = None,
) -> None:
    """Compare a scenario with changed ones, run for run: differences with 95 % intervals."""
    from sim.cli.compare import Worlds, compare_worlds

    compare_worlds(
        Worlds(
            scenario,
            tuple(changes),
            tuple(settings or ()),
            tuple(places or ()),
            runs,
            seed,
            out,
            json,
            engine,
            workers,
        )
    )


@app.command()
def skill(
    scenario: Annotated[
        str,
        typer.Argument(
            help="A shipped scenario, a TOML file, or the id or folder of a case.",
            metavar="SCENARIO|CASE_DIR",
        ),
    ],
    runs: Annotated[int, typer.Option(help="How many campaigns to simulate.")] = 500,
    seed: Annotated[
        int, typer.Option(help="Run k meets the same chances wherever the seed is the same.")
    ] = 0,
    settings: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Change a parameter, event or condition; repeatable."
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="List the places missed by most.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    engine: Annotated[
        str, typer.Option(metavar="jax|numpy", help="jax is fast, numpy needs no compiler.")
    ] = "jax",
    workers: Annotated[
        int | None, typer.Option(help="Threads that share the runs.", show_default="one per core")
    ] = None,
) -> None:
    """Score a scenario against the record of its case, and against baselines that know less."""
    from sim.cli.skill import Asked, print_skill

    print_skill(Asked(scenario, runs, seed, tuple(settings or ()), engine, workers, explain, json))


@app.command()
def sensitivity(
    sweep: Annotated[
        str,
        typer.Argument(
            help='A sweep file of kind "morris" or "saltelli", or the folder of such a sweep.',
            metavar="SWEEP",
        ),
    ],
    outcome: Annotated[
        str, typer.Option(help="What is explained: a column of the outcomes.")
    ] = "capital_falls",
    out: Annotated[Path | None, typer.Option(help="Folder for table and figure.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Tell which factors of a sweep an outcome depends on (Morris, Sobol')."""
    from sim.cli.sensitivity import print_sensitivity

    print_sensitivity(sweep, outcome, out, json)


@app.command()
def discover(
    sweep: Annotated[str, typer.Argument(help="A sweep file, or the folder of a sweep.", metavar="SWEEP")],
    outcome: Annotated[str, typer.Option(help="A column of the outcomes.")] = "capital_falls",
    above: Annotated[float | None, typer.Option(help="Where is the mean outcome above this?")] = None,
    below: Annotated[float | None, typer.Option(help="Where is the mean outcome below this?")] = None,
    density: Annotated[float, typer.Option(help="Share of a box's points that shall be so.")] = 0.8,
    boxes: Annotated[int, typer.Option(help="How many boxes to look for.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find in which ranges of its factors a sweep comes out high or low (PRIM)."""
    from sim.cli.sensitivity import Search, print_discovery

    print_discovery(Search(sweep, outcome, above, below, density, boxes, json))


@app.command("app")
def page(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8765,
    host: Annotated[
        str,
        typer.Option(help="Address to listen on; others can reach any but this one, so it asks a password."),
    ] = "127.0.0.1",
    password: Annotated[
        str | None,
        typer.Option(
            help="Class password; better in HOLDFAST_PASSWORD, where nobody sees it.", show_default=False
        ),
    ] = None,
    sessions: Annotated[int, typer.Option(help="Most browser tabs at a time.")] = 60,
    names: Annotated[
        list[str] | None,
        typer.Option(
            "--name", metavar="NAME", help="A further name of this server, as of a proxy; repeatable."
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser.")] = True,
) -> None:
    """Open the page: a campaign to look at and to change, for one person or for a class."""
    from sim.cli.app import Asked, serve_page

    serve_page(Asked(host, port, password, sessions, tuple(names or ()), browser))


@app.command()
def params(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for a paper's appendix.")
    ] = False,
    search: Annotated[str, typer.Option(metavar="WORD", help="Only those that mention this word.")] = "",
) -> None:
    """List the parameters: unit, default, range, meaning, source and evidence."""
    from sim.cli.listing import print_parameters

    print_parameters(search, markdown)


@app.command()
def rules() -> None:
    """Print what happens in a tick, in order."""
    from sim.cli.listing import print_schedule

    print_schedule()


@app.command()
def bench(json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Measure how fast this machine simulates."""
    from sim.bench import run_bench

    raise typer.Exit(run_bench(json=json))


@app.command()
def doctor() -> None:
    """Check that everything Holdfast needs is here; one line each."""
    from sim.cli.checkup import examine

    raise typer.Exit(0 if examine() else 1)


@case_app.command("list")
def case_list() -> None:
    """List the cases that come with Holdfast."""
    from sim.cli.listing import print_cases

    print_cases()


@case_app.command("check")
def case_check(
    folder: Annotated[str, typer.Argument(help="A case folder, or the id of a shipped case.", metavar="DIR")],
) -> None:
    """Check the files of a case; every problem is one line."""
    from sim.case import case_folder, check_case

    path = case_folder(folder)
    problems = check_case(path)
    if problems:
        raise InputError(problems)
    typer.echo(f"{path}: no problems")


@scenario_app.command("list")
def scenario_list() -> None:
    """List the scenarios that come with Holdfast."""
    from sim.cli.listing import print_scenarios

    print_scenarios()


@scenario_app.command("show")
def scenario_show(
    name: Annotated[str, typer.Argument(help="A shipped scenario.", metavar="NAME")] = "syria-2024",
) -> None:
    """Print the TOML of a shipped scenario: copy it to make your own."""
    from sim.scenario import scenario_file

    typer.echo(scenario_file(name).read_text(encoding="utf-8"), nl=False)
