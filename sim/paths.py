"""Where the shipped data lie, and what an operating system leaves in folders unasked."""

from pathlib import Path

CLUTTER = {".DS_Store", "Thumbs.db", "desktop.ini"}

_PACKAGE = Path(__file__).resolve().parent


def configs_dir() -> Path:
    """Shipped cases, basemaps, scenarios, sweeps: inside the package in a wheel, beside it in a checkout."""
    inside = _PACKAGE / "configs"
    return inside if inside.is_dir() else _PACKAGE.parent / "configs"
