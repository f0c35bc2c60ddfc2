"""TOML in and out: reading is the standard library's, writing the little that a scenario needs."""

import datetime
import json
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.errors import InputError


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        InputError: the file cannot be read or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            [f"{path}: cannot be read ({error.strerror}); allowed: a readable TOML file"]
        ) from None
    except ValueError as error:  # not UTF-8 or not TOML
        reason = " ".join(str(error).split())
        raise InputError([f"{path}: not valid TOML: {reason}; allowed: lines like days = 13"]) from None


def read_named_toml(path: Path) -> dict[str, Any]:
    """The tables of a TOML file; its ``name`` is that of the file where none is given.

    Raises:
        InputError: as ``read_toml``.
    """
    return {"name": re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem).strip("-.")} | read_toml(path)


def read_value(text: str) -> Any:
    """A value as typed behind ``--set key=``: a TOML value, a number such as ``.5``, or else plain text."""
    try:
        parsed = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        parsed = {}
    if parsed.keys() == {"value"}:
        return parsed["value"]
    try:
        return float(text)
    except ValueError:
        return text


def write_toml(data: Mapping[str, Any]) -> str:
    """TOML text that reads back equal to ``data``: scalars, arrays, tables, and arrays of tables."""
    return "\n".join(_lines(data, ())) + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    inner = {key: value for key, value in table.items() if isinstance(value, Mapping) or _is_tables(value)}
    lines = [f"{_key(key)} = {write_value(value)}" for key, value in table.items() if key not in inner]
    for key, value in inner.items():
        header = ".".join(map(_key, (*path, key)))
        if isinstance(value, Mapping):
            lines += ["", f"[{header}]", *_lines(value, (*path, key))]
        else:
            for row in value:
                lines += ["", f"[[{header}]]", *_lines(row, (*path, key))]
    return lines


def _is_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else write_value(key)


def write_value(value: Any) -> str:
    """A value as it stands behind ``key =``."""
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(write_value, value)) + "]"
    if isinstance(value, datetime.date):
        return value.isoformat()
    # JSON spells text, truth and numbers as TOML does, but leaves DEL as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
