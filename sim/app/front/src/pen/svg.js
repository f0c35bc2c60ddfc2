// The drawing interface as SVG text: what canvas.js draws, as vectors.

import { FONT } from "./canvas.js";

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
const n = (x) => +x.toFixed(2);

export function svgPen() {
  const parts = [];
  let clips = 0;

  function painted({ fill, stroke, width = 1, dash, alpha = 1, cap }) {
    let text = ` fill="${fill ?? "none"}"`;
    if (stroke) text += ` stroke="${stroke}" stroke-width="${n(width)}" stroke-linejoin="round"`;
    if (stroke && dash?.length) text += ` stroke-dasharray="${dash.map(n).join(" ")}"`;
    if (stroke && cap) text += ` stroke-linecap="${cap}"`;
    if (alpha !== 1) text += ` opacity="${n(alpha)}"`;
    return text;
  }

  return {
    shape: ({ d }, style) => parts.push(`<path d="${d}" fill-rule="evenodd"${painted(style)}/>`),
    disc: (x, y, r, style) => parts.push(`<circle cx="${n(x)}" cy="${n(y)}" r="${n(r)}"${painted(style)}/>`),
    line(points, style, closed = false) {
      const list = points.map(([x, y]) => `${n(x)},${n(y)}`).join(" ");
      parts.push(`<poly${closed ? "gon" : "line"} points="${list}"${painted(style)}/>`);
    },
    curve: (a, c, b, style) =>
      parts.push(`<path d="M${n(a[0])},${n(a[1])}Q${n(c[0])},${n(c[1])} ${n(b[0])},${n(b[1])}"${painted(style)}/>`),
    text(x, y, text, { size = 12, weight = 400, italic = false, anchor = "start", fill, halo, spacing = 0, alpha = 1 }) {
      let look = ` font-size="${n(size)}" fill="${fill}"`;
      if (weight !== 400) look += ` font-weight="${weight}"`;
      if (italic) look += ` font-style="italic"`;
      if (anchor !== "start") look += ` text-anchor="${anchor}"`;
      if (halo) look += ` stroke="${halo}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
      if (spacing) look += ` letter-spacing="${n(spacing)}"`;
      if (alpha !== 1) look += ` opacity="${n(alpha)}"`;
      parts.push(`<text x="${n(x)}" y="${n(y)}"${look}>${escape(text)}</text>`);
    },
    group({ x = 0, y = 0, k = 1, clip }, draw) {
      let head = "<g";
      if (clip) {
        const id = `clip${clips++}`;
        const [left, top, width, height] = clip.map(n);
        parts.push(`<clipPath id="${id}"><rect x="${left}" y="${top}" width="${width}" height="${height}"/></clipPath>`);
        head += ` clip-path="url(#${id})"`;
      }
      if (x || y || k !== 1) head += ` transform="translate(${n(x)},${n(y)}) scale(${+k.toFixed(5)})"`;
      parts.push(`${head}>`);
      draw();
      parts.push("</g>");
    },
    /** The drawing as a document of its own, or as an element of a page. */
    document: (width, height, title, background) =>
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${n(width)} ${n(height)}" width="${n(width)}" height="${n(height)}" font-family="${escape(FONT)}" role="img" aria-label="${escape(title)}"><title>${escape(title)}</title>${background ? `<rect width="100%" height="100%" fill="${background}"/>` : ""}${parts.join("")}</svg>`,
  };
}
