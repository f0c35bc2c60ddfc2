"""Whose places are at stake in a report."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.case import Case


def attacked_factions(case: "Case") -> frozenset[str]:
    """Those whose places are at stake: factions hostile on the eve to one that attacks from the first day.

    Without such an attacker, or without hostile relations, it is the government side.
    """
    attackers = set(case.opening_offensive)
    hostile = case.relations[case.relations["stance"] == "hostile"]
    pairs = list(zip(hostile["a"], hostile["b"], strict=True))
    enemies = {b for a, b in pairs if a in attackers} | {a for a, b in pairs if b in attackers}
    return frozenset(enemies - attackers) or frozenset(case.government_side)
