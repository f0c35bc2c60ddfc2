"""Runs measurements in processes of their own and reads their answers."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.bench.machine import one_core_environment
from sim.bench.settings import Settings

ANSWER = "answer: "
ALL_CORES = ("compile", "rate", "soldier_level", "cold")
"""Measurements that use the machine as a user's run does."""

_ROOT = Path(__file__).resolve().parents[2]  # of a checkout, where benchmarks/ lies beside the package


def repeated(values: Sequence[float]) -> dict[str, Any]:
    """Median, best (least) and all of several times or costs."""
    return {"median": statistics.median(values), "best": min(values), "values": list(values)}


def measure(names: Sequence[str], settings: Settings) -> dict[str, dict[str, Any]]:
    """Answers of measurements that share one process; a "problem" in the place of what is missing."""
    one_core = names[0] not in ALL_CORES
    request = json.dumps({"names": names, "settings": settings._asdict(), "one_core": one_core})
    found, problem, _ = _python("-m", "sim.bench.measure", request, settings=settings, one_core=one_core)
    return {name: found.get(name, {"problem": problem}) for name in names}


def fresh_process(settings: Settings) -> dict[str, Any]:
    """Start, compile, simulate and tell the peak of memory, each time in a new process."""
    request = json.dumps({"names": ["cold"], "settings": settings._asdict(), "one_core": False})
    seconds, peaks = [], []
    for _ in range(min(settings.repeats, 3)):
        found, problem, wall = _python("-m", "sim.bench.measure", request, settings=settings, one_core=False)
        if "peak_mb" not in found.get("cold", {}):
            return found.get("cold", {"problem": problem})
        seconds.append(wall)
        peaks.append(found["cold"]["peak_mb"])
    peak = (
        None if None in peaks else {"median": statistics.median(peaks), "best": min(peaks), "values": peaks}
    )
    return {"seconds": repeated(seconds), "peak_mb": peak, "runs": settings.runs}


def help_seconds(settings: Settings) -> dict[str, Any]:
    """How long ``holdfast --help`` takes, start of Python included."""
    start = "from sim.cli import main; main()"
    seconds = []
    for _ in range(settings.repeats):
        _, problem, wall = _python("-c", start, "--help", settings=settings, one_core=False)
        if problem:
            return {"problem": problem}
        seconds.append(wall)
    return {"seconds": repeated(seconds)}


def _python(
    *arguments: str, settings: Settings, one_core: bool
) -> tuple[dict[str, dict[str, Any]], str, float]:
    """Run this Python; its answers by name, what went wrong ("" if nothing), wall time in seconds."""
    variables = os.environ | {"JAX_ENABLE_COMPILATION_CACHE": "false"}
    variables |= one_core_environment() if one_core else {}
    began = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, *arguments],
            env=variables,
            cwd=_ROOT,
            capture_output=True,
            text=True,
            timeout=settings.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        output = error.stdout or b""
        text = output if isinstance(output, str) else output.decode("utf-8", "replace")
        return _answers(text), f"not done in {settings.seconds:g} s", time.perf_counter() - began
    wall = time.perf_counter() - began
    last = (done.stderr.strip().splitlines() or ["no message"])[-1]
    return _answers(done.stdout), "" if done.returncode == 0 else f"exit code {done.returncode}: {last}", wall


def _answers(output: str) -> dict[str, dict[str, Any]]:
    lines = [line.removeprefix(ANSWER) for line in output.splitlines() if line.startswith(ANSWER)]
    answers = (json.loads(line) for line in lines)
    return {answer.pop("name"): answer for answer in answers}
