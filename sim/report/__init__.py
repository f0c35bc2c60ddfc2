"""The report of a result: one HTML file that needs no network, for reading, projecting and printing.

``make_ensemble`` turns the tables into arrays once; each figure has a file that lays it out as plain data,
and a template under ``templates/`` that draws it as inline SVG or HTML. Jinja escapes text from case files.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.results import Result


def write_report(result: "Result", path: Path | str) -> Path:
    """Write the report of an ensemble.

    Args:
        result: what ``sim.run`` or ``open_result`` gave; any number of runs, days and places from one up.
        path: the HTML file to write; its folder is made if need be.

    Returns:
        The path written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_report(result), encoding="utf-8")
    return path


def render_report(result: "Result") -> str:
    """The report as HTML text."""
    from sim.report import text
    from sim.report.colours import ramp_css
    from sim.report.svg import templates

    environment = templates()
    environment.filters.update(day_month=text.day_month, long_date=text.long_date)
    environment.globals.update(plural=text.plural, ramp_css=ramp_css)
    return environment.get_template("report.html.j2").render(report_contents(result))


def report_contents(result: "Result") -> dict[str, Any]:
    """Everything that the template shows, by the name it has there."""
    from sim.report import curves, fall_days, headlines, heatmap, parameters, people, placemap, run_log
    from sim.report.ensemble import make_ensemble

    ensemble = make_ensemble(result)
    manifest = result.manifest
    rows = parameters.parameter_rows(manifest)
    main, rest = curves.draw_factions(ensemble)
    return {
        "ensemble": ensemble,
        "manifest": manifest,
        "title": result.scenario.title or result.case.title,
        "headlines": headlines.headlines(ensemble),
        "honesty": headlines.honesty(ensemble, rows),
        "changes": headlines.changes(manifest, rows),
        "map": placemap.draw_map(ensemble),
        "heatmap": heatmap.draw_heatmap(ensemble),
        "main_factions": main,
        "other_factions": rest,
        "backers": curves.draw_backers(ensemble),
        "panel_size": (curves.WIDTH, curves.HEIGHT, curves.LEFT, curves.RIGHT, curves.TOP, curves.BOTTOM),
        "people": people.draw_people(ensemble),
        "fall_days": fall_days.draw_fall_days(ensemble),
        "bar_days": fall_days.bar_days(ensemble.days),
        "log": run_log.tell_typical_run(ensemble),
        "parameters": rows,
        "evidence": parameters.evidence_summary(rows),
        "conditions": parameters.condition_rows(ensemble),
        "command": parameters.command(manifest),
        "provenance": parameters.provenance(manifest),
        "scenario_text": parameters.scenario_text(manifest),
    }
