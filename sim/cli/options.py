"""Arguments and options that several commands have; each is spelt, and explained, once."""

from typing import Annotated

import typer

INSTALL = 'pip install ".[{}]" in the clone of Holdfast'
"""An extra; the name alone is somebody else's on PyPI."""
SCENARIO = "A shipped scenario, a TOML file, or the id or folder of a case."
ScenarioName = Annotated[str, typer.Argument(help=SCENARIO, metavar="SCENARIO")]
Runs = Annotated[int, typer.Option(help="How many campaigns to simulate.")]
Seed = Annotated[int, typer.Option(help="Run k meets the same chances wherever the seed is the same.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a parameter, event or condition; repeatable."),
]
Engine = Annotated[str, typer.Option(metavar="jax|numpy", help="jax is fast, numpy needs no compiler.")]
Threads = Annotated[
    int | None, typer.Option(help="Threads that share the runs.", show_default="one per core")
]
Processes = Annotated[
    int | None, typer.Option(help="Processes on this machine.", show_default="one per core")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Posterior = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE|prior",
        help="Run k with draw k + seed of this posterior; prior: the defaults of the registry.",
    ),
]
