"""Write the messages of a scenario as files, to build the browser side without a server.

python -m sim.app.dump syria-2024 OUTDIR [REQUEST.json]
"""

import json
import sys
from pathlib import Path
from typing import Any

from sim.app.campaign import simulate
from sim.app.columns import Message
from sim.app.ensemble import Ensemble, ensemble_message
from sim.app.geo import geography
from sim.app.levers import levers
from sim.app.messages import campaign_message
from sim.app.options import ENSEMBLE_RUNS, options
from sim.app.places import Standpoint, place_message
from sim.app.pool import Pool
from sim.app.request import read_request


def dump(scenario: str, folder: Path, changes: dict[str, Any]) -> None:
    """Write every message that the page of a scenario sends."""
    folder.mkdir(parents=True, exist_ok=True)
    request = read_request({"scenario": scenario, "seed": 0} | changes)
    campaign, pool = simulate(request), Pool()
    traits = {
        "geo": geography(request.before),
        "levers": levers(request.before),
        "options": options(),
    }
    for name, value in traits.items():
        (folder / f"{name}.json").write_text(json.dumps(value, ensure_ascii=False), "utf-8")
    _write(folder, "campaign", campaign_message(campaign), {"baseline": True, "ms": 0})
    _write(folder, "place", place_message(Standpoint(campaign), 0, 3), {})
    ensemble = Ensemble(request, ENSEMBLE_RUNS)
    while ensemble.done < ensemble.runs:
        ensemble.go_on(pool)
    _write(folder, "ensemble", ensemble_message(ensemble), {})


def _write(folder: Path, name: str, message: Message, more: dict[str, Any]) -> None:
    content, buffers = message
    (folder / f"{name}.json").write_text(json.dumps(content | {"id": 1} | more, ensure_ascii=False), "utf-8")
    for column, data in zip(content.get("columns", []), buffers, strict=True):
        (folder / f"{name}.{column['name']}.bin").write_bytes(data)


if __name__ == "__main__":
    _changes = json.loads(Path(sys.argv[3]).read_text("utf-8")) if len(sys.argv) > 3 else {}
    dump(sys.argv[1], Path(sys.argv[2]), _changes)
