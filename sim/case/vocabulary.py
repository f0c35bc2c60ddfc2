"""The words that a case may use, and the units and ranges of the conditions of its armies."""

from typing import TYPE_CHECKING, Literal, NamedTuple

PlaceKind = Literal["capital", "regional_capital", "city", "town", "crossing", "base"]
Terrain = Literal["urban", "plain", "mountain", "desert", "coast"]
RoadClass = Literal["motorway", "primary", "secondary", "track"]
Side = Literal["government", "rebel", "other"]
Stance = Literal["allied", "truce", "neutral", "hostile"]
EventKind = Literal[
    "pay_rise",
    "order_withdraw",
    "order_hold",
    "reinforcement",
    "air_campaign",
    "backer_statement",
    "backer_withdrawal",
    "offensive_start",
    "uprising",
    "negotiation",
    "ceasefire",
    "other",
]
HowTaken = Literal["assault", "withdrawal", "surrender", "uprising", "handover"]
Confidence = Literal["high", "medium", "low"]
Scope = Literal["national", "region", "place"]
Grade = Literal["A", "B", "C"]


class ConditionScale(NamedTuple):
    """Unit and range of a condition, both ends included."""

    unit: str
    low: float
    high: float

    @property
    def range_text(self) -> str:
        """The range in words."""
        return f"{self.low:g} to {self.high:g}"


_SHARE = ConditionScale("share", 0.0, 1.0)
_USD_PER_MONTH = ConditionScale("usd_per_month", 0.0, 10_000.0)
_INDEX = ConditionScale("index_0_1", 0.0, 1.0)
_BALANCE = ConditionScale("index_-1_1", -1.0, 1.0)

CONDITION_SCALES: dict[str, ConditionScale] = {
    "present_share": _SHARE,
    "pay_usd_month": _USD_PER_MONTH,
    "arrears_months": ConditionScale("months", 0.0, 60.0),
    "reservation_wage_usd_month": _USD_PER_MONTH,
    "conscript_share": _SHARE,
    "static_share": _SHARE,
    "air_support_change": ConditionScale("ratio", 0.0, 100.0),
    "backer_change": _BALANCE,
    "record_12m": _BALANCE,
    "command_quality": _INDEX,
    "cohesion": _INDEX,
    "preparation": _INDEX,
    "heavy_weapons": _BALANCE,
}
"""What each key of conditions.csv is measured in; wide limits, which only a wrong unit or a slip passes."""

# Its keys as a type that pydantic reads; a type checker wants them spelt out, a second time.
if TYPE_CHECKING:
    ConditionName = str
else:
    ConditionName = Literal[*CONDITION_SCALES]
