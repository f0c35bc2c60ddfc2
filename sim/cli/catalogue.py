"""``holdfast params``, ``rules``, ``case`` and ``scenario``: what there is, and whether a case is sound."""

from typing import Annotated

import typer

from sim.cli.group import app, case_app, scenario_app
from sim.errors import InputError


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
    """Print the rules in order: what happens once a day, and what in every tick."""
    from sim.cli.listing import print_schedule

    print_schedule()


@case_app.command("list")
def case_list() -> None:
    """List the cases that come with Holdfast."""
    from sim.cli.listing import print_cases

    print_cases()


@case_app.command("show")
def case_show(
    case: Annotated[str, typer.Argument(help="The id of a shipped case, or a case folder.", metavar="CASE")],
) -> None:
    """Show what a case contains: factions, backers, and conditions as --set spells them."""
    from sim.cli.listing import print_case

    print_case(case)


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
