"""On which day the main places fall, run by run, beside the recorded day."""

from dataclasses import dataclass

import numpy as np

from sim.report.ensemble import Ensemble
from sim.report.heatmap import date_of, recorded_date
from sim.report.text import day_month
from sim.skill.measures import central_interval, counted, or_never

_MOST = 40
_AT_LEAST = 6


@dataclass(frozen=True)
class FallDays:
    """One place.

    Attributes:
        name: of the place.
        capital: whether it is the capital.
        bars: (days in words, share of all runs in which it first fell then), in order.
        never: share of all runs in which it never fell.
        recorded_bar: number of the bar with the recorded day, from 1; 0 = not recorded as fallen.
        recorded: that date in words, or that it held; '' if nothing is known.
        median: date on which half of all runs had seen it fall, in words.
        spread: days between which it fell in the middle 90 % of all runs, in words.
    """

    name: str
    capital: bool
    bars: list[tuple[str, float]]
    never: float
    recorded_bar: int
    recorded: str
    median: str
    spread: str


def draw_fall_days(ensemble: Ensemble) -> list[FallDays]:
    """The capital and regional capitals at stake, by median day; if they are few, large places too."""
    kinds = ensemble.case.places["kind"]
    people = np.nan_to_num(ensemble.case.places["population"].to_numpy(dtype=float))
    at_stake = [int(p) for p in np.flatnonzero(ensemble.at_stake)]
    main = [p for p in at_stake if kinds.iloc[p] in ("capital", "regional_capital")]
    fallen = np.isfinite(ensemble.record.day) | (ensemble.probability[:, -1] >= 0.5)
    largest = sorted(set(at_stake) - set(main), key=lambda p: (not fallen[p], -people[p]))
    main += largest[: max(_AT_LEAST - len(main), 0)]
    main.sort(key=lambda p: (kinds.iloc[p] != "capital", -people[p]))
    main = sorted(
        main[:_MOST], key=lambda p: (kinds.iloc[p] != "capital", ensemble.median_day[p], -people[p])
    )
    return [_one(ensemble, p, str(kinds.iloc[p]) == "capital") for p in main]


def bar_days(days: int) -> int:
    """Days that share a bar: one up to three weeks, then as many as leave about twenty bars."""
    return 1 if days <= 21 else -(-days // 20)


def _days(ensemble: Ensemble, first: int, wide: int) -> str:
    """'27 Nov', or '27 Nov – 30 Nov' for a bar of several days."""
    ends = (ensemble.dates[first], ensemble.dates[min(first + wide, ensemble.days) - 1])
    return " – ".join(dict.fromkeys(day_month(day) for day in ends))


def _one(ensemble: Ensemble, p: int, capital: bool) -> FallDays:
    fall_day, days = ensemble.fall_day[:, p], ensemble.days
    shares = np.bincount(counted(fall_day, days).astype(int), minlength=days + 2)[1:] / len(fall_day)
    wide = bar_days(days)
    (low,), (high,) = (or_never(end, days) for end in central_interval(fall_day[:, None], days))
    recorded = ensemble.record.day[p]
    return FallDays(
        name=ensemble.short_names[p],
        capital=capital,
        bars=[
            (_days(ensemble, d, wide), float(shares[d : min(d + wide, days)].sum()))
            for d in range(0, days, wide)
        ],
        never=float(shares[-1]),
        recorded_bar=(int(recorded) - 1) // wide + 1 if np.isfinite(recorded) else 0,
        recorded=recorded_date(ensemble, p, held="as held", unknown=""),
        median=date_of(ensemble, ensemble.median_day[p], never="never"),
        spread=" – ".join(dict.fromkeys(date_of(ensemble, day, never="never") for day in (low, high))),
    )
