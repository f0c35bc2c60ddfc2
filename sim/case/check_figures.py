"""Checks of figures: shares sum to 1, ranges run upward, and every pair that needs a row has one."""

from collections.abc import Iterator

from sim.case.case import alliance_of
from sim.case.draft import Draft
from sim.case.problems import names_text, problem
from sim.case.vocabulary import CONDITION_SCALES

SHARE_TOLERANCE = 0.005
"""Shares are rounded, so their sum may be off by this much, and by what adding them costs."""


def share_sums(draft: Draft) -> Iterator[str]:
    """The shares of each place (communities) and faction (deployments, recruitment) sum to 1."""
    for name, owner, owners in (
        ("communities", "place_id", "places"),
        ("deployments", "faction_id", "factions"),
        ("recruitment", "faction_id", "factions"),
    ):
        if not draft.has(name, owners):
            continue
        table = draft.tables[name]
        shares: dict[str, list[float]] = {}
        for who, share in zip(table.frame[owner], table.frame["share"], strict=True):
            shares.setdefault(who, []).append(share)
        for who in dict.fromkeys(draft.ids(owners)):
            if who not in shares:
                yield problem(f"{table.file}: {owner} '{who}'", "no row", "rows whose shares sum to 1")
            # A sum with an unusable share in it is NaN and passes: that cell is told already.
            elif abs(sum(shares[who]) - 1) > SHARE_TOLERANCE + 1e-9:
                rows = table.rows_where(table.frame[owner] == who)
                what = f"the shares of '{who}' sum to {sum(shares[who]):.10g}"
                yield problem(table.at(rows, "share"), what, f"1 (within {SHARE_TOLERANCE})")


def upside_down_ranges(draft: Draft) -> Iterator[str]:
    """Of two columns ``low`` and ``high`` both or neither are filled, and low is not above high."""
    for table in draft.tables.values():
        for low in table.row_type.model_fields:
            high = low.removesuffix("low") + "high"
            if not low.endswith("low") or high not in table.row_type.model_fields:
                continue
            lows, highs = table.frame[low], table.frame[high]
            for i in (lows > highs).to_numpy().nonzero()[0]:
                allowed = f"at most {high} ({highs[i]:.10g})"
                yield problem(table.at(table.rows[i], low), f"{lows[i]:.10g}", allowed)
            told = {*table.wrong[low], *table.wrong[high]}
            one_end = (lows.isna() != highs.isna()).to_numpy().nonzero()[0]
            rows = [table.rows[i] for i in one_end if i not in told]
            if rows:
                yield problem(table.at(rows), f"only one of {low} and {high}", "both or neither")


def condition_scales(draft: Draft) -> Iterator[str]:
    """A condition has the unit of its key and lies in its range."""
    table = draft.tables["conditions"]
    for i, (key, unit) in enumerate(zip(table.frame["key"], table.frame["unit"], strict=True)):
        scale = CONDITION_SCALES.get(key)
        if scale is None:
            continue
        if unit and unit != scale.unit:
            yield problem(table.at(table.rows[i], "unit"), f"'{unit}'", f"{scale.unit} for the key {key}")
        for end in ("low", "high"):
            value = table.frame[end][i]
            if value < scale.low or value > scale.high:
                allowed = f"{scale.range_text} ({scale.unit}) for the key {key}"
                yield problem(table.at(table.rows[i], end), f"{value:g}", allowed)


def missing_affinities(draft: Draft) -> Iterator[str]:
    """Every group has an affinity to every faction."""
    table = draft.tables["affinities"]
    given = set(zip(table.frame["group"], table.frame["faction_id"], strict=True))
    factions = dict.fromkeys(draft.ids("factions"))
    for group in dict.fromkeys(draft.ids("affinities", "group")):
        missing = [faction for faction in factions if (group, faction) not in given]
        if missing:
            what = f"no row for {names_text(missing)}"
            yield problem(f"{table.file}: group '{group}'", what, "one row for every group and faction")


def self_relations(draft: Draft) -> Iterator[str]:
    """No faction has a relation to itself."""
    table = draft.tables["relations"]
    for row, a, b in zip(table.rows, table.frame["a"], table.frame["b"], strict=True):
        if a and a == b:
            yield problem(table.at(row), f"'{a}' with itself", "two different factions")


def broken_alliances(draft: Draft) -> Iterator[str]:
    """No two factions of one alliance are hostile: a place passes between them without falling."""
    table = draft.tables["relations"]
    columns = (table.frame[name] for name in ("a", "b", "stance"))
    for row, a, b, stance in zip(table.rows, *columns, strict=True):
        if stance == "hostile" and a != b and b in alliance_of(a, table.frame):
            what = f"hostile, but '{a}' and '{b}' are allied, directly or through others"
            yield problem(table.at(row, "stance"), what, "allied, truce or neutral")


def no_enemies(draft: Draft) -> Iterator[str]:
    """Who opens the offensive has an enemy, or anybody has if nobody opens it: else no war can start."""
    table, openers = draft.tables["relations"], draft.settings["opening_offensive"]
    a, b, stance = (table.frame[name] for name in ("a", "b", "stance"))
    factions = set(draft.ids("factions"))
    if table.wrong["stance"] or not {*openers, *a, *b} <= factions:  # a slip that is told already
        return
    at_war = {*a[stance == "hostile"], *b[stance == "hostile"]}
    if not at_war.intersection(openers or factions):
        who = names_text(openers) or "any faction"
        what = f"no row with the stance hostile for {who}"
        yield problem(table.file, what, "one or more: who attacks from the first day has an enemy")
