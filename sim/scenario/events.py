"""What a scenario decrees: one small class per kind of event.

The ``description`` of a field says what it may hold; error messages quote it.
"""

import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
TIMING = ("day", "date", "when_fallen")
EVERYWHERE = "all"
LONGEST_DAYS = 3660
MOST_SOLDIERS = 10_000_000
MOST_RATIONS = 100_000_000
LARGEST_RISE = 20
"""Wide limits, which only a wrong unit or a slip passes."""


def _read_date(value: Any) -> Any:
    """A date as TOML or a manifest spells it; pydantic alone would also read 5 as seconds since 1970."""
    if isinstance(value, str):
        return datetime.date.fromisoformat(value)
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date | None):
        raise ValueError
    return value


type Whole = Annotated[int, Field(strict=True)]
type Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
type Day = Annotated[datetime.date, BeforeValidator(_read_date)]

_FACTION: Any = Field(description="the id of a faction of the case")
_PLACE: Any = Field(description="the id of a place of the case")
_PLACE_OR_ALL: Any = Field(description='the id of a place of the case, or "all"')
_BACKER: Any = Field(description="the id of a backer of the case")
_SOLDIERS: Any = Field(
    ge=1, le=MOST_SOLDIERS, description=f"a number of soldiers, 1 or more, up to {MOST_SOLDIERS:,}"
)


def _days(least: str, note: str = "", **bounds: Any) -> Any:
    return Field(
        description=f"a number of days, {least}, up to {LONGEST_DAYS}{note}", le=LONGEST_DAYS, **bounds
    )


class Event(BaseModel):
    """Something decreed once: on a day, on a date, or some days after a place has fallen."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=SLUG, description="a short name without spaces, used by --set events.ID.FIELD")
    kind: str
    day: Whole | None = Field(None, ge=1, description="a whole number of days, 1 = first day")
    date: Day | None = Field(None, description="a date like 2024-12-04")
    when_fallen: str | None = Field(None, description="the id of a place of the case")
    delay_days: Number | None = _days("0 or more", ", together with when_fallen", default=None, ge=0)

    def due(self, first_day: datetime.date) -> int | None:
        """The day on which it is decreed, 1 = ``first_day``; None if it waits for a fall."""
        return (self.date - first_day).days + 1 if self.date else self.day


class PayRise(Event):
    """A rise in pay is decreed, and paid some days later or never."""

    kind: Literal["pay_rise"] = "pay_rise"
    faction: str = _FACTION
    share: Number = Field(
        gt=-1,
        le=LARGEST_RISE,
        description=f"the rise as a share of pay, more than -1, up to {LARGEST_RISE} (0.5 = 50 % more)",
    )
    paid_after_days: Number | None = _days("0 or more", "; left out: never paid", default=None, ge=0)


class OrderWithdraw(Event):
    """A faction is told to leave a place, or everywhere."""

    kind: Literal["order_withdraw"] = "order_withdraw"
    faction: str = _FACTION
    place: str = _PLACE_OR_ALL


class OrderHold(Event):
    """A faction is told to hold a place, or everywhere."""

    kind: Literal["order_hold"] = "order_hold"
    faction: str = _FACTION
    place: str = _PLACE_OR_ALL


class Reinforcement(Event):
    """Soldiers from outside the map join a faction at a place."""

    kind: Literal["reinforcement"] = "reinforcement"
    faction: str = _FACTION
    place: str = _PLACE
    soldiers: Number = _SOLDIERS


class Mobilisation(Event):
    """A faction calls men up, at a place or spread like its deployments."""

    kind: Literal["mobilisation"] = "mobilisation"
    faction: str = _FACTION
    soldiers: Number = _SOLDIERS
    place: str | None = Field(
        None, description="the id of a place of the case; left out: spread like the deployments"
    )


class BackerWithdrawal(Event):
    """A foreign backer gives up and leaves."""

    kind: Literal["backer_withdrawal"] = "backer_withdrawal"
    backer: str = _BACKER


class BackerAttention(Event):
    """A foreign backer turns to its client, or away from it."""

    kind: Literal["backer_attention"] = "backer_attention"
    backer: str = _BACKER
    attention: Number = Field(
        ge=0, le=1, description="a number from 0 (looks elsewhere) to 1 (full attention)"
    )


class OffensiveStart(Event):
    """A faction that was passive goes on the attack."""

    kind: Literal["offensive_start"] = "offensive_start"
    faction: str = _FACTION


class Ceasefire(Event):
    """Two sides, with their allies, cease fire."""

    kind: Literal["ceasefire"] = "ceasefire"
    faction: str = _FACTION
    other: str = _FACTION
    duration_days: Number | None = _days("more than 0", "; left out: to the end", default=None, gt=0)


class Mediation(Event):
    """Somebody brings two sides, or one side and all its enemies, to talk."""

    kind: Literal["mediation"] = "mediation"
    faction: str = _FACTION
    other: str | None = Field(None, description="the id of a faction of the case; left out: all its enemies")
    effort: Number = Field(
        ge=0, le=1, description="a number from 0 (none) to 1 (as by two committed backers)"
    )


class RefuseTalks(Event):
    """A side signs nothing from now on, with one other side or with all."""

    kind: Literal["refuse_talks"] = "refuse_talks"
    faction: str = _FACTION
    other: str | None = Field(None, description="the id of a faction of the case; left out: all its enemies")


class Handover(Event):
    """Whoever holds a place hands it over to a faction."""

    kind: Literal["handover"] = "handover"
    faction: str = _FACTION
    place: str = _PLACE


class AidCorridor(Event):
    """Food reaches a place for some days, whoever holds the roads to it."""

    kind: Literal["aid_corridor"] = "aid_corridor"
    place: str = _PLACE
    rations_per_day: Number = Field(
        gt=0, le=MOST_RATIONS, description=f"food for a number of people, more than 0, up to {MOST_RATIONS:,}"
    )
    duration_days: Number = _days("more than 0", gt=0)


type AnyEvent = Annotated[
    PayRise
    | OrderWithdraw
    | OrderHold
    | Reinforcement
    | Mobilisation
    | BackerWithdrawal
    | BackerAttention
    | OffensiveStart
    | Ceasefire
    | Mediation
    | RefuseTalks
    | Handover
    | AidCorridor,
    Field(discriminator="kind"),
]

EVENT_KINDS: dict[str, type[Event]] = {
    kind.model_fields["kind"].default: kind for kind in Event.__subclasses__()
}

EVENT_NUMBERS = tuple(
    dict.fromkeys(
        name
        for kind in Event.__subclasses__()
        for name, field in kind.model_fields.items()
        if {Whole, Number} & {field.annotation, *get_args(field.annotation)}
    )
)
"""Fields of some event that are numbers: its day, delay and sizes."""
