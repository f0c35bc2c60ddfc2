// The one live region: the day when it is gone to, and the outcome when the campaign was simulated anew.

import { dayWords, fallWords } from "../logic/news.js";
import { h } from "../ui/dom.js";

export function createNews(store) {
  const element = h("p.unseen", { role: "status", test: "news" });
  let before = null;
  store.on(["day", "playing"], (state) => { if (state.campaign && !state.playing) element.textContent = dayWords(state); });
  store.on(["campaign"], ({ geo, campaign }) => {
    if (campaign && before) element.textContent = `Simulated anew: ${fallWords(geo, campaign)}`;
    before = campaign ?? before;
  });
  return { element };
}
