"""The command ``holdfast``: parse, call, print. What is heavy is imported inside the commands.

Each command stands at the head of its own file, which puts it into ``app``. Exit codes: 0 done, 1 failure,
2 bad input (one line each, nothing written), 130 stopped with Ctrl-C.
"""

from importlib import import_module

from sim.cli.group import app

COMMANDS = (
    "ensemble",
    "sweep",
    "compare",
    "skill",
    "sensitivity",
    "calibrate",
    "page",
    "catalogue",
    "checkup",
)
"""Files with commands, in the order of the help."""

for _name in COMMANDS:
    import_module(f"sim.cli.{_name}")


def main() -> None:
    """Entry point of the command."""
    app()
