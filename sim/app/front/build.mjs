// Bundles src/ into ../static/view.js and view.css. `npm ci && npm run build`.

import { build } from "esbuild";
import { readFile, writeFile } from "node:fs/promises";

const OUT = process.env.OUT ?? new URL("../static/", import.meta.url).pathname;
const BUNDLED = ["d3-array", "d3-color", "d3-dispatch", "d3-drag", "d3-ease", "d3-format", "d3-geo", "d3-interpolate", "d3-path", "d3-scale", "d3-selection", "d3-shape", "d3-time", "d3-time-format", "d3-timer", "d3-transition", "d3-zoom", "internmap"];

await build({
  entryPoints: { view: "src/main.js" },
  bundle: true, format: "esm", minify: true, target: "es2022", charset: "utf8", legalComments: "none", outdir: OUT,
  banner: { js: "/* Holdfast, MIT licence. Contains d3 modules and internmap, ISC licence: see view.licences.txt. Built from sim/app/front. */" },
  logLevel: "warning",
});
await build({ entryPoints: { view: "src/css/page.css" }, bundle: true, minify: true, target: ["chrome115", "firefox115", "safari16.4"], outdir: OUT, logLevel: "warning" });

const notices = await Promise.all(BUNDLED.map(async (name) => {
  const { version } = JSON.parse(await readFile(`node_modules/${name}/package.json`, "utf8"));
  return `${name} ${version}\n\n${(await readFile(`node_modules/${name}/LICENSE`, "utf8")).trim()}\n`;
}));
await writeFile(`${OUT}view.licences.txt`, `Third-party code in view.js\n\n${notices.join("\n----\n\n")}`);
