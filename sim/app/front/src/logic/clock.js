// Playing: time in days runs in the browser alone.

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];

export function createClock(store) {
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  let frame = 0;
  let before = 0;
  let exact = 0; // where time stands; shown in whole days to those who asked for less motion

  function goTo(t) {
    const days = store.state.campaign?.days ?? store.state.geo?.days ?? 0;
    const inside = Math.min(Math.max(t, 0), days);
    store.set({ t: inside, day: Math.floor(inside + 1e-6) });
  }

  function turn(now) {
    const { speed, campaign } = store.state;
    // A tab that was hidden, or a slow frame, does not jump ahead.
    const seconds = Math.min((now - before) / 1000, 0.1);
    before = now;
    exact += seconds * speed;
    goTo(still.matches ? Math.floor(exact) : exact);
    if (store.state.t >= campaign.days) return pause();
    frame = requestAnimationFrame(turn);
  }

  function play() {
    if (store.state.playing || !store.state.campaign) return;
    if (store.state.t >= store.state.campaign.days) goTo(0);
    exact = store.state.t;
    store.set({ playing: true });
    before = performance.now();
    frame = requestAnimationFrame(turn);
  }

  function pause() {
    cancelAnimationFrame(frame);
    store.set({ playing: false });
  }

  return {
    goTo(t) { pause(); goTo(t); },
    step(days) {
      pause();
      const { t } = store.state;
      goTo(days > 0 ? Math.floor(t + 1e-6) + days : Math.ceil(t - 1e-6) + days);
    },
    toggle: () => (store.state.playing ? pause() : play()),
    play,
    pause,
  };
}
