// The name of the browser's tab: what is shown, whatever the server's frame would call the page, and however late.

export function keepTitle(store) {
  const name = () => {
    const text = `Holdfast – ${store.state.geo?.title}`;
    if (store.state.geo?.title && document.title !== text) document.title = text;
  };
  const observer = new MutationObserver(name);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  const off = store.on(["geo"], name);
  return () => { observer.disconnect(); off(); };
}
