// What tests measure inside the page.

window.probes = {
  async framesPerSecond(seconds) {
    let frames = 0;
    const start = performance.now();
    return new Promise((done) => requestAnimationFrame(function count(now) {
      frames++;
      if (now - start < 1000 * seconds) requestAnimationFrame(count);
      else done(frames / ((now - start) / 1000));
    }));
  },

  unnamedControls() {
    return [...document.querySelectorAll(".hf :is(button, input, select, summary)")]
      .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.closest("label")))
      .map((e) => e.outerHTML);
  },

  /** Visible text outside drawings whose contrast to its ground is below 4.5 (WCAG 2.2, level AA). */
  poorContrasts() {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return [...canvas.getImageData(0, 0, 1, 1).data];
    };
    const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const over = (top, below) => top.slice(0, 3).map((c, i) => (c * top[3] + below[i] * (255 - top[3])) / 255);
    const skipped = "svg, :disabled, .unseen, option, .map";
    const poor = [];
    const walker = document.createTreeWalker(document.querySelector(".hf"), NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode()); ) {
      const element = node.parentElement;
      if (!node.data.trim() || !element.checkVisibility({ visibilityProperty: true }) || element.closest(skipped)) continue;
      const styles = [];
      for (let e = element; e; e = e.parentElement) styles.push(getComputedStyle(e));
      const ground = styles.map((s) => rgba(s.backgroundColor)).reduceRight((below, top) => over(top, below), [255, 255, 255]);
      const ink = rgba(styles[0].color);
      ink[3] *= styles.reduce((product, s) => product * Number(s.opacity), 1);
      const [low, high] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => a - b);
      const contrast = (high + 0.05) / (low + 0.05);
      if (contrast < 4.5) poor.push(`${node.data.trim()}: ${contrast.toFixed(2)}`);
    }
    return poor;
  },
};
