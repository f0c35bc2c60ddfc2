"""Every colour that carries meaning, in one place: factions and the probability that a place has fallen.

Faction colours extend the colour-blind-safe set of Okabe & Ito (2008, jfly.uni-koeln.de/color): blues for the
government side, oranges for rebels, greens and purples for others. The probability ramp follows *inferno*
(van der Walt & Smith 2015), whose lightness changes evenly, so it survives colour blindness and grey print.
"""

import pandas as pd

FACTION_PALETTE: dict[str, tuple[str, ...]] = {
    "government": ("#0072B2", "#4FA3D9", "#174A7E", "#7FB8C9"),
    "rebel": ("#D55E00", "#E69F00", "#9C3A16", "#F0B08A", "#C9A227"),
    "other": ("#009E73", "#B5649A", "#6B7F3A", "#7A6FAF", "#7C7C7C"),
}
"""Colours of a side, in the order of its factions in factions.csv; a longer side starts again."""

# From "held" to "fallen"; on a dark page the ramp runs the other way, always away from the paper.
_LIGHT_PAGE = (
    "#FFFBE8", "#FBEDA6", "#F8D558", "#FBB01E", "#F5861A", "#E3602F",
    "#C7424C", "#A32F62", "#7B1D6D", "#53106D", "#2F0A5B",
)  # fmt: skip
_DARK_PAGE = (
    "#2A1A4A", "#46156B", "#6A176E", "#902568", "#B73557", "#D84C3E",
    "#EE6A24", "#F98E09", "#FAB62F", "#F6DC66", "#FCFFB4",
)  # fmt: skip


def faction_colours(factions: pd.DataFrame) -> dict[str, str]:
    """Colour (#RRGGBB) of every faction of a case; depends only on the order of rows in factions.csv."""
    seen: dict[str, int] = {}
    colours = {}
    for faction_id, side in zip(factions["id"], factions["side"], strict=True):
        palette = FACTION_PALETTE.get(str(side), FACTION_PALETTE["other"])
        position = seen.get(str(side), 0)
        seen[str(side)] = position + 1
        colours[str(faction_id)] = palette[position % len(palette)]
    return colours


def probability_ramp(dark: bool = False) -> list[str]:
    """The 101 colours (#RRGGBB) of 0 to 100 percent."""
    anchors = _DARK_PAGE if dark else _LIGHT_PAGE
    return [_between(anchors, percent / 100) for percent in range(101)]


def ink_on(background: str) -> str:
    """Black or white, whichever reads better; the contrast is at least 4.5 (WCAG 2.2, level AA)."""
    return "#000000" if _luminance(background) > 0.179 else "#FFFFFF"


def ramp_css(dark: bool = False) -> str:
    """One rule per percent: ``.p37`` sets the background, the ink on it and the fill of an SVG shape."""
    return "".join(
        f".p{percent}{{background:{colour};fill:{colour};color:{ink_on(colour)}}}"
        for percent, colour in enumerate(probability_ramp(dark))
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _between(anchors: tuple[str, ...], share: float) -> str:
    """Linear interpolation along a row of colours; share 0..1."""
    position = share * (len(anchors) - 1)
    left = min(int(position), len(anchors) - 2)
    weight = position - left
    pairs = zip(_channels(anchors[left]), _channels(anchors[left + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * weight):02X}" for a, b in pairs)


def _luminance(colour: str) -> float:
    """Relative luminance 0..1 after WCAG 2.2."""
    red, green, blue = (
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
