"""The registry: every magnitude of every rule, once, with unit, range, meaning, source and evidence mark.

``Params`` is what the rules read (``params.combat_loss_per_day``); its field defaults are the registry
entries, so a parameter is declared on one line and nowhere else. Sources are keys of
``configs/references.csv``; ``guess`` says that no figure was found. How sure it is, EVIDENCE_MARKS tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.errors import InputError, nearest

EVIDENCE_MARKS = {
    "V": "read in the source",
    "M": "reported of the source",
    "F": "computed from V",
    "A": "assumption (the range is wide for that reason)",
}

type Scalar = Any
"""A float32 number: a NumPy scalar, or a traced JAX value in an ensemble."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One magnitude: what it means, in which unit, how sure we are.

    ``low`` and ``high`` bound the plausible range (the prior); a scenario may not leave it.
    """

    mechanism: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    evidence: str
    name: str = ""


def _mechanism(mechanism: str) -> Any:
    """Declares parameters of one mechanism: value, low, high, unit, meaning, source, evidence."""

    def declare(*columns: Any) -> Any:
        return Parameter(mechanism, *columns)

    return declare


_value = _mechanism("place value")
_start = _mechanism("initial state")
_quality = _mechanism("quality")
_events = _mechanism("events")
_backers = _mechanism("backers")
_pay = _mechanism("pay")
_joining = _mechanism("joining")
_command = _mechanism("command")
_withdrawal = _mechanism("withdrawal")
_diplomacy = _mechanism("diplomacy")
_handover = _mechanism("handover")
_uprising = _mechanism("uprising")
_movement = _mechanism("movement")
_combat = _mechanism("combat")
_morale = _mechanism("morale")
_news = _mechanism("news")
_desertion = _mechanism("desertion")
_breaking = _mechanism("breaking")
_control = _mechanism("control")
_displacement = _mechanism("displacement")
_refuge = _mechanism("refuge")
_returns = _mechanism("returns")
_aid = _mechanism("aid")


# fmt: off
class Params(NamedTuple):
    """Values of all parameters; each field's default is its registry entry."""

    # What a place is worth to those who fight for it, relative to a town.
    value_capital: Scalar = _value(10.0, 3, 30, "towns", "Worth of the capital", "guess", "A")
    value_regional_capital: Scalar = _value(3.0, 1.5, 6, "towns", "Worth of a regional capital", "guess", "A")
    value_city: Scalar = _value(1.5, 1, 3, "towns", "Worth of a city", "guess", "A")
    value_crossing: Scalar = _value(0.7, 0.2, 2, "towns", "Worth of a border crossing", "guess", "A")
    value_population: Scalar = _value(0.1, 0, 1, "exponent", "Worth grows as (people / 50,000)^this", "guess", "A")
    value_base: Scalar = _value(0.7, 0.2, 2, "towns", "Worth of a military base", "guess", "A")

    # The eve of the campaign, from conditions.csv.
    prospect_record: Scalar = _start(1.5, 0.5, 3, "logit per index", "Belief in victory from the record of the last year (-1..1)", "guess", "A")
    prospect_backer_change: Scalar = _start(1.2, 0.3, 3, "logit per index", "Belief in victory from what backers lately gave or took away (-1..1)", "sigar2023", "A")
    prospect_air_change: Scalar = _start(0.3, 0, 1, "logit per ln ratio", "Belief in victory from the change of air support against a year ago", "sigar2023", "A")
    attention_base: Scalar = _start(1.0, 0, 2, "logit", "Attention of a backer whose support has not changed", "guess", "A")
    attention_backer_change: Scalar = _start(3.0, 1, 5, "logit per index", "Attention of a backer from the recent change of its support (-1..1)", "guess", "A")
    treasury_reserve_months: Scalar = _start(1.0, 0, 6, "months of pay", "Money in the treasury of a faction that owes nothing", "guess", "A")

    # Effectiveness of a soldier, from conditions.csv (QJM multiplies strength by such factors).
    quality_command: Scalar = _quality(1.0, 0, 2, "ln per index", "Strength per soldier from quality of command (0..1)", "dupuy1979", "A")
    quality_preparation: Scalar = _quality(0.5, 0, 1.5, "ln per index", "Strength per soldier from preparation for this campaign (0..1)", "biddle2004", "A")
    quality_heavy_weapons: Scalar = _quality(0.4, 0, 1, "ln per index", "Strength per soldier from heavy weapons relative to the enemy (-1..1; where there are more, times twice the quality of command)", "biddle2004", "A")
    quality_conscripts: Scalar = _quality(-0.3, -1, 0, "ln per share", "Strength per soldier from the share of pressed men (0..1)", "dupuy1979", "A")

    # Events.
    mobilised_morale_shift: Scalar = _events(-0.5, -2, 0.5, "logit", "Morale of men newly called up against the faction's mean", "guess", "A")
    reinforcement_morale_shift: Scalar = _events(0.0, -1, 1, "logit", "Morale of arriving reinforcements against the faction's mean", "guess", "A")

    # Foreign backers.
    backer_response_days: Scalar = _backers(5.0, 1, 30, "days", "Time in which a backer's commitment follows its aim", "guess", "A")
    attention_distracted: Scalar = _backers(0.15, 0, 0.5, "share", "Attention of a distracted backer, of that of an engaged one", "guess", "A")
    attention_spell_days: Scalar = _backers(90.0, 15, 365, "days", "Time in which an engaged or distracted backer forgets which it was", "guess", "A")
    backer_own_troops: Scalar = _backers(4.0, 0, 8, "logit per share", "Belief that a client can be saved, from the backer's troops relative to the client's", "guess", "A")
    backer_quality: Scalar = _backers(1.5, 0.5, 4, "ratio", "Strength of a backer's soldier against a soldier of middling quality", "guess", "A")
    backer_escalation: Scalar = _backers(0.3, 0, 1, "share", "Growth of commitment with the strongest commitment on the other side", "guess", "A")
    backer_need_floor: Scalar = _backers(0.3, 0, 1, "share", "Commitment to a client that needs nothing, of full commitment", "guess", "A")
    backer_abandon_prospect: Scalar = _backers(0.15, 0.02, 0.4, "probability", "Belief that the client can be saved below which a backer thinks of evacuation", "guess", "A")
    backer_abandon_per_day: Scalar = _backers(0.5, 0.05, 2, "1/day", "Hazard of evacuation below that belief", "guess", "A")
    backer_reach_km: Scalar = _backers(60.0, 20, 200, "km", "Distance over which an enemy makes a place worth support", "guess", "A")

    # Pay.
    pay_smoothing_days: Scalar = _pay(14.0, 5, 30, "days", "Time in which soldiers count new pay as theirs (about half a pay month)", "guess", "A")
    pay_in_kind_share: Scalar = _pay(0.3, 0, 0.6, "share", "Food and lodging that a soldier gets, of the reservation wage", "guess", "A")
    pay_back_per_day: Scalar = _pay(1.0, 0, 5, "days/day", "Days of arrears that a treasury which can pays back with each day's wage", "guess", "A")
    pay_trust: Scalar = _pay(0.15, 0, 0.5, "share", "Weight of a rise that is promised and not yet paid, with no arrears", "guess", "A")
    pay_trust_arrears: Scalar = _pay(0.5, 0, 2, "1/month", "Fall of that trust with each month of arrears (exponential)", "guess", "A")
    income_lost_per_arrears_month: Scalar = _pay(0.1, 0, 0.3, "share per month", "Part of the wage bill that income does not cover, per month of arrears at the start", "guess", "A")

    # Who enters the war.
    join_per_day: Scalar = _joining(1.0, 0.1, 2, "1/day", "Hazard that a passive faction joins in once its enemy looks beaten", "christia2012", "A")
    join_prospect: Scalar = _joining(0.1, 0.03, 0.4, "probability", "Enemy's belief in victory at which that hazard is half its size", "christia2012", "A")
    join_slope: Scalar = _joining(30.0, 5, 60, "logit per probability", "Sharpness of that threshold", "guess", "A")
    join_ally_shift: Scalar = _joining(0.15, 0, 0.4, "probability", "How much sooner a faction joins whose ally already attacks", "christia2012", "A")

    # Command.
    reach_km: Scalar = _command(60.0, 30, 120, "km", "Distance over which mobile strength counts towards a fight (decay length): half a day's to a day's march", "schutte2011", "A")
    depth_share: Scalar = _command(0.35, 0, 1, "share", "Part of mobile strength that counts at a place behind the enemy's first, for each place further back", "guess", "A")
    relief_km: Scalar = _command(1000.0, 300, 3000, "km", "Distance over which help from the greatest place of a side counts less for those who wait for it, and men who could be gathered for an attack (decay length)", "buhaug2010", "A")
    axis_km: Scalar = _command(50.0, 20, 200, "km", "Distance over which the attraction of an aim falls (decay length)", "schutte2011", "A")
    axis_beyond: Scalar = _command(0.6, 0, 1, "share", "Part of the worth of what lies behind an enemy place that counts as worth of the place, before its distance", "guess", "A")
    command_odds: Scalar = _command(1.7, 1, 5, "ratio", "Odds below which a commander does not attack (command caution)", "dupuy_attrition", "A")
    command_odds_belief: Scalar = _command(0.35, 0, 1, "ln per logit", "Fall of those odds with the belief in victory that the holder has lost since the eve", "guess", "A")
    command_odds_least: Scalar = _command(0.1, 0.03, 1, "ratio", "Odds at which a side on the attack tries its best aim where it has nowhere those asked for", "guess", "A")
    command_odds_slope: Scalar = _command(2.0, 0.5, 5, "logit per ln ratio", "How sharply commanders tell good odds from bad", "tdi_force_ratio", "A")
    garrison_odds: Scalar = _command(0.7, 0.3, 1.5, "ratio", "Strength of a garrison over that of its attackers, with their reserves, below which the place calls for help and lets none of its men go", "guess", "A")
    attack_weight: Scalar = _command(1.0, 0.2, 3, "ratio", "Weight of an aim of attack against an equal need of defence, side on the offensive", "guess", "A")
    counterattack_weight: Scalar = _command(0.3, 0, 1, "ratio", "The same for a side that only retakes what it held", "guess", "A")
    acceptance_midpoint: Scalar = _command(-0.35, -0.8, 0.2, "affinity", "Mean affinity of a place to a faction at which the faction's wish to take it halves", "guess", "A")
    acceptance_national: Scalar = _command(0.1, 0, 1, "affinity", "How much less acceptance a faction asks for that fights for the whole country", "guess", "A")
    acceptance_scale: Scalar = _command(0.15, 0.05, 0.5, "affinity", "Width of that limit", "guess", "A")
    occupation_per_1000: Scalar = _command(20.0, 2, 40, "men per 1000 residents", "Men needed to hold a place whose people reject the faction wholly (affinity -1)", "quinlivan1995", "M")
    second_axis_ratio: Scalar = _command(0.8, 0, 1, "ratio", "Attraction of the second best way, relative to the best, at which it gets a share of the force", "guess", "A")
    consolidation_days: Scalar = _command(1.0, 0, 10, "days", "Pause of attackers in a place that they have just taken by assault", "guess", "A")

    # Withdrawal.
    recall_per_day: Scalar = _withdrawal(0.1, 0, 0.5, "1/day per logit", "Hazard that a man bound to a post is called in, for belief in victory lost since the eve; not who serves near home", "guess", "A")
    withdraw_per_day: Scalar = _withdrawal(0.8, 0.1, 3, "1/day", "Hazard of an order to leave a place that looks lost", "helmbold1971", "A")
    rear_unsupplied: Scalar = _withdrawal(0.05, 0.01, 0.3, "share", "Appeal of a rear that no road supplies, of one at a base", "guess", "A")
    rear_calm: Scalar = _withdrawal(2.0, 0, 4, "exponent", "Appeal of a rear grows as (less threatened)^this", "guess", "A")
    withdraw_midpoint: Scalar = _withdrawal(5.1, 2, 7, "logit", "Score (odds, belief, town size) at which that hazard is half its size", "guess", "A")
    withdraw_odds: Scalar = _withdrawal(1.0, 0.2, 3, "logit per ln ratio", "Score from the odds against the garrison", "helmbold1971", "A")
    withdraw_prospect: Scalar = _withdrawal(1.25, 0.5, 5, "logit per logit", "Score from belief in victory lost since the eve", "guess", "A")
    withdraw_urban: Scalar = _withdrawal(0.8, 0, 1.5, "logit per ln people", "Score from population above 100,000 (to spare the town)", "guess", "A")
    withdraw_kin: Scalar = _withdrawal(6.0, 0, 10, "logit per affinity", "Score from how much more the people of the place like the enemy (falls where they like its holder)", "lyall2020", "A")
    contract_per_day: Scalar = _withdrawal(1.5, 0, 3, "1/day per logit", "Hazard of an order home from far away, for belief in victory lost since the eve, while the road is open", "guess", "A")
    contract_km: Scalar = _withdrawal(600.0, 200, 1500, "km", "Road distance from the greatest place of a side at which that hazard is 0.4 of its size: (1 - exp(-km / this))^2", "guess", "A")

    # Ceasefires.
    ceasefire_per_day: Scalar = _diplomacy(7e-4, 1e-4, 5e-3, "1/day", "Hazard of a ceasefire between two sides at war (21 % of conflict years have one)", "clayton2022", "F")
    ceasefire_hurt: Scalar = _diplomacy(4.0, 0, 10, "ln per share", "Growth of that hazard with what the less hurt side has lately lost of its men", "zartman2001", "A")
    ceasefire_belief_gap: Scalar = _diplomacy(1.0, 0, 4, "ln per probability", "Fall of that hazard with the gap between the sides' beliefs in victory", "zartman2001", "A")
    ceasefire_mediation: Scalar = _diplomacy(3.0, 0, 6, "ln", "Growth of that hazard where both sides have a fully committed backer, or a mediator at work", "clayton2022", "A")
    ceasefire_talks_days: Scalar = _diplomacy(14.0, 1, 60, "days", "Time that talks take: the hazard is small before it", "guess", "A")
    ceasefire_days: Scalar = _diplomacy(60.0, 5, 365, "days", "Mean time for which a ceasefire is agreed", "guess", "A")
    ceasefire_breach_per_day: Scalar = _diplomacy(0.01, 0, 0.1, "1/day", "Hazard that an agreed ceasefire is broken", "guess", "A")
    hurt_days: Scalar = _diplomacy(30.0, 7, 90, "days", "Time in which a side forgets its losses at the table", "guess", "A")

    # Garrisons that make terms.
    handover_per_day: Scalar = _handover(1.5, 0.2, 6, "1/day", "Hazard that a garrison without hope makes terms", "guess", "A")
    handover_midpoint: Scalar = _handover(9.3, 5, 11, "logit", "Score at which that hazard is half its size", "guess", "A")
    handover_prospect: Scalar = _handover(2.3, 1, 9, "logit per logit", "Score from belief in victory lost since the eve", "guess", "A")
    handover_morale: Scalar = _handover(10.0, 0, 20, "logit per morale", "Score from the garrison's morale below even (0.5)", "mclauchlin2020", "A")
    handover_odds: Scalar = _handover(1.3, 0, 3, "logit per ln ratio", "Score from the odds at the gates", "guess", "A")
    handover_most_odds: Scalar = _handover(10.0, 3, 100, "ratio", "Odds beyond which more or fewer tell a garrison nothing", "guess", "A")
    handover_mercy: Scalar = _handover(55.0, 10, 100, "logit per squared affinity", "Score from the mercy that soldiers and people expect of the taker (signed square of their mean affinity to him)", "christia2012", "A")
    handover_precedent: Scalar = _handover(2.5, 0, 4, "logit", "Score from a near and fresh collapse on the same side", "lehmann_zhukov2019", "A")
    handover_cut_off: Scalar = _handover(4.75, 0, 6, "logit", "Score of a place that is wholly cut off from the greatest place of its side; what people fear of the taker then does not count", "mcquie1987", "A")
    handover_capital: Scalar = _handover(3.0, 0, 6, "logit", "Score that a capital lacks, where the ruler keeps his most loyal units", "quinlivan1999", "A")

    # Local men in arms, and cells in hiding.
    uprising_per_day: Scalar = _uprising(0.5, 0.05, 2, "1/day", "Hazard of a rising where all speaks for it", "guess", "A")
    uprising_midpoint: Scalar = _uprising(10.25, 4, 12, "logit", "Score at which that hazard is half its size", "kuran1989", "A")
    uprising_odds: Scalar = _uprising(1.0, 0.2, 3, "logit per ln ratio", "Score from the number of rebels against the strength of the garrison", "quinlivan1995", "A")
    uprising_prospect: Scalar = _uprising(2.5, 0.5, 6, "logit per logit", "Score from the belief in victory that the holder has lost since the eve", "kuran1989", "A")
    uprising_affinity: Scalar = _uprising(2.0, 0, 5, "logit per affinity", "Score from how much more the people like the rebels than the holder", "guess", "A")
    uprising_at_war: Scalar = _uprising(1.0, 0, 3, "logit", "Score when the faction is already on the attack elsewhere", "guess", "A")
    uprising_share: Scalar = _uprising(0.01, 0.001, 0.05, "share", "Residents who take arms where the people would fight for the faction almost to a man", "guess", "A")
    presence_per_1000: Scalar = _uprising(20.0, 5, 40, "men per 1000 residents", "Garrison at which cells no longer grow", "quinlivan1995", "M")
    cell_growth_per_day: Scalar = _uprising(0.006, 0, 0.03, "1/day", "Growth of a cell where nobody is in charge (doubles in four months)", "walter2010", "A")
    cell_most_men: Scalar = _uprising(300.0, 50, 2000, "men", "Men in hiding of one faction at one place at which they grow no more", "guess", "A")

    # Movement: column speed over a whole day by road class.
    speed_motorway_km_per_day: Scalar = _movement(160.0, 60, 360, "km/day", "Column on a motorway", "flee2017", "A")
    speed_primary_km_per_day: Scalar = _movement(120.0, 50, 300, "km/day", "Column on a primary road", "flee2017", "A")
    speed_secondary_km_per_day: Scalar = _movement(80.0, 30, 200, "km/day", "Column on a secondary road", "flee2017", "A")
    speed_track_km_per_day: Scalar = _movement(50.0, 15, 120, "km/day", "Column on a track", "flee2017", "A")
    air_slows_per_sortie: Scalar = _movement(0.02, 0, 0.1, "ln per sortie/day", "Loss of column speed for each enemy sortie a day over its start and its next place", "guess", "A")
    supply_km: Scalar = _movement(150.0, 50, 500, "km", "Road distance from a base over which supply falls (decay length)", "schutte2011", "A")
    depot_share: Scalar = _movement(0.5, 0.1, 1, "share", "Men of a faction at a place, of those at its largest one, from which its supplies lie there", "guess", "A")
    supply_floor: Scalar = _movement(0.15, 0.1, 0.9, "share", "Strength left to troops that no road supplies", "guess", "A")

    # Combat.
    combat_loss_per_day: Scalar = _combat(0.01, 0.002, 0.05, "1/day", "Share killed per day of engagement at even odds", "dupuy_attrition", "V")
    combat_law: Scalar = _combat(0.5, 0, 1, "exponent", "Loss rate grows as (odds)^this: 1 Lanchester's square law, 0.5 his linear law, 0 the logarithmic law", "lanchester1916", "A")
    combat_morale: Scalar = _combat(1.0, 0.3, 2, "exponent", "Strength grows as (morale)^this", "dupuy1979", "A")
    terrain_urban: Scalar = _combat(1.5, 1, 3, "ratio", "Strength of a defender in a large town", "dupuy1979", "A")
    terrain_mountain: Scalar = _combat(2.0, 1, 4, "ratio", "Strength of a defender in mountains (QJM: 1.5 in rugged ground)", "dupuy1979", "A")
    terrain_open: Scalar = _combat(1.2, 1, 2, "ratio", "Strength of a defender in plain, desert or coast", "dupuy1979", "A")
    prepared_defence: Scalar = _combat(0.6, 0, 1.5, "ratio", "Gain of strength of a fully prepared defender from his works (QJM: 0.3 hasty, 0.5 prepared, 0.6 fortified)", "dupuy1979", "M")
    air_strength: Scalar = _combat(1.0, 0, 3, "ratio", "Gain of strength from unlimited air support", "sigar2023", "A")
    air_half_sorties: Scalar = _combat(20.0, 5, 100, "sorties/day", "Sorties a day over one place that give half of that gain", "guess", "A")
    surprise_strength: Scalar = _combat(1.5, 0, 3, "ratio", "Gain of strength of a fully prepared attacker over an idle defender on the first day", "biddle2004", "A")
    surprise_days: Scalar = _combat(3.0, 1, 7, "days", "Time in which surprise fades (decay time)", "biddle2004", "A")

    # Morale: logit of the target, in this order.
    morale_base: Scalar = _morale(1.5, 0, 3, "logit", "An army with no cause for joy or grief", "guess", "A")
    morale_pay: Scalar = _morale(0.7, 0.3, 2, "logit per ln ratio", "Pay over the local reservation wage", "warner_asch1995", "A")
    morale_arrears: Scalar = _morale(0.2, 0.05, 0.6, "logit per month", "Pay outstanding (lowers)", "carnegie2015", "A")
    morale_prospect: Scalar = _morale(0.7, 0.2, 1.5, "logit per logit", "Common belief in victory", "kuran1989", "A")
    morale_backer: Scalar = _morale(0.5, 0, 2, "logit per share", "Commitment of backers now against the start", "sigar2023", "A")
    morale_command: Scalar = _morale(1.0, 0, 2, "logit per index", "Command quality against the middle (0..1)", "sigar2023", "A")
    morale_cohesion: Scalar = _morale(1.5, 0, 3, "logit per index", "Cohesion against the middle (0..1)", "costa_kahn2003", "A")
    morale_conscripts: Scalar = _morale(0.5, 0, 1.5, "logit per share", "Pressed men (lower)", "mclauchlin2020", "A")
    morale_community: Scalar = _morale(0.5, 0, 1.5, "logit per affinity", "Affinity of the unit's own community to its faction (-1..1)", "lyall2020", "A")
    morale_locals: Scalar = _morale(0.4, 0, 1.5, "logit per affinity", "Affinity of the people around it to its faction (-1..1)", "lyall2020", "A")
    morale_home_near: Scalar = _morale(0.4, 0, 1.5, "logit", "Stands near home, home held by its own side", "costa_kahn2003", "A")
    morale_home_lost: Scalar = _morale(0.8, 0, 2, "logit", "Home not held by its own side (lowers)", "mclauchlin2014", "A")
    morale_odds: Scalar = _morale(0.4, 0, 1.5, "logit per ln ratio", "Odds of the fight it stands in (lower)", "dupuy_attrition", "A")
    morale_losses: Scalar = _morale(5.0, 0, 20, "logit per share", "Share of its men lately killed (lowers)", "dippel_ferrara2019", "A")
    morale_leavers: Scalar = _morale(2.0, 0, 8, "logit per share", "Share of its men who lately left (lowers)", "granovetter1978", "A")
    morale_news: Scalar = _morale(0.15, 0, 0.6, "logit per town", "Shock of the news of its own side's falls, by nearness and worth (lowers)", "lehmann_zhukov2019", "A")
    morale_days: Scalar = _morale(7.0, 3, 30, "days", "Time in which morale follows its target", "guess", "A")
    memory_days: Scalar = _morale(3.0, 1, 10, "days", "Time in which a unit forgets losses and leavers", "guess", "A")
    home_km: Scalar = _morale(50.0, 20, 100, "km", "How far from home still is near home", "guess", "A")

    # News of falls and collapses.
    news_km: Scalar = _news(100.0, 30, 400, "km", "Road distance over which news weighs less (decay length)", "lehmann_zhukov2019", "A")
    news_days: Scalar = _news(7.0, 5, 15, "days", "Time in which a precedent fades", "lehmann_zhukov2019", "A")
    prospect_days: Scalar = _news(30.0, 10, 120, "days", "Time in which belief in victory returns to that of the eve while nothing falls", "guess", "A")
    prospect_per_share: Scalar = _news(9.25, 2, 20, "logit per share", "Belief in victory lost or won with each share of all the worth that was held on the eve", "kuran1989", "A")

    # Desertion and defection.
    desertion_per_day: Scalar = _desertion(3e-4, 1e-4, 1e-3, "1/day", "Hazard of a soldier who has no cause to go", "union_army", "F")
    cascade_per_day: Scalar = _desertion(0.5, 0.1, 1, "1/day", "Hazard in an army that dissolves", "guess", "A")
    desertion_midpoint: Scalar = _desertion(0.18, 0.08, 0.35, "morale", "Morale at which the hazard is half way (in logs) from one to the other", "guess", "A")
    desertion_scale: Scalar = _desertion(0.03, 0.01, 0.08, "morale", "Spread of soldiers' thresholds (logistic scale)", "granovetter1978", "A")
    desertion_contagion: Scalar = _desertion(2.0, 0, 6, "ln per share", "Growth of the hazard with the share of comrades who lately left", "granovetter1978", "A")
    desertion_home_near: Scalar = _desertion(1.0, 0, 2, "ln", "Growth of the hazard near home", "mclauchlin2014", "A")
    switch_share: Scalar = _desertion(0.1, 0.05, 0.2, "share", "Leavers and captives who join the enemy, where his cause is neither loved nor hated", "carnegie2015", "A")
    switch_affinity: Scalar = _desertion(1.5, 0, 4, "ln per affinity", "Growth of that share with the affinity of their community to him (-1..1)", "christia2012", "A")

    # Units that break under attack.
    break_per_day: Scalar = _breaking(0.09, 0.02, 1, "1/day", "Hazard that a line breaks at even odds", "helmbold1971", "A")
    break_odds: Scalar = _breaking(4.5, 1, 7, "logit per ln ratio", "Slope of the chance to win a fight on ln(effective strength), armies of like quality", "tdi_force_ratio", "F")
    break_tempo: Scalar = _breaking(0.5, 0, 1, "exponent", "How much sooner a fight is decided at heavy odds: (odds)^this", "helmbold1971", "A")
    break_mercy: Scalar = _breaking(7.0, 0, 18, "ln per squared affinity", "How much sooner men give way to an enemy of whom they expect mercy (signed square of their affinity to him)", "lyall2020", "A")
    break_fear_most: Scalar = _breaking(2.1, 1, 6, "ln", "How much later men give way to an enemy whom they fear, at most: fear may also put them to flight", "guess", "A")
    break_morale: Scalar = _breaking(4.0, 0, 8, "ln per morale", "How much sooner units of low morale break", "mclauchlin2020", "A")
    break_losses: Scalar = _breaking(4.0, 0, 10, "ln per share", "Growth of the hazard with the share of men lately lost", "helmbold1971", "A")
    break_precedent: Scalar = _breaking(1.1, 0, 1.6, "ln", "Growth of the hazard after one near and fresh collapse on its own side (odds ratio 3)", "lehmann_zhukov2019", "A")
    break_isolated: Scalar = _breaking(0.7, 0, 1.5, "ln", "Growth of the hazard when no road is open to the rear", "mcquie1987", "A")
    break_hold_order: Scalar = _breaking(-0.7, -2, 0, "ln", "Fall of the hazard under an order to hold", "mclauchlin2020", "A")
    orderly_midpoint: Scalar = _breaking(0.2, 0.05, 0.5, "morale", "Morale at which half of the broken units still withdraw as units", "guess", "A")
    orderly_scale: Scalar = _breaking(0.05, 0.02, 0.2, "morale", "Width of that limit", "guess", "A")
    surrender_share: Scalar = _breaking(0.3, 0, 1, "share", "Broken units that give themselves up though a road is open", "guess", "A")

    # Control.
    cause_days: Scalar = _control(1.0, 0.25, 3, "days", "Time in which it is forgotten how a garrison went", "guess", "A")

    # Displacement: who leaves home, or the place where he had found refuge.
    flight_base_per_day: Scalar = _displacement(1e-5, 0, 1e-3, "1/day", "Hazard of leaving where nothing threatens", "guess", "A")
    flight_violence_per_day: Scalar = _displacement(0.16, 0.01, 1, "1/day", "Hazard of leaving where fighting touches everybody (Flee: 1 in conflict zones, or 0.01 of the population a day)", "flee2017", "A")
    flight_front_per_day: Scalar = _displacement(0.012, 0.001, 0.1, "1/day", "Hazard of leaving before an overwhelming enemy who is no worse than the holder", "guess", "A")
    flight_habit: Scalar = _displacement(1.0, 0, 1, "share", "Part of the danger of the front on the eve with which people had learnt to live", "guess", "A")
    flight_fear: Scalar = _displacement(1.5, 0, 3, "ln per affinity", "Growth of that hazard with how much less a community likes the enemy than the holder (-2..2)", "guess", "A")
    flight_rule_per_day: Scalar = _displacement(0.02, 0, 0.2, "1/day", "Hazard of leaving a new holder of whom a community expects the worst (affinity -1)", "guess", "A")
    flight_rule_days: Scalar = _displacement(7.0, 2, 30, "days", "Time in which that hazard fades after a change of hands", "guess", "A")
    flight_hunger_per_day: Scalar = _displacement(0.01, 0, 0.1, "1/day", "Hazard of leaving where nobody has food", "guess", "A")
    flight_again: Scalar = _displacement(1.0, 0.1, 3, "ratio", "Hazard of displaced people to move on against that of residents (Flee: 0.1 in camps against 0.3 in towns)", "flee2017", "A")
    exposure_per_resident: Scalar = _displacement(0.02, 0.005, 0.1, "soldiers/person", "Soldiers per resident whose fighting touches half of a town (20 per 1,000: the planning figure for holding a population)", "quinlivan1995", "A")
    front_km: Scalar = _displacement(30.0, 10, 100, "km", "Road distance over which an enemy frightens less (decay length)", "guess", "A")
    violence_days: Scalar = _displacement(3.0, 1, 14, "days", "Time in which the memory of fighting fades", "guess", "A")

    # Refuge: where they go (the form and its distances: Flee).
    refuge_softening_km: Scalar = _refuge(10.0, 1, 50, "km", "Distance below which nearness no longer counts", "flee2017", "V")
    refuge_distance_power: Scalar = _refuge(1.0, 0.5, 2, "exponent", "Fall of attraction with road distance", "flee2017", "V")
    refuge_day_km: Scalar = _refuge(200.0, 35, 360, "km/day", "How far people get in a day (35 on foot, 360 in vehicles; shipped cases 200 and more)", "flee2017", "V")
    refuge_size_power: Scalar = _refuge(0.5, 0.1, 1, "exponent", "Growth of attraction with the people of a place (Flee: 0.1; gravity models: towards 1)", "echevarria2016", "A")
    refuge_conflict: Scalar = _refuge(0.25, 0.1, 1, "ratio", "Attraction of a place in danger against a safe one", "flee2017", "V")
    refuge_affinity: Scalar = _refuge(2.0, 0, 5, "ln per affinity", "Growth of attraction with a community's affinity to the holder (-1..1)", "guess", "A")
    refuge_ties: Scalar = _refuge(2.0, 0, 10, "ratio", "Gain of attraction where everybody is of one's own community", "guess", "A")
    refuge_room: Scalar = _refuge(1.0, 0.1, 5, "persons/person", "Hosted people per resident at which attraction has fallen to 1/e", "guess", "A")
    border_openness: Scalar = _refuge(0.1, 0, 1, "ratio", "Attraction of an open border crossing against a city of a million (0 closed)", "guess", "A")

    # Returns.
    return_per_day: Scalar = _returns(0.03, 0.002, 0.3, "1/day", "Hazard of going home where it is calm and the holder is accepted (Syria: 220,000 of 1.1 million in the eight days after the fall)", "ocha2024", "F")
    return_danger: Scalar = _returns(0.1, 0.02, 0.5, "share", "Danger (violence or front, 0..1) above which nobody goes home", "guess", "A")
    return_affinity_midpoint: Scalar = _returns(-0.3, -0.8, 0.2, "affinity", "Affinity to the holder of home at which that hazard halves", "guess", "A")
    return_affinity_scale: Scalar = _returns(0.1, 0.03, 0.5, "affinity", "Width of that limit", "guess", "A")

    # Food aid: a ration is the food of one person for one day, 2,100 kcal.
    aid_coverage: Scalar = _aid(0.6, 0.1, 1, "share", "Rations (2,100 kcal) delivered per ration expected to be needed, where access is free", "wfp_unhcr1997", "A")
    aid_response_days: Scalar = _aid(5.0, 1, 30, "days", "Time in which deliveries follow need", "guess", "A")
    aid_permission: Scalar = _aid(0.3, 0, 1, "share", "Part of deliveries let through from the ground of one side to that of another", "guess", "A")
    aid_siege_need: Scalar = _aid(0.2, 0.05, 1, "share", "Residents of a contested or cut off place who have no food of their own", "guess", "A")
# fmt: on


REGISTRY: dict[str, Parameter] = {
    name: Parameter(p.mechanism, p.default, p.low, p.high, p.unit, p.meaning, p.source, p.evidence, name)
    for name, p in Params._field_defaults.items()
}


def check_parameter(name: str, value: Any, where: str = "parameters") -> list[str]:
    """The problems with a value for a parameter; each is one line that says what is allowed."""
    if name not in REGISTRY:
        return [
            f"{where}: {name}: unknown parameter{nearest(name, REGISTRY)}; allowed: see `holdfast params`"
        ]
    p = REGISTRY[name]
    allowed = f"allowed: a number from {p.low:g} to {p.high:g} ({p.unit})"
    value = value.item() if getattr(value, "ndim", None) == 0 else value  # a number of NumPy's
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return [f"{where}: {name}: {value!r} is not a number; {allowed}"]
    if not p.low <= value <= p.high:
        return [f"{where}: {name}: {value:g} is out of range; {allowed}"]
    return []


def make_params(overrides: Mapping[str, float] | None = None) -> Params:
    """Defaults with some values replaced, as float32.

    Raises:
        InputError: an unknown name, or a value that is not a number within its range; all are listed.
    """
    import numpy as np

    overrides = overrides or {}
    problems = [line for name, value in overrides.items() for line in check_parameter(name, value)]
    if problems:
        raise InputError(problems)
    return Params(**{name: np.float32(overrides.get(name, p.default)) for name, p in REGISTRY.items()})
