"""``holdfast bench``: how fast and how large, on this machine, told so that others can measure the same.

Every measurement runs in a process of its own with a time limit, so that none warms up or disturbs another;
those of one core are held on one core with the compiler's threads off. Each is repeated: the median is
the headline, the best stands beside it: on a busy machine only the best comes near to what the work costs.
"""

import json as json_text
import time
from typing import Any

from sim.bench.machine import describe_machine
from sim.bench.process import fresh_process, help_seconds, measure
from sim.bench.settings import FULL, QUICK, Settings
from sim.bench.table import table

__all__ = ["HEADLINES", "run_bench"]

HEADLINES = {
    # key of the output: (measurement, entry of its answer)
    "ns_per_unit_tick": ("speed", "ns_per_unit_tick"),
    "runs_per_second": ("rate", "runs_per_second"),
    "compile_s": ("compile", "seconds"),
    "ratio_vs_mesa_objects": ("ratio", "ratio"),
    "soldier_level_run_s": ("soldier_level", "seconds"),
    "peak_mb": ("cold", "peak_mb"),
    "cold_500_runs_s": ("cold", "seconds"),
    "help_s": ("help", "seconds"),
    "ns_by_rule": ("rules", "ns_per_unit_tick"),
    "scaling": ("scaling", "points"),
}


def run_bench(json: bool = False, quick: bool = False) -> int:
    """Measure everything and print a table, or JSON.

    Args:
        json: print one JSON object: the keys of ``HEADLINES``, each the median of its repeats (null where a
            measurement failed), and under "details", "machine", "settings" and "problems" all the rest.
        quick: a tiny configuration that shows that everything works; its numbers mean nothing.

    Returns:
        Exit code: 0, or 1 if a measurement failed or ran out of time.
    """
    settings = QUICK if quick else FULL
    machine = describe_machine()
    began = time.perf_counter()
    details = _measure_all(settings, quiet=json)
    problems = [f"{name}: {found['problem']}" for name, found in details.items() if "problem" in found]
    report: dict[str, Any] = {
        key: _headline(details[name], entry) for key, (name, entry) in HEADLINES.items()
    }
    report |= {
        "details": details,
        "machine": machine | {"load_average_after": describe_machine()["load_average"]},
        "settings": settings._asdict(),
        "wall_s": time.perf_counter() - began,
        "problems": problems,
    }
    print(json_text.dumps(report, indent=2) if json else "\n".join(table(report)))
    return 1 if problems else 0


def _measure_all(settings: Settings, quiet: bool) -> dict[str, dict[str, Any]]:
    """Answers by measurement; scaling is one measurement for each size."""
    details: dict[str, dict[str, Any]] = {}
    groups = [["help"], ["cold"], *settings.groups]
    for group in groups:
        began = time.perf_counter()
        if group == ["help"]:
            found = {"help": help_seconds(settings)}
        elif group == ["cold"]:
            found = {"cold": fresh_process(settings)}
        else:
            found = measure(group, settings)
        details |= found
        if not quiet:
            state = "failed: " + "; ".join(f["problem"] for f in found.values() if "problem" in f)
            done = "done" if all("problem" not in f for f in found.values()) else state
            print(f"{', '.join(found)}: {done} in {time.perf_counter() - began:.1f} s", flush=True)
    sizes = [details.pop(name) for name in list(details) if name.startswith("size-")]
    details["scaling"] = {"points": [size for size in sizes if "problem" not in size]}
    problems = [size["problem"] for size in sizes if "problem" in size]
    if problems:
        details["scaling"]["problem"] = "; ".join(problems)
    return details


def _headline(found: dict[str, Any], entry: str) -> Any:
    """The median of a repeated measurement, or what is told as it is."""
    value = found.get(entry)
    return value["median"] if isinstance(value, dict) and "median" in value else value
