"""case.toml: what a case is called, its period, its basemap, and who stands where on the first day."""

import datetime
import tomllib
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from sim.case.columns import SLUG_PATTERN, SLUG_WORDS
from sim.case.problems import problem, shown
from sim.errors import nearest

_Name = Annotated[str, Field(min_length=1)]
_Day = Annotated[datetime.date, Field(strict=True, description="a date such as 2024-11-27, without quotes")]


class Settings(BaseModel):
    """The keys of case.toml; all are needed."""

    id: Annotated[str, Field(pattern=SLUG_PATTERN, description=f'text of {SLUG_WORDS}, as "syria-2024"')]
    title: Annotated[str, Field(min_length=1, description="text in quotes")]
    first_day: _Day
    last_day: _Day
    basemap: Annotated[
        str, Field(pattern=r"^[^/\\]+\.geojson$", description='name of a GeoJSON file, as "syria.geojson"')
    ]
    government_side: Annotated[
        tuple[_Name, ...], Field(min_length=1, description='list of factions, as ["army", "militia"]')
    ]
    opening_offensive: Annotated[
        tuple[_Name, ...],
        Field(description="list of the factions on the attack from the first day, [] if none"),
    ]


def read_settings(file: str, data: bytes) -> tuple[dict[str, Any], list[str]]:
    """The usable keys of case.toml and the problems of the others."""
    try:
        raw = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        where = f"{file}: line {data[: error.start].count(b'\n') + 1}"
        return {}, [problem(where, f"byte 0x{data[error.start]:02x} is not UTF-8", "TOML saved as UTF-8")]
    except tomllib.TOMLDecodeError as error:
        return {}, [
            problem(
                file,
                str(error),
                'TOML, on each line key = value, text as "a", lists as ["a", "b"], '
                "dates as 2024-11-27, without quotes",
            )
        ]
    fields = Settings.model_fields
    lacking = set(fields) - set(raw)
    problems = [
        problem(f"{file}: {key}", f"unknown key{nearest(key, lacking)}", ", ".join(fields))
        for key in raw
        if key not in fields
    ]
    settings: dict[str, Any] = {}
    for key, field in fields.items():
        allowed = field.description or ""
        if key in lacking:
            problems.append(problem(f"{file}: {key}", "missing", allowed))
            continue
        try:
            settings[key] = TypeAdapter(field.rebuild_annotation()).validate_python(raw[key])
        except ValidationError:
            value = "" if raw[key] == [] else raw[key]
            problems.append(problem(f"{file}: {key}", shown(value), allowed))
    if {"first_day", "last_day"} <= settings.keys() and settings["first_day"] > settings["last_day"]:
        later = f"first_day ({settings['first_day']}) or later"
        problems.append(problem(f"{file}: last_day", f"{settings['last_day']}", later))
        del settings["first_day"], settings["last_day"]  # no date can be judged by them
    return settings, problems
