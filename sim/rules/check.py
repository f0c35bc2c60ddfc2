"""Checks a schedule before it is run, so that a mistake in a rule of one's own is named in one line."""

import inspect
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from sim.arrays import traced
from sim.draws import Draws
from sim.errors import InputError, nearest
from sim.parameters import Params
from sim.rules import PERIODS, SCHEDULE, Rule, Rules, opening_state
from sim.state import State, by_faction, ticks_per_day
from sim.world import World

_COMPILER_SAYS = {
    "TracerBoolConversionError": "asks whether an array value is true (if, and, or, not, while, min, max)",
    "NonConcreteBooleanIndexError": "picks entries by a mask, so that the shape depends on the data",
    "TracerArrayConversionError": "hands an array to a function of NumPy",
    "TracerIntegerConversionError": "uses an array value as a Python index",
    "ConcretizationTypeError": "uses an array value as a Python number (float, int, range)",
}
"""What JAX's errors mean in a rule, the narrower ones first."""

_REMEDY = (
    "allowed: xp.where(condition, a, b) and other functions of xp = array_namespace(state.soldiers), "
    'or engine="numpy", which takes any Python'
)
_NO_WRITING = "writes into an array in place; allowed: return state._replace(...) with new arrays"

_MAY_BE_INFINITE = ("event_fired_day", "ceasefire_until")
"""Not yet, and without end."""
_MEN = ("soldiers", "killed_now", "deserted_now", "surrendered_now")
"""Where the men of a unit are until the ledger has counted who left it."""
CHECKED_DAYS = 3
"""Long enough for fights, flight and the news of both; a fifth of a second for a shipped case."""


def read_rules(rules: Any) -> Rules:
    """A schedule, hashable.

    Raises:
        InputError: ``rules`` is something else.
    """
    listed = tuple(rules) if isinstance(rules, (list, tuple)) else ()
    if not listed or not all(isinstance(rule, Rule) for rule in listed):
        allowed = "sim.rules.SCHEDULE or what sim.rules.replace, insert and remove return"
        raise InputError([f"rules: {rules!r}; allowed: {allowed}"])
    return listed


def check_rules(world: World, params: Params, rules: Rules, engine: str = "numpy") -> None:
    """Run the first days in NumPy, trace new rules for JAX, and look at what each rule returns.

    Args:
        world: arrays of a scenario (NumPy).
        params: one value of each parameter.
        rules: the schedule.
        engine: "numpy" or "jax".

    Raises:
        InputError: a rule raises, writes into its arguments, cannot be compiled, or returns something that is
            not a state with the same fields, shapes and kinds of numbers; or one that is not in SCHEDULE
            gives numbers that are not finite, morale outside 0 to 1, parts of soldiers, or loses count.
    """
    seed, first = np.asarray(0, dtype=np.uint32), np.asarray(0, dtype=np.int32)
    state, world = opening_state(world, params, Draws(seed, first)), World(*map(_locked, world))
    ticks = ticks_per_day(world)
    for number in range(CHECKED_DAYS * ticks):
        draws = Draws(seed, state.tick)
        now = PERIODS if number % ticks == 0 else ("tick",)
        for rule in (rule for every in now for rule in rules if rule.every == every):
            arguments = (State(*map(_locked, state)), world, params, draws)
            after = _checked(rule, state, _called(rule, rule.function, *arguments))
            if engine == "jax" and number == 0 and rule not in SCHEDULE:
                _checked(rule, state, _called(rule, traced(rule.function), *arguments))
            before, state = state, _same_types(state, after)
            # What else is wrong mostly follows from the first.
            if rule not in SCHEDULE and (problem := next(_unsound(before, state, world), "")):
                raise InputError([f"rules: {rule.name}: {problem}"])
        state = state._replace(tick=state.tick + np.int32(1))


def _locked(array: np.ndarray) -> np.ndarray:
    view = np.asarray(array).view()
    view.flags.writeable = False
    return view


def _called(rule: Rule, how: Callable, *arguments: Any) -> Any:
    """What the rule returns when it is called in a certain way."""
    try:
        return how(*arguments)
    except Exception as error:  # whatever a user's rule raises is his to read
        raise InputError([f"rules: {rule.name}: {_explained(error)}{_where(rule, error)}"]) from error


def _explained(error: Exception) -> str:
    """An error in a rule in one line."""
    if "read-only" in str(error) or "JAX arrays are immutable" in str(error):
        return _NO_WRITING
    ancestors = {ancestor.__name__ for ancestor in type(error).__mro__}
    for name, meaning in _COMPILER_SAYS.items():
        if name in ancestors:
            return f"{meaning}, which cannot be compiled; {_REMEDY}"
    first_line = str(error).strip().split("\n")[0]
    unknown = first_line.removeprefix("Got unexpected field names: ").strip("[]'")
    hint = nearest(unknown, State._fields) if unknown in first_line != unknown else ""
    return f"raised {type(error).__name__}: {first_line}{hint}"


def _where(rule: Rule, error: Exception) -> str:
    """The last line of the rule's own file that was being read, as `` (my_rules.py, line 12)``."""
    code = inspect.unwrap(rule.function).__code__ if inspect.isfunction(rule.function) else None
    frames = [f for f in traceback.extract_tb(error.__traceback__) if code and f.filename == code.co_filename]
    return f" ({frames[-1].filename.rsplit('/', 1)[-1]}, line {frames[-1].lineno})" if frames else ""


def _checked(rule: Rule, before: State, after: Any) -> State:
    """The state that a rule returned, if it has the form of the one that it was given."""
    if not isinstance(after, State):
        got = "nothing" if after is None else type(after).__name__
        raise InputError(
            [f"rules: {rule.name}: returned {got}; allowed: a State (return state._replace(...))"]
        )
    problems = []
    for field, old, value in zip(State._fields, before, after, strict=True):
        where = f"rules: {rule.name}: {field}"
        new = value if hasattr(value, "dtype") else np.asarray(value)
        if new.shape != old.shape:
            problems.append(f"{where} has shape {new.shape}; allowed: {old.shape}")
        elif np.dtype(new.dtype).kind != old.dtype.kind:
            problems.append(f"{where} became {new.dtype}; allowed: {old.dtype}")
    if problems:
        raise InputError(problems)
    return after


def _unsound(before: State, after: State, world: World) -> Iterator[str]:
    """What in the numbers of a state, sound before a rule, cannot be."""
    for field, old, new in zip(State._fields, before, after, strict=True):
        if new.dtype.kind == "f":
            is_number = (lambda a: ~np.isnan(a)) if field in _MAY_BE_INFINITE else np.isfinite
            wrong = new[~is_number(new) & is_number(old)]
            if wrong.size:
                yield f"{field} holds values that are not numbers ({wrong[0]:g}); allowed: finite numbers"
    for field in _MEN:
        men = getattr(after, field)
        wrong = men[(men < 0) | (men != np.floor(men))]
        if wrong.size:
            yield f"{field} holds {wrong[0]:g}; allowed: whole numbers, 0 or more"
    wrong = after.morale[(after.morale < 0) | (after.morale > 1)]
    if wrong.size:
        yield f"morale holds {wrong[0]:g}; allowed: 0 to 1"
    gained = _on_the_eve(after, world) - _on_the_eve(before, world)
    for faction in np.flatnonzero(gained):
        men, comes = abs(gained[faction]), gained[faction] > 0
        what, book = (
            ("appear", "mobilised") if comes else ("vanish", "killed_now, deserted_now or surrendered_now")
        )
        yield f"soldiers: {men:g} of faction {faction} {what} uncounted; allowed: added to {book} as well"


def _on_the_eve(state: State, world: World) -> np.ndarray:
    """Soldiers [F] on the eve by the books: those there are and all who left, less those who came."""
    men = np.sum([getattr(state, field) for field in _MEN], axis=0, dtype=float)
    there = by_faction(men, world)
    return there + state.killed + state.deserted + state.surrendered + state.defected_out - state.mobilised


def _same_types(before: State, after: State) -> State:
    return State(*(np.asarray(new).astype(old.dtype) for new, old in zip(after, before, strict=True)))
