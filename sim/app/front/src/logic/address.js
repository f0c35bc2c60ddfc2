// The address of the page: it holds what is shown, and what it is changed to is shown.

import { linkOf } from "./link.js";

const REST_MS = 150;

/**
 * Keep the address in step with what is shown, some moments after it has come to rest. A request that was answered
 * is a new entry of the browser's history, another view is not. `open(hash)` is called when the reader has gone to
 * another address. Returns the function that ends it.
 */
export function keepAddress(store, open) {
  let timer;
  let kept = store.state.request;
  const write = () => {
    const { request } = store.state;
    history[request === kept ? "replaceState" : "pushState"](history.state, "", linkOf(store.state));
    kept = request;
  };
  const later = () => {
    clearTimeout(timer);
    if (!store.state.busy) timer = setTimeout(write, REST_MS);
  };
  const follow = () => {
    clearTimeout(timer);
    if (location.hash === linkOf(store.state)) return;
    open(location.hash);
    kept = store.state.request;
    later();
  };
  const offs = [
    store.on(["request", "busy"], later),
    store.on(["day", "tab", "mapMode", "selected", "zoom", "playing"], ({ playing }) => { if (!playing) later(); }),
  ];
  window.addEventListener("hashchange", follow);
  write(); // so that Back finds the first request too, however soon it is changed
  return () => {
    clearTimeout(timer);
    offs.forEach((off) => off());
    window.removeEventListener("hashchange", follow);
  };
}
