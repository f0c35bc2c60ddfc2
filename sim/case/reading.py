"""The files of a case folder: found, read as far as they can be, and hashed."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

from sim.case.draft import Draft, Extent
from sim.case.problems import problem
from sim.case.settings import read_settings
from sim.case.sheet import read_sheet
from sim.case.shipped import shipped_cases
from sim.case.table import empty_table, read_table
from sim.case.tables import TABLES
from sim.errors import nearest
from sim.paths import configs_dir


@dataclass
class Reading:
    """What was found in a case folder, and what is wrong with single files."""

    folder: Path
    draft: Draft
    basemap: Path | None = None
    description: str = ""
    hashes: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def read_bytes(self, file: str, needed: str = "a file of this name") -> bytes | None:
        """A file of the folder; None if it is not there, which is a problem unless ``needed`` is empty."""
        path = self.folder / file
        if not path.is_file():
            if needed:
                self.problems.append(problem(self.label(file), "missing file", needed))
            return None
        data = path.read_bytes()
        self.hashes[file] = hashlib.sha256(data).hexdigest()
        return data

    def label(self, file: str) -> str:
        """How lines of problems call a file."""
        return f"{self.draft.name}/{file}"


def read_folder(folder: Path) -> Reading:
    """Read all files of a case."""
    reading = Reading(folder, Draft(name=folder.resolve().name))
    if not folder.is_dir():
        known = shipped_cases()
        what = f"no such folder{nearest(folder.name, known)}"
        reading.problems.append(problem(str(folder), what, f"a case folder (shipped: {', '.join(known)})"))
        return reading
    _read_settings(reading)
    _read_tables(reading)
    if (text := reading.read_bytes("case.md")) is not None:
        try:
            reading.description = text.decode("utf-8-sig")
        except UnicodeDecodeError:
            reading.problems.append(problem(reading.label("case.md"), "not UTF-8", "a text saved as UTF-8"))
    return reading


def _read_settings(reading: Reading) -> None:
    """case.toml, and the basemap that it names."""
    data = reading.read_bytes("case.toml")
    if data is None:
        return
    settings, problems = read_settings(reading.label("case.toml"), data)
    reading.draft.settings.update(settings)
    reading.problems += problems
    if "basemap" not in settings:
        return
    folders = [reading.folder.resolve() / "../../geo", reading.folder, configs_dir() / "geo"]
    found = [folder / settings["basemap"] for folder in folders if (folder / settings["basemap"]).is_file()]
    if found:
        reading.basemap = found[0].resolve()
        reading.draft.extent, problems = _read_extent(reading.basemap)
        reading.problems += problems
        return
    known = sorted({file.stem for folder in folders for file in folder.glob("*.geojson")})
    # A case without its basemap can be run; its maps show places and roads alone.
    if hint := nearest(Path(settings["basemap"]).stem, known):
        what = f"'{settings['basemap']}' is not found{hint}"
        allowed = "a file of the case folder or of ../../geo beside it, or a shipped one"
        reading.problems.append(problem(f"{reading.label('case.toml')}: basemap", what, allowed))


def _read_extent(basemap: Path) -> tuple[Extent | None, list[str]]:
    """West, south, east, north of a basemap, if it tells."""
    try:
        content = json.loads(basemap.read_bytes())
    except ValueError:
        content = None
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        return None, [problem(basemap.name, "not a basemap", "a GeoJSON FeatureCollection")]
    box = content.get("bbox")
    if isinstance(box, list) and len(box) == 4 and all(isinstance(side, int | float) for side in box):
        return (box[0], box[1], box[2], box[3]), []
    return None, []


def _read_tables(reading: Reading) -> None:
    known = [f"{name}.csv" for name in TABLES]
    for path in sorted(reading.folder.glob("*.csv")):
        # Notes of the compiler's own may lie beside the tables; a misspelt table may not.
        if path.name not in known and (hint := nearest(path.stem, TABLES)):
            what = f"unknown file{hint}"
            reading.problems.append(problem(reading.label(path.name), what, ", ".join(known)))
    for name, row_type in TABLES.items():
        file = f"{name}.csv"
        columns = row_type.model_fields
        data = reading.read_bytes(
            file, "" if row_type.OPTIONAL else f"a file with the columns {', '.join(columns)}"
        )
        if data is None:
            if row_type.OPTIONAL:
                reading.draft.tables[name] = empty_table(reading.label(file), row_type)
            continue
        sheet, problems = read_sheet(reading.label(file), data, columns)
        reading.problems += problems
        if sheet is not None:
            reading.draft.tables[name], problems = read_table(sheet, row_type)
            reading.problems += problems
