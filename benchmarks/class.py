"""A class on one server: how long students wait, how many fail, how much memory it takes.

    python benchmarks/class.py [--students 40] [--seconds 60] [--every 10]

Starts ``holdfast app`` on a free port of this machine, lets that many clients open the page over real
websockets, and has each move a lever every so many seconds to a value that nobody else has, so that every
answer is a campaign of its own. A wait is from the question to the whole answer. Prints one table row.
"""

import argparse
import asyncio
import os
import platform
import statistics
import sys
import time
from pathlib import Path

from serving import serving

from sim.app.client import Client

SCENARIO = "syria-2024"
LEVER = "conditions.syrian_government.pay_usd_month"
MOST_STUDENTS, LONGEST_SECONDS = 200, 600


async def main() -> int:
    """Measure and print; 1 if a student got no campaign."""
    asked = _arguments()
    with serving("--sessions", str(asked.students)) as (address, server):
        waits, failures, opened = await _class(address, asked)
        memory_mb = _peak_mb(server.pid)
    _print(asked, waits, failures, opened, memory_mb)
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--students", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long the class lasts")
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two moves of one student")
    asked = parser.parse_args()
    if not 1 <= asked.students <= MOST_STUDENTS or not 0 < asked.seconds <= LONGEST_SECONDS:
        parser.error(f"allowed: 1 to {MOST_STUDENTS} students, up to {LONGEST_SECONDS} seconds")
    return asked


async def _class(address: str, asked: argparse.Namespace) -> tuple[list[float], list[str], list[float]]:
    """Waits for answers [s], what failed, and waits for the page's first campaign [s]."""
    waits: list[float] = []
    failures: list[str] = []
    opened: list[float] = []

    async def student(number: int) -> None:
        # They do not all move at the same moment, as people do not.
        await asyncio.sleep(asked.every * number / asked.students)
        try:
            began = time.perf_counter()
            async with Client(address) as client:
                await client.campaign({"scenario": SCENARIO, "seed": 0})
                opened.append(time.perf_counter() - began)
                await _moves(client, number, asked, waits, failures)
        except Exception as error:
            failures.append(f"student {number}: {type(error).__name__} {error}")

    await asyncio.gather(*(student(number) for number in range(asked.students)))
    return waits, failures, opened


async def _moves(
    client: Client, number: int, asked: argparse.Namespace, waits: list[float], failures: list[str]
) -> None:
    began = time.perf_counter()
    for move in range(round(asked.seconds / asked.every)):
        await asyncio.sleep(max(0.0, began + move * asked.every - time.perf_counter()))
        pay = 20.0 + number + move / 100.0
        request = {"scenario": SCENARIO, "seed": 0, "settings": {LEVER: pay}}
        content, _, wait = await client.campaign(request)
        if content["kind"] == "campaign":
            waits.append(wait)
        else:
            failures.append(f"student {number}: {content['lines']}")


def _peak_mb(pid: int) -> float:
    """Most memory that the process has held, as Linux counts it; nan elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return float("nan")
    lines = dict(line.split(":", 1) for line in status.read_text("utf-8").splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024 / 1e6


def _print(
    asked: argparse.Namespace, waits: list[float], failures: list[str], opened: list[float], memory_mb: float
) -> None:
    for line in failures[:10]:
        print(line, file=sys.stderr)
    ordered = sorted(waits) or [float("nan")]
    row = {
        "students": asked.students,
        "answers": len(waits),
        "failures": len(failures),
        "median s": f"{statistics.median(ordered):.2f}",
        "p95 s": f"{ordered[int(0.95 * (len(ordered) - 1))]:.2f}",
        "longest s": f"{ordered[-1]:.2f}",
        "page open, median s": f"{statistics.median(opened or [float('nan')]):.2f}",
        "server MB": f"{memory_mb:.0f}",
        "cores": os.cpu_count(),
        "machine": platform.machine(),
    }
    print("| " + " | ".join(row) + " |")
    print("|" + "---|" * len(row))
    print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
