"""Bad input from a person, told so that it can be mended: file, key, value, what is allowed."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class InputError(ValueError):
    """Bad input from a person: one line for each problem.

    The command prints the lines and ends with exit code 2.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems: tuple[str, ...] = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__(self.problems)  # so that it survives pickling on its way from a worker

    def __str__(self) -> str:
        return "\n".join(self.problems)


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Put the file's name before each problem that is found in it, unless it stands there."""
    try:
        yield
    except InputError as error:
        lines = [line if line.startswith(str(path)) else f"{path}: {line}" for line in error.problems]
        raise InputError(lines) from None


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like ``word``, as `` (did you mean 'x'?)``; empty if none is alike."""
    by_lower_case = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), by_lower_case, n=1)
    return f" (did you mean '{by_lower_case[found[0]]}'?)" if found else ""
