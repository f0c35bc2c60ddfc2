"""Numbers, dates and names as people write them."""

import math
from datetime import date


def percent(share: float) -> str:
    """'83 %'; what is nearly but not quite never or always says so ('< 1 %', '> 99 %')."""
    if 0 < share <= 0.005:
        return "< 1 %"
    if 0.995 <= share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def count(number: float) -> str:
    """'41,300': thousands separated, no decimals; a dash for a missing number."""
    return f"{number:,.0f}" if math.isfinite(number) else "–"


def rounded(number: float) -> str:
    """'18,700': three significant digits, for a median that is no surer than that."""
    if not math.isfinite(number) or number == 0:
        return count(number)
    return (
        count(round(number, 2 - math.floor(math.log10(abs(number)))))
        if abs(number) >= 1000
        else count(number)
    )


def short_number(number: float) -> str:
    """An axis label: '40k', '1.5M', '0.25'."""
    size = abs(number)
    if size >= 1e6:
        return f"{number / 1e6:g}M"
    if size >= 1e4:
        return f"{number / 1e3:g}k"
    return f"{number:,.10g}"


def reading(number: float) -> str:
    """A value in a sentence: three significant digits below ten, else whole with thousands separated."""
    if not math.isfinite(number):
        return "–"
    return f"{number:.2f}" if abs(number) < 10 and number != round(number) else f"{number:,.0f}"


def day_month(day: date) -> str:
    """'27 Nov'."""
    return f"{day.day} {day:%b}"


def long_date(day: date) -> str:
    """'27 November 2024'."""
    return f"{day.day} {day:%B %Y}"


def plural(number: int, noun: str) -> str:
    """'1 run', '500 runs'."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(words: list[str], most: int = 3) -> str:
    """'Aleppo, Hama and 4 more'."""
    if len(words) > most:
        return f"{', '.join(words[:most])} and {len(words) - most} more"
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
