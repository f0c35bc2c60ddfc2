"""Every soldier is somewhere: all rules together, on random wars with random parameters."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_world import Backer, Decree, Road, SmallWorld, Unit, next_tick, of_faction, tuned

from sim.engine import start, tick
from sim.parameters import REGISTRY
from sim.rules import SCHEDULE
from sim.world import ALLIED, CAUSES, EVENT_KINDS, NEUTRAL, PLACE_KINDS, TERRAINS, TRUCE, UPRISING

DAYS = 5

RANGES = {
    "present_share": (0.1, 1.0),
    "arrears_months": (0.0, 6.0),
    "reservation_wage_usd_month": (20.0, 200.0),
    "conscript_share": (0.0, 1.0),
    "static_share": (0.0, 1.0),
    "air_support_change": (0.1, 2.0),
    "backer_change": (-1.0, 1.0),
    "record_12m": (-1.0, 1.0),
    "command_quality": (0.0, 1.0),
    "cohesion": (0.0, 1.0),
    "preparation": (0.0, 1.0),
    "heavy_weapons": (-1.0, 1.0),
    "morale_shift": (-4.0, 4.0),
}


def between(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high)


@st.composite
def wars(draw: st.DrawFn) -> SmallWorld:
    """A connected network of up to six places, up to four factions in any relation, with any events."""
    places, factions = draw(st.integers(1, 6)), draw(st.integers(2, 4))
    place, faction = st.integers(0, places - 1), st.integers(0, factions - 1)
    km, kind = st.sampled_from([5.0, 20.0, 80.0, 250.0]), st.integers(0, 3)
    ways = {(draw(st.integers(0, b - 1)), b) for b in range(1, places)}
    ways |= {(a, b) for a, b in draw(st.lists(st.tuples(place, place), max_size=4)) if a < b}
    soldiers = st.sampled_from([0, 1, 7, 100, 2500, 60_000])
    home = st.integers(-1, places - 1)
    units = draw(
        st.lists(
            st.builds(
                Unit,
                faction=faction,
                place=place,
                soldiers=soldiers,
                home=home,
                affinity=between(-1, 1),
                hidden=st.booleans(),
            ),
            max_size=12,
        )
    )
    decrees = draw(
        st.lists(
            st.builds(
                Decree,
                kind=st.sampled_from(EVENT_KINDS),
                day=st.integers(1, DAYS + 1),
                faction=faction,
                place=st.integers(-1, places - 1),
                backer=st.just(0),
                other=st.integers(-1, factions - 1),
                duration_days=st.sampled_from([0.5, 2.0, np.inf]),
                size=between(0, 1),
                paid_after_days=st.sampled_from([0.0, 2.0, np.inf]),
            ),
            max_size=5,
        )
    )
    levies = draw(st.sets(st.tuples(faction, place), max_size=4))
    units += [Unit(f, p, 0, event=UPRISING) for f, p in sorted(levies)]
    events = []
    for number, decree in enumerate(decrees):
        if decree.kind in ("reinforcement", "mobilisation"):
            men = draw(st.integers(1, 5000))
            decree = Decree(decree.kind, decree.day, decree.faction, decree.place, size=men)
            units.append(Unit(decree.faction, draw(place), men, event=number))
        elif draw(st.booleans()):
            decree = Decree(
                **vars(decree) | {"day": np.inf, "trigger": draw(place), "delay_days": draw(between(0, 3))}
            )
        events.append(decree)
    pairs = [(a, b) for a in range(factions) for b in range(a + 1, factions)]
    stances = {pair: draw(st.sampled_from([-1, -1, 0, 1, 2])) for pair in pairs}
    backer = st.builds(
        Backer,
        faction=faction,
        sorties=between(0, 200),
        usd_per_month=between(0, 1e8),
        troops=between(0, 9000),
    )
    keys = st.sampled_from(sorted(RANGES))
    return SmallWorld(
        holders=draw(st.lists(faction, min_size=places, max_size=places)),
        units=units,
        roads=[Road(a, b, draw(km), draw(kind)) for a, b in sorted(ways)],
        factions=factions,
        stances=stances,
        active=draw(st.sets(faction)),
        national=draw(st.sets(faction)),
        kinds=draw(st.dictionaries(place, st.sampled_from(PLACE_KINDS))),
        terrains=draw(st.dictionaries(place, st.sampled_from(TERRAINS))),
        population=draw(st.sampled_from([0, 9000, 3_000_000])),
        peoples=draw(st.dictionaries(place, st.sampled_from([0, 1, 17, 15_000_000]))),
        communities=draw(st.lists(st.dictionaries(faction, between(-1, 1)), min_size=1, max_size=3)),
        acceptance=draw(st.dictionaries(st.tuples(place, faction), between(-1, 1))),
        bases=draw(st.sets(st.tuples(place, faction))),
        conditions={
            f: {key: draw(between(*RANGES[key])) for key in draw(st.sets(keys, max_size=4))}
            for f in range(factions)
        },
        recruit_affinity=draw(st.dictionaries(st.tuples(faction, faction), between(-1, 1))),
        backers=draw(st.lists(backer, min_size=any(e.kind.startswith("backer") for e in events), max_size=3)),
        events=events,
        ticks_per_day=draw(st.sampled_from([1, 4])),
    )


@st.composite
def parameters(draw: st.DrawFn) -> dict[str, float]:
    """Some parameters anywhere in their ranges, ends included."""
    names = draw(st.sets(st.sampled_from(sorted(REGISTRY)), max_size=12))
    values = {name: REGISTRY[name] for name in sorted(names)}
    return {name: draw(st.sampled_from([p.low, p.high, (p.low + p.high) / 2])) for name, p in values.items()}


def assert_sound(state, world, eve) -> None:
    """What must be true of any state at the end of any tick."""
    gone = state.killed + state.deserted + state.surrendered + state.defected_out
    initial = of_faction(eve.soldiers, world)
    assert (of_faction(state.soldiers, world) + gone == initial + state.mobilised).all()
    assert state.defected_in.sum() == state.defected_out.sum()
    for count in (state.soldiers, gone, state.killed, state.deserted, state.surrendered, state.defected_in):
        assert (count >= 0).all()
        assert (count == np.floor(count)).all()
    for share in (state.morale, state.commitment, state.attention, state.supply, state.order_second_share):
        assert ((share >= 0) & (share <= 1)).all()
    places, roads = world.neighbour.shape
    assert ((state.place >= 0) & (state.place < places)).all()
    assert ((state.road_slot >= -1) & (state.road_slot < roads)).all()
    on_road = state.road_slot >= 0
    assert (world.neighbour_km[state.place, state.road_slot][on_road] < 1e8).all()  # a road that exists
    factions = len(state.killed)
    assert ((state.controller >= 0) & (state.controller < factions)).all()
    assert ((state.cause >= 0) & (state.cause < len(CAUSES))).all()
    standing = np.where(on_road | state.hidden, 0, state.soldiers)
    assert not (on_road & state.hidden).any()
    waiting = state.hidden & (world.unit_event == UPRISING)
    assert not state.soldiers[waiting].any()
    assert not (state.hidden & ~world.unit_hidden).any()  # nobody hides who did not hide on the eve
    cells = np.bincount(state.place * factions + world.unit_faction, standing, places * factions)
    assert (state.soldiers_at.ravel() == cells).all()
    assert np.array_equal(state.stance, state.stance.T)
    assert_people_kept(state, world)
    assert np.array_equal(state.ceasefire_until, state.ceasefire_until.T)
    at_peace = np.isin(world.stance, [NEUTRAL, ALLIED])
    assert np.array_equal(state.stance[at_peace], world.stance[at_peace])
    assert (state.stance[state.ceasefire_until > 0] == TRUCE).all()
    assert (state.handed_to == -1).all()
    may_be_infinite = {"event_fired_day", "ceasefire_until"}
    for name in set(state._fields) - may_be_infinite:
        assert np.isfinite(getattr(state, name)).all(), name
    assert not np.isnan(state.ceasefire_until).any()
    assert (state.treasury_usd >= 0).all()


def assert_people_kept(state, world) -> None:
    """Everybody is at home, a guest somewhere or abroad, community by community, and in whole numbers."""
    for people in (state.residents, state.hosted, state.abroad, state.fled, state.returned):
        assert (people >= 0).all()
        assert (people == np.floor(people)).all()
    assert (state.residents <= world.community_people).all()
    away = (world.community_people - state.residents).sum(axis=0, dtype=float)
    assert (away == state.hosted.sum(axis=0, dtype=float) + state.abroad).all()
    gone = (world.community_people - state.residents).sum(axis=1, dtype=float)
    if state.fled.max() < 2**24:  # beyond, a sum over days is no longer exact in float32
        assert (gone == state.fled - state.returned).all()
    for share in (state.violence, state.front):
        assert ((share >= 0) & (share <= 1)).all()
    for rations in (state.aid_stock, state.aid_need, state.aid_shortfall, state.aid_expected):
        assert (rations >= 0).all()
    assert (state.aid_shortfall <= state.aid_need).all()


@given(small=wars(), values=parameters(), seed=st.integers(0, 2**32 - 1))
def test_every_soldier_is_somewhere_at_every_tick(small, values, seed):
    world, params, seed = small.world, tuned(**values), np.uint32(seed)
    state = eve = start(world, params, seed)
    for _ in range(DAYS):
        state = tick(state, world, params, seed, SCHEDULE, "day")
        for _ in range(small.ticks_per_day):
            state = tick(state, world, params, seed, SCHEDULE, "tick")
            assert_sound(state, world, eve)
            state = next_tick(state)
