"""Checks a schedule before it is run, so that a mistake in a rule of one's own is named in one line."""

import inspect
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np

from sim.arrays import traced
from sim.draws import Draws
from sim.errors import InputError, nearest
from sim.parameters import Params
from sim.rules import SCHEDULE, Rule, Rules, opening_state
from sim.state import State
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


def check_rules(world: World, params: Params, rules: Rules, engine: str = "numpy") -> None:
    """Run every rule once on the eve in NumPy, trace new ones for JAX, and look at what they return.

    Args:
        world: arrays of a scenario (NumPy).
        params: one value of each parameter.
        rules: the schedule.
        engine: "numpy" or "jax".

    Raises:
        InputError: a rule raises, writes into its arguments, cannot be compiled, or returns something that is
            not a state with the same fields, shapes and kinds of numbers, none of them nan.
    """
    draws = Draws(np.asarray(0, dtype=np.uint32), np.asarray(0, dtype=np.int32))
    state, world = opening_state(world, params, draws), World(*map(_locked, world))
    for rule in rules:
        arguments = (State(*map(_locked, state)), world, params, draws)
        after = _called(rule, rule.function, *arguments)
        state = _same_types(state, _checked(rule, state, after))
        if engine == "jax" and rule not in SCHEDULE:
            _checked(rule, state, _called(rule, traced(rule.function), *arguments))


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
        elif isinstance(new, np.ndarray) and new.dtype.kind == "f" and (np.isnan(new) & ~np.isnan(old)).any():
            problems.append(f"{where} holds values that are not numbers (nan); allowed: numbers")
    if problems:
        raise InputError(problems)
    return after


def _same_types(before: State, after: State) -> State:
    return State(*(np.asarray(new).astype(old.dtype) for new, old in zip(after, before, strict=True)))
