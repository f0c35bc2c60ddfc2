"""Names of a case in a sentence or a list: without the remarks of its files."""

from collections.abc import Iterable


def short_name(name: str) -> str:
    """The name without what stands in brackets or after a comma."""
    return name.split(" (")[0].split(", ")[0]


def short_names(names: Iterable[str]) -> list[str]:
    """Names without brackets, but whole where two would become the same."""
    whole = [str(name) for name in names]
    short = [short_name(name) for name in whole]
    return [brief if short.count(brief) == 1 else name for brief, name in zip(short, whole, strict=True)]
