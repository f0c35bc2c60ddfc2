// Play, pause, step, speed; and the fork: from here on, another future.

import { SPEEDS } from "../logic/clock.js";
import { fill, h, icon } from "../ui/dom.js";
import { actFrom, withoutAct } from "../logic/request.js";

export function createPlayback(store, session, clock) {
  const button = (name, label, act, test) => h("button.icon-button", { onclick: act, "aria-label": label, title: label, test }, icon(name));
  const play = h("button.play", { onclick: clock.toggle, test: "play" });
  const speed = h("select", { "aria-label": "Speed", title: "Days per second", test: "speed", onchange: (e) => store.set({ speed: Number(e.target.value) }) },
    SPEEDS.map((s) => h("option", { value: s, selected: s === store.state.speed }, `${s} ${s === 1 ? "day" : "days"}/s`)));
  const act = h("span.act");
  const element = h("div.playback", {},
    button("back", "One day back", () => clock.step(-1), "step-back"),
    play,
    button("forward", "One day forward", () => clock.step(1), "step-forward"),
    speed,
    act);

  store.on(["playing"], show);
  store.on(["speed"], ({ speed: now }) => { speed.value = now; });
  show(store.state);
  function show({ playing }) {
    fill(play, icon(playing ? "pause" : "play"), playing ? "Pause" : "Play");
    play.setAttribute("aria-pressed", `${playing}`);
  }
  store.on(["request", "day", "playing", "geo"], () => showAct(act, store, session, clock));
  return element;
}

/** The button that forks the campaign, or what is fixed once it has been forked. */
function showAct(act, store, session, clock) {
  const { request, day, playing, geo } = store.state;
  if (!geo?.places) return;
  const fork = () => { clock.pause(); session.change(actFrom(store.state.request, store.state.day)); };
  if (request.act) {
    fill(act, h("span.fixed", { test: "act-state" }, `Past fixed to day ${request.act.day}`),
      day !== request.act.day && !playing && day < geo.days ? h("button", { onclick: fork, title: "Move the fork to this day" }, `Move to ${day}`) : null,
      h("button", { onclick: () => session.change(withoutAct(store.state.request)), test: "act-leave", title: "Give up this future: drop what was done from that day on" }, "Give up"));
    return;
  }
  fill(act, h("button.act-now", {
    onclick: fork, disabled: day === 0 || day >= geo.days, test: "act",
    title: "Fix the past up to the end of this day; what you change then holds for the future alone",
  }, day === 0 || day >= geo.days ? "Act now" : `Act now, from day ${day} on`));
}
