"""What can be kept of a campaign: a scenario file for the command line, tables as CSV or Parquet."""

import io
import json
import zipfile
from typing import Any

import numpy as np

from sim.app.campaign import Campaign, simulate
from sim.app.request import Request
from sim.errors import InputError
from sim.scenario import Scenario
from sim.scenario.checks import unknown
from sim.tables import make_tables

WHAT = ("scenario", "csv", "parquet")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest time of a zip: the same campaign gives the same bytes


def download(campaign: Campaign, what: Any) -> tuple[str, str, bytes]:
    """Name, media type and content of a file.

    Raises:
        InputError: there is no such file, or a scenario file cannot hold what was done.
    """
    if what not in WHAT:
        raise InputError([unknown("what", what, WHAT, "downloads")])
    name = f"{campaign.request.name}-seed-{campaign.request.seed}"
    if what == "scenario":
        return f"{name}.toml", "application/toml", scenario_file(campaign).encode()
    return f"{name}-{what}.zip", "application/zip", _tables(campaign, what)


def scenario_file(campaign: Campaign) -> str:
    """A TOML file; ``holdfast run`` repeats the campaign with it, as its run 0.

    Raises:
        InputError: levers were moved, or waiting decisions changed, on a later day.
    """
    request, scenario = campaign.request, campaign.scenario
    if request.acts and not _same_from_the_start(campaign):
        raise InputError(
            [
                f"A scenario file cannot hold what was changed on day {request.day}; allowed: decisions that "
                "are dated after it. Keep the link instead, or change the lever from the first day on."
            ]
        )
    lines = [
        "# Made in the browser page of Holdfast. The same campaign, as run 0:",
        "#",
        f"#     holdfast run FILE --runs 1 --seed {request.seed}",
        "",
    ]
    return "\n".join(lines) + scenario.to_toml()


def _same_from_the_start(campaign: Campaign) -> bool:
    """Whether the scenario after the act, run from its first day, gives the campaign itself."""
    request = campaign.request
    anew = simulate(Request(request.name, request.seed, campaign.scenario, campaign.scenario))
    return all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(anew.record, campaign.record, strict=True)
    )


def _tables(campaign: Campaign, what: str) -> bytes:
    """The tables of ``docs/results.md`` for this one run, and what it was made from."""
    tables = make_tables(campaign.ensemble, campaign.world, campaign.scenario)
    files: dict[str, bytes] = {"about.json": json.dumps(_about(campaign), indent=2).encode()}
    for name, table in tables.items():
        content = io.BytesIO()
        if what == "csv":
            table.to_csv(content, index=False, lineterminator="\n")
        else:
            table.to_parquet(content, index=False, compression="zstd")
        files[f"{name}.{what}"] = content.getvalue()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in files.items():
            into.writestr(zipfile.ZipInfo(name, _EPOCH), data, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _about(campaign: Campaign) -> dict[str, Any]:
    request = campaign.request

    def plain(scenario: Scenario) -> dict[str, Any]:
        return scenario.model_dump(mode="json", exclude_none=True)

    about = {"scenario": plain(request.before), "root_seed": request.seed, "run_seed": campaign.seed}
    return about | ({"changed_on_day": request.day, "then": plain(campaign.scenario)} if request.acts else {})
