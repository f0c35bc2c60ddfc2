"""The command ``holdfast`` and its options; every file of a command puts it in here.

What is heavy is imported inside the commands.
"""

import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sim.errors import InputError

NUMBERS = {"int": ("a whole number", "1 or more"), "float": ("a number", "a number such as 0.5")}
"""What an option of this type takes; a seed may be 0 as well."""


def _number_problem(error: typer.TyperException) -> str:
    """The line for a word where a number belongs; empty for any other error."""
    told, option = getattr(error.__cause__, "errors", None), getattr(error, "param", None)
    if told is None or option is None:
        return ""
    found = told()[0]
    kind = str(found["type"]).partition("_")[0]
    if kind not in NUMBERS:
        return ""
    name, (what, allowed) = max(option.opts, key=len), NUMBERS[kind]
    allowed = "0 or more" if name == "--seed" else allowed
    return f"{name}: {found['input']!r} is not {what}; allowed: {allowed}"


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
            if problem := _number_problem(error):
                typer.echo(problem, err=True)
            elif message:  # none after the help of a bare `holdfast case`
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
