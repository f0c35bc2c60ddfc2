"""The benchmark as plain text."""

from collections.abc import Iterator
from typing import Any

_ROWS = (
    # key, unit, what it is, measurement, entry
    ("ns_per_unit_tick", "ns", "a unit and tick, all rules, one core", "speed", "ns_per_unit_tick"),
    ("runs_per_second", "runs/s", "ensemble with its tables, all cores", "rate", "runs_per_second"),
    ("compile_s", "s", "tracing and compiling, all cores", "compile", "seconds"),
    ("ratio_vs_mesa_objects", "times", "faster than plain Mesa objects, same rules", "ratio", "ratio"),
    ("soldier_level_run_s", "s", "one run, every soldier an agent, compiled", "soldier_level", "seconds"),
    ("peak_mb", "MB", "memory of the ensemble, at most", "cold", "peak_mb"),
    ("cold_500_runs_s", "s", "ensemble in a fresh process, compiling", "cold", "seconds"),
    ("help_s", "s", "holdfast --help", "help", "seconds"),
)


def table(report: dict[str, Any]) -> Iterator[str]:
    """Lines: machine, headlines, rules, scaling, problems."""
    machine, settings, details = report["machine"], report["settings"], report["details"]
    load = machine["load_average"]
    yield ""
    yield f"{machine['processor']}, {machine['cores']} cores; {machine['system']}"
    yield "load before: " + (" ".join(f"{x:.1f}" for x in load) if load else "unknown")
    yield ", ".join(f"{name} {machine[name]}" for name in ("holdfast", "python", "jax", "numpy", "mesa"))
    yield (
        f"{settings['scenario']}, {settings['soldiers_per_unit']} soldiers per unit, "
        f"ensembles of {settings['runs']} runs"
    )
    yield ""
    yield f"{'measure':24}{'median':>10}{'best':>10}  {'unit':7} what"
    for key, unit, what, name, entry in _ROWS:
        found = details[name].get(entry) or {}
        yield f"{key:24}{_number(found.get('median'))}{_number(found.get('best'))}  {unit:7} {what}"
    alone = details["soldier_level"]
    yield f"{'  with compiling':24}{_number(alone.get('with_compile_s'))}{'':10}  s"
    yield f"{'  memory at most':24}{_number(alone.get('peak_mb'))}{'':10}  MB"
    yield ""
    yield f"{'rule':24}{'median':>10}{'best':>10}  ns for a unit and tick, compiled alone, one core"
    best = details["rules"].get("best_ns_per_unit_tick", {})
    for rule, cost in (report["ns_by_rule"] or {}).items():
        yield f"{rule:24}{_number(cost)}{_number(best.get(rule))}"
    yield ""
    yield f"{'units':>10}{'rows':>10}{'median':>10}{'best':>10}{'MB':>10}  ns for a unit and tick, one core"
    for point in report["scaling"] or []:
        costs = (point["ns_per_unit_tick"], point["best_ns_per_unit_tick"], point["peak_mb"])
        yield f"{point['units']:10.0f}{point['rows']:10}" + "".join(_number(cost) for cost in costs)
    if report["problems"]:
        yield ""
        yield from (f"not measured: {problem}" for problem in report["problems"])


def _number(value: float | None) -> str:
    """Three figures that count, in ten columns."""
    if value is None:
        return f"{'-':>10}"
    return f"{value:10.0f}" if value >= 100 else f"{value:10.3g}"
