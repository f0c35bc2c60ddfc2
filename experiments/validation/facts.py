"""What the prose of README.md, docs/validation.md and docs/rules.md says in figures, simulated anew.

    python -m experiments.validation.facts

prints a line for each, and writes the table of people in docs/rules.md; some minutes on two cores.
"""

import datetime
from pathlib import Path

import numpy as np

import sim
from experiments.study import markdown
from experiments.validation.scores import RUNS, SEED
from sim.case import case_folder, load_case, shipped_cases
from sim.cli.odd import refresh_regions
from sim.parameters import REGISTRY
from sim.report.comparison import difference_text
from sim.skill import score_result
from sim.skill.ablations import ABLATIONS
from sim.skill.displacement import compared
from sim.skill.measures import counted, coverage_exact, kendall_tau, median_day
from sim.skill.verdict import scored_history
from sim.skill.worst import worst_places

RULES = Path(__file__).parents[2] / "docs" / "rules.md"
SYRIA, IDLIB, AFGHANISTAN = "syria-2024", "idlib-2020", "afghanistan-2021"
CITIES = ("aleppo", "hama", "homs", "damascus")
ARMY = "syrian_government"
PAY = {f"conditions.{ARMY}.pay_usd_month": 120}
STARTS = ("zaranj", "sheberghan", "sar-e-pul", "aybak", "kandahar")
NORTH = ("saraqib", "kabani", "badama", "jisr-al-shughur", "idlib")
OTHER_SEEDS = {SYRIA: (7, 11), AFGHANISTAN: (7, 11, 23)}


def main():
    results = {case: sim.run(case, RUNS, SEED) for case in shipped_cases()}
    told = RULES.read_text("utf-8")
    RULES.write_text(refresh_regions(told, {"people": lambda: people(results)}), "utf-8")
    for lines in (syria(results[SYRIA]), falls(results[IDLIB], NORTH), afghanistan(results[AFGHANISTAN])):
        print(*lines, sep="\n")
    print(*(own_coverage(result) for result in results.values()), *defaults(), *other_seeds(), sep="\n")


def days(result, place):
    """First day of fall in each run; inf where it never falls."""
    return result.fall_day[:, result.case.place_ids.index(place)]


def falls(result, places):
    """How often, and by which day in the median of these runs, places fall."""
    for place in places:
        day = days(result, place)
        fell = day[np.isfinite(day)]
        yield f"{result.case.id}: {place} falls in {len(fell) / len(day):.0%}, by day {np.median(fell):.0f}"


def syria(result):
    yield from falls(result, CITIES)
    day = np.array([days(result, city) for city in CITIES])
    fell = np.isfinite(day[3])
    in_order = fell & (day[0] < day[1]) & (day[1] < day[2]) & (day[2] <= day[3])
    yield f"the four cities in order: {in_order.mean():.0%}"
    yield f"where the capital falls, before Homs: {np.mean(day[3] < day[2], where=fell):.0%}"
    yield f"where the capital falls, before Douma: {np.mean(day[3] < days(result, 'douma'), where=fell):.0%}"
    yield f"causes of falls: {causes(result)}"
    recorded = result.case.control_timeline.drop_duplicates("place_id")["how"].value_counts(normalize=True)
    yield f"causes recorded: {recorded.round(2).to_dict()}"
    yield f"R² of the day of the capital on the conditions drawn: {explained(result, day[3]):.2f}"
    yield from without_the_worst(result)
    yield from better_paid()
    yield from better_led()


def better_paid():
    """What better pay changes, as the model has it and at both ends of what pay may do to morale."""
    pay = REGISTRY["morale_pay"]
    for settings in ({}, {pay.name: pay.low}, {pay.name: pay.high}):
        base = sim.load_scenario(SYRIA).with_set(settings)
        table = sim.compare(base, {"paid": PAY}, RUNS, SEED, places=[]).table.set_index("outcome")
        row = table.loc["capital_falls"]
        change = difference_text(row["difference"], row["low"], row["high"], "share")
        yield f"paid 120 dollars {settings or ''}: {row['base_mean']:.0%} to {row['mean']:.0%}, {change}"


def better_led():
    """The army of 2024 with the command and cohesion of 2020, and with its preparation besides."""
    coded = load_case(case_folder(IDLIB)).conditions.set_index(["faction_id", "key"])
    led = ("command_quality", "cohesion")
    for keys in (led, (*led, "preparation")):
        ranges = {key: coded.loc[(ARMY, key), ["low", "high"]].tolist() for key in keys}
        result = sim.run(
            SYRIA, RUNS, SEED, settings={f"conditions.{ARMY}.{key}": ends for key, ends in ranges.items()}
        )
        skill = score_result(result).brier_skill_no_change
        yield from (
            f"{', '.join(keys)} of 2020: {line}, skill {skill:.3f}" for line in falls(result, CITIES[3:])
        )


def causes(result):
    """Shares of the causes of first falls in all runs."""
    rows = result.control.assign(fallen=result.fallen)
    first = rows[rows["fallen"]].drop_duplicates(["run_id", "place_id"])
    return first["cause"].value_counts(normalize=True).round(2).to_dict()


def explained(result, day):
    """R² of the regression of ``day``, counted to the last day, on what the armies were on the eve."""
    drawn = result.runs.filter(like="condition.").to_numpy(float)
    drawn = drawn[:, drawn.std(axis=0) > 0]
    x = np.column_stack([np.ones(len(drawn)), (drawn - drawn.mean(axis=0)) / drawn.std(axis=0)])
    y = counted(day, result.scenario.days)
    left = y - x @ np.linalg.lstsq(x, y)[0]
    return 1.0 - left.var() / y.var()


def without_the_worst(result):
    """What the place that is missed by most takes of the scores."""
    history = scored_history(result)
    worst = worst_places(result, history, most=1)[0]
    at, fell = result.case.place_ids.index(worst.place), np.isfinite(history.day)
    middle = median_day(result.fall_day, history.days)
    right = np.where(np.arange(len(middle)) == at, history.day, middle)
    weight = history.weight
    tau = [kendall_tau(m[fell], history.day[fell], weight[fell]) for m in (middle, right)]
    error = abs(middle[at] - history.day[at]) * weight[at] / weight[fell].sum()
    yield f"tau {tau[0]:.3f}, with {worst.place} right {tau[1]:.3f}"
    yield f"{worst.place}: {worst.brier_share:.0%} of the Brier score, {error:.2f} days of the mean error"


def own_coverage(result):
    """What coverage a right forecast has: that of the runs when one after another is taken for the record.

    The places of a war fall together or not at all, so that one record says little about coverage.
    """
    history = scored_history(result)
    fell = np.isfinite(history.day)
    day, weight = counted(result.fall_day[:, fell], history.days), history.weight[fell]
    covered = [coverage_exact(np.delete(day, k, 0), day[k], weight, history.days) for k in range(len(day))]
    few, many = np.quantile(covered, (0.05, 0.95))
    return f"{result.case.id}: coverage of its own runs {np.mean(covered):.3f} ({few:.2f} to {many:.2f})"


def afghanistan(result):
    held = ("kandahar-airfield", "bazarak")
    yield from falls(result, STARTS + held)
    away = sim.load_scenario(AFGHANISTAN).with_set(
        {f"parameters.{name}": value for name, value in ABLATIONS["home"].parameters.items()}
    )
    yield from (f"without home region: {line}" for line in falls(sim.run(away, RUNS, SEED), held))


def defaults():
    for case, place in ((SYRIA, "damascus"), (IDLIB, "idlib")):
        for line in falls(sim.run(case, RUNS, SEED, posterior="prior"), (place,)):
            yield f"prior: {line}"


def other_seeds():
    for case, seeds in OTHER_SEEDS.items():
        for seed in seeds:
            score = sim.score(case, RUNS, seed)
            skill, tau, error = score.brier_skill_no_change, score.kendall_tau, score.mae_days
            yield f"{case}, seed {seed}: Brier skill {skill:.3f}, tau {tau:.3f}, mean error {error:.2f} days"


def people(results):
    """People who fled, recorded and in runs, at the recorded dates."""
    head = ["at the end of", "recorded", f"median (90 % of {RUNS} runs)"]
    return markdown(head, [row for case in (SYRIA, IDLIB, AFGHANISTAN) for row in fled(results[case])])


def fled(result):
    first = result.scenario.first_day
    counts, simulated = compared(result, scored_history(result).days)
    for count, at in zip(counts, simulated.T, strict=True):
        if count.scope == "national":
            low, middle, high = (f"{round(float(q), -3):,.0f}" for q in np.quantile(at, (0.05, 0.5, 0.95)))
            date = f"{first + datetime.timedelta(days=count.day - 1):%d %b %Y}".lstrip("0")
            yield [f"{result.case.id}, {date}", f"{count.people:,.0f}", f"{middle} ({low} to {high})"]


if __name__ == "__main__":
    main()
