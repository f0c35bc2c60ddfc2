// Units on the roads between two ticks: who was where, who has arrived, who has set out.

const END = 255;

/**
 * Groups of moving soldiers at a moment, time in ticks (a fraction is between two ticks).
 * Returns [{from, to, faction, progress 0..1, soldiers, morale 0..1, alpha}].
 */
export function unitsAt(campaign, time) {
  const tick = Math.floor(time + 1e-9);
  const part = time - tick;
  if (part < 1e-6) return listed(campaign, tick).filter((m) => m.progress < END).map((m) => shown(m, m.progress));
  return journeys(campaign, tick).map(({ now, next }) => {
    const from = now ? now.progress : 0;
    const to = next ? next.progress : END;
    const group = shown(now ?? next, from + (to - from) * part);
    if (now && next) group.soldiers += (next.soldiers - now.soldiers) * part;
    if (!next) group.alpha = Math.min(1, 2.5 * (1 - part));
    if (!now) group.alpha = Math.min(1, 2.5 * part);
    return group;
  });
}

const shown = (m, progress) => ({
  from: m.from, to: m.to, faction: m.faction, progress: progress / END, soldiers: m.soldiers, morale: m.morale / END, alpha: 1,
});

function listed(campaign, tick) {
  const range = campaign.moves.get(tick);
  if (!range) return [];
  const { move_from, move_to, move_faction, move_progress, move_soldiers, move_morale } = campaign.columns;
  const rows = [];
  for (let i = range[0]; i < range[1]; i++) {
    rows.push({
      from: move_from.data[i], to: move_to.data[i], faction: move_faction.data[i],
      progress: move_progress.data[i], soldiers: move_soldiers.data[i], morale: move_morale.data[i],
    });
  }
  return rows;
}

const kept = new WeakMap();

/** Pairs {now, next} of the same group at a tick and the one after it; a missing side has arrived or set out. */
export function journeys(campaign, tick) {
  if (!kept.has(campaign)) kept.set(campaign, new Map());
  const cache = kept.get(campaign);
  if (!cache.has(tick)) cache.set(tick, match(listed(campaign, tick), listed(campaign, tick + 1)));
  return cache.get(tick);
}

function match(before, after) {
  const roads = new Map();
  const key = (m) => `${m.from}>${m.to}>${m.faction}`;
  for (const m of before) (roads.get(key(m)) ?? roads.set(key(m), [[], []]).get(key(m)))[0].push(m);
  for (const m of after) (roads.get(key(m)) ?? roads.set(key(m), [[], []]).get(key(m)))[1].push(m);
  const pairs = [];
  for (const [old, young] of roads.values()) {
    const ahead = (a, b) => b.progress - a.progress;
    old.sort(ahead);
    young.sort(ahead);
    // Nobody overtakes: the group in front meets the foremost one that is not behind it.
    const free = [...old];
    for (const next of young) {
      const i = free.findIndex((m) => m.progress <= next.progress);
      pairs.push({ now: i < 0 ? null : free.splice(i, 1)[0], next });
    }
    for (const now of free) if (now.progress < END) pairs.push({ now, next: null });
  }
  return pairs;
}
