"""Attributes that are entries of the model's arrays, and what may be written to them."""

from collections.abc import Callable
from typing import Any, overload

import numpy as np

from sim.errors import InputError

_INFINITE = float("inf")


class Column[T]:
    """An attribute of an agent or place that is its entry in one array of ``model.state``.

    Args:
        field: name of the array; the agent's ``row`` is the index.
        kind: int, float or bool: what the entry is read as.
        doc: what it is, with its unit.
        low: lowest value that may be written.
        high: highest value that may be written.
        writable: False for what only the rules may change.
    """

    def __init__(
        self,
        field: str,
        kind: Callable[[Any], T],
        doc: str,
        *,
        low: float = -_INFINITE,
        high: float = _INFINITE,
        writable: bool = True,
    ) -> None:
        self.field, self.kind, self.__doc__ = field, kind, doc
        self.low, self.high, self.writable = low, high, writable

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = f"{owner.__name__}.{name}"

    @overload
    def __get__(self, agent: None, owner: type) -> "Column[T]": ...
    @overload
    def __get__(self, agent: Any, owner: type) -> T: ...
    def __get__(self, agent: Any, owner: type) -> Any:
        if agent is None:
            return self
        return self.kind(getattr(agent.model.state, self.field)[agent.row])

    def __set__(self, agent: Any, value: Any) -> None:
        if not self.writable:
            raise AttributeError(f"{self.name} can only be read: the rules keep it")
        array = getattr(agent.model.state, self.field)
        array[agent.row] = checked(self.name, value, self.low, self.high, whole=self.kind is int)


def checked(name: str, value: Any, low: float, high: float, *, whole: bool = False) -> float:
    """A value that may be written.

    Raises:
        InputError: it is no number, out of range, or a fraction where a whole number is due.
    """
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = float("nan")
    if not (low <= number <= high and np.isfinite(number)) or (whole and number % 1):
        kind = "a whole number" if whole else "a number"
        ends = [f" from {low:g}" if low > -_INFINITE else "", f" to {high:g}" if high < _INFINITE else ""]
        raise InputError([f"{name}: {value!r}; allowed: {kind}{''.join(ends)}"])
    return number
