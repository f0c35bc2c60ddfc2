// Keys of the whole page: space plays, arrows step, F enlarges the map, Ctrl+Z undoes. Fields and the map keep theirs.

/** Listen on the whole document, or on the widget where it is a guest. */
export function shortcuts(store, target, clock, session) {
  const listener = (event) => {
    const typing = event.target.closest?.("input, select, textarea, [role=dialog]");
    const pressing = event.target.closest?.("button, summary, a");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && event.target.type !== "number") {
      event.shiftKey ? session.redo() : session.undo();
    } else if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    else if (event.key === " " && !pressing) clock.toggle();
    else if (event.key === "ArrowRight") clock.step(1);
    else if (event.key === "ArrowLeft") clock.step(-1);
    else if (event.key === "f") store.set({ wide: !store.state.wide });
    else if (event.key === "Home") clock.goTo(0);
    else if (event.key === "End") clock.goTo(Infinity);
    else return;
    event.preventDefault();
  };
  target.addEventListener("keydown", listener);
  return () => target.removeEventListener("keydown", listener);
}
