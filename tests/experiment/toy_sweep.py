"""A small sweep over the toy case: a chunk takes some hundredths of a second, step by step in NumPy."""

from pathlib import Path

from toy_case import write_toy_case

TOY = {
    "scenario": '"case"',
    "kind": '"grid"',
    "replicates": "2",
    "engine": '"numpy"',
    "runs_per_chunk": "2",
}
SET = ("soldiers_per_unit = 2000", "days = 2")
VARY = ("morale_pay = { levels = 2 }", "conditions.army.pay_usd_month = [40, 50, 60]")


def write_sweep(folder: Path, *, vary=VARY, settings=SET, name="toy", **keys: str) -> Path:
    """A sweep file beside the toy case; ``keys`` replace entries of TOY, None takes one away."""
    if not (folder / "case").exists():
        write_toy_case(folder / "case", places=4)
    entries = {key: value for key, value in (TOY | keys).items() if value is not None}
    lines = [f"{key} = {value}" for key, value in entries.items()]
    lines += ["[set]", *settings] + (["[vary]", *vary] if vary else [])
    path = folder / f"{name}.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
