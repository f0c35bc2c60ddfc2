"""``holdfast calibrate``: learn parameters from recorded wars; draws, diagnostics and figures in a folder."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.asked import worker_problems
from sim.cli.folder import write_errors
from sim.cli.group import app
from sim.cli.options import Threads
from sim.cli.plain import plain_console, plain_table
from sim.cli.progress import GOES_ON, show_progress, stoppable
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.calibration import Study
    from sim.skill import Skill

SCORED_RUNS = 500
SHOWN = (
    "brier_skill_no_change",
    "brier_skill_front_hindsight",
    "mae_days",
    "kendall_tau",
    "coverage_90",
    "false_falls",
    "displacement_ard",
)
DIAGNOSTICS, LEARNED, SKILL = "diagnostics.json", "learned.csv", "skill.json"


@app.command()
def calibrate(
    study: Annotated[str, typer.Argument(help="A study file.", metavar="STUDY.toml")],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the calibration.", show_default="results/<study name>")
    ] = None,
    workers: Threads = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many runs; write nothing.")] = False,
) -> None:
    """Learn parameters from recorded wars; the same command again goes on where it stopped."""
    run_calibration(study, out, workers, dry_run)


def run_calibration(file: str, out: Path | None, workers: int | None, dry_run: bool) -> None:
    """Calibrate, or say what it would cost; print what was learned.

    Raises:
        InputError: every problem with the study or the folder; nothing has been simulated then.
    """
    if problems := worker_problems(workers):
        raise InputError(problems)
    from sim import calibration
    from sim.calibration.folder import folder_problems
    from sim.calibration.learned import contractions
    from sim.calibration.rounds import runs_of

    study = calibration.load_study(file)
    folder = out or Path("results", study.name)
    if problems := folder_problems(study, folder):
        raise InputError(problems)
    wars = ", ".join(scenario.name for scenario in study.scenarios)
    free = len(study.prior.names)
    typer.echo(f"Calibrating {free} parameters on {wars}: {runs_of(study):,} runs", err=True)
    if dry_run:
        return
    with stoppable(GOES_ON), write_errors(folder):
        with show_progress(runs_of(study)) as progress:
            posterior = calibration.calibrate(study, folder, workers=workers, progress=progress)
        typer.echo("Scoring the posterior, drawing the figures", err=True)
        learned = contractions(study, folder)
        skills = _finish(study, folder, posterior, learned, workers)
    _print(folder, learned, skills)


def _finish(
    study: "Study", folder: Path, posterior: "pd.DataFrame", learned: "pd.DataFrame", workers: int | None
) -> "dict[str, Skill]":
    """Write provenance, diagnostics, tables and figures; the scores of the posterior on the fitted cases."""
    from sim.calibration.folder import POSTERIOR
    from sim.calibration.learned import diagnostics
    from sim.posterior import PROVENANCE
    from sim.report.calibration import draw_marginals, draw_pairs, draw_predictive
    from sim.simulate import simulate
    from sim.skill import score_result
    from sim.whole import write_whole

    order = learned["parameter"].tolist()
    told = study.file.title or study.name
    files = {
        PROVENANCE: provenance(study, folder),
        DIAGNOSTICS: json.dumps(diagnostics(folder, posterior, learned), indent=2),
        LEARNED: learned.to_csv(index=False, float_format="%.5g"),
        "marginals.svg": draw_marginals(study.prior, posterior, order, f"{told}: parameters"),
        "pairs.svg": draw_pairs(study.prior, posterior, order, f"{told}: pairs"),
    }
    skills = {}
    for scenario in study.scenarios:
        runs = min(SCORED_RUNS, len(posterior))
        with_draws = scenario.with_set({"posterior": str((folder / POSTERIOR).resolve())})
        result = simulate(with_draws, runs, study.file.seed + 1, workers=workers)
        skills[scenario.name] = score_result(result, workers=workers)
        files[f"predictive-{scenario.name}.svg"] = draw_predictive(result)
    files[SKILL] = json.dumps({name: asdict(skill) for name, skill in skills.items()}, indent=2)
    for name, content in files.items():
        write_whole(folder / name, content.encode("utf-8"))
    return skills


def provenance(study: "Study", folder: Path) -> str:
    """Where the draws come from, as TOML: study, version, seed, cases, hashes."""
    import hashlib

    from sim.calibration.folder import POSTERIOR
    from sim.sweep_results import read_manifest
    from sim.toml import write_toml

    manifest = read_manifest(folder)
    digest = hashlib.sha256((folder / POSTERIOR).read_bytes()).hexdigest()
    hashes = {name: json.dumps(of, sort_keys=True).encode() for name, of in manifest["cases"].items()}
    return write_toml(
        {
            "name": study.name,
            "title": study.file.title,
            "created": manifest["created"],
            "version": manifest["versions"]["holdfast"],
            "seed": study.file.seed,
            "prior": study.file.prior,
            "draws_sha256": digest,
            "code_sha256": manifest["code"],
            "cases": {name: hashlib.sha256(of).hexdigest() for name, of in hashes.items()},
        }
    )


def _print(folder: Path, learned: "pd.DataFrame", skills: "dict[str, Skill]") -> None:
    from sim.calibration.learned import SILENT_CONTRACTION, SILENT_SHIFT
    from sim.cli.skill import figure

    console = plain_console()
    table = plain_table("Learned best", "Parameter", ["Median", "90 %", "Contraction", "Shift, sd"])
    for row in learned.head(15).itertuples():
        ends = f"[{row.low:.3g}, {row.high:.3g}]"
        table.add_row(row.parameter, f"{row.median:.3g}", ends, f"{row.contraction:.2f}", f"{row.shift:+.2f}")
    scores = plain_table("Scores of the posterior, in sample", "Score", list(skills))
    for name in SHOWN:
        scores.add_row(name, *(figure(getattr(skill, name)) for skill in skills.values()))
    for each in (table, scores):
        console.print()
        console.print(each)
    silent = learned.loc[learned["silent"], "parameter"]
    console.print(
        f"\nThe record says nothing of {len(silent)} of {len(learned)} parameters (variance shrunk by less "
        f"than {SILENT_CONTRACTION:.0%}, mean moved by less than {SILENT_SHIFT} sd of the prior):",
    )
    console.print(", ".join(silent) or "none")
    typer.echo(
        f"\nPosterior  {folder / 'posterior.parquet'}\nUse it     --posterior {folder / 'posterior.parquet'}"
    )
