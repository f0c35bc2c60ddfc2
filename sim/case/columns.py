"""The kinds of columns that the tables of a case are made of: type, range, unit, and what they refer to."""

import datetime
import re
from types import GenericAlias
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, cast, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, Field, FiniteFloat, TypeAdapter
from pydantic.fields import FieldInfo


class Refers(NamedTuple):
    """The column holds values of a column of another table (``many``: several, joined by ';')."""

    table: str
    column: str = "id"
    many: bool = False


def _iso_day(text: object) -> object:
    """Only 2024-11-27: ``fromisoformat`` alone would take 20241127 and 2024-W48-3 too."""
    day = datetime.date.fromisoformat(str(text))
    if day.isoformat() != text:
        raise ValueError("not a date in extended form")
    return day


def _digits(text: object) -> object:
    """18.000 is eighteen thousand to some and eighteen to others, so counts are written in digits alone.

    18000.0 is what pandas writes of a column with blanks.
    """
    if not re.fullmatch(r"[0-9]+(\.0)?", str(text)):
        raise ValueError("not in digits alone")
    return text


_COUNT = BeforeValidator(_digits)

SLUG_PATTERN = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
SLUG_WORDS = "lower-case a-z, 0-9, - and _"

Slug = Annotated[str, Field(pattern=SLUG_PATTERN, description=SLUG_WORDS)]
Text = Annotated[str, Field(min_length=1, description="text")]
PartialDate = Annotated[
    str, Field(pattern=r"^\d{4}(-\d\d(-\d\d)?)?$", description="YYYY, YYYY-MM or YYYY-MM-DD; or blank")
]
Url = Annotated[str, Field(pattern=r"^https?://\S+$", description="http(s) address, or blank")]
Day = Annotated[datetime.date, BeforeValidator(_iso_day), Field(description="ISO date, YYYY-MM-DD")]
Flag = Annotated[
    FiniteFloat, _COUNT, Field(ge=0, le=1, description="1 = counted up to that date, 0 = new since the last")
]

PlaceId = Annotated[str, Refers("places"), Field(description="a place of places.csv")]
FactionId = Annotated[str, Refers("factions"), Field(description="a faction of factions.csv")]
BackerId = Annotated[str, Refers("backers"), Field(description="a backer of backers.csv")]
Group = Annotated[str, Refers("affinities", "group"), Field(description="a group of affinities.csv")]
Sources = Annotated[
    str, Refers("sources", "key", many=True), Field(description="keys of sources.csv joined by ';'")
]

Share = Annotated[FiniteFloat, Field(ge=0, le=1, description="share")]
Latitude = Annotated[FiniteFloat, Field(ge=-90, le=90, description="WGS84 degrees")]
Longitude = Annotated[FiniteFloat, Field(ge=-180, le=180, description="WGS84 degrees")]
Kilometres = Annotated[FiniteFloat, Field(gt=0, description="km")]
People = Annotated[FiniteFloat, _COUNT, Field(ge=0, description="people, in digits alone")]
UsdPerMonth = Annotated[FiniteFloat, Field(ge=0, description="US dollars per month")]
SortiesPerDay = Annotated[FiniteFloat, Field(ge=0, description="sorties per day")]
Affinity = Annotated[FiniteFloat, Field(ge=-1, le=1, description="affinity")]
Figure = Annotated[FiniteFloat, Field(ge=0, description="in the unit of the row")]
Level = Annotated[FiniteFloat, Field(description="on the scale of its key")]


class Row(BaseModel):
    """The columns of a table, read one column at a time; a column with a default may be blank."""

    KEY: ClassVar[tuple[str, ...]] = ()
    """Columns that no two rows share; none: no two rows are equal throughout."""
    UNORDERED: ClassVar[bool] = False
    """The key is a pair without direction."""
    TWICE: ClassVar[str] = "given more than once"
    OPTIONAL: ClassVar[bool] = False
    """A case may lack the file."""


def adapter(column: FieldInfo) -> TypeAdapter[list[Any]]:
    """Reads a whole column of cells."""
    return TypeAdapter(cast(Any, GenericAlias(list, (column.rebuild_annotation(),))))


def refers(column: FieldInfo) -> Refers | None:
    """What the values of a column refer to."""
    return next((mark for mark in column.metadata if isinstance(mark, Refers)), None)


def words(column: FieldInfo) -> tuple[str, ...]:
    """The vocabulary of a column; empty if it has none."""
    return get_args(column.annotation) if get_origin(column.annotation) is Literal else ()


def is_count(column: FieldInfo) -> bool:
    """Whether the column holds whole numbers."""
    return _COUNT in column.metadata


def allowed(column: FieldInfo) -> str:
    """What a cell of the column may hold, in words."""
    if words(column):
        return ", ".join(words(column))
    if column.annotation is not float:
        return column.description or "text"
    bounds = {name: value for mark in column.metadata for name, value in _bounds(mark)}
    text = "whole number" if is_count(column) else "number"
    if "ge" in bounds and "le" in bounds:
        text += f" from {bounds['ge']} to {bounds['le']}"
    elif "ge" in bounds:
        text += f" of {bounds['ge']} or more"
    elif "gt" in bounds:
        text += f" above {bounds['gt']}"
    return f"{text} ({column.description})"


def _bounds(mark: object) -> list[tuple[str, Any]]:
    return [(name, getattr(mark, name)) for name in ("ge", "gt", "le") if hasattr(mark, name)]
