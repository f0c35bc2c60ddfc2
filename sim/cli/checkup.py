"""``holdfast bench`` and ``holdfast doctor``: how fast this machine is, and whether all is here."""

import os
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import typer

from sim.cli.group import app
from sim.cli.options import INSTALL, Json

OLDEST_PYTHON = (3, 12)
LEAST_MEMORY_GIB = 1.0


@app.command()
def bench(json: Json = False) -> None:
    """Measure how fast this machine simulates."""
    from sim.bench import run_bench

    raise typer.Exit(run_bench(json=json))


@app.command()
def doctor() -> None:
    """Check that everything Holdfast needs is here; one line each."""
    raise typer.Exit(0 if examine() else 1)


class Ailment(Exception):
    """What is wrong, and what helps, in one line."""


def examine() -> bool:
    """Print what was found, one line per check; True if all is well."""
    return all([_report(name, check) for name, check in CHECKS.items()])


def _report(name: str, check: Callable[[], str]) -> bool:
    try:
        finding, well = check(), True
    except Exception as error:  # a broken package can fail in any way; each way is one line here
        finding, well = " ".join(str(error).split()) or type(error).__name__, False
    typer.echo(f"{'ok   ' if well else 'WRONG'}  {name:<13} {finding}")
    return well


def _python() -> str:
    if sys.version_info < OLDEST_PYTHON:
        raise Ailment(f"{platform.python_version()}; needs {'.'.join(map(str, OLDEST_PYTHON))} or newer")
    return f"{platform.python_version()} on {platform.system()} {platform.machine()}"


def _packages() -> str:
    from importlib import import_module
    from importlib.metadata import version

    names = ("numpy", "pandas", "pyarrow", "mesa", "scipy", "networkx")
    for name in names:
        import_module(name)
    return ", ".join(f"{name} {version(name)}" for name in names)


def _jax() -> str:
    import jax

    devices = jax.devices()
    total = float(jax.jit(lambda x: x.sum())(jax.numpy.ones(8)))
    if total != 8.0:
        raise Ailment(f"jax {jax.__version__} adds 8 ones to {total}; use --engine numpy")
    kinds = ", ".join(sorted({device.device_kind for device in devices}))
    return f"{jax.__version__}, backend {jax.default_backend()}, {len(devices)} device(s): {kinds}"


def _memory() -> str:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError):
        return "not known on this system"
    limit = Path("/sys/fs/cgroup/memory.max")
    if limit.is_file() and (allowed := limit.read_text().strip()).isdigit():
        total = min(total, int(allowed))
    gib = total / 2**30
    if gib < LEAST_MEMORY_GIB:
        raise Ailment(f"{gib:.1f} GiB; needs {LEAST_MEMORY_GIB:g} GiB or more")
    return f"{gib:.1f} GiB"


def _write_access() -> str:
    here = Path.cwd()
    try:
        with tempfile.TemporaryDirectory(dir=here):
            return f"results can be written in {here}"
    except OSError as error:
        raise Ailment(f"nothing can be written in {here} ({error.strerror}); use --out") from error


def _data() -> str:
    from sim.case import load_case, shipped_cases
    from sim.case.shipped import case_folder
    from sim.scenario import load_scenario, shipped_scenarios

    cases = [load_case(case_folder(name)) for name in shipped_cases()]
    scenarios = [load_scenario(name) for name in shipped_scenarios()]
    if not cases or not scenarios:
        raise Ailment("no shipped cases or scenarios found; install holdfast again")
    return f"{len(cases)} cases, {len(scenarios)} scenarios"


def _page() -> str:
    from importlib.util import find_spec

    if absent := [name for name in ("anywidget", "solara") if find_spec(name) is None]:
        return f"not installed ({absent[0]} is missing); for holdfast app: {INSTALL.format('app')}"
    from sim.app.assets import HINT, missing

    if missing():
        return f"its files are missing; for holdfast app: {HINT}"
    return "holdfast app can serve it"


CHECKS: dict[str, Callable[[], str]] = {
    "Python": _python,
    "Packages": _packages,
    "JAX": _jax,
    "Memory": _memory,
    "Write access": _write_access,
    "Data": _data,
    "Page": _page,
}
