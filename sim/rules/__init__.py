"""The rules, one mechanism per file, and their order in a tick.

A rule is a pure function over arrays for one run: ``rule(state, world, params, draws) -> state``. It writes
nothing in place, has no branch on array values and no shape that depends on data, so that it runs unchanged
in NumPy and in a compiled ensemble. To change a mechanism, write such a function and put it in the place of
the old one: ``rules = sim.rules.replace("desertion", my_rule)``. ``insert`` adds a rule, ``remove`` takes one
out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sim.draws import Draws
from sim.errors import InputError, nearest
from sim.parameters import Params
from sim.rules.aid import aid
from sim.rules.backers import backers
from sim.rules.breaking import breaking
from sim.rules.combat import combat
from sim.rules.command import command
from sim.rules.control import control
from sim.rules.defection import defection
from sim.rules.desertion import desertion
from sim.rules.diplomacy import diplomacy
from sim.rules.displacement import displacement
from sim.rules.events import events
from sim.rules.handover import handover
from sim.rules.joining import joining
from sim.rules.ledger import ledger
from sim.rules.morale import morale
from sim.rules.movement import movement
from sim.rules.muster import muster
from sim.rules.news import news
from sim.rules.opening import opening_state
from sim.rules.pay import pay
from sim.rules.resurgence import resurgence
from sim.rules.returns import returns
from sim.rules.uprising import uprising
from sim.rules.withdrawal import withdrawal
from sim.state import State
from sim.world import World

type RuleFunction = Callable[[State, World, Params, Draws], State]

__all__ = [
    "SCHEDULE", "Rule", "RuleFunction", "Rules", "insert", "opening_state", "remove", "replace",
    "schedule_table",
]  # fmt: skip

PERIODS = ("day", "tick")
"""How often a rule is applied: once, before the day's first tick, or at each tick."""


@dataclass(frozen=True)
class Rule:
    """A named step of the tick; ``every`` is one of PERIODS."""

    name: str
    every: str
    function: RuleFunction

    def __post_init__(self) -> None:
        if self.every not in PERIODS:
            raise InputError([f"rules: {self.name}: every: {self.every!r}; allowed: {', '.join(PERIODS)}"])
        if not callable(self.function):
            raise InputError([f"rules: {self.name}: {self.function!r} cannot be called; allowed: a function"])

    @property
    def does(self) -> str:
        """First line of what the rule says of itself."""
        return (self.function.__doc__ or "").strip().split("\n")[0]


type Rules = tuple[Rule, ...]

SCHEDULE: Rules = (
    Rule("events", "day", events),
    Rule("news", "day", news),
    Rule("defection", "day", defection),
    Rule("backers", "day", backers),
    Rule("pay", "day", pay),
    Rule("diplomacy", "day", diplomacy),
    Rule("resurgence", "day", resurgence),
    Rule("uprising", "day", uprising),
    Rule("joining", "day", joining),
    Rule("command", "day", command),
    Rule("withdrawal", "day", withdrawal),
    Rule("handover", "day", handover),
    Rule("displacement", "day", displacement),
    Rule("returns", "day", returns),
    Rule("aid", "day", aid),
    Rule("movement", "tick", movement),
    Rule("muster", "tick", muster),
    Rule("combat", "tick", combat),
    Rule("morale", "tick", morale),
    Rule("desertion", "tick", desertion),
    Rule("breaking", "tick", breaking),
    Rule("ledger", "tick", ledger),
    Rule("control", "tick", control),
)


def replace(name: str, function: RuleFunction, rules: Rules = SCHEDULE) -> Rules:
    """The same schedule with another function in the place of rule ``name``.

    Raises:
        InputError: there is no rule of that name, or ``function`` cannot be called as a rule.
    """
    _position(name, rules)
    return tuple(Rule(r.name, r.every, function) if r.name == name else r for r in rules)


def insert(rule: Rule, before: str, rules: Rules = SCHEDULE) -> Rules:
    """The same schedule with another rule before the one called ``before``.

    Rules of a day are done before its first tick, wherever in the schedule they stand.

    Raises:
        InputError: there is no rule ``before``, or there is one of the new rule's name already.
    """
    at = _position(before, rules)
    if not isinstance(rule, Rule):
        raise InputError([f'rules: {rule!r} is not a rule; allowed: Rule("its name", "tick", its function)'])
    if any(rule.name == other.name for other in rules):
        raise InputError([f"rules: {rule.name}: the schedule has such a rule; allowed: another name"])
    return (*rules[:at], rule, *rules[at:])


def remove(name: str, rules: Rules = SCHEDULE) -> Rules:
    """The same schedule without rule ``name``.

    Raises:
        InputError: there is no rule of that name.
    """
    _position(name, rules)
    return tuple(rule for rule in rules if rule.name != name)


def _position(name: str, rules: Rules) -> int:
    """Where in the schedule rule ``name`` stands."""
    names = [rule.name for rule in rules]
    if name not in names:
        raise InputError([f"rules: {name}: unknown rule{nearest(name, names)}; allowed: {', '.join(names)}"])
    return names.index(name)


def schedule_table(rules: Rules = SCHEDULE) -> list[dict[str, str | int]]:
    """The order of a tick as rows: order, name, every, does, mechanism (the module's first line)."""
    import sys

    rows: list[dict[str, str | int]] = []
    for order, rule in enumerate(rules, start=1):
        module = sys.modules.get(rule.function.__module__)
        source = ((module.__doc__ if module else "") or "").strip().split("\n")[0]
        rows.append(
            {"order": order, "name": rule.name, "every": rule.every, "does": rule.does, "mechanism": source}
        )
    return rows
