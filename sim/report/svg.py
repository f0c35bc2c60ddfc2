"""Figures as SVG files of their own, in the colours of the report."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

SERIES_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#B5649A", "#E69F00", "#59606A", "#4FA3D9", "#9C3A16")
"""Of the series of a chart; Okabe & Ito (2008), as in ``sim.report.colours``."""


def templates() -> "Environment":
    """The templates beside this file; what comes from case files is escaped, a missing name is an error."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sim.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_svg(template: str, **context: Any) -> str:
    """A figure as SVG text."""
    return templates().get_template(template).render(context)
