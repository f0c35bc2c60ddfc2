(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const days = data.dates.length;
  const slider = document.getElementById("day");
  const play = document.getElementById("play");
  const places = [...document.querySelectorAll("#bigmap .place")];
  const notes = [...document.querySelectorAll(".note")];
  const tip = document.getElementById("tip");
  let timer = 0;

  function show(day) {
    day = Math.min(Math.max(day, 1), days);
    slider.value = day;
    slider.setAttribute("aria-valuetext", `day ${day}, ${data.dates[day - 1]}`);
    for (const place of places) {
      const p = place.dataset.p;
      const dot = place.querySelector(".dot");
      if (!dot) continue;
      dot.setAttribute("class", `dot p${data.percent[p][day - 1]}`);
      place.querySelector(".ring").toggleAttribute("data-on", data.recorded[p][day - 1] === "1");
    }
    for (const note of notes) note.hidden = Number(note.dataset.day) !== day;
  }

  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
  }

  function toggle() {
    if (timer) return stop();
    if (Number(slider.value) >= days) show(1);
    play.textContent = "Pause";
    timer = setInterval(() => {
      if (Number(slider.value) >= days) return stop();
      show(Number(slider.value) + 1);
    }, Math.max(150, Math.min(1100, 20000 / days)));
  }

  const step = (by) => { stop(); show(Number(slider.value) + by); };
  slider.addEventListener("input", () => { stop(); show(Number(slider.value)); });
  play.addEventListener("click", toggle);
  document.getElementById("back").addEventListener("click", () => step(-1));
  document.getElementById("forward").addEventListener("click", () => step(1));
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest?.("input,button,a,summary,[tabindex]")) return;
    const box = document.getElementById("bigmap").getBoundingClientRect();
    if (box.bottom < 0 || box.top > innerHeight) return;
    if (event.key === "ArrowLeft") step(-1);
    else if (event.key === "ArrowRight") step(1);
    else if (event.key === " ") toggle();
    else return;
    event.preventDefault();
  });

  function tell(lines, x, y) {
    tip.replaceChildren(...lines.map((line, i) => {
      const part = document.createElement(i ? "span" : "b");
      part.textContent = line;
      return part;
    }));
    tip.hidden = false;
    const box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(4, Math.min(x + 14, innerWidth - box.width - 6))}px`;
    tip.style.top = `${y + 16 + box.height > innerHeight ? y - box.height - 10 : y + 16}px`;
  }
  const hush = () => { tip.hidden = true; };

  for (const place of places) {
    const p = place.dataset.p;
    place.addEventListener("pointermove", (event) => {
      const day = Number(slider.value);
      const lines = [data.names[p], `fallen in ${data.percent[p][day - 1]} % of runs on ${data.dates[day - 1]}`];
      if (data.known) lines.push(data.recordedDay[p] ? `recorded: ${data.recordedDay[p]}` : "not recorded as fallen");
      tell(lines, event.clientX, event.clientY);
    });
    place.addEventListener("pointerleave", hush);
  }

  const format = (v) => v === null ? "–" : Math.abs(v) >= 100 ? Math.round(v).toLocaleString("en") : String(+v.toPrecision(3));
  for (const chart of document.querySelectorAll("svg[data-q]")) {
    const quantiles = JSON.parse(chart.dataset.q);
    const cursor = chart.querySelector(".cursor");
    const [, , width] = chart.getAttribute("viewBox").split(" ").map(Number);
    const left = {{ panel_size[2] }}, inner = width - left - {{ panel_size[3] }};
    chart.addEventListener("pointermove", (event) => {
      const box = chart.getBoundingClientRect();
      const at = (event.clientX - box.left) / box.width * width;
      const d = days > 1 ? Math.min(Math.max(Math.round((at - left) / inner * (days - 1)), 0), days - 1) : 0;
      cursor.removeAttribute("hidden");
      cursor.setAttribute("transform", `translate(${left + inner * (days > 1 ? d / (days - 1) : 0.5)} 0)`);
      const [low, middle, high] = quantiles[d];
      tell([data.dates[d], `median ${format(middle)}`, `90 % of runs: ${format(low)} to ${format(high)}`], event.clientX, event.clientY);
    });
    chart.addEventListener("pointerleave", () => { cursor.setAttribute("hidden", ""); hush(); });
  }

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const one of closed) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of closed) one.open = false; });
  show(Number(slider.value));
})();
