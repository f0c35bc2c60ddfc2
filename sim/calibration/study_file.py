"""What may stand in a study file; the ``description`` of a field is what error messages quote."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from sim.calibration.loss import PARTS
from sim.scenario.events import SLUG, Whole

LARGEST_SEED = 2**32 - 1
TOGETHER = 16
"""Points of a generation that meet the same chances."""
WEIGHTS = {"brier": 1.0, "fall_day": 0.5, "false_falls": 0.5, "displacement": 0.25}

type Weight = Annotated[
    float, Field(ge=0, le=1000, allow_inf_nan=False, description="a number from 0 to 1000")
]
type Rate = Annotated[float, Field(gt=0, le=1e5, allow_inf_nan=False, description="a number above 0")]


class StudyFile(BaseModel):
    """A study file as it stands, checked key by key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=SLUG, description="a short name without spaces")
    title: str = Field("", description="a line of text")
    cases: dict[str, Weight] = Field(
        min_length=1, description="a table of scenarios (names, TOML files, case folders) and their weights"
    )
    free: tuple[str, ...] | None = Field(None, description="a list of parameters and mechanisms")
    prior: Literal["logit-normal", "uniform"] = Field("logit-normal", description="logit-normal or uniform")
    seed: Whole = Field(0, ge=0, le=LARGEST_SEED, description=f"a whole number, 0 to {LARGEST_SEED}")
    replicates: Whole = Field(2, ge=2, le=1000, description="a whole number of runs at each point, 2 or more")
    generations: Whole = Field(
        24, ge=1, le=1000, description="a whole number of generations at each rate, 1 to 1000"
    )
    population: Whole = Field(
        128, ge=TOGETHER, le=2**16, multiple_of=TOGETHER, description=f"points, a multiple of {TOGETHER}"
    )
    draws: Whole = Field(1024, ge=16, le=100_000, description="a whole number of draws, 16 or more")
    rates: tuple[Rate, ...] = Field(
        (50, 100, 200), min_length=1, description="a list of learning rates, numbers above 0"
    )
    loss: dict[str, Weight] = Field({}, description=f"a table of weights of {', '.join(PARTS)}")

    @property
    def weights(self) -> dict[str, float]:
        """Of the parts of the loss, as PARTS."""
        return {part: float(self.loss.get(part, WEIGHTS[part])) for part in PARTS}

    def described(self) -> dict[str, Any]:
        """All of it that numbers hang on."""
        return self.model_dump(mode="json", exclude={"title", "cases", "free", "loss"}) | {
            "loss": self.weights
        }
