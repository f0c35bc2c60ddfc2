"""What may stand in a sweep file; the ``description`` of a field is what error messages quote."""

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field

from sim.arguments import LARGEST_SEED
from sim.errors import nearest
from sim.scenario.checks import show
from sim.scenario.events import SLUG, Whole

Kind = Literal["grid", "latin_hypercube", "sobol", "saltelli", "morris", "list"]
POWER_OF_2 = ("sobol", "saltelli")
Table = Literal["control", "factions", "backers", "places", "displacement"]
DAILY: tuple[str, ...] = get_args(Table)
"""Tables that a sweep can keep day by day; not ``events``, whose sentences quote one scenario only."""

SIZES = {
    "grid": (),
    "latin_hypercube": ("points",),
    "sobol": ("points",),
    "saltelli": ("points", "second_order"),
    "morris": ("trajectories", "morris_levels"),
    "list": ("file",),
}
"""Keys that only some kinds of design have."""


class SweepFile(BaseModel):
    """A sweep file as it stands, checked key by key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=SLUG, description="a short name without spaces")
    title: str = Field("", description="a line of text")
    scenario: str = Field(description="a shipped scenario, a TOML file, or the id or folder of a case")
    kind: Kind = Field(description=", ".join(get_args(Kind)))
    replicates: Whole = Field(
        ge=1, le=2**31 - 1, description="a whole number of runs at each point, 1 or more"
    )
    seed: Whole = Field(0, ge=0, le=LARGEST_SEED, description=f"a whole number, 0 to {LARGEST_SEED}")
    points: Whole | None = Field(None, ge=1, le=2**30, description="a whole number, 1 or more")
    second_order: bool = Field(False, strict=True, description="true or false")
    trajectories: Whole | None = Field(None, ge=2, le=2**30, description="a whole number, 2 or more")
    morris_levels: Whole = Field(4, ge=2, le=64, multiple_of=2, description="an even number, 2 to 64")
    file: str | None = Field(None, description="a CSV file with one column per factor and one row per point")
    daily: bool | list[Table] = Field(False, description=f"true, false, or a list of {', '.join(DAILY)}")
    engine: Literal["jax", "numpy"] = Field("jax", description="jax or numpy")
    runs_per_chunk: Whole | None = Field(None, ge=1, le=100_000, description="a whole number, 1 or more")
    set: dict[str, Any] = Field({}, description="a table of settings as for --set, the same at every point")
    vary: dict[str, Any] = Field({}, description="a table of what is varied")

    @property
    def tables(self) -> tuple[str, ...]:
        """The daily tables that are kept."""
        if isinstance(self.daily, bool):
            return DAILY if self.daily else ()
        return tuple(name for name in DAILY if name in self.daily)


def size_problems(file: SweepFile) -> list[str]:
    """Keys that the kind of design needs and lacks, or has and does not know."""
    given = file.model_fields_set
    mine = SIZES[file.kind]
    problems = [
        f'{key}: is not used by kind = "{file.kind}"; allowed: with kind = '
        + " or ".join(f'"{kind}"' for kind, keys in SIZES.items() if key in keys)
        for key in sorted({key for keys in SIZES.values() for key in keys} - set(mine))
        if key in given
    ]
    problems += [
        f"{key}: is missing; allowed: {SweepFile.model_fields[key].description}"
        for key in mine
        if getattr(file, key) is None
    ]
    if file.kind in POWER_OF_2 and file.points is not None and file.points & (file.points - 1):
        below = 1 << (file.points.bit_length() - 1)
        problems.append(
            f"points: {file.points} is no power of 2, which a Sobol' sequence needs to be even; "
            f"allowed: {below} or {2 * below}"
        )
    if file.kind == "list" and file.vary:
        problems.append('vary: is given with kind = "list"; allowed: the columns of the CSV file alone')
    if file.kind != "list" and not file.vary:
        problems.append("vary: is missing; allowed: a table [vary] with at least one factor")
    return problems


def unknown_in(where: str, entry: dict[str, Any], known: tuple[str, ...]) -> list[str]:
    """A line for each key of a table that nobody knows."""
    return [
        f"{where}.{key}: unknown key{nearest(key, known)}; allowed: {', '.join(known)}"
        for key in entry
        if key not in known
    ]


def shown(where: str, value: Any, allowed: str) -> str:
    """The line for a value that is not allowed."""
    return f"{where}: {show(value)} is not valid; allowed: {allowed}"
