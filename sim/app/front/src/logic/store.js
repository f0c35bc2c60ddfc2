// The state of the page: one plain object. Whoever subscribes to a key is told after it has changed.

export function createStore(initial) {
  const state = { ...initial };
  const listeners = [];

  function set(patch) {
    const changed = new Set(Object.keys(patch).filter((key) => !Object.is(state[key], patch[key])));
    Object.assign(state, patch);
    if (changed.size) tell((key) => changed.has(key));
  }

  function tell(isNews) {
    for (const { keys, listener } of [...listeners]) if (keys.some(isNews)) listener(state);
  }

  /** Call `listener(state)` when one of the keys has changed; returns the function that ends it. */
  function on(keys, listener) {
    const entry = { keys, listener };
    listeners.push(entry);
    return () => listeners.splice(listeners.indexOf(entry), 1);
  }

  /** Tell everybody of the state that was there before they were. */
  const announce = () => tell(() => true);

  return { state, set, on, announce };
}
