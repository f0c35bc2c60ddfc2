"""What may stand in a study file; the ``description`` of a field is what error messages quote."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from sim.calibration.loss import PARTS
from sim.scenario.events import SLUG, Whole

LARGEST_SEED = 2**32 - 1
TOGETHER = 16
"""Points of a generation that meet the same chances."""
WEIGHTS = {"brier": 1.0, "fall_day": 0.5, "false_falls": 0.5, "displacement": 0.25}
LARGEST_POPULATION = 2**16

type Weight = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
type Rate = Annotated[float, Field(gt=0, le=1e5, allow_inf_nan=False)]


def _once(rates: tuple[float, ...]) -> tuple[float, ...]:
    if len(set(rates)) < len(rates):
        raise ValueError("a rate is named twice")
    return rates


class StudyFile(BaseModel):
    """A study file as it stands, checked key by key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=SLUG, description="a short name without spaces")
    title: str = Field("", description="a line of text")
    cases: dict[str, Weight] = Field(
        min_length=1,
        description="a table of scenarios (names, TOML files, case folders) and their weights, 0 to 1000",
    )
    free: tuple[str, ...] | None = Field(None, description="a list of parameters and mechanisms")
    prior: Literal["logit-normal", "uniform"] = Field("logit-normal", description="logit-normal or uniform")
    seed: Whole = Field(0, ge=0, le=LARGEST_SEED, description=f"a whole number, 0 to {LARGEST_SEED}")
    replicates: Whole = Field(2, ge=2, le=1000, description="a whole number of runs at each point, 2 to 1000")
    generations: Whole = Field(
        24, ge=1, le=1000, description="a whole number of generations at each rate, 1 to 1000"
    )
    population: Whole = Field(
        128,
        ge=TOGETHER,
        le=LARGEST_POPULATION,
        multiple_of=TOGETHER,
        description=f"points, a multiple of {TOGETHER} up to {LARGEST_POPULATION}",
    )
    draws: Whole = Field(1024, ge=16, le=100_000, description="a whole number of draws, 16 to 100000")
    rates: Annotated[tuple[Rate, ...], AfterValidator(_once)] = Field(
        (50, 100, 200),
        min_length=1,
        description="a list of learning rates, each once, numbers above 0 up to 100000",
    )
    loss: dict[str, Weight] = Field({}, description=f"a table of weights, 0 to 1000, of {', '.join(PARTS)}")

    @property
    def weights(self) -> dict[str, float]:
        """Of the parts of the loss, as PARTS."""
        return {part: float(self.loss.get(part, WEIGHTS[part])) for part in PARTS}

    def described(self) -> dict[str, Any]:
        """All of it that numbers hang on."""
        return self.model_dump(mode="json", exclude={"title", "cases", "free", "loss"}) | {
            "loss": self.weights
        }
